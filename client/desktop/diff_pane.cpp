// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/diff_pane.hpp"

#include <QKeyEvent>

#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t widest = 20'000;  // columns that can be scrolled to

std::intptr_t pointer(const char* text) { return reinterpret_cast<std::intptr_t>(text); }

/// Scintilla's colours are 0x00bbggrr.
std::intptr_t rgb(const QColor& color) { return color.red() | color.green() << 8 | color.blue() << 16; }

}  // namespace

DiffPane::DiffPane(Role role, QWidget* parent)
    : QsciScintillaBase(parent), role_(role), highlighter_(std::make_unique<EditorHighlighter>(this)) {
  configure();
  applyTheme();
  connect(Theme::instance(), &Theme::changed, this, &DiffPane::applyTheme);
  connect(this, &QsciScintillaBase::SCN_STYLENEEDED, this,
          [this](int position) { highlighter_->styleTo(position); });
}

DiffPane::~DiffPane() = default;

long DiffPane::sci(unsigned message, std::uintptr_t word, std::intptr_t number) const {
  return SendScintilla(message, static_cast<unsigned long>(word), static_cast<long>(number));
}

void DiffPane::configure() {
  setFrameShape(QFrame::NoFrame);
  sci(SCI_SETCODEPAGE, SC_CP_UTF8);
  sci(SCI_SETUNDOCOLLECTION, 0);
  sci(SCI_SETLEXER, SCLEX_CONTAINER);
  sci(SCI_SETIDLESTYLING, SC_IDLESTYLING_TOVISIBLE);
  sci(SCI_SETSCROLLWIDTHTRACKING, 0);
  sci(SCI_SETTABWIDTH, 4);
  sci(SCI_SETEXTRAASCENT, 2);
  sci(SCI_SETEXTRADESCENT, 2);
  sci(SCI_SETMARGINTYPEN, 0, SC_MARGIN_RTEXT);
  sci(SCI_SETMARGINWIDTHN, 1, 0);
  sci(SCI_SETMARGINWIDTHN, 2, 0);
  sci(SCI_SETMARGINMASKN, 0, 0);
  sci(SCI_SETMARGINMASKN, 1, 0);
  sci(SCI_SETMARGINLEFT, 0, 8);
  sci(SCI_MARKERDEFINE, changed_line, SC_MARK_BACKGROUND);
  sci(SCI_MARKERDEFINE, gap_line, SC_MARK_BACKGROUND);
  sci(SCI_INDICSETSTYLE, changed_word, INDIC_STRAIGHTBOX);
  sci(SCI_INDICSETUNDER, changed_word, 1);
  sci(SCI_INDICSETALPHA, changed_word, 70);
  sci(SCI_INDICSETOUTLINEALPHA, changed_word, 0);
  sci(SCI_SETREADONLY, 1);
}

void DiffPane::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  const auto font = Theme::instance()->codeFont();
  const auto family = font.family().toUtf8();
  sci(SCI_STYLESETFONT, STYLE_DEFAULT, pointer(family.constData()));
  sci(SCI_STYLESETSIZEFRACTIONAL, STYLE_DEFAULT, static_cast<int>(font.pointSizeF() * 100));
  sci(SCI_STYLESETFORE, STYLE_DEFAULT, rgb(colors.text));
  sci(SCI_STYLESETBACK, STYLE_DEFAULT, rgb(colors.base));
  sci(SCI_STYLECLEARALL);
  sci(SCI_STYLESETFORE, STYLE_LINENUMBER, rgb(colors.faint));
  sci(SCI_STYLESETBACK, STYLE_LINENUMBER, rgb(colors.base));
  sci(SCI_SETCARETFORE, static_cast<std::uintptr_t>(rgb(colors.accent)));
  sci(SCI_SETSELBACK, 1, rgb(colors.selection));
  const bool left = role_ == Role::left;
  sci(SCI_MARKERSETBACK, changed_line, rgb(left ? colors.bad_soft : colors.good_soft));
  sci(SCI_MARKERSETBACK, gap_line, rgb(colors.hover));
  sci(SCI_INDICSETFORE, changed_word, rgb(left ? colors.bad : colors.good));
  highlighter_->applyTheme(Theme::instance()->isDark());
}

void DiffPane::show(const client::SideBySide::Side& side, const std::vector<bool>& changed,
                    const QString& fileName, std::size_t columns) {
  clearText();
  sci(SCI_SETREADONLY, 0);
  sci(SCI_ADDTEXT, side.text.size(), pointer(side.text.data()));
  sci(SCI_EMPTYUNDOBUFFER);
  sci(SCI_SETREADONLY, 1);
  highlighter_->setFileName(fileName);
  highlighter_->setText(side.text);
  showNumbers(side.numbers);
  for (std::size_t row = 0; row < changed.size(); ++row)
    if (changed[row]) sci(SCI_MARKERADD, row, side.numbers[row] == 0 ? gap_line : changed_line);
  sci(SCI_SETINDICATORCURRENT, changed_word);
  for (const auto& [begin, length] : side.words)
    sci(SCI_INDICATORFILLRANGE, begin, static_cast<std::intptr_t>(length));
  const auto column = sci(SCI_TEXTWIDTH, STYLE_DEFAULT, pointer("0"));
  sci(SCI_SETSCROLLWIDTH,
      std::max<std::size_t>(1, std::min(columns, widest) * static_cast<std::size_t>(column)));
  sci(SCI_GOTOPOS, 0);
  setAccessibleDescription(fileName);
}

void DiffPane::clearText() {
  sci(SCI_SETREADONLY, 0);
  sci(SCI_MARKERDELETEALL, static_cast<std::uintptr_t>(-1));
  sci(SCI_MARGINTEXTCLEARALL);
  sci(SCI_CLEARALL);
  sci(SCI_SETREADONLY, 1);
}

void DiffPane::showNumbers(const std::vector<int>& numbers) {
  int greatest = 1;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (numbers[row] == 0) continue;
    greatest = std::max(greatest, numbers[row]);
    const auto text = QByteArray::number(numbers[row]);
    sci(SCI_MARGINSETTEXT, row, pointer(text.constData()));
    sci(SCI_MARGINSETSTYLE, row, STYLE_LINENUMBER);
  }
  const auto widest_number = QByteArray("00") + QByteArray::number(greatest);
  sci(SCI_SETMARGINWIDTHN, 0, sci(SCI_TEXTWIDTH, STYLE_LINENUMBER, pointer(widest_number.constData())));
}

QString DiffPane::text() const {
  const auto length = sci(SCI_GETLENGTH);
  return QString::fromUtf8(static_cast<const char*>(SendScintillaPtrResult(SCI_GETCHARACTERPOINTER)), length);
}

int DiffPane::firstRow() const { return static_cast<int>(sci(SCI_GETFIRSTVISIBLELINE)); }

void DiffPane::showRow(int row) {
  sci(SCI_SETFIRSTVISIBLELINE, static_cast<std::uintptr_t>(std::max(0, row)));
}

void DiffPane::follow(const DiffPane& other) {
  if (firstRow() != other.firstRow()) showRow(other.firstRow());
  const auto offset = other.sci(SCI_GETXOFFSET);
  if (sci(SCI_GETXOFFSET) != offset) sci(SCI_SETXOFFSET, static_cast<std::uintptr_t>(offset));
}

void DiffPane::keyPressEvent(QKeyEvent* event) {
  // Scintilla would take it; it closes the window.
  if (event->key() == Qt::Key_Escape) return event->ignore();
  QsciScintillaBase::keyPressEvent(event);
}

}  // namespace berth::desktop

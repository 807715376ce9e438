// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/diff_pane.hpp"

#include <QKeyEvent>

#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t widest = 20'000;  // columns that can be scrolled to

}  // namespace

DiffPane::DiffPane(Role role, QWidget* parent) : ScintillaView(parent), role_(role) {
  configure();
  applyTheme();
}

void DiffPane::configure() {
  sci(SCI_SETSCROLLWIDTHTRACKING, 0);
  sci(SCI_SETMARGINTYPEN, 0, SC_MARGIN_RTEXT);
  sci(SCI_SETMARGINMASKN, 0, 0);
  sci(SCI_SETMARGINMASKN, 1, 0);
  sci(SCI_MARKERDEFINE, changed_line, SC_MARK_BACKGROUND);
  sci(SCI_MARKERDEFINE, gap_line, SC_MARK_BACKGROUND);
  sci(SCI_MARKERDEFINE, added_line, SC_MARK_BACKGROUND);
  for (const int word : {changed_word, added_word}) {
    const auto number = static_cast<std::uintptr_t>(word);
    sci(SCI_INDICSETSTYLE, number, INDIC_STRAIGHTBOX);
    sci(SCI_INDICSETUNDER, number, 1);
    sci(SCI_INDICSETALPHA, number, 70);
    sci(SCI_INDICSETOUTLINEALPHA, number, 0);
  }
  sci(SCI_SETREADONLY, 1);
}

void DiffPane::applyTheme() {
  ScintillaView::applyTheme();
  const auto& colors = Theme::instance()->colors();
  const bool left = role_ != Role::right;
  sci(SCI_MARKERSETBACK, changed_line, rgb(left ? colors.bad_soft : colors.good_soft));
  sci(SCI_MARKERSETBACK, added_line, rgb(colors.good_soft));
  sci(SCI_INDICSETFORE, added_word, rgb(colors.good));
  sci(SCI_MARKERSETBACK, gap_line, rgb(colors.hover));
  sci(SCI_INDICSETFORE, changed_word, rgb(left ? colors.bad : colors.good));
}

void DiffPane::begin(const std::string& text, const QString& fileName, std::size_t columns) {
  clearText();
  sci(SCI_SETREADONLY, 0);
  sci(SCI_ADDTEXT, text.size(), pointer(text.data()));
  sci(SCI_EMPTYUNDOBUFFER);
  sci(SCI_SETREADONLY, 1);
  highlighter()->setFileName(fileName);
  highlighter()->setText(text);
  const auto column = sci(SCI_TEXTWIDTH, STYLE_DEFAULT, pointer("0"));
  sci(SCI_SETSCROLLWIDTH,
      std::max<std::size_t>(1, std::min(columns, widest) * static_cast<std::size_t>(column)));
  sci(SCI_GOTOPOS, 0);
  setAccessibleDescription(fileName);
}

void DiffPane::show(const client::SideBySide::Side& side, const std::vector<bool>& changed,
                    const QString& fileName, std::size_t columns) {
  begin(side.text, fileName, columns);
  showNumbers(side.numbers);
  for (std::size_t row = 0; row < changed.size(); ++row)
    if (changed[row]) sci(SCI_MARKERADD, row, side.numbers[row] == 0 ? gap_line : changed_line);
  sci(SCI_SETINDICATORCURRENT, changed_word);
  for (const auto& [begin, length] : side.words)
    sci(SCI_INDICATORFILLRANGE, begin, static_cast<std::intptr_t>(length));
}

void DiffPane::showInline(const client::InlineDifference& texts, const QString& fileName,
                          std::size_t columns) {
  using Kind = client::InlineDifference::Kind;
  begin(texts.text, fileName, columns);
  int greatest = 1;
  for (std::size_t row = 0; row < texts.kinds.size(); ++row)
    greatest = std::max({greatest, texts.left_numbers[row], texts.right_numbers[row]});
  const auto digits = static_cast<int>(QByteArray::number(greatest).size());
  const auto number = [digits](int line) {
    return (line > 0 ? QByteArray::number(line) : QByteArray()).rightJustified(digits);
  };
  for (std::size_t row = 0; row < texts.kinds.size(); ++row) {
    const auto kind = texts.kinds[row];
    // The signs tell it without colours, too.
    const auto text = number(texts.left_numbers[row]) + ' ' + number(texts.right_numbers[row]) +
                      (kind == Kind::removed ? " -"
                       : kind == Kind::added ? " +"
                                             : "  ");
    sci(SCI_MARGINSETTEXT, row, pointer(text.constData()));
    sci(SCI_MARGINSETSTYLE, row, STYLE_LINENUMBER);
    if (kind != Kind::same) sci(SCI_MARKERADD, row, kind == Kind::removed ? changed_line : added_line);
  }
  const auto margin = QByteArray(2 * digits + 4, '0');
  sci(SCI_SETMARGINWIDTHN, 0, sci(SCI_TEXTWIDTH, STYLE_LINENUMBER, pointer(margin.constData())));
  for (const auto& [begin, length] : texts.words) {
    const auto row = static_cast<std::size_t>(sci(SCI_LINEFROMPOSITION, begin));
    sci(SCI_SETINDICATORCURRENT, texts.kinds[row] == Kind::removed ? changed_word : added_word);
    sci(SCI_INDICATORFILLRANGE, begin, static_cast<std::intptr_t>(length));
  }
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

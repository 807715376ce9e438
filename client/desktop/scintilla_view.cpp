// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/scintilla_view.hpp"

#include <utility>

#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

ScintillaView::ScintillaView(QWidget* parent)
    : QsciScintillaBase(parent),
      font_size_(Theme::usual_code_size),
      highlighter_(std::make_unique<EditorHighlighter>(this)) {
  setFrameShape(QFrame::NoFrame);
  sci(SCI_SETCODEPAGE, SC_CP_UTF8);
  sci(SCI_SETUNDOCOLLECTION, 0);
  sci(SCI_SETLEXER, SCLEX_CONTAINER);
  sci(SCI_SETIDLESTYLING, SC_IDLESTYLING_TOVISIBLE);
  sci(SCI_SETTABWIDTH, 4);
  sci(SCI_SETEXTRAASCENT, 2);
  sci(SCI_SETEXTRADESCENT, 2);
  sci(SCI_SETMARGINWIDTHN, 1, 0);
  sci(SCI_SETMARGINWIDTHN, 2, 0);
  sci(SCI_SETMARGINLEFT, 0, 8);
  connect(Theme::instance(), &Theme::changed, this, [this] { applyTheme(); });
  connect(this, &QsciScintillaBase::SCN_STYLENEEDED, this,
          [this](int position) { highlighter_->styleTo(position); });
}

ScintillaView::~ScintillaView() = default;

long ScintillaView::sci(unsigned message, std::uintptr_t word, std::intptr_t number) const {
  return SendScintilla(message, static_cast<unsigned long>(word), static_cast<long>(number));
}

void ScintillaView::setFontSize(int size) {
  if (std::exchange(font_size_, size) != size) applyTheme();
}

void ScintillaView::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  const auto font = Theme::instance()->codeFont(font_size_);
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
  highlighter_->applyTheme(Theme::instance()->isDark());
}

}  // namespace berth::desktop

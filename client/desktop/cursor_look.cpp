// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/cursor_look.hpp"

#include "client/desktop/editor_look.hpp"
#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {

CursorLook::CursorLook(CodeEditor* editor) : EditorFeature(editor) {
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &CursorLook::apply);
  apply();
}

void CursorLook::apply() {
  if (VimMode::isChosen()) return;
  const bool block = EditorChoices::value("editor/cursor_style", {}).toString() == QLatin1String("block");
  sci(Sci::SCI_SETCARETSTYLE,
      static_cast<std::uintptr_t>(block ? Sci::CARETSTYLE_BLOCK : Sci::CARETSTYLE_LINE));
}

}  // namespace berth::desktop

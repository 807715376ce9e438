// SPDX-License-Identifier: GPL-3.0-or-later
// Where things are in a CodeEditor, for people's cursors: positions in UTF-16 units to the screen and back,
// and scrolling to them.
#include "client/desktop/code_editor.hpp"

namespace berth::desktop {

std::vector<protocol::TextSelection> CodeEditor::selections() const {
  const auto count = sci(SCI_GETSELECTIONS);
  const auto main = sci(SCI_GETMAINSELECTION);
  std::vector<protocol::TextSelection> all;
  for (long offset = 0; offset < count; ++offset) {
    const auto number = static_cast<std::uintptr_t>((main + offset) % count);
    all.push_back({unitsBefore(sci(SCI_GETSELECTIONNANCHOR, number)),
                   unitsBefore(sci(SCI_GETSELECTIONNCARET, number))});
  }
  return all;
}

std::int64_t CodeEditor::topPosition() const {
  const auto line = sci(SCI_DOCLINEFROMVISIBLE, static_cast<std::uintptr_t>(sci(SCI_GETFIRSTVISIBLELINE)));
  return unitsBefore(sci(SCI_POSITIONFROMLINE, static_cast<std::uintptr_t>(line)));
}

void CodeEditor::showFrom(std::int64_t top, std::optional<std::int64_t> alsoInView) {
  const auto line = sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(bytePosition(top)));
  sci(SCI_SETFIRSTVISIBLELINE,
      static_cast<std::uintptr_t>(sci(SCI_VISIBLEFROMDOCLINE, static_cast<std::uintptr_t>(line))));
  if (!alsoInView) return;
  const auto wanted = bytePosition(*alsoInView);
  sci(SCI_SCROLLRANGE, static_cast<std::uintptr_t>(wanted), wanted);
}

void CodeEditor::goTo(std::int64_t position) {
  const auto at = bytePosition(position);
  const auto line = sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(at));
  sci(SCI_ENSUREVISIBLEENFORCEPOLICY, static_cast<std::uintptr_t>(line));
  sci(SCI_GOTOPOS, static_cast<std::uintptr_t>(at));
  sci(SCI_VERTICALCENTRECARET);
}

QRect CodeEditor::caretPlace(std::int64_t position) const {
  const auto at = bytePosition(position);
  const auto line = sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(at));
  return {static_cast<int>(sci(SCI_POINTXFROMPOSITION, 0, at)),
          static_cast<int>(sci(SCI_POINTYFROMPOSITION, 0, at)), 2,
          static_cast<int>(sci(SCI_TEXTHEIGHT, static_cast<std::uintptr_t>(line)))};
}

int CodeEditor::textLeft() const {
  long left = sci(SCI_GETMARGINLEFT);
  for (std::uintptr_t margin = 0; margin < 5; ++margin) left += sci(SCI_GETMARGINWIDTHN, margin);
  return static_cast<int>(left);
}

}  // namespace berth::desktop

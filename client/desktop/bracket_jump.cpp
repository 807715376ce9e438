// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/bracket_jump.hpp"

#include <cstring>

namespace berth::desktop {
namespace {

constexpr long farthest_bracket = 1 << 20;  // bytes

}  // namespace

BracketJump::BracketJump(CodeEditor* editor) : EditorFeature(editor) {
  offer("brackets.jump", tr("Go to the Matching Bracket"), {"Ctrl+Shift+\\", "Ctrl+Shift+|", "Ctrl+M"}, false,
        [this] { jump(); });
}

long BracketJump::bracketHere() const {
  const auto at = sci(Sci::SCI_GETCURRENTPOS);
  for (const auto place : {at, at - 1}) {
    const auto character = place < 0 ? 0 : sci(Sci::SCI_GETCHARAT, static_cast<std::uintptr_t>(place));
    if (character > 0 && std::strchr("()[]{}", static_cast<int>(character))) return place;
  }
  return -1;
}

long BracketJump::enclosing() const {
  const auto at = sci(Sci::SCI_GETCURRENTPOS);
  const auto first = std::max(0l, at - farthest_bracket);
  const auto text = textBetween(first, at);
  for (auto i = static_cast<long>(text.size()) - 1; i >= 0; --i) {
    if (!std::strchr("([{", text[static_cast<std::size_t>(i)]) || !text[static_cast<std::size_t>(i)])
      continue;
    const auto end = sci(Sci::SCI_BRACEMATCH, static_cast<std::uintptr_t>(first + i));
    if (end < 0 || end >= at) return first + i;
  }
  return -1;
}

void BracketJump::jump() {
  const auto here = bracketHere();
  const auto to = here >= 0 ? sci(Sci::SCI_BRACEMATCH, static_cast<std::uintptr_t>(here)) : enclosing();
  if (to < 0) return;
  sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(to));
  sci(Sci::SCI_SCROLLCARET);
}

}  // namespace berth::desktop

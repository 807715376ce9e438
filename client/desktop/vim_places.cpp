// SPDX-License-Identifier: GPL-3.0-or-later
// Where Vim's motions lead in the editor, and what they select.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <limits>

#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {

VimText VimMode::text() const {
  const auto* bytes =
      static_cast<const char*>(editor()->SendScintillaPtrResult(Sci::SCI_GETCHARACTERPOINTER));
  return VimText({bytes, static_cast<std::size_t>(sci(Sci::SCI_GETLENGTH))});
}

std::size_t VimMode::caret() const { return static_cast<std::size_t>(sci(Sci::SCI_GETCURRENTPOS)); }

void VimMode::setCaret(std::size_t at, bool keepColumn) {
  if (!keepColumn) column_.reset();
  sci(Sci::SCI_GOTOPOS, at);
  if (mode_ == Mode::normal) settle();
}

void VimMode::settle() {
  const auto now = text();
  const auto at = caret();
  if (at > now.lastInLine(at)) sci(Sci::SCI_SETEMPTYSELECTION, now.lastInLine(at));
  sci(Sci::SCI_SCROLLCARET);
}

void VimMode::select(std::size_t anchor, std::size_t caret) {
  if (mode_ == Mode::visual_block) return selectBlock(anchor, caret);
  const auto now = text();
  if (mode_ == Mode::visual_lines) {
    lines_anchor_ = anchor;
    const auto first = now.lineBegin(std::min(anchor, caret));
    const auto last = now.lineEnd(std::max(anchor, caret));
    // The caret's end is the one that moves.
    caret >= anchor ? sci(Sci::SCI_SETSEL, first, static_cast<std::intptr_t>(last))
                    : sci(Sci::SCI_SETSEL, last, static_cast<std::intptr_t>(first));
    return;
  }
  const auto size = now.size();
  const auto past = [&](std::size_t at) { return at < size ? now.next(at) : at; };
  caret >= anchor ? sci(Sci::SCI_SETSEL, anchor, static_cast<std::intptr_t>(past(caret)))
                  : sci(Sci::SCI_SETSEL, past(anchor), static_cast<std::intptr_t>(caret));
}

std::size_t VimMode::visualAnchor() const {
  if (mode_ == Mode::visual_block) return std::min(block_anchor_, text().size());
  if (mode_ == Mode::visual_lines) return std::min(lines_anchor_, text().size());
  const auto anchor = static_cast<std::size_t>(sci(Sci::SCI_GETANCHOR));
  return anchor > caret() ? text().before(anchor) : anchor;
}

std::size_t VimMode::visualCaret() const {
  if (mode_ == Mode::visual_block) return std::min(block_caret_, text().size());
  const auto anchor = static_cast<std::size_t>(sci(Sci::SCI_GETANCHOR));
  if (mode_ == Mode::visual_lines) return caret();
  return caret() > anchor ? text().before(caret()) : caret();
}

VimSpan VimMode::selected() const {
  if (mode_ == Mode::visual_block) {
    const auto [begin, end] = std::minmax({visualAnchor(), visualCaret()});
    return {begin, text().next(end)};
  }
  const auto begin = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONSTART));
  const auto end = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONEND));
  if (mode_ != Mode::visual_lines) return {begin, end};
  const auto now = text();
  return {now.lineBegin(begin), std::min(now.lineEnd(end) + 1, now.size()), true};
}

std::optional<VimGoal> VimMode::goalInView(const VimCommand& command) {
  const auto& to = command.target;
  const auto first = sci(Sci::SCI_GETFIRSTVISIBLELINE);
  const auto shown = sci(Sci::SCI_LINESONSCREEN);
  const auto line_of = [&](long visible) {
    const auto line = sci(Sci::SCI_DOCLINEFROMVISIBLE, static_cast<std::uintptr_t>(visible));
    return text().firstNonBlank(static_cast<std::size_t>(lineBegin(std::min(line, lineCount() - 1))));
  };
  const long off = std::max(0, command.count - 1);
  const auto last = std::min(first + shown - 1, lineCount() - 1);
  if (to == QLatin1String("H")) return VimGoal{line_of(first + off), false, true};
  if (to == QLatin1String("M")) return VimGoal{line_of((first + last) / 2), false, true};
  if (to == QLatin1String("L")) return VimGoal{line_of(std::max(first, last - off)), false, true};
  return {};
}

std::optional<VimGoal> VimMode::goal(const VimCommand& command) {
  const auto now = text();
  const auto from = isVisual() ? visualCaret() : caret();
  const auto& to = command.target;
  const int times = std::max(1, command.count);
  if (to == QLatin1String("j") || to == QLatin1String("k")) {
    const auto column = column_.value_or(now.column(from));
    int lines = to == QLatin1String("j") ? times : -times;
    auto place = now.down(from, lines, column);
    // As far as it goes, for a plain motion; from the last line it fails, which is what ends a macro.
    while (!place && command.kind == VimCommand::Kind::move && std::abs(lines) > 1)
      place = now.down(from, lines += lines > 0 ? -1 : 1, column);
    column_ = column;
    return place ? std::optional(VimGoal{*place, false, true}) : std::nullopt;
  }
  if (to == QLatin1String("`") || to == QLatin1String("'")) {
    const auto at = mark(command.argument);
    if (!at) return {};
    if (to == QLatin1String("'")) return VimGoal{now.firstNonBlank(*at), false, true};
    return VimGoal{*at};
  }
  if (to == QLatin1String(";") || to == QLatin1String(",")) {
    auto again = last_find_;
    if (again.target.isEmpty()) return {};
    if (to == QLatin1String(","))
      again.target = again.target.front().isLower() ? again.target.toUpper() : again.target.toLower();
    // Till the next one, not to the one before which the caret stands.
    const auto start = again.target == QLatin1String("t")   ? now.next(from)
                       : again.target == QLatin1String("T") ? now.before(from)
                                                            : from;
    return vim_motion(now, start, again.target, command.count, again.argument);
  }
  if (to == QLatin1String("n") || to == QLatin1String("N") || to == QLatin1String("*") ||
      to == QLatin1String("#")) {
    bool forward = (to == QLatin1String("n")) == forward_;
    if (to == QLatin1String("*") || to == QLatin1String("#")) {
      const auto word = vim_word_at(now, from);
      if (!word) return {};
      pattern_ = QStringLiteral("\\<") + take(*word) + QStringLiteral("\\>");
      forward = forward_ = to == QLatin1String("*");
    }
    const auto before = std::pair(sci(Sci::SCI_GETANCHOR), sci(Sci::SCI_GETCURRENTPOS));
    for (int i = 0; i < times; ++i) search(pattern_, forward);
    forward_ = to == QLatin1String("*") || (to != QLatin1String("#") && forward_);
    const auto found = isVisual() ? visualCaret() : caret();
    sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(before.first), before.second);
    return VimGoal{found};
  }
  if (const auto seen = goalInView(command)) return seen;
  if (QStringLiteral("fFtT").contains(to) && to.size() == 1) last_find_ = command;
  return vim_motion(now, from, to, command.count, command.argument);
}

void VimMode::move(const VimCommand& command) {
  if (isVisual() && command.target.size() == 2 && QStringLiteral("ia").contains(command.target.front())) {
    const auto span = vim_object(text(), visualCaret(), command.target, command.count);
    if (!span || span->begin >= span->end) return;
    if (span->lines) enter(Mode::visual_lines);
    return select(span->begin, text().before(span->end));
  }
  const bool vertical = command.target == QLatin1String("j") || command.target == QLatin1String("k");
  static const auto jumps = QStringLiteral("gg G n N * # % { } H M L ` '").split(u' ');
  const auto from = isVisual() ? visualCaret() : caret();
  const auto place = goal(command);
  if (!place) return static_cast<void>(failed_ = true);
  if (jumps.contains(command.target)) setMark(u'\'', from);
  if (isVisual()) {
    if (!vertical) {
      column_.reset();
      block_to_end_ = command.target == QLatin1String("$");
    }
    select(visualAnchor(), place->at);
    sci(Sci::SCI_SCROLLCARET);
    return;
  }
  if (!vertical || !column_) column_.reset();
  const auto column = column_;
  setCaret(place->at, vertical);
  column_ = column;
  if (command.target == QLatin1String("$")) column_ = std::numeric_limits<std::uint32_t>::max();
}

std::optional<VimSpan> VimMode::spanOf(const VimCommand& command) {
  const auto now = text();
  const auto from = caret();
  if (command.target == QLatin1String("line")) {
    const auto last = now.down(from, std::max(1, command.count) - 1, 0);
    return VimSpan{now.lineBegin(from), std::min(now.lineEnd(last.value_or(now.size())) + 1, now.size()),
                   true};
  }
  if (command.target.size() == 2 && QStringLiteral("ia").contains(command.target.front()))
    return vim_object(now, from, command.target, command.count);
  auto aimed = command;
  // cw changes to the end of the word, not what is behind it.
  const bool on_text = from < now.size() && !std::isspace(static_cast<unsigned char>(now.bytes()[from]));
  if (command.verb == QLatin1String("c") && on_text && command.target.toLower() == QLatin1String("w")) {
    const auto word = vim_object(now, from, QStringLiteral("i") + command.target, 1);
    if (command.count <= 1) return VimSpan{from, word->end};
    const auto last =
        vim_motion(now, now.before(word->end),
                   command.target == QLatin1String("w") ? QStringLiteral("e") : QStringLiteral("E"),
                   command.count - 1, {});
    return VimSpan{from, now.next(last->at)};
  }
  const auto place = goal(aimed);
  column_.reset();
  if (!place) return {};
  const auto begin = std::min(from, place->at);
  auto end = std::max(from, place->at);
  if (place->lines) return VimSpan{now.lineBegin(begin), std::min(now.lineEnd(end) + 1, now.size()), true};
  if (place->inclusive && end < now.lineEnd(end)) end = now.next(end);
  // dw on the last word of a line leaves the line's end.
  if (aimed.target.toLower() == QLatin1String("w") && now.lineBegin(end) > begin &&
      now.lineBegin(begin) != now.lineBegin(end))
    end = std::max(begin, std::min(end, now.lineEnd(begin)));
  return VimSpan{begin, end};
}

}  // namespace berth::desktop

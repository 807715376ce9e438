// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/comment_toggle.hpp"

#include <algorithm>

namespace berth::desktop {
namespace {

std::size_t indent_of(const std::string& line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_blank(const std::string& line) { return indent_of(line) == line.size(); }

}  // namespace

CommentToggle::CommentToggle(CodeEditor* editor) : EditorFeature(editor) {
  offer("comment.line", tr("Toggle Line Comment"), {"Ctrl+/"}, true, [this] { toggleLines(); });
  offer("comment.block", tr("Toggle Block Comment"), {"Ctrl+Shift+A"}, true, [this] { toggleBlock(); });
}

bool CommentToggle::isCommented(const Lines& lines, const std::string& open, const std::string& close) const {
  bool any = false;
  for (auto line = lines.first; line <= lines.last; ++line) {
    const auto text = lineText(line);
    if (is_blank(text)) continue;
    any = true;
    if (text.compare(indent_of(text), open.size(), open) != 0 || !text.ends_with(close)) return false;
  }
  return any;
}

void CommentToggle::takeAway(const Lines& lines, const std::string& open, const std::string& close) {
  for (auto line = lines.last; line >= lines.first; --line) {
    const auto text = lineText(line);
    if (is_blank(text)) continue;
    if (!close.empty()) {
      const auto space = text.ends_with(" " + close) ? 1l : 0l;
      replace(lineEnd(line) - static_cast<long>(close.size()) - space, lineEnd(line), {});
    }
    const auto begin = lineBegin(line) + static_cast<long>(indent_of(text));
    const bool space = text.compare(indent_of(text) + open.size(), 1, " ") == 0;
    replace(begin, begin + static_cast<long>(open.size()) + (space ? 1 : 0), {});
  }
}

void CommentToggle::put(const Lines& lines, const std::string& open, const std::string& close) {
  // One column for all of them, so that what they say keeps its shape.
  auto column = std::string::npos;
  for (auto line = lines.first; line <= lines.last; ++line)
    if (const auto text = lineText(line); !is_blank(text)) column = std::min(column, indent_of(text));
  const bool only_blank = column == std::string::npos;
  for (auto line = lines.last; line >= lines.first; --line) {
    const auto text = lineText(line);
    if (is_blank(text) && !only_blank) continue;
    if (!close.empty()) replace(lineEnd(line), lineEnd(line), " " + close);
    const auto at = lineBegin(line) + static_cast<long>(only_blank ? text.size() : column);
    // What is put before a cursor goes on standing before it.
    replace(at, at, open + " ");
  }
}

void CommentToggle::toggleLines() {
  const auto marks = editor()->commentMarks();
  const auto open = marks.line.empty() ? marks.open : marks.line;
  const auto close = marks.line.empty() ? marks.close : std::string();
  if (open.empty()) return;
  const bool empty_line = sci(Sci::SCI_GETSELECTIONS) == 1 && sci(Sci::SCI_GETSELECTIONEMPTY) &&
                          lineText(lineOf(sci(Sci::SCI_GETCURRENTPOS))).empty();
  const auto all = selectedLines();
  const bool out =
      std::ranges::all_of(all, [&](const Lines& lines) { return isCommented(lines, open, close); });
  for (auto lines = all.rbegin(); lines != all.rend(); ++lines)
    out ? takeAway(*lines, open, close) : put(*lines, open, close);
  if (empty_line && !out)
    sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)) + open.size() + 1);
}

void CommentToggle::toggleBlock() {
  const auto marks = editor()->commentMarks();
  if (marks.open.empty()) return toggleLines();
  auto begin = sci(Sci::SCI_GETSELECTIONSTART);
  auto end = sci(Sci::SCI_GETSELECTIONEND);
  if (begin == end) {
    const auto line = lineOf(begin);
    begin = lineBegin(line) + static_cast<long>(indent_of(lineText(line)));
    end = lineEnd(line);
    if (begin >= end) return;
  }
  auto text = textBetween(begin, end);
  if (text.size() >= marks.open.size() + marks.close.size() && text.starts_with(marks.open) &&
      text.ends_with(marks.close)) {
    text = text.substr(marks.open.size(), text.size() - marks.open.size() - marks.close.size());
    if (text.starts_with(' ')) text.erase(0, 1);
    if (text.ends_with(' ')) text.pop_back();
  } else {
    text = marks.open + " " + text + " " + marks.close;
  }
  replace(begin, end, text);
  sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(begin), begin + static_cast<long>(text.size()));
}

}  // namespace berth::desktop

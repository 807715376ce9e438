// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_marks.hpp"

#include <algorithm>

namespace berth::desktop {
namespace {

bool before_cell(const QPoint& a, const QPoint& b) {
  return a.y() < b.y() || (a.y() == b.y() && a.x() < b.x());
}

}  // namespace

void TerminalMarks::beginPrompt(int line) {
  // zsh and fish draw a prompt anew on its own line: then what is known of it stays.
  if (!prompts_.empty() && prompts_.back().line == line && prompts_.back().state == PromptMark::State::prompt)
    return;
  std::erase_if(prompts_, [&](const PromptMark& mark) { return mark.line >= line; });
  if (prompts_.size() >= most) prompts_.erase(prompts_.begin());
  prompts_.push_back({line});
}

void TerminalMarks::commandStarted() {
  if (!prompts_.empty()) prompts_.back().state = PromptMark::State::running;
}

void TerminalMarks::commandFinished(int exit_code) {
  if (prompts_.empty() || prompts_.back().state != PromptMark::State::running) return;
  auto& mark = prompts_.back();
  mark.exit_code = exit_code;
  mark.state = exit_code == 0  ? PromptMark::State::succeeded
               : exit_code > 0 ? PromptMark::State::failed
                               : PromptMark::State::ended;
}

std::optional<int> TerminalMarks::promptBefore(int line) const {
  for (auto mark = prompts_.rbegin(); mark != prompts_.rend(); ++mark)
    if (mark->line < line) return mark->line;
  return std::nullopt;
}

std::optional<int> TerminalMarks::promptAfter(int line) const {
  for (const auto& mark : prompts_)
    if (mark.line > line) return mark.line;
  return std::nullopt;
}

const PromptMark* TerminalMarks::promptAt(int line) const {
  const auto found = std::ranges::find(prompts_, line, &PromptMark::line);
  return found == prompts_.end() ? nullptr : &*found;
}

void TerminalMarks::link(const QPoint& at, const QByteArray& target, bool alternate) {
  if (open_) {
    open_->end = at;
    if (before_cell(open_->begin, at)) {
      if (links_.size() >= most) links_.erase(links_.begin());
      links_.push_back(std::move(*open_));
    }
    open_.reset();
  }
  if (!target.isEmpty()) open_ = LinkMark{at, at, target, alternate};
}

const LinkMark* TerminalMarks::linkAt(const QPoint& cell, bool alternate) const {
  for (auto link = links_.rbegin(); link != links_.rend(); ++link)
    if (link->alternate == alternate && !before_cell(cell, link->begin) && before_cell(cell, link->end))
      return &*link;
  return nullptr;
}

void TerminalMarks::rewound(int line) {
  std::erase_if(links_, [&](const LinkMark& link) { return link.end.y() >= line; });
}

void TerminalMarks::leaveAlternate() {
  std::erase_if(links_, [](const LinkMark& link) { return link.alternate; });
  if (open_ && open_->alternate) open_.reset();
}

void TerminalMarks::shrink(int lines) {
  if (lines <= 0) return;
  for (auto& mark : prompts_) mark.line -= lines;
  std::erase_if(prompts_, [](const PromptMark& mark) { return mark.line < 0; });
  for (auto& link : links_) {
    link.begin.ry() -= lines;
    link.end.ry() -= lines;
  }
  std::erase_if(links_, [](const LinkMark& link) { return link.begin.y() < 0; });
  if (open_) open_->begin.ry() -= lines;
}

void TerminalMarks::clear() {
  prompts_.clear();
  links_.clear();
  open_.reset();
}

std::vector<QRect> link_rows(const LinkMark& link, int columns) {
  std::vector<QRect> rows;
  for (int line = link.begin.y(); line <= link.end.y(); ++line) {
    const int from = line == link.begin.y() ? link.begin.x() : 0;
    const int to = line == link.end.y() ? link.end.x() : columns;
    if (to > from) rows.emplace_back(from, line, to - from, 1);
  }
  return rows;
}

}  // namespace berth::desktop

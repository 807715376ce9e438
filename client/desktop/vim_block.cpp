// SPDX-License-Identifier: GPL-3.0-or-later
// Vim's visual block: a rectangle of columns as they are shown, shown by Scintilla's rectangular selection;
// what is done to it is done line by line, from below.
#include <algorithm>
#include <ranges>

#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {
namespace {

constexpr long most_block_lines = 5'000;  // each is an edit of its own: what others write in a line stays
constexpr qsizetype most_block_text = 16 << 20;  // UTF-16 units

}  // namespace

VimMode::Block VimMode::block() const {
  const auto now = text();
  const auto column = [this](std::size_t at) { return sci(Sci::SCI_GETCOLUMN, at); };
  const auto last_of = [&](std::size_t at) {  // a tab is as wide as it shows
    return at < now.lineEnd(at) ? std::max(column(at), column(now.next(at)) - 1) : column(at);
  };
  const auto one = visualAnchor();
  const auto other = visualCaret();
  const auto [first, last] = std::minmax({lineOf(static_cast<long>(one)), lineOf(static_cast<long>(other))});
  return {first, last, std::min(column(one), column(other)), std::max(last_of(one), last_of(other)),
          block_to_end_};
}

/// What of the line is in the block; nothing where it is too short.
std::optional<VimSpan> VimMode::partOf(const Block& block, long line) const {
  const auto end = lineEnd(line);
  if (sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(end)) <= block.left) return {};
  const auto number = static_cast<std::uintptr_t>(line);
  const auto begin = sci(Sci::SCI_FINDCOLUMN, number, block.left);
  const auto stop = block.to_end ? end : std::min(end, sci(Sci::SCI_FINDCOLUMN, number, block.right + 1));
  return VimSpan{static_cast<std::size_t>(begin), static_cast<std::size_t>(std::max(begin, stop))};
}

void VimMode::selectBlock(std::size_t anchor, std::size_t caret) {
  block_anchor_ = anchor;
  block_caret_ = caret;
  const auto now = text();
  const auto column = [this](std::size_t at) { return sci(Sci::SCI_GETCOLUMN, at); };
  const auto past = [&](std::size_t at) { return at < now.lineEnd(at) ? now.next(at) : at; };
  const bool right = column(caret) >= column(anchor);
  sci(Sci::SCI_SETRECTANGULARSELECTIONANCHOR, right ? anchor : past(anchor));
  long beyond = 0;  // to the end of the longest line
  if (block_to_end_) {
    const auto all = block();
    const auto end = now.lineEnd(caret);
    for (auto line = all.first; line <= all.last; ++line)
      beyond = std::max(beyond, column(static_cast<std::size_t>(lineEnd(line))) - column(end));
    sci(Sci::SCI_SETRECTANGULARSELECTIONCARET, end);
  } else {
    sci(Sci::SCI_SETRECTANGULARSELECTIONCARET, right ? past(caret) : caret);
  }
  if (beyond > 0) sci(Sci::SCI_SETRECTANGULARSELECTIONCARETVIRTUALSPACE, static_cast<std::uintptr_t>(beyond));
  block_shown_ = shownRectangle();
}

std::optional<std::pair<long, long>> VimMode::shownRectangle() const {
  if (!sci(Sci::SCI_SELECTIONISRECTANGLE)) return {};
  return std::pair(sci(Sci::SCI_GETRECTANGULARSELECTIONANCHOR), sci(Sci::SCI_GETRECTANGULARSELECTIONCARET));
}

/// A click, an undo or another key of the editor's took the rectangle away or made it another one: what is
/// not seen is not changed.
void VimMode::leaveLostBlock() {
  if (mode_ != Mode::visual_block || entering_ || shownRectangle() == block_shown_) return;
  rememberVisual();
  const bool one = !sci(Sci::SCI_GETSELECTIONEMPTY) && sci(Sci::SCI_GETSELECTIONS) == 1;
  enter(one ? Mode::visual : Mode::normal);
}

bool VimMode::refusesBlock(qsizetype lines) {
  if (lines <= most_block_lines) return false;
  refuse(tr("More than %L1 lines: too many for a block").arg(most_block_lines));
  return true;
}

void VimMode::deleteParts(const Block& block) {
  for (auto line = block.last; line >= block.first; --line)
    if (const auto part = partOf(block, line); part && part->end > part->begin)
      replace(static_cast<long>(part->begin), static_cast<long>(part->end), {});
}

void VimMode::operateBlock(const VimCommand& command) {
  const auto& verb = command.verb;
  const auto now = block();
  const auto corner = [&] {
    return static_cast<std::size_t>(
        sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(now.first), now.left));
  };
  if (verb == QLatin1String(">") || verb == QLatin1String("<") || verb == QLatin1String("gc")) {
    const VimSpan lines{static_cast<std::size_t>(lineBegin(now.first)),
                        std::min(text().size(), static_cast<std::size_t>(lineEnd(now.last)) + 1), true};
    enter(Mode::normal);
    return operate(command, lines);
  }
  if (verb == QLatin1String("y") || verb == QLatin1String("d") || verb == QLatin1String("c")) {
    QStringList parts;
    for (auto line = now.first; line <= now.last; ++line) {
      const auto part = partOf(now, line);
      parts.append(part ? take(*part) : QString());
    }
    const bool deletes = verb != QLatin1String("y");
    keepText(command.name, {parts.join(u'\n'), false, true}, deletes);
    if (verb == QLatin1String("c")) return insertInBlock(command, now, false);
    if (deletes) deleteParts(now);
    enter(Mode::normal);
    return setCaret(corner());
  }
  for (auto line = now.last; line >= now.first; --line) {
    const auto part = partOf(now, line);
    if (!part) continue;
    const auto before = take(*part);
    const auto after = vim_recased(before, verb.back());
    if (after != before)
      replace(static_cast<long>(part->begin), static_cast<long>(part->end), after.toStdString());
  }
  enter(Mode::normal);
  setCaret(corner());
}

/// False for what is the same as of lines or characters.
bool VimMode::actOnBlock(const VimCommand& command) {
  const auto& verb = command.verb;
  const auto operation = [&](const char* name, QChar how = {}) {
    if (!mayChange()) return true;
    auto whole = command;
    whole.kind = VimCommand::Kind::operate;
    whole.verb = how.isNull() ? QString::fromLatin1(name) : QString(how);
    operateBlock(whole);
    return true;
  };
  if (verb == QLatin1String("x")) return operation("d");
  if (verb == QLatin1String("s")) return operation("c");
  if (verb == QLatin1String("D") || verb == QLatin1String("C")) {
    block_to_end_ = true;
    return operation(verb == QLatin1String("D") ? "d" : "c");
  }
  if (verb == QLatin1String("u") || verb == QLatin1String("U") || verb == QLatin1String("~"))
    return operation("", verb.front());
  if (verb == QLatin1String("I") || verb == QLatin1String("A")) {
    if (mayChange()) insertInBlock(command, block(), verb == QLatin1String("A"));
    return true;
  }
  if (verb == QLatin1String("O")) {  // to the other side of the same line
    const auto now = text();
    const auto at = [&](std::size_t line_of, std::size_t column_of) {
      const auto end = static_cast<std::size_t>(now.lineEnd(line_of));
      const auto place = static_cast<std::size_t>(
          sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(lineOf(static_cast<long>(line_of))),
              sci(Sci::SCI_GETCOLUMN, column_of)));
      return std::min(place, end);
    };
    const auto anchor = visualAnchor();
    const auto caret = visualCaret();
    selectBlock(at(anchor, caret), at(caret, anchor));
    return true;
  }
  if (verb == QLatin1String("r")) {
    if (!mayChange()) return true;
    const auto now = block();
    for (auto line = now.last; line >= now.first; --line)
      if (const auto part = partOf(now, line)) {
        auto filled = take(*part);
        filled.fill(command.argument);
        replace(static_cast<long>(part->begin), static_cast<long>(part->end), filled.toStdString());
      }
    enter(Mode::normal);
    setCaret(
        static_cast<std::size_t>(sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(now.first), now.left)));
    return true;
  }
  if (verb == QLatin1String("p") || verb == QLatin1String("P")) {
    if (!mayChange()) return true;
    const auto kept = registerOf(command.name);
    if (kept.block && refusesBlock(kept.text.count(u'\n') + 1)) return true;
    const auto now = block();
    auto deletion = command;
    deletion.kind = VimCommand::Kind::operate;
    deletion.verb = QStringLiteral("d");
    deletion.name = verb == QLatin1String("P") ? QChar(u'_') : QChar(u'"');
    operateBlock(deletion);
    const int times = std::max(1, command.count);
    if (kept.lines) {  // below the block, or above it
      setCaret(static_cast<std::size_t>(lineBegin(verb == QLatin1String("p") ? now.last : now.first)));
      put(kept, verb == QLatin1String("p"), times);
    } else {  // behind the caret where the block was the end of its line
      const auto corner = sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(now.first), now.left);
      put(kept, corner > static_cast<long>(caret()), times);
    }
    return true;
  }
  if (verb == QLatin1String("X") || verb == QLatin1String("S") || verb == QLatin1String("Y")) {
    const auto anchor = visualAnchor();
    const auto caret = visualCaret();
    enter(Mode::visual_lines);
    select(anchor, caret);
    return false;
  }
  return false;
}

/// What is typed into the first line comes into the others when the insertion ends.
void VimMode::insertInBlock(const VimCommand& command, const Block& block, bool append) {
  const bool changes = command.verb == QLatin1String("c");
  BlockInsert others{
      {}, append && !block.to_end ? block.right + 1 : block.left, append && block.to_end, append};
  for (auto line = block.first + 1; line <= block.last; ++line)
    if (append || partOf(block, line)) others.below.append(line - block.first);
  if (changes) deleteParts(block);
  auto at = others.at_end ? lineEnd(block.first)
                          : sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(block.first), others.column);
  enter(Mode::normal);
  if (const auto short_by = others.column - sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(at));
      append && !others.at_end && short_by > 0) {
    replace(at, at, std::string(static_cast<std::size_t>(short_by), ' '));
    at += short_by;
  }
  inserting_ = Change{command, {}};
  beginInsert(static_cast<std::size_t>(at));
  others.place = editor()->unitsAt(at);
  block_insert_ = std::move(others);
}

void VimMode::finishBlockInsert(const QString& inserted) {
  const auto others = std::exchange(block_insert_, {});
  if (!others || inserted.isEmpty() || inserted.contains(u'\n')) return;
  const auto here = caret();
  const auto first = lineOf(editor()->byteAt(others->place));
  if (lineOf(static_cast<long>(here)) != first) return;  // what was typed is not that line's alone
  const auto bytes = inserted.toStdString();
  for (const auto below : others->below | std::views::reverse) {
    const auto line = first + below;
    if (line >= lineCount()) continue;
    const auto end = lineEnd(line);
    auto at =
        others->at_end ? end : sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(line), others->column);
    const auto short_by =
        others->at_end ? 0 : others->column - sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(at));
    if (short_by > 0 && !others->pads) continue;
    replace(at, at, std::string(static_cast<std::size_t>(std::max(0l, short_by)), ' ') + bytes);
  }
  sci(Sci::SCI_SETEMPTYSELECTION, here);
}

/// Each of its lines at the caret's column, in the lines from the caret's on.
void VimMode::putBlock(const Register& kept, bool after, int times) {
  const auto parts = kept.text.split(u'\n');
  qsizetype width = 0;
  for (const auto& part : parts) width = std::max(width, part.size());
  if (refusesBlock(parts.size())) return;
  if (width * times * parts.size() > most_block_text) return refuse(tr("That is too much text"));
  const auto now = text();
  const auto at = after && caret() < now.lineEnd(caret()) ? now.next(caret()) : caret();
  const auto column = sci(Sci::SCI_GETCOLUMN, at);
  const auto first = lineOf(static_cast<long>(at));
  for (qsizetype i = 0; i < parts.size(); ++i) {
    const auto line = first + i;
    if (line >= lineCount()) replace(sci(Sci::SCI_GETLENGTH), sci(Sci::SCI_GETLENGTH), "\n");
    const auto place = sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(line), column);
    const auto short_by = column - sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(place));
    const auto part = parts[i].toStdString();
    const std::string fill(static_cast<std::size_t>(width - parts[i].size()), ' ');
    auto bytes = std::string(static_cast<std::size_t>(std::max(0l, short_by)), ' ') + part;
    for (int more = 1; more < times; ++more) bytes += fill + part;
    if (place < lineEnd(line)) bytes += fill;
    replace(place, place, bytes);
  }
  setCaret(static_cast<std::size_t>(sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(first), column)));
}

VimMode::Shape VimMode::shapeOfSelection() const {
  if (mode_ == Mode::visual_block) {
    const auto now = block();
    return {mode_, now.last - now.first + 1, now.right - now.left + 1, now.to_end};
  }
  const auto now = text();
  const auto [begin, end] = std::minmax({visualAnchor(), visualCaret()});
  const auto first = lineOf(static_cast<long>(begin));
  const auto last = lineOf(static_cast<long>(end));
  const auto columns = first == last ? now.column(end) - now.column(begin) : now.column(end);
  return {mode_, last - first + 1, static_cast<long>(columns) + 1, false};
}

/// From the caret on.
void VimMode::selectShape(const Shape& shape) {
  const auto now = text();
  const auto at = caret();
  const auto line = std::min(lineOf(static_cast<long>(at)) + shape.lines, lineCount()) - 1;
  const auto begin = static_cast<std::size_t>(lineBegin(line));
  enter(shape.mode);
  if (shape.mode == Mode::visual_block) {
    block_to_end_ = shape.to_end;
    const auto column = sci(Sci::SCI_GETCOLUMN, at) + shape.columns - 1;
    return select(at, std::min(static_cast<std::size_t>(
                                   sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(line), column)),
                               now.lastInLine(begin)));
  }
  auto end = shape.lines == 1 ? at : begin;
  for (long step = 1; step < shape.columns && end < now.lastInLine(end); ++step) end = now.next(end);
  select(at, end);
}

}  // namespace berth::desktop

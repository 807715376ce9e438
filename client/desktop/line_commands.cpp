// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/line_commands.hpp"

namespace berth::desktop {

LineCommands::LineCommands(CodeEditor* editor) : EditorFeature(editor) {
  offer("lines.move_up", tr("Move Lines Up"), {"Alt+Up"}, true, [this] { move(false); });
  offer("lines.move_down", tr("Move Lines Down"), {"Alt+Down"}, true, [this] { move(true); });
  offer("lines.copy_up", tr("Copy Lines Up"), {"Shift+Alt+Up"}, true, [this] { copy(false); });
  offer("lines.copy_down", tr("Copy Lines Down"), {"Shift+Alt+Down"}, true, [this] { copy(true); });
  offer("lines.delete", tr("Delete Lines"), {"Ctrl+Shift+K"}, true, [this] { remove(); });
  offer("lines.begin_below", tr("New Line Below"), {"Ctrl+Return", "Ctrl+Enter"}, true,
        [this] { begin(true); });
  offer("lines.begin_above", tr("New Line Above"), {"Ctrl+Shift+Return", "Ctrl+Shift+Enter"}, true,
        [this] { begin(false); });
  offer("lines.join", tr("Join Lines"), {"Ctrl+Shift+J"}, true, [this] { join(); });
  offer("lines.indent", tr("Indent Lines"), {"Ctrl+]"}, true, [this] { shift(true); });
  offer("lines.outdent", tr("Outdent Lines"), {"Ctrl+["}, true, [this] { shift(false); });
  offer("lines.select", tr("Select Line"), {"Ctrl+L"}, false, [this] { select(); });
}

void LineCommands::move(bool down) {
  sci(down ? Sci::SCI_MOVESELECTEDLINESDOWN : Sci::SCI_MOVESELECTEDLINESUP);
  sci(Sci::SCI_SCROLLCARET);
}

void LineCommands::copy(bool down) {
  const auto anchor = sci(Sci::SCI_GETANCHOR);
  const auto caret = sci(Sci::SCI_GETCURRENTPOS);
  const auto lines = selectedLines().front();
  const auto text = textBetween(lineBegin(lines.first), lineEnd(lines.last)) + "\n";
  replace(lineBegin(lines.first), lineBegin(lines.first), text);
  // The copy stands above: down means to go on in the lower one.
  const auto by = down ? static_cast<long>(text.size()) : 0;
  sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(anchor + by), caret + by);
}

void LineCommands::remove() {
  const auto all = selectedLines();
  const auto column = sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)));
  for (auto lines = all.rbegin(); lines != all.rend(); ++lines) {
    const bool last = lines->last + 1 >= lineCount();
    // The last line has no line feed of its own: the one before it goes.
    const auto from = last && lines->first > 0 ? lineEnd(lines->first - 1) : lineBegin(lines->first);
    replace(from, last ? lineEnd(lines->last) : lineBegin(lines->last + 1), {});
  }
  const auto line = std::min(all.front().first, lineCount() - 1);
  sci(Sci::SCI_GOTOPOS,
      static_cast<std::uintptr_t>(sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(line), column)));
}

void LineCommands::begin(bool below) {
  const auto line = lineOf(sci(Sci::SCI_GETCURRENTPOS));
  const auto text = lineText(line);
  const auto indent = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
  if (below) {
    replace(lineEnd(line), lineEnd(line), "\n" + indent);
    return static_cast<void>(sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(lineEnd(line + 1))));
  }
  replace(lineBegin(line), lineBegin(line), indent + "\n");
  sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(lineEnd(line)));
}

void LineCommands::join() {
  const auto lines = selectedLines().front();
  const auto last = std::max(lines.last, lines.first + 1);
  if (last >= lineCount()) return;
  auto joined = lineText(lines.first);
  long seam = 0;
  for (auto line = lines.first + 1; line <= last; ++line) {
    const auto text = lineText(line);
    const auto from = std::min(text.find_first_not_of(" \t"), text.size());
    while (!joined.empty() && (joined.back() == ' ' || joined.back() == '\t')) joined.pop_back();
    seam = static_cast<long>(joined.size());
    if (from < text.size() && !joined.empty()) joined += ' ';
    joined += text.substr(from);
  }
  const auto begin = lineBegin(lines.first);
  replace(begin, lineEnd(last), joined);
  sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(begin + seam));
}

void LineCommands::shift(bool deeper) {
  const auto width =
      std::max(1l, sci(Sci::SCI_GETINDENT) > 0 ? sci(Sci::SCI_GETINDENT) : sci(Sci::SCI_GETTABWIDTH));
  const auto all = selectedLines();
  for (const auto& lines : all)
    for (auto line = lines.first; line <= lines.last; ++line) {
      const auto number = static_cast<std::uintptr_t>(line);
      if (lineBegin(line) == lineEnd(line)) continue;  // an empty line stays empty
      const auto now = sci(Sci::SCI_GETLINEINDENTATION, number);
      const auto to =
          deeper ? now - now % width + width : std::max(0l, now - (now % width ? now % width : width));
      if (to == now) continue;
      sci(Sci::SCI_SETLINEINDENTATION, number, to);
      editor()->flushEdits();
    }
}

void LineCommands::select() {
  const auto lines = selectedLines().front();
  const auto end = lines.last + 1 < lineCount() ? lineBegin(lines.last + 1) : lineEnd(lines.last);
  sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(lineBegin(lines.first)), end);
}

}  // namespace berth::desktop

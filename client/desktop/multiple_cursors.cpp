// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/multiple_cursors.hpp"

#include <QApplication>
#include <QMouseEvent>

namespace berth::desktop {
namespace {

constexpr long most_cursors = 5'000;

}  // namespace

MultipleCursors::MultipleCursors(CodeEditor* editor) : EditorFeature(editor) {
  offer("cursors.next", tr("Add the Next Place of the Selection"), {"Ctrl+D"}, false, [this] { addNext(); });
  offer("cursors.all", tr("Select All Places of the Selection"), {"Ctrl+Shift+L"}, false,
        [this] { addAll(); });
  offer("cursors.above", tr("Add a Cursor Above"), {"Ctrl+Alt+Up"}, false, [this] { addBeside(false); });
  offer("cursors.below", tr("Add a Cursor Below"), {"Ctrl+Alt+Down"}, false, [this] { addBeside(true); });
  offer("cursors.drop", tr("Take the Last Cursor Away"), {"Ctrl+U"}, false, [this] { dropLast(); });
  offer("cursors.line_ends", tr("Add Cursors to Line Ends"), {"Shift+Alt+I"}, false,
        [this] { addAtLineEnds(); });
  const auto column = [this](const char* id, const QString& title, const char* key, unsigned message) {
    offer(id, title, {key}, false, [this, message] { sci(message); });
  };
  column("column.up", tr("Column Selection Up"), "Ctrl+Shift+Alt+Up", Sci::SCI_LINEUPRECTEXTEND);
  column("column.down", tr("Column Selection Down"), "Ctrl+Shift+Alt+Down", Sci::SCI_LINEDOWNRECTEXTEND);
  column("column.left", tr("Column Selection Left"), "Ctrl+Shift+Alt+Left", Sci::SCI_CHARLEFTRECTEXTEND);
  column("column.right", tr("Column Selection Right"), "Ctrl+Shift+Alt+Right", Sci::SCI_CHARRIGHTRECTEXTEND);
  sci(Sci::SCI_SETRECTANGULARSELECTIONMODIFIER, Sci::SCMOD_ALT);
  sci(Sci::SCI_SETMOUSESELECTIONRECTANGULARSWITCH, 1);
  editor->viewport()->installEventFilter(this);
}

/// Alt and a click is a cursor, as in VS Code; Alt and a drag is Scintilla's column selection, which would
/// begin with the press already.
bool MultipleCursors::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseButtonPress) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    pressed_.reset();
    if (mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::AltModifier) {
      pressed_ = mouse->position().toPoint();
      return true;
    }
  } else if (event->type() == QEvent::MouseMove && pressed_) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if ((mouse->position().toPoint() - *pressed_).manhattanLength() < QApplication::startDragDistance())
      return true;
    const auto begin = *std::exchange(pressed_, {});
    QMouseEvent press(QEvent::MouseButtonPress, begin, editor()->viewport()->mapToGlobal(begin),
                      Qt::LeftButton, Qt::LeftButton, Qt::AltModifier);
    editor()->viewport()->removeEventFilter(this);
    QApplication::sendEvent(watched, &press);
    editor()->viewport()->installEventFilter(this);
  } else if (event->type() == QEvent::MouseButtonRelease && pressed_) {
    toggleAt(*std::exchange(pressed_, {}));
    return true;
  }
  return EditorFeature::eventFilter(watched, event);
}

void MultipleCursors::toggleAt(const QPoint& at) {
  const auto position = sci(Sci::SCI_POSITIONFROMPOINT, static_cast<std::uintptr_t>(at.x()), at.y());
  const auto count = sci(Sci::SCI_GETSELECTIONS);
  for (long i = 0; i < count; ++i) {
    const auto number = static_cast<std::uintptr_t>(i);
    if (sci(Sci::SCI_GETSELECTIONNCARET, number) != position ||
        sci(Sci::SCI_GETSELECTIONNANCHOR, number) != position)
      continue;
    if (count > 1) sci(Sci::SCI_DROPSELECTIONN, number);
    return;
  }
  if (count < most_cursors) sci(Sci::SCI_ADDSELECTION, static_cast<std::uintptr_t>(position), position);
}

bool MultipleCursors::selectWord() {
  const auto at = static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS));
  const auto begin = sci(Sci::SCI_WORDSTARTPOSITION, at, 1);
  const auto end = sci(Sci::SCI_WORDENDPOSITION, at, 1);
  if (begin == end) return false;
  sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(begin), end);
  word_ = {begin, end};
  whole_words_ = true;
  return true;
}

void MultipleCursors::lookEverywhere() {
  sci(Sci::SCI_TARGETWHOLEDOCUMENT);
  sci(Sci::SCI_SETSEARCHFLAGS,
      static_cast<std::uintptr_t>(Sci::SCFIND_MATCHCASE | (whole_words_ ? Sci::SCFIND_WHOLEWORD : 0)));
}

void MultipleCursors::addNext() {
  if (sci(Sci::SCI_GETSELECTIONEMPTY)) return static_cast<void>(selectWord());
  // A selection made by hand means just its characters.
  if (sci(Sci::SCI_GETSELECTIONS) == 1)
    whole_words_ = word_ == std::pair(sci(Sci::SCI_GETSELECTIONSTART), sci(Sci::SCI_GETSELECTIONEND));
  if (sci(Sci::SCI_GETSELECTIONS) >= most_cursors) return;
  lookEverywhere();
  sci(Sci::SCI_MULTIPLESELECTADDNEXT);
  sci(Sci::SCI_SCROLLCARET);
}

void MultipleCursors::addAll() {
  if (sci(Sci::SCI_GETSELECTIONEMPTY)) {
    if (!selectWord()) return;
  } else if (sci(Sci::SCI_GETSELECTIONS) == 1) {
    whole_words_ = false;
  }
  const auto begin = sci(Sci::SCI_GETSELECTIONSTART);
  const auto wanted = textBetween(begin, sci(Sci::SCI_GETSELECTIONEND));
  lookEverywhere();
  const auto length = sci(Sci::SCI_GETLENGTH);
  const auto main =
      sci(Sci::SCI_GETSELECTIONNSTART, static_cast<std::uintptr_t>(sci(Sci::SCI_GETMAINSELECTION)));
  long count = 0;
  long shown = 0;
  for (long from = 0; count < most_cursors;) {
    sci(Sci::SCI_SETTARGETRANGE, static_cast<std::uintptr_t>(from), length);
    if (sci(Sci::SCI_SEARCHINTARGET, wanted.size(), reinterpret_cast<std::intptr_t>(wanted.data())) < 0)
      break;
    const auto start = sci(Sci::SCI_GETTARGETSTART);
    from = sci(Sci::SCI_GETTARGETEND);
    if (from <= start) break;
    sci(count == 0 ? Sci::SCI_SETSELECTION : Sci::SCI_ADDSELECTION, static_cast<std::uintptr_t>(from), start);
    if (start == main) shown = count;
    ++count;
  }
  if (count > 0) sci(Sci::SCI_SETMAINSELECTION, static_cast<std::uintptr_t>(shown));
}

void MultipleCursors::addBeside(bool below) {
  const auto count = sci(Sci::SCI_GETSELECTIONS);
  if (count >= most_cursors) return;
  // Beside the outermost one, at the column of the main cursor.
  long edge = -1;
  for (long i = 0; i < count; ++i) {
    const auto line = lineOf(sci(Sci::SCI_GETSELECTIONNCARET, static_cast<std::uintptr_t>(i)));
    edge = edge < 0 ? line : below ? std::max(edge, line) : std::min(edge, line);
  }
  const auto line = edge + (below ? 1 : -1);
  if (line < 0 || line >= lineCount()) return;
  const auto column = sci(Sci::SCI_GETCOLUMN, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)));
  const auto at = sci(Sci::SCI_FINDCOLUMN, static_cast<std::uintptr_t>(line), column);
  const auto main = sci(Sci::SCI_GETMAINSELECTION);
  sci(Sci::SCI_ADDSELECTION, static_cast<std::uintptr_t>(at), at);
  sci(Sci::SCI_SETMAINSELECTION, static_cast<std::uintptr_t>(main));
  sci(Sci::SCI_SCROLLRANGE, static_cast<std::uintptr_t>(at), at);
}

void MultipleCursors::dropLast() {
  const auto count = sci(Sci::SCI_GETSELECTIONS);
  if (count > 1) sci(Sci::SCI_DROPSELECTIONN, static_cast<std::uintptr_t>(count - 1));
}

void MultipleCursors::addAtLineEnds() {
  const auto all = selectedLines();
  bool first = true;
  long count = 0;
  for (const auto& lines : all)
    for (auto line = lines.first; line <= lines.last && count < most_cursors; ++line, ++count) {
      const auto end = lineEnd(line);
      sci(std::exchange(first, false) ? Sci::SCI_SETSELECTION : Sci::SCI_ADDSELECTION,
          static_cast<std::uintptr_t>(end), end);
    }
}

}  // namespace berth::desktop

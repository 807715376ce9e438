// SPDX-License-Identifier: GPL-3.0-or-later
// What comes to a CodeEditor from the person's hands: keys, the context menu, the clipboard, drops.
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

bool CodeEditor::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
      event->accept();
      return true;
    }
    // Ctrl+digit, Ctrl+Shift+… and the like belong to the window; Scintilla would swallow some.
    if (key->modifiers() & Qt::ControlModifier && key->modifiers() & Qt::ShiftModifier &&
        key->key() != Qt::Key_Left && key->key() != Qt::Key_Right && key->key() != Qt::Key_Home &&
        key->key() != Qt::Key_End)
      return false;
  }
  const bool handled = QsciScintillaBase::event(event);
  flushEdits();
  return handled;
}

bool CodeEditor::viewportEvent(QEvent* event) {
  const bool handled = QsciScintillaBase::viewportEvent(event);
  flushEdits();
  return handled;
}

void CodeEditor::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) return undo();
  if (event->matches(QKeySequence::Redo) ||
      (event->key() == Qt::Key_Y && event->modifiers() == Qt::ControlModifier))
    return redo();
  // QScintilla drops keys whose first code unit is not printable alone.
  if (event->text().isEmpty() || !event->text().at(0).isHighSurrogate())
    return QsciScintillaBase::keyPressEvent(event);
  const auto text = event->text().toUtf8();
  sci(SCI_REPLACESEL, 0, pointer(text.constData()));
  event->accept();
}

void CodeEditor::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const bool writable = !sci(SCI_GETREADONLY);
  const bool selected = !sci(SCI_GETSELECTIONEMPTY);
  const auto add = [&](const char* icon, const QString& text, const QKeySequence& key, bool enabled,
                       auto run) {
    auto* action = menu->addAction(Theme::icon(QLatin1String(icon)), text, this, run);
    action->setShortcut(key);
    action->setEnabled(enabled);
  };
  add("edit-undo", tr("Undo"), QKeySequence::Undo, writable && canUndo(), [this] { undo(); });
  add("edit-redo", tr("Redo"), QKeySequence::Redo, writable && canRedo(), [this] { redo(); });
  menu->addSeparator();
  add("edit-cut", tr("Cut"), QKeySequence::Cut, writable && selected, [this] { sci(SCI_CUT); });
  add("edit-copy", tr("Copy"), QKeySequence::Copy, selected, [this] { sci(SCI_COPY); });
  add("edit-paste", tr("Paste"), QKeySequence::Paste, writable && sci(SCI_CANPASTE), [this] {
    sci(SCI_PASTE);
    flushEdits();
  });
  menu->addSeparator();
  add("edit-select-all", tr("Select All"), QKeySequence::SelectAll, true, [this] { sci(SCI_SELECTALL); });
  menu->popup(event->globalPos());
}

QByteArray CodeEditor::fromMimeData(const QMimeData* source, bool& rectangular) const {
  auto text = QsciScintillaBase::fromMimeData(source, rectangular);
  // Texts travel with \n alone, and a NUL has no place in one.
  text.replace("\r\n", "\n");
  text.replace('\r', '\n');
  text.replace(QByteArrayView("\0", 1), QByteArrayView());
  return text;
}

void CodeEditor::dragEnterEvent(QDragEnterEvent* event) {
  // Files are for the window (upload and open), not for the text.
  if (event->mimeData()->hasUrls()) return event->ignore();
  QsciScintillaBase::dragEnterEvent(event);
}

void CodeEditor::dropEvent(QDropEvent* event) {
  if (event->mimeData()->hasUrls()) return event->ignore();
  QsciScintillaBase::dropEvent(event);
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/vim_line.hpp"

#include <QKeyEvent>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

VimLine::VimLine(QWidget* editor, const QString& begin) : QLineEdit(editor), editor_(editor) {
  setObjectName(QStringLiteral("vimLine"));
  setAccessibleName(tr("Vim command"));
  setFont(Theme::instance()->codeFont());
  setText(begin);
  place();
  editor->installEventFilter(this);
  connect(this, &QLineEdit::textEdited, this, [this](const QString& now) {
    if (now.isEmpty()) leave();  // the sign itself was taken back
  });
  connect(this, &QLineEdit::returnPressed, this, [this] {
    const auto line = text();
    leave();
    Q_EMIT entered(line);
  });
  show();
  raise();
  setFocus();
  setCursorPosition(static_cast<int>(begin.size()));
  deselect();
}

void VimLine::place() {
  const auto height = sizeHint().height();
  setGeometry(0, editor_->height() - height, editor_->width(), height);
}

void VimLine::leave() {
  hide();
  deleteLater();
  editor_->setFocus();
}

bool VimLine::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) event->accept();  // what is typed here is typed here
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool out =
        key->key() == Qt::Key_Escape || (key->modifiers() == Qt::ControlModifier &&
                                         (key->key() == Qt::Key_C || key->key() == Qt::Key_BracketLeft));
    if (out) {
      leave();
      return true;
    }
    // A line edit leaves Return to its parent, where it would be a motion.
    QLineEdit::event(event);
    event->accept();
    return true;
  }
  return QLineEdit::event(event);
}

bool VimLine::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) place();
  return QLineEdit::eventFilter(watched, event);
}

void VimLine::focusOutEvent(QFocusEvent* event) {
  QLineEdit::focusOutEvent(event);
  if (isVisible() && event->reason() != Qt::PopupFocusReason &&
      event->reason() != Qt::ActiveWindowFocusReason) {
    hide();
    deleteLater();
  }
}

}  // namespace berth::desktop

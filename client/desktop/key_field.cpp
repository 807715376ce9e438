// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/key_field.hpp"

#include <QAction>
#include <QKeyEvent>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

KeyField::KeyField(const QString& title, QWidget* parent) : QLineEdit(parent) {
  setReadOnly(true);  // keys are taken, not typed; input methods stay away
  setPlaceholderText(title);
  setAccessibleName(title);
  clear_ =
      addAction(Theme::icon(QStringLiteral("edit-clear"), Theme::Tint::muted), QLineEdit::TrailingPosition);
  clear_->setToolTip(tr("Empty the field"));
  clear_->setVisible(false);
  connect(clear_, &QAction::triggered, this, [this] { setKeySequence({}); });
}

void KeyField::setKeySequence(const QKeySequence& keys) {
  if (keys == keys_) return;
  keys_ = keys;
  setText(keys.toString(QKeySequence::NativeText));
  clear_->setVisible(!keys.isEmpty());
  Q_EMIT keySequenceChanged(keys_);
}

bool KeyField::event(QEvent* event) {
  // Before any shortcut of the window's: the key is meant for the field.
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();
    return true;
  }
  return QLineEdit::event(event);
}

void KeyField::keyPressEvent(QKeyEvent* event) {
  const auto key = event->key();
  if (key == 0 || key == Qt::Key_unknown || (key >= Qt::Key_Shift && key <= Qt::Key_ScrollLock) ||
      key == Qt::Key_AltGr)
    return;  // it only modifies
  const auto held = event->modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
  if (held == Qt::NoModifier && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
    if (!keys_.isEmpty()) Q_EMIT taken();
    return;
  }
  if (held == Qt::NoModifier && key == Qt::Key_Escape) {
    if (keys_.isEmpty()) return event->ignore();  // the window's
    return setKeySequence({});
  }
  const QKeyCombination pressed(held, Qt::Key(key));
  setKeySequence(keys_.count() == 1 ? QKeySequence(keys_[0], pressed) : QKeySequence(pressed));
}

void KeyField::contextMenuEvent(QContextMenuEvent* event) { event->accept(); }

}  // namespace berth::desktop

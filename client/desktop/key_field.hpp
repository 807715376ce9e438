// SPDX-License-Identifier: GPL-3.0-or-later
// A field that takes keys as they are pressed: one, or two in a row; a third begins anew. Nothing waits for a
// clock. Enter takes what stands there, Escape empties it, Tab leads on.
#pragma once

#include <QKeySequence>
#include <QLineEdit>

namespace berth::desktop {

class KeyField : public QLineEdit {
  Q_OBJECT

 public:
  /// `title`: what it is for; it stands there while the field is empty, and names it.
  explicit KeyField(const QString& title, QWidget* parent = nullptr);

  QKeySequence keySequence() const { return keys_; }
  void setKeySequence(const QKeySequence& keys);

 Q_SIGNALS:
  void keySequenceChanged(const QKeySequence& keys);
  /// Enter, with keys in it.
  void taken();

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  QKeySequence keys_;
  QAction* clear_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the foot of an editor where commands (":") and what is looked for ("/", "?") are typed.
#pragma once

#include <QLineEdit>

namespace berth::desktop {

class VimLine : public QLineEdit {
  Q_OBJECT

 public:
  /// `begin`: ":", "/" or "?", and what stands behind it already.
  VimLine(QWidget* editor, const QString& begin);

 Q_SIGNALS:
  /// All of it, the sign before as well.
  void entered(const QString& line);

 protected:
  bool event(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void place();
  void leave();

  QWidget* editor_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// An address that is to be taken elsewhere: shown whole, selected at once, with a button that copies it.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace berth::desktop {

class CopyField : public QWidget {
  Q_OBJECT

 public:
  explicit CopyField(const QString& label, QWidget* parent = nullptr);
  void setText(const QString& text);
  QString text() const;
  void copy();

 private:
  QLabel* label_;
  QLineEdit* field_;
  QPushButton* copy_;
};

}  // namespace berth::desktop

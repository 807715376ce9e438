// SPDX-License-Identifier: GPL-3.0-or-later
// All keys on one page, by what they are for, as they are now: to read, to search, to print.
#pragma once

#include <QDialog>

class QLineEdit;
class QTextBrowser;

namespace berth::desktop {

class KeysReference : public QDialog {
  Q_OBJECT

 public:
  explicit KeysReference(QWidget* parent = nullptr);
  /// The one that is open, or a new one; in front.
  static KeysReference* open(QWidget* parent);

 private:
  void refresh();
  void print();

  QLineEdit* find_;
  QTextBrowser* page_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the window's and the editor's commands: found by name or key, changed one by one, and as they
// were to begin with.
#pragma once

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace berth::desktop {

class KeysDialog : public QDialog {
  Q_OBJECT

 public:
  explicit KeysDialog(QWidget* parent = nullptr);

 private:
  void refresh();
  void showCommand(const QString& id);
  void take();
  QString current() const;

  QLineEdit* find_;
  QTreeWidget* list_;
  QKeySequenceEdit* key_;
  QPushButton* set_;
  QPushButton* none_;
  QPushButton* usual_;
  QLabel* told_;
};

}  // namespace berth::desktop

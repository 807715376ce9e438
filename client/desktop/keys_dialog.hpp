// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the window's and the editor's commands: found by name, or by pressing them, changed one by one,
// and as they were to begin with. Commands whose keys are in each other's way are told.
#pragma once

#include <QDialog>
#include <vector>

#include "client/desktop/key_conflicts.hpp"

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeWidget;

namespace berth::desktop {

class KeyField;

class KeysDialog : public QDialog {
  Q_OBJECT

 public:
  explicit KeysDialog(QWidget* parent = nullptr);

 private:
  QLayout* makeSearch();
  QLayout* makeChoice();
  void searchByKey(bool pressed);
  void refresh();
  void showCommand();
  void take(bool beside);
  QString current() const;

  QLineEdit* find_;
  KeyField* pressed_;
  QStackedWidget* search_;
  QToolButton* by_key_;
  QPushButton* conflicts_;
  QTreeWidget* list_;
  KeyField* key_;
  QPushButton* set_;
  QPushButton* add_;
  QPushButton* none_;
  QPushButton* usual_;
  QLabel* told_;
  std::vector<CommandKeys> all_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// A field over the window with a list below it that follows what is typed: what opening by name, symbols and
// the command palette have in common. Keys go to the field; up and down choose, Return takes, Escape leaves.
#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace berth::desktop {

class ListPopup : public QFrame {
  Q_OBJECT

 public:
  /// What a row has beside its text and icon.
  enum Roles {
    DetailRole = Qt::UserRole + 100,  // QString, muted, behind the text
    KeysRole,                         // QString, at the right
    MatchRole,                        // QList<int>: letters of the text that were typed
    RefusedRole,                      // bool: it can't be chosen now
  };
  QLineEdit* field() { return field_; }
  QListWidget* list() { return list_; }
  QLabel* hint() { return hint_; }

 protected:
  /// Lies at the top of `window` once it is opened, and deletes itself when it is left.
  ListPopup(QWidget* window, const QString& fieldName, const QString& listName, int widest, int highest);
  /// Shows it, with `typed` in the field.
  void openWith(const QString& typed = {});
  /// Fills list() for what is typed and ends with fit().
  virtual void fill() = 0;
  /// Return, or a click on a row.
  virtual void choose() = 0;
  /// As high as what it shows; `hint` stands where there is no row.
  void fit(const QString& hint);
  QString typed() const;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QLineEdit* field_;
  QListWidget* list_;
  QLabel* hint_;
  int highest_;  // px
};

}  // namespace berth::desktop

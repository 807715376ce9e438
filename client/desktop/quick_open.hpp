// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a file by a few letters of its name: a field over the window, the best matches below it.
#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QListWidget;

namespace berth::client {
class FileIndex;
}

namespace berth::desktop {

class QuickOpen : public QFrame {
  Q_OBJECT

 public:
  /// Shown at the top of `window`; deletes itself when it is left. `recent`: what comes first with nothing
  /// typed.
  QuickOpen(client::FileIndex* index, QStringList recent, QWidget* window);
  QLineEdit* field() { return field_; }
  QListWidget* list() { return list_; }

 Q_SIGNALS:
  void chosen(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refresh();
  void choose();

  client::FileIndex* index_;
  QStringList recent_;
  QLineEdit* field_;
  QListWidget* list_;
  QLabel* nothing_;
  int highest_ = 0;  // px
};

}  // namespace berth::desktop

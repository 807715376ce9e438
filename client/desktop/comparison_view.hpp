// SPDX-License-Identifier: GPL-3.0-or-later
// One file of a version beside what it was before, or is now: its head with what can be done with it, and
// both texts, or why they can't be shown.
#pragma once

#include <QWidget>

#include "client/core/history.hpp"

class QLabel;
class QPushButton;
class QToolButton;

namespace berth::desktop {

class DiffView;

class ComparisonView : public QWidget {
  Q_OBJECT

 public:
  explicit ComparisonView(client::History* history, QWidget* parent = nullptr);
  DiffView* diff() { return diff_; }
  QString hint() const;
  QToolButton* withNow() { return with_now_; }
  QPushButton* restoreButton() { return restore_; }
  QToolButton* downloadButton() { return download_; }

 Q_SIGNALS:
  /// Of the file that is shown, as the chosen version has it.
  void restoreWanted(const QString& path);
  void downloadWanted(const QString& path);

 private:
  QWidget* makeHead();
  QToolButton* makeAgainst(const QString& text, const QString& tip, client::History::Against against);
  QToolButton* makeStep(const char* icon, const QString& text, const QKeySequence& key, bool forward);
  void refresh();
  void refreshBusy();
  QString reason() const;

  client::History* history_;
  QWidget* head_;
  QLabel* name_;
  QToolButton* with_before_;
  QToolButton* with_now_;
  QToolButton* download_;
  QPushButton* restore_;
  QLabel* hint_;
  DiffView* diff_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace in the list: what it is, how it is, and what can be done.
#pragma once

#include <QFrame>

#include "protocol/rest.hpp"

class QAction;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace berth::desktop {

class WorkspaceRow : public QFrame {
  Q_OBJECT

 public:
  explicit WorkspaceRow(const protocol::rest::Workspace& facts, QWidget* parent = nullptr);
  void setFacts(const protocol::rest::Workspace& facts);
  const protocol::rest::Workspace& facts() const { return facts_; }

 Q_SIGNALS:
  void openWanted();
  void startWanted();
  void stopWanted();
  void renameWanted();
  void historyWanted();
  void logWanted();
  void downloadWanted();
  void shareWanted();
  void leaveWanted();
  void deleteWanted();

 protected:
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QMenu* makeMenu(QWidget* parent);
  void refreshState();
  void refreshPeople();
  void showPeople();

  protocol::rest::Workspace facts_;
  QLabel* icon_;
  QLabel* name_;
  QLabel* detail_;
  QLabel* reason_;
  QLabel* pill_;
  QLabel* people_;  // whose it is, or that others are in it
  QAction* rename_ = nullptr;
  QAction* share_ = nullptr;
  QAction* log_ = nullptr;
  QAction* leave_ = nullptr;
  QAction* delete_ = nullptr;
  QPushButton* open_;
  QToolButton* power_;
};

/// "3 minutes ago".
QString ago(qint64 unixMilliseconds);

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace in the list: what it is, how it is, and what can be done.
#pragma once

#include <QFrame>

#include "protocol/rest.hpp"

class QLabel;
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
  void downloadWanted();
  void deleteWanted();

 protected:
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  protocol::rest::Workspace facts_;
  QLabel* icon_;
  QLabel* name_;
  QLabel* detail_;
  QLabel* reason_;
  QLabel* pill_;
  QPushButton* open_;
  QToolButton* power_;
};

/// "3 minutes ago".
QString ago(qint64 unixMilliseconds);

}  // namespace berth::desktop

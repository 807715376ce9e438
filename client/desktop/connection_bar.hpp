// SPDX-License-Identifier: GPL-3.0-or-later
// What the person must know of the connection and the workspace's life: lost and retried, stopped, about to
// stop or not to be stopped, and how far the clone or the unpacking it begins with is.
#pragma once

#include <QTimer>
#include <QWidget>

#include "protocol/messages.hpp"

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class MessageBar;

class ConnectionBar : public QWidget {
  Q_OBJECT

 public:
  explicit ConnectionBar(client::Workspace* workspace, QWidget* parent = nullptr);
  MessageBar* linkBar() { return link_; }
  MessageBar* noticeBar() { return notice_; }
  MessageBar* importBar() { return import_; }
  MessageBar* storageBar() { return storage_; }
  void showNotice(const QString& text);

 Q_SIGNALS:
  /// There is nothing to wait for any more.
  void closeWanted();

 private:
  void refreshLink();
  void showStarting();
  void lookAtStart();
  void showStopped();
  void showEnded();
  void tellRole(protocol::Role before, protocol::Role now);
  void showLost(const QString& what);
  QString whatBecomesOfTyping() const;
  void countDown();
  void refreshImport();
  void refuseImport();
  void refreshReason();
  void refreshStorage();
  void warnIdle(const QString& text, qint64 seconds);

  client::Workspace* workspace_;
  MessageBar* link_;
  MessageBar* notice_;
  MessageBar* import_;
  MessageBar* storage_;
  QTimer tick_;
  QTimer look_;           // at how far a start is
  bool looking_ = false;  // it was asked for
  QTimer grace_;          // a drop that is mended at once need not be shown as a bar
  qint64 stops_at_ = 0;   // Unix ms, while an idle warning is shown
  QString idle_text_;
  QString lost_;             // what the bar says of a lost connection, without what becomes of typing
  QString storage_problem_;  // as last shown
  QString reason_;           // of the workspace's state, as last told
  bool was_online_ = false;
  bool starting_ = false;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// What the person must know of the connection and the workspace's life: lost and retried, stopped, about to
// stop.
#pragma once

#include <QTimer>
#include <QWidget>

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
  void showNotice(const QString& text);

 private:
  void refreshLink();
  void countDown();
  void warnIdle(const QString& text, qint64 seconds);

  client::Workspace* workspace_;
  MessageBar* link_;
  MessageBar* notice_;
  QTimer tick_;
  QTimer grace_;         // a drop that is mended at once need not be shown as a bar
  qint64 stops_at_ = 0;  // Unix ms, while an idle warning is shown
  QString idle_text_;
  bool was_online_ = false;
  bool starting_ = false;
};

}  // namespace berth::desktop

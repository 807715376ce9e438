// SPDX-License-Identifier: GPL-3.0-or-later
// The run/stop button and the preview button: what the workspace's template says is run, in a terminal that
// all its windows see.
#pragma once

#include <QObject>
#include <QPointer>

class QToolButton;

namespace berth::client {
class Terminal;
class Workspace;
}  // namespace berth::client

namespace berth::desktop {

class TerminalPanel;

class RunControl : public QObject {
  Q_OBJECT

 public:
  RunControl(client::Workspace* workspace, TerminalPanel* terminals, QObject* parent = nullptr);
  QToolButton* runButton() { return run_; }
  QToolButton* previewButton() { return preview_; }
  bool isRunning() const;
  void toggle();
  /// Asks the server for a signed-in address and opens the browser there.
  void openPreview(quint16 port);

 Q_SIGNALS:
  /// The preview's address, just before the browser is asked to open it.
  void previewOpened(const QUrl& url);
  void failed(const QString& problem);
  /// The port that the run command serves began to listen.
  void serverReady(quint16 port);

 private:
  client::Terminal* runningTerminal() const;
  void refresh();
  void stop();

  client::Workspace* workspace_;
  TerminalPanel* terminals_;
  QToolButton* run_;
  QToolButton* preview_;
  bool stopping_ = false;
};

}  // namespace berth::desktop

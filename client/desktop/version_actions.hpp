// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a version, each with its question: bring it back, name it, copy it into a workspace
// of its own, download it; and keeping what is there now.
#pragma once

#include <QObject>
#include <functional>

#include "client/core/history.hpp"

class QWidget;

namespace berth::client {
class ServerConnection;
class Transfer;
class Transfers;
}  // namespace berth::client

namespace berth::desktop {

class VersionActions : public QObject {
  Q_OBJECT

 public:
  /// `window` is the parent of the questions and of this; `transfers` takes the downloads.
  VersionActions(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                 client::Transfers* transfers, client::History* history, QWidget* window);
  void setFacts(const protocol::rest::Workspace& facts) { facts_ = facts; }

  /// False: what would change the workspace fails, and says why.
  void setMayChange(bool may) { may_change_ = may; }

  /// Asks first. Everything where `path` is "".
  void restore(const client::History::Version& version, const QString& path);
  void keepNow();
  void rename(const client::History::Version& version);
  void fork(const client::History::Version& version);
  /// As an archive, of the path that the history shows.
  void download(const client::History::Version& version);
  /// One file as it is in the version.
  void downloadFile(const client::History::Version& version, const QString& path);

 Q_SIGNALS:
  void done(const QString& sentence);
  void failed(const QString& sentence);
  void workspaceMade(const berth::protocol::rest::Workspace& workspace);

 private:
  void askName(const QString& title, const QString& label, const QString& text, const QString& button,
               bool mayBeEmpty, std::function<void(const QString&)> use);

  void follow(client::Transfer* transfer);
  bool mayChange();

  client::ServerConnection* server_;
  protocol::rest::Workspace facts_;
  client::Transfers* transfers_;
  client::History* history_;
  QWidget* window_;
  bool may_change_ = true;
};

}  // namespace berth::desktop

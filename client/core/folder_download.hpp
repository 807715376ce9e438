// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of the workspace, or all of it, now or as in a version, as one archive on this machine, streamed
// from the server in constant memory.
#pragma once

#include <QNetworkAccessManager>
#include <QPointer>

#include "client/core/server_connection.hpp"
#include "client/core/transfer.hpp"

class QNetworkReply;

namespace berth::client {

class FolderDownload : public Transfer {
  Q_OBJECT

 public:
  /// `server` outlives this. The file appears once it is whole.
  FolderDownload(ServerConnection* server, QString workspace, WorkspaceConnection* connection,
                 ServerConnection::Archive archive, QString local, QObject* parent);
  ~FolderDownload() override;
  bool isUpload() const override { return false; }
  void start() override;

 private:
  void receive();
  void finish();
  void stop() override;
  // It comes by HTTP: no channel has anything for it.
  void onData(std::uint64_t, QByteArray) override {}
  void onCredit(std::uint64_t) override {}
  void onEnd(std::uint64_t) override {}

  ServerConnection* server_;
  QString workspace_;
  ServerConnection::Archive archive_;
  QSaveFile file_;
  QNetworkAccessManager network_;
  QPointer<QNetworkReply> reply_;
};

}  // namespace berth::client

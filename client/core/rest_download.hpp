// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that the server's REST API gives (a folder or a whole version as an archive, an old file) into a file
// on this machine, streamed in constant memory.
#pragma once

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QPointer>

#include "client/core/reply.hpp"
#include "client/core/transfer.hpp"

class QNetworkReply;

namespace berth::client {

class RestDownload : public Transfer {
  Q_OBJECT

 public:
  /// Makes the authorised request, once the download's turn has come.
  using Source = std::function<void(QObject* context, Reply<QNetworkRequest>)>;

  /// `name` is shown while it goes on. The file at `local` appears once it is whole.
  RestDownload(Source source, QString name, QString local, QObject* parent);
  ~RestDownload() override;
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

  Source source_;
  QSaveFile file_;
  QNetworkAccessManager network_;
  QPointer<QNetworkReply> reply_;
};

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// A file of the workspace read whole into memory, up to a size: a picture to show, a text to compare with.
#pragma once

#include <QByteArray>
#include <QObject>

#include "client/core/channel_sink.hpp"
#include "client/core/reply.hpp"
#include "protocol/flow_window.hpp"

namespace berth::client {

class WorkspaceConnection;

class FileReading : public QObject, private ChannelSink {
  Q_OBJECT

 public:
  /// too_large for more than `most` bytes. Nothing is told, and reading ends, once `context` is gone.
  static void read(WorkspaceConnection* connection, const QString& path, std::uint64_t most, QObject* context,
                   Reply<QByteArray> done);
  ~FileReading() override;

 private:
  FileReading(WorkspaceConnection* connection, std::uint64_t most, QObject* context, Reply<QByteArray> done);
  void start(const QString& path);
  void finish(Result<QByteArray> result);
  void onData(std::uint64_t offset, QByteArray payload) override;
  void onCredit(std::uint64_t) override {}
  void onEnd(std::uint64_t length) override;
  void onAbort() override;
  void onLost() override;

  WorkspaceConnection* connection_;
  std::uint64_t most_;
  Reply<QByteArray> done_;
  QByteArray bytes_;
  std::uint32_t channel_ = 0;
  protocol::ReceiveWindow window_;
};

}  // namespace berth::client

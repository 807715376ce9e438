// SPDX-License-Identifier: GPL-3.0-or-later
// One file on its way between this machine and the workspace, in constant memory, with progress.
#pragma once

#include <QFile>
#include <QObject>
#include <QSaveFile>
#include <memory>

#include "client/core/channel_sink.hpp"
#include "protocol/error.hpp"
#include "protocol/flow_window.hpp"

namespace berth::client {

class WorkspaceConnection;

class Transfer : public QObject, protected ChannelSink {
  Q_OBJECT

 public:
  enum class State { waiting, running, done, failed };
  Transfer(WorkspaceConnection* connection, QString remote, QString local, QObject* parent);
  ~Transfer() override;

  virtual bool isUpload() const = 0;
  virtual void start() = 0;
  void cancel();

  const QString& remote() const { return remote_; }
  const QString& local() const { return local_; }
  State state() const { return state_; }
  const QString& problem() const { return problem_; }
  qint64 bytes() const { return bytes_; }
  qint64 size() const { return size_; }

 Q_SIGNALS:
  void changed();
  void finished();

 protected:
  void claim(std::uint32_t channel);
  void release();
  void fail(const QString& problem);
  void succeed();
  /// It failed or was cancelled: whatever goes on beside channels must end.
  virtual void stop() {}
  void onAbort() override;
  void onLost() override;

  WorkspaceConnection* connection_;
  QString remote_;
  QString local_;
  State state_ = State::waiting;
  QString problem_;
  qint64 bytes_ = 0;
  qint64 size_ = 0;
  std::uint32_t channel_ = 0;
};

class Upload : public Transfer {
  Q_OBJECT

 public:
  /// `replace`: an existing file is replaced; otherwise that is a failure.
  Upload(WorkspaceConnection* connection, QString local, QString remote, bool replace, QObject* parent);
  bool isUpload() const override { return true; }
  void start() override;

 private:
  void onData(std::uint64_t offset, QByteArray payload) override;
  void onCredit(std::uint64_t limit) override;
  void onEnd(std::uint64_t length) override;
  void pump();
  void commit();

  bool replace_;
  QFile file_;
  protocol::SendWindow window_;
  bool ended_ = false;
};

class Download : public Transfer {
  Q_OBJECT

 public:
  Download(WorkspaceConnection* connection, QString remote, QString local, QObject* parent);
  bool isUpload() const override { return false; }
  void start() override;

 private:
  void onData(std::uint64_t offset, QByteArray payload) override;
  void onCredit(std::uint64_t limit) override;
  void onEnd(std::uint64_t length) override;

  QSaveFile file_;
  protocol::ReceiveWindow window_;
};

}  // namespace berth::client

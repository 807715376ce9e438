// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/transfer.hpp"

#include <QFileInfo>
#include <QTimer>

#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::uint64_t download_window = 1u << 20;  // bytes
constexpr qint64 upload_piece = 64 << 10;            // bytes a frame
constexpr qint64 most_unsent = 512 << 10;            // bytes that may wait in this process

}  // namespace

Transfer::Transfer(WorkspaceConnection* connection, QString remote, QString local, QObject* parent)
    : QObject(parent), connection_(connection), remote_(std::move(remote)), local_(std::move(local)) {}

Transfer::~Transfer() { release(); }

void Transfer::claim(std::uint32_t channel) {
  channel_ = channel;
  connection_->claimChannel(channel, this);
}

void Transfer::release() {
  if (channel_) connection_->releaseChannel(std::exchange(channel_, 0));
}

void Transfer::cancel() {
  if (channel_) connection_->sendFrame({protocol::FrameKind::abort, false, channel_, 0});
  fail(tr("Cancelled."));
}

void Transfer::fail(const QString& problem) {
  if (state_ == State::failed || state_ == State::done) return;
  release();
  stop();
  state_ = State::failed;
  problem_ = problem;
  Q_EMIT changed();
  Q_EMIT finished();
}

void Transfer::succeed() {
  release();
  state_ = State::done;
  Q_EMIT changed();
  Q_EMIT finished();
}

void Transfer::onAbort() {
  channel_ = 0;
  fail(tr("The workspace could not go on with this file."));
}

void Transfer::onLost() {
  channel_ = 0;
  fail(tr("The connection was lost; the file was left as it was. Try again."));
}

Upload::Upload(WorkspaceConnection* connection, QString local, QString remote, bool replace, QObject* parent)
    : Transfer(connection, std::move(remote), local, parent), replace_(replace), file_(local) {
  size_ = QFileInfo(local).size();
}

void Upload::start() {
  if (!file_.open(QIODevice::ReadOnly))
    return fail(tr("%1 can't be read: %2").arg(local_, file_.errorString()));
  size_ = file_.size();
  state_ = State::running;
  protocol::FileWrite::Params params{remote_.toStdString(), {}, {}};
  if (!replace_) params.expected_etag = "";
  if (QFileInfo(local_).isExecutable()) params.mode = 0755;
  request<protocol::FileWrite>(connection_, params, this, [this](Result<protocol::FileWrite::Result> answer) {
    if (state_ != State::running) return;
    if (!answer) return fail(QString::fromStdString(answer.error().message));
    claim(answer->channel);
    window_ = protocol::SendWindow(0, answer->limit);
    pump();
  });
}

void Upload::pump() {
  while (channel_ && !ended_) {
    if (connection_->unsentBytes() > most_unsent) return QTimer::singleShot(5, this, &Upload::pump);
    const auto room = std::min<qint64>(upload_piece, static_cast<qint64>(window_.available()));
    if (room > 0) {
      const auto bytes = file_.read(room);
      if (bytes.isEmpty() && !file_.atEnd()) return cancel();
      if (!bytes.isEmpty()) {
        connection_->sendFrame({protocol::FrameKind::data, false, channel_, window_.sent()},
                               {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        window_.on_sent(static_cast<std::uint64_t>(bytes.size()));
        bytes_ += bytes.size();
        Q_EMIT changed();
      }
    }
    if (file_.atEnd()) return commit();
    if (window_.available() == 0) return;
  }
}

void Upload::commit() {
  ended_ = true;
  connection_->sendFrame({protocol::FrameKind::end, false, channel_, window_.sent()});
  request<protocol::FileCommit>(connection_, {channel_, window_.sent()}, this,
                                [this](Result<protocol::FileCommit::Result> answer) {
                                  if (state_ != State::running) return;
                                  answer ? succeed() : fail(QString::fromStdString(answer.error().message));
                                });
}

void Upload::onData(std::uint64_t, QByteArray) {}

void Upload::onCredit(std::uint64_t limit) {
  window_.on_credit(limit);
  pump();
}

void Upload::onEnd(std::uint64_t) {}

Download::Download(WorkspaceConnection* connection, QString remote, QString local, QObject* parent)
    : Transfer(connection, std::move(remote), local, parent), file_(local), window_(download_window) {}

void Download::start() {
  if (!file_.open(QIODevice::WriteOnly))
    return fail(tr("%1 can't be written: %2").arg(local_, file_.errorString()));
  state_ = State::running;
  request<protocol::FileRead>(connection_, {remote_.toStdString(), download_window, {}, {}}, this,
                              [this](Result<protocol::FileRead::Result> answer) {
                                if (state_ != State::running) return;
                                if (!answer) return fail(QString::fromStdString(answer.error().message));
                                size_ = static_cast<qint64>(answer->size);
                                claim(answer->channel);
                              });
}

void Download::onData(std::uint64_t offset, QByteArray payload) {
  const auto bytes = static_cast<std::uint64_t>(payload.size());
  if (!window_.on_data(offset, bytes)) return cancel();
  if (file_.write(payload) != payload.size()) return cancel();
  bytes_ += payload.size();
  if (const auto limit = window_.on_consumed(bytes))
    connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
  Q_EMIT changed();
}

void Download::onCredit(std::uint64_t) {}

void Download::onEnd(std::uint64_t length) {
  if (length != window_.received()) return fail(tr("The file did not arrive whole."));
  if (!file_.commit()) return fail(tr("%1 can't be written: %2").arg(local_, file_.errorString()));
  succeed();
}

}  // namespace berth::client

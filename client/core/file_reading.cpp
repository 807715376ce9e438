// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_reading.hpp"

#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::uint64_t reading_window = 512u << 10;  // bytes of credit

}  // namespace

void FileReading::read(WorkspaceConnection* connection, const QString& path, std::uint64_t most,
                       QObject* context, Reply<QByteArray> done) {
  (new FileReading(connection, most, context, std::move(done)))->start(path);  // the context's
}

FileReading::FileReading(WorkspaceConnection* connection, std::uint64_t most, QObject* context,
                         Reply<QByteArray> done)
    : QObject(context),
      connection_(connection),
      most_(most),
      done_(std::move(done)),
      window_(reading_window) {
  // The connection may go first, and takes nothing any more then.
  connect(connection, &QObject::destroyed, this, [this] {
    connection_ = nullptr;
    channel_ = 0;
  });
}

FileReading::~FileReading() {
  if (!channel_ || !connection_) return;
  connection_->sendFrame({protocol::FrameKind::abort, false, channel_, 0});
  connection_->releaseChannel(channel_);
}

void FileReading::start(const QString& path) {
  request<protocol::FileRead>(connection_, {path.toStdString(), reading_window, {}, {}}, this,
                              [this](Result<protocol::FileRead::Result> answer) {
                                if (!answer) return finish(std::unexpected(answer.error()));
                                channel_ = answer->channel;
                                connection_->claimChannel(channel_, this);
                                if (answer->size > most_)
                                  finish(failure(ErrorCode::too_large, "The file is too large for this."));
                              });
}

void FileReading::finish(Result<QByteArray> result) {
  deleteLater();  // first: with the context this one goes, too
  if (const auto done = std::exchange(done_, {})) done(std::move(result));
}

void FileReading::onData(std::uint64_t offset, QByteArray payload) {
  if (!done_) return;
  const auto bytes = static_cast<std::uint64_t>(payload.size());
  if (!window_.on_data(offset, bytes) || static_cast<std::uint64_t>(bytes_.size()) + bytes > most_)
    return finish(failure(ErrorCode::invalid_argument, "The workspace sent a file that does not fit."));
  bytes_ += payload;
  if (const auto limit = window_.on_consumed(bytes))
    connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
}

void FileReading::onEnd(std::uint64_t length) {
  connection_->releaseChannel(std::exchange(channel_, 0));
  if (length != static_cast<std::uint64_t>(bytes_.size()))
    return finish(failure(ErrorCode::unavailable, "The file did not arrive whole."));
  finish(std::move(bytes_));
}

void FileReading::onAbort() {
  channel_ = 0;
  finish(failure(ErrorCode::unavailable, "The file could not be read to its end."));
}

void FileReading::onLost() {
  channel_ = 0;
  finish(failure(ErrorCode::unavailable, "The connection was lost."));
}

}  // namespace berth::client

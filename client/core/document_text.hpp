// SPDX-License-Identifier: GPL-3.0-or-later
// A document's text while it arrives on a channel.
#pragma once

#include <functional>
#include <string>

#include "client/core/channel_sink.hpp"
#include "client/core/workspace_connection.hpp"
#include "protocol/flow_window.hpp"

namespace berth::client {

class DocumentText : public ChannelSink {
 public:
  static constexpr std::uint64_t window = 1u << 20;       // bytes of credit
  static constexpr std::uint64_t largest = 512ull << 20;  // bytes of text that are taken

  DocumentText(WorkspaceConnection* connection, std::uint32_t channel, std::uint64_t length)
      : connection_(connection), channel_(channel), length_(length), receive_(window) {
    connection_->claimChannel(channel_, this);
  }
  /// Tells the runner to stop, if it had not come to its end.
  ~DocumentText() override {
    if (!channel_) return;
    connection_->sendFrame({protocol::FrameKind::abort, false, channel_, 0});
    connection_->releaseChannel(channel_);
  }

  /// `done` gets the whole text; it may destroy this.
  void start(std::function<void(Result<std::string>)> done) {
    done_ = std::move(done);
    if (length_ > largest)
      finish(failure(ErrorCode::too_large, "The file is too large to show; download it instead."));
  }

  void onData(std::uint64_t offset, QByteArray payload) override {
    const auto bytes = static_cast<std::uint64_t>(payload.size());
    if (!receive_.on_data(offset, bytes) || text_.size() + bytes > length_)
      return finish(failure(ErrorCode::invalid_argument, "The workspace sent a text that does not fit."));
    text_.append(payload.constData(), static_cast<std::size_t>(payload.size()));
    if (const auto limit = receive_.on_consumed(bytes))
      connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
  }
  void onCredit(std::uint64_t) override {}
  void onEnd(std::uint64_t length) override {
    connection_->releaseChannel(channel_);
    channel_ = 0;
    if (length != length_ || text_.size() != length_ || !protocol::is_valid_utf8(text_))
      return finish(
          failure(ErrorCode::invalid_argument, "The text did not arrive whole. Open the file again."));
    finish(std::move(text_));
  }
  void onAbort() override {
    channel_ = 0;
    finish(failure(ErrorCode::unavailable, "The file could not be read to its end."));
  }
  void onLost() override { channel_ = 0; }

 private:
  void finish(Result<std::string> result) {
    if (const auto done = std::exchange(done_, {})) done(std::move(result));
  }
  WorkspaceConnection* connection_;
  std::uint32_t channel_;
  std::uint64_t length_;
  protocol::ReceiveWindow receive_;
  std::string text_;
  std::function<void(Result<std::string>)> done_;
};

}  // namespace berth::client

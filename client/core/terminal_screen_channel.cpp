// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminal_screen_channel.hpp"

#include "client/core/workspace_connection.hpp"

namespace berth::client {

QByteArray take_front(std::deque<QByteArray>& bytes, qsizetype limit) {
  if (bytes.empty()) return {};
  auto& front = bytes.front();
  if (front.size() <= limit) {
    auto out = std::move(front);
    bytes.pop_front();
    return out;
  }
  auto out = front.left(limit);
  front.remove(0, limit);
  return out;
}

TerminalScreenChannel::TerminalScreenChannel(WorkspaceConnection* connection, std::uint32_t channel,
                                             std::uint64_t credit, Events events)
    : connection_(connection), channel_(channel), events_(std::move(events)), receive_(credit) {
  connection_->claimChannel(channel_, this);
}

TerminalScreenChannel::~TerminalScreenChannel() { close(); }

void TerminalScreenChannel::close() {
  const auto channel = std::exchange(channel_, 0);
  if (!channel) return;
  connection_->releaseChannel(channel);
  if (!ended_) connection_->sendFrame({protocol::FrameKind::abort, false, channel, 0});
}

void TerminalScreenChannel::onData(std::uint64_t offset, QByteArray payload) {
  if (!receive_.on_data(offset, static_cast<std::uint64_t>(payload.size()))) return events_.broken();
  if (payload.isEmpty()) return;
  const auto before = size_;
  size_ += payload.size();
  bytes_.push_back(std::move(payload));
  events_.received(before);
}

void TerminalScreenChannel::onEnd(std::uint64_t length) {
  if (ended_) return;
  if (length != receive_.received()) return events_.broken();
  ended_ = true;
  events_.ended();
}

void TerminalScreenChannel::onAbort() {
  channel_ = 0;
  if (!ended_) events_.broken();
}

void TerminalScreenChannel::onLost() { onAbort(); }

QByteArray TerminalScreenChannel::take(qsizetype limit) {
  auto out = take_front(bytes_, limit);
  size_ -= out.size();
  taken_ += out.size();
  return out;
}

void TerminalScreenChannel::drained(qsizetype bytes, std::uint64_t window) {
  taken_ -= bytes;
  receive_.resize(window);
  const auto limit = receive_.on_consumed(static_cast<std::uint64_t>(bytes));
  if (limit && channel_ && !ended_)
    connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
}

}  // namespace berth::client

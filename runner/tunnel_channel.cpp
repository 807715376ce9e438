// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/tunnel_channel.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>

#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t largest_tunnel_piece = 32u << 10;

}  // namespace

TunnelChannel::TunnelChannel(Workspace& workspace, std::shared_ptr<ChannelOwner> owner, std::uint32_t channel,
                             std::uint64_t credit, StreamSocket socket)
    : workspace_(workspace),
      owner_(owner),
      channel_(channel),
      socket_(std::move(socket)),
      outgoing_(0, credit) {}

bool TunnelChannel::on_data(std::uint64_t offset, std::string_view bytes) {
  if (peer_ended_ || !incoming_.on_data(offset, bytes.size())) return false;
  if (!bytes.empty()) queue_.emplace_back(bytes);
  start_writing();
  return true;
}

void TunnelChannel::on_credit(std::uint64_t limit) {
  outgoing_.on_credit(limit);
  pump();
}

void TunnelChannel::on_end(std::uint64_t) {
  peer_ended_ = true;
  start_writing();
}

void TunnelChannel::on_gone() {
  gone_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void TunnelChannel::start_writing() {
  if (std::exchange(writing_, true)) return;
  workspace_.tasks.spawn([](std::shared_ptr<TunnelChannel> self) -> net::Task<void> {
    co_await self->write();
  }(shared_from_this()));
}

net::Task<void> TunnelChannel::write() {
  boost::system::error_code error;
  while (!queue_.empty() && !gone_ && !error) {
    const auto bytes = std::move(queue_.front());
    queue_.pop_front();
    co_await asio::async_write(socket_, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, error));
    const auto limit = incoming_.on_consumed(bytes.size());
    if (const auto owner = owner_.lock(); owner && limit && !gone_ && !error)
      owner->send_credit(channel_, *limit);
  }
  writing_ = false;
  if (gone_) co_return;
  const auto owner = owner_.lock();
  if (error && owner) {
    owner->abort_channel(channel_);
  } else if (peer_ended_) {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    if (target_ended_ && owner) owner->forget_channel(channel_);
  }
}

void TunnelChannel::pump() {
  if (reading_ || target_ended_ || gone_) return;
  reading_ = true;
  workspace_.tasks.spawn([](std::shared_ptr<TunnelChannel> self) -> net::Task<void> {
    co_await self->read();
  }(shared_from_this()));
}

net::Task<void> TunnelChannel::read() {
  std::string buffer(largest_tunnel_piece, '\0');
  while (!gone_) {
    const auto owner = owner_.lock();
    const auto limit =
        owner ? std::min<std::uint64_t>({owner->bulk_room(), outgoing_.available(), largest_tunnel_piece})
              : 0;
    if (limit == 0) break;
    boost::system::error_code error;
    const auto size =
        co_await socket_.async_read_some(asio::buffer(buffer.data(), static_cast<std::size_t>(limit)),
                                         asio::redirect_error(asio::use_awaitable, error));
    if (gone_) break;
    if (error == asio::error::eof) {
      target_ended_ = true;
      // The far program has sent all; what the client still sends goes on until it ends, too.
      owner->send_end(channel_, outgoing_.sent());
      if (peer_ended_ && !writing_) owner->forget_channel(channel_);
      break;
    }
    if (error) {
      owner->abort_channel(channel_);
      break;
    }
    const auto offset = outgoing_.sent();
    outgoing_.on_sent(size);
    owner->send_data(channel_, offset, {buffer.data(), size});
  }
  reading_ = false;
}

}  // namespace berth::runner

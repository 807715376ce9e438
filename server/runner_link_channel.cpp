// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/runner_link_channel.hpp"
#include "protocol/net/as_values.hpp"

#include <boost/asio/as_tuple.hpp>

namespace berth::server {

namespace asio = boost::asio;
using namespace protocol;

namespace {

std::unexpected<Error> no_progress() {
  return failure(ErrorCode::timeout, "The workspace does not answer. Try again, or restart it.",
                 "no progress on a channel");
}

net::Task<Result<std::string>> next_piece(std::shared_ptr<HeldChannel> held) {
  auto& channel = *held->channel;
  const auto until = std::chrono::steady_clock::now() + link_stream_deadline;
  while (channel.received.empty() && !channel.ended && !channel.error) {
    if (std::chrono::steady_clock::now() >= until) co_return no_progress();
    channel.changed.expires_at(until);
    co_await channel.changed.async_wait(net::as_values);
  }
  if (channel.received.empty() && channel.error) co_return std::unexpected(*channel.error);
  std::string piece;
  while (!channel.received.empty() && piece.size() + channel.received.front().size() <= byte_stream_piece) {
    piece.empty() ? piece.swap(channel.received.front())
                  : static_cast<void>(piece += channel.received.front());
    channel.received.pop_front();
  }
  if (const auto limit = channel.incoming.on_consumed(piece.size()); limit && !channel.ended)
    held->link->post_frame({FrameKind::credit, false, held->id, *limit});
  co_return piece;
}

class LinkSource : public ByteSource {
 public:
  explicit LinkSource(std::shared_ptr<HeldChannel> held) : held_(std::move(held)) {}
  net::Task<Result<std::string>> read() override {
    co_return co_await asio::co_spawn(held_->home, next_piece(held_), asio::use_awaitable);
  }

 private:
  std::shared_ptr<HeldChannel> held_;
};

class LinkSink : public ByteSink {
 public:
  explicit LinkSink(std::shared_ptr<HeldChannel> held) : held_(std::move(held)) {}
  net::Task<Result<void>> write(std::string piece) override {
    co_return co_await asio::co_spawn(held_->home, send_piece(held_, std::move(piece)), asio::use_awaitable);
  }
  net::Task<Result<void>> finish() override {
    co_return co_await asio::co_spawn(held_->home, end(held_), asio::use_awaitable);
  }

 private:
  static net::Task<Result<void>> end(std::shared_ptr<HeldChannel> held) {
    auto& channel = *held->channel;
    if (channel.error) co_return std::unexpected(*channel.error);
    held->link->post_frame({FrameKind::end, false, held->id, channel.outgoing.sent()});
    channel.ended = true;  // nothing is left to abort
    co_return Result<void>();
  }

  std::shared_ptr<HeldChannel> held_;
};

}  // namespace

HeldChannel::~HeldChannel() {
  asio::post(home, [link = std::move(link), id = id, channel = std::move(channel)] {
    if (!channel) return;
    const bool finished = channel->ended && channel->received.empty();
    if (!finished && !channel->error)
      link->post_frame({FrameKind::abort, false, id, channel->outgoing.sent()});
    link->forget_channel(id);
  });
}

void HeldChannel::open_for_reading(std::uint32_t channel_id) {
  id = channel_id;
  channel = link->open_channel(id, link_read_window, 0);
}

void HeldChannel::open_for_writing(std::uint32_t channel_id, std::uint64_t limit) {
  id = channel_id;
  channel = link->open_channel(id, 0, limit);
}

net::Task<Result<void>> send_piece(std::shared_ptr<HeldChannel> held, std::string piece) {
  auto& channel = *held->channel;
  std::string_view rest = piece;
  while (!rest.empty()) {
    const auto until = std::chrono::steady_clock::now() + held->patience;
    while (channel.outgoing.available() == 0 && !channel.error) {
      if (std::chrono::steady_clock::now() >= until) co_return no_progress();
      channel.changed.expires_at(until);
      co_await channel.changed.async_wait(net::as_values);
    }
    if (channel.error) co_return std::unexpected(*channel.error);
    const auto size =
        std::min<std::uint64_t>({rest.size(), channel.outgoing.available(), max_binary_payload});
    const FrameHeader header{FrameKind::data, false, held->id, channel.outgoing.sent()};
    channel.outgoing.on_sent(size);
    if (auto sent = co_await held->link->send_frame(header, std::string(rest.substr(0, size))); !sent)
      co_return sent;
    rest.remove_prefix(size);
  }
  co_return Result<void>();
}

std::unique_ptr<ByteSource> source_of(std::shared_ptr<HeldChannel> held) {
  return std::make_unique<LinkSource>(std::move(held));
}

std::unique_ptr<ByteSink> sink_of(std::shared_ptr<HeldChannel> held) {
  return std::make_unique<LinkSink>(std::move(held));
}

}  // namespace berth::server

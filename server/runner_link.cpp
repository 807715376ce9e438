// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/runner_link.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>

#include "protocol/messages.hpp"
#include "protocol/net/as_values.hpp"
#include "protocol/version.hpp"
#include "server/runner_dial.hpp"

namespace berth::server {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto first_back_off = 100ms;
constexpr auto last_back_off = 10'000ms;
constexpr auto hello_deadline = 5'000ms;
constexpr std::size_t outgoing_limit = 512u << 10;  // bytes queued
constexpr auto never = asio::steady_timer::time_point::max();

std::unexpected<Error> gone(std::string detail) {
  return failure(ErrorCode::unavailable,
                 "The workspace can't be reached; it may be starting or stopping. Try again in a moment.",
                 std::move(detail));
}

net::Task<void> wait(asio::steady_timer& timer, asio::steady_timer::time_point until) {
  timer.expires_at(until);
  co_await timer.async_wait(net::as_values);
}

}  // namespace

RunnerLink::RunnerLink(asio::any_io_executor executor, net::TaskGroup& tasks, std::string workspace,
                       RunnerAddress address, const protocol::SecretKey& server_key)
    : executor_(executor),
      tasks_(tasks),
      workspace_(std::move(workspace)),
      address_(std::move(address)),
      server_key_(server_key),
      connected_(executor, never),
      to_write_(executor, never),
      written_(executor, never) {}

// ---- connection
// ------------------------------------------------------------------------------------------------------

net::Task<Result<void>> RunnerLink::connect() {
  while (connecting_) co_await connected_.async_wait(net::as_values);
  if (closed_) co_return gone("control link closed");
  if (socket_) co_return Result<void>();
  if (std::chrono::steady_clock::now() < try_again_) co_return std::unexpected(last_error_);

  connecting_ = true;
  auto opened = co_await RunnerLinkSocket::open(address_, workspace_, server_key_, runner_dial_deadline);
  if (opened && !closed_) {
    socket_ = std::move(*opened);
    tasks_.spawn([self = shared_from_this(), socket = socket_] { return self->read_messages(socket); });
    tasks_.spawn([self = shared_from_this(), socket = socket_] { return self->write_messages(socket); });
    const protocol::SessionHello::Params hello{protocol::version_major, protocol::version_minor,
                                               "berthd " + std::string(protocol::release), std::nullopt};
    const auto greeted = co_await ask(std::string(protocol::SessionHello::method), protocol::encode(hello),
                                      hello_deadline, {});
    if (!greeted && socket_) broke(socket_, greeted.error());
    if (!greeted) opened = std::unexpected(greeted.error());
  }
  connecting_ = false;
  connected_.cancel();
  if (closed_) co_return gone("control link closed");
  if (!opened) {
    back_off_ = std::clamp<std::chrono::milliseconds>(back_off_ * 2, first_back_off, last_back_off);
    try_again_ = std::chrono::steady_clock::now() + back_off_;
    last_error_ = opened.error();
    spdlog::info("control link of {} failed: {}", workspace_, last_error_.detail);
    co_return std::unexpected(last_error_);
  }
  back_off_ = 0ms;
  co_return Result<void>();
}

net::Task<void> RunnerLink::read_messages(std::shared_ptr<RunnerLinkSocket> socket) {
  for (;;) {
    const auto message = co_await socket->read();
    if (!message) {
      broke(socket, message.error());
      co_return;
    }
    if (message->binary) {
      on_frame(message->bytes);
    } else {
      on_text(message->bytes);
    }
  }
}

net::Task<void> RunnerLink::write_messages(std::shared_ptr<RunnerLinkSocket> socket) {
  while (socket == socket_) {
    if (outgoing_.empty()) {
      co_await to_write_.async_wait(net::as_values);
      continue;
    }
    auto message = std::move(outgoing_.front());
    outgoing_.pop_front();
    outgoing_bytes_ -= message.bytes.size();
    written_.cancel();
    if (const auto written = co_await socket->write(std::move(message)); !written) {
      broke(socket, written.error());
      co_return;
    }
  }
}

void RunnerLink::broke(const std::shared_ptr<RunnerLinkSocket>& socket, const Error& error) {
  socket->close();
  if (socket != socket_) return;
  socket_.reset();
  outgoing_.clear();
  outgoing_bytes_ = 0;
  for (auto& [id, pending] : std::exchange(pending_, {})) {
    pending->result = std::unexpected(error);
    pending->answered.cancel();
  }
  for (auto& [id, channel] : std::exchange(channels_, {})) {
    channel->error = error;
    channel->changed.cancel();
  }
  to_write_.cancel();
  written_.cancel();
}

void RunnerLink::close() {
  closed_ = true;
  if (const auto socket = socket_) broke(socket, gone("control link closed").error());
  connected_.cancel();
}

// ---- requests
// --------------------------------------------------------------------------------------------------------

net::Task<Result<protocol::Json>> RunnerLink::call(std::string method, protocol::Json params,
                                                   std::chrono::milliseconds deadline, OnResult on_result) {
  if (auto ready = co_await connect(); !ready) co_return std::unexpected(std::move(ready.error()));
  co_return co_await ask(std::move(method), std::move(params), deadline, std::move(on_result));
}

net::Task<Result<protocol::Json>> RunnerLink::ask(std::string method, protocol::Json params,
                                                  std::chrono::milliseconds deadline, OnResult on_result) {
  const auto id = next_id_++;
  const auto pending = std::make_shared<Pending>(executor_);
  pending->on_result = std::move(on_result);
  pending_.emplace(id, pending);
  queue({false, protocol::request_text(id, method, std::move(params))});
  co_await wait(pending->answered, std::chrono::steady_clock::now() + deadline);
  pending_.erase(id);
  if (pending->result) co_return std::move(*pending->result);
  co_return failure(ErrorCode::timeout, "The workspace does not answer. Try again, or restart it.", method);
}

void RunnerLink::on_text(const std::string& text) {
  const auto json = protocol::parse_json(text);
  if (!json || json->contains("method")) return;  // notifications are for people's windows
  auto reply = protocol::decode_reply(*json);
  if (!reply) return;
  const auto found = pending_.find(reply->id);
  if (found == pending_.end()) return;  // its deadline has passed
  const auto pending = found->second;
  pending_.erase(found);
  pending->result = std::move(reply->result);
  if (*pending->result && pending->on_result) pending->on_result(**pending->result);
  pending->answered.cancel();
}

// ---- channels
// --------------------------------------------------------------------------------------------------------

std::shared_ptr<LinkChannel> RunnerLink::open_channel(std::uint32_t id, std::uint64_t window,
                                                      std::uint64_t send_limit) {
  const auto channel = std::make_shared<LinkChannel>(executor_, window, send_limit);
  channels_[id] = channel;
  return channel;
}

void RunnerLink::forget_channel(std::uint32_t id) { channels_.erase(id); }

void RunnerLink::on_frame(const std::string& message) {
  const auto frame = protocol::decode_frame(message);
  if (!frame) return;
  const auto found = channels_.find(frame->header.channel);
  if (found == channels_.end()) return;  // forgotten while it was on its way
  auto& channel = *found->second;
  switch (frame->header.kind) {
    case protocol::FrameKind::credit:
      channel.outgoing.on_credit(frame->header.offset);
      break;
    case protocol::FrameKind::end:
      channel.ended = true;
      break;
    case protocol::FrameKind::abort:
      channel.error =
          Error{ErrorCode::unavailable, "The transfer broke off. Try again.", "aborted by the runner", {}};
      break;
    case protocol::FrameKind::data:
      if (frame->header.deflated || !channel.incoming.on_data(frame->header.offset, frame->payload.size())) {
        channel.error = Error{ErrorCode::internal,
                              "The transfer broke off. Try again.",
                              "data beyond credit or deflated unasked",
                              {}};
      } else {
        channel.received.emplace_back(frame->payload);
      }
      break;
  }
  channel.changed.cancel();
}

net::Task<Result<void>> RunnerLink::send_frame(protocol::FrameHeader header, std::string payload) {
  while (socket_ && outgoing_bytes_ >= outgoing_limit) co_await written_.async_wait(net::as_values);
  if (!socket_) co_return gone("control link broke");
  queue({true, protocol::encode_frame(header, payload)});
  co_return Result<void>();
}

void RunnerLink::post_frame(protocol::FrameHeader header) {
  if (socket_) queue({true, protocol::encode_frame(header, {})});
}

void RunnerLink::queue(LinkMessage message) {
  outgoing_bytes_ += message.bytes.size();
  outgoing_.push_back(std::move(message));
  to_write_.cancel();
}

}  // namespace berth::server

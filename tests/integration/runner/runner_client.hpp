// SPDX-License-Identifier: GPL-3.0-or-later
// A small WebSocket client for tests: blocking, one thread, every wait with a deadline.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "protocol/codec.hpp"
#include "protocol/frame.hpp"
#include "protocol/messages.hpp"
#include "runner_process.hpp"

namespace berth::test {

using protocol::Json;
using namespace std::chrono_literals;

/// What a plain HTTP exchange gave.
struct HttpAnswer {
  int status = 0;
  std::string head;  // status line and headers
  net::FileDescriptor socket;
  std::string rest;  // bytes that came after the headers
  std::string header(const std::string& name) const;
};
/// `place` as in RunnerPlace.
HttpAnswer http_get(const std::string& place, const std::string& target,
                    const std::map<std::string, std::string>& headers);

struct ReceivedChannel {
  std::uint64_t start = 0;  // offset of the first byte of `bytes`
  std::string bytes;
  std::uint64_t total = 0;  // also of bytes that were not kept
  std::uint64_t limit = 0;  // credit for what the client sends
  bool ended = false, aborted = false;
  std::uint64_t wire_bytes = 0;  // of payload, as it came
};

class RunnerClient {
 public:
  static constexpr auto patience = 20s;  // a disk that others keep busy is slow to sync
  /// Connects and says hello; throws std::runtime_error when that fails.
  explicit RunnerClient(const RunnerPlace& runner, protocol::Role role = protocol::Role::owner,
                        std::optional<std::string> resume = {});
  /// A connection that has not said hello.
  static RunnerClient without_hello(const RunnerPlace& runner, protocol::Role role);
  RunnerClient(RunnerClient&&) = default;
  RunnerClient& operator=(RunnerClient&&) = default;

  /// Sends the request and waits for its answer.
  template <class R>
  Result<typename R::Result> call(const typename R::Params& params) {
    const auto id = next_id_++;
    send_text(protocol::request_text(id, R::method, protocol::encode(params)));
    auto json = wait_for_reply(id);
    if (!json) return std::unexpected(json.error());
    return protocol::decode<typename R::Result>(*json, std::string(R::method));
  }
  /// The same, but throws on an error.
  template <class R>
  typename R::Result must(const typename R::Params& params) {
    auto result = call<R>(params);
    if (!result) throw std::runtime_error(std::string(R::method) + ": " + result.error().message);
    return *std::move(result);
  }
  std::int64_t send_request(std::string_view method, Json params);
  Result<Json> wait_for_reply(std::int64_t id, std::chrono::milliseconds limit = patience);
  /// The same without waiting; nothing while it has not come.
  std::optional<Result<Json>> take_reply(std::int64_t id);
  /// The next error reply without an id.
  Error wait_for_anonymous_error();

  /// Waits until `done` holds, handling what arrives; false after the patience.
  bool wait(const std::function<bool()>& done, std::chrono::milliseconds limit = patience);
  /// The newest notification of this kind that satisfies `wanted`.
  template <class N>
  std::optional<typename N::Params> wait_for(const std::function<bool(const typename N::Params&)>& wanted) {
    std::optional<typename N::Params> found;
    (void)wait([&] {
      for (const auto& [method, params] : notifications_)
        if (method == N::method)
          if (auto decoded = protocol::decode<typename N::Params>(params, method);
              decoded && wanted(*decoded))
            found = *decoded;
      return found.has_value();
    });
    return found;
  }
  void forget_notifications() { notifications_.clear(); }
  /// Each notification of this kind that was received, oldest first.
  template <class N>
  void each(const std::function<void(const typename N::Params&)>& use) const {
    for (const auto& [method, params] : notifications_)
      if (method == N::method)
        if (const auto decoded = protocol::decode<typename N::Params>(params, method)) use(*decoded);
  }

  /// Called with each text message as it arrives, so in the order in which the runner sent them.
  std::function<void(const Json&)> on_arrival;

  ReceivedChannel& channel(std::uint32_t number) { return channels_[number]; }
  /// Sends at the client's own offset of the channel.
  void send_data(std::uint32_t channel, std::uint64_t offset, std::string_view bytes);
  void send_frame(const protocol::FrameHeader& header, std::string_view payload = {});
  void send_text(std::string_view text) { send_message(0x1, text); }
  void send_binary(std::string_view bytes) { send_message(0x2, bytes); }
  /// Payload bytes of messages sent so far.
  std::uint64_t sent_bytes() const { return sent_; }
  /// Grants credit as data arrive (the default), this much ahead.
  void set_window(std::uint64_t window) { window_ = window; }
  void keep_bytes(bool keep) { keep_ = keep; }
  /// The first bytes of a frame that never ends.
  void send_torn_frame(std::size_t bytes);
  /// A WebSocket's close as a page sends it that goes (1001).
  void say_goodbye() { send_message(0x8, "\x03\xe9"); }
  /// Drops the TCP connection without a word.
  void drop() { socket_.reset(); }
  bool closed() const { return closed_; }
  const protocol::SessionHello::Result& hello() const { return hello_; }

 private:
  RunnerClient() = default;
  void open(const RunnerPlace& runner, protocol::Role role);
  void send_message(int opcode, std::string_view bytes);
  void receive(std::chrono::milliseconds limit);
  bool take_message();
  void on_message(int opcode, std::string message);
  void on_frame(const protocol::Frame& frame);

  net::FileDescriptor socket_;
  std::string input_, fragments_;
  std::int64_t next_id_ = 1;
  std::map<std::int64_t, Result<Json>> replies_;
  std::deque<Error> anonymous_errors_;
  std::deque<std::pair<std::string, Json>> notifications_;
  std::map<std::uint32_t, ReceivedChannel> channels_;
  std::uint64_t window_ = 1u << 20, sent_ = 0;
  bool keep_ = true, closed_ = false;
  protocol::SessionHello::Result hello_{};
};

/// A terminal of the client with its channel and offsets.
class TestTerminal {
 public:
  TestTerminal(RunnerClient& client, std::optional<std::string> command = {}, int columns = 80,
               int rows = 24);
  /// Attaches to an existing one.
  struct Existing {
    std::string id;
    std::optional<std::uint64_t> from;
    std::optional<int> columns = {}, rows = {};
    std::optional<int> scrollback = {};
    std::optional<bool> deflate = {};
  };
  TestTerminal(RunnerClient& client, const Existing& existing);
  void type(std::string_view keys);
  /// Waits until the output contains this after the last match.
  bool see(std::string_view text, std::chrono::milliseconds limit = RunnerClient::patience);
  /// Where the output continues after the last match.
  std::string& output() { return client_->channel(channel_).bytes; }

  std::string id;
  std::uint32_t channel_ = 0;
  std::uint64_t input_offset = 0;
  std::uint64_t output_start = 0;
  bool lost = false;
  /// What it had to show before, when it could not go on at `from`.
  std::string screen;
  protocol::TerminalInfo info;

 private:
  RunnerClient* client_;
  std::size_t seen_ = 0;
};

}  // namespace berth::test

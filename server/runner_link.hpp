// SPDX-License-Identifier: GPL-3.0-or-later
// The server's own connection to one running workspace's runner: requests by id with deadlines, and channels
// of bytes with credits. Dialled when first needed and, with back-off, again after it broke. Lives on one
// executor; runner_link_access.cpp makes it callable from anywhere.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "protocol/codec.hpp"
#include "protocol/flow_window.hpp"
#include "protocol/frame.hpp"
#include "protocol/net/task.hpp"
#include "server/runner_link_socket.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

/// One stream of bytes of a link; `changed` is cancelled whenever something happened.
struct LinkChannel {
  LinkChannel(boost::asio::any_io_executor executor, std::uint64_t window, std::uint64_t send_limit)
      : changed(executor), incoming(window), outgoing(0, send_limit) {}
  boost::asio::steady_timer changed;
  protocol::ReceiveWindow incoming;
  protocol::SendWindow outgoing;
  std::deque<std::string> received;
  bool ended = false;          // the runner's `end` came
  std::optional<Error> error;  // it was aborted, or the link broke
};

class RunnerLink : public std::enable_shared_from_this<RunnerLink> {
 public:
  using OnResult = std::function<void(const protocol::Json&)>;

  /// `tasks` runs its reader and writer; all calls on the group's executor.
  RunnerLink(boost::asio::any_io_executor executor, net::TaskGroup& tasks, std::string workspace,
             RunnerAddress address, const protocol::SecretKey& server_key);

  /// Sends a request and waits for its answer. `on_result` runs the moment a result arrives, before any later
  /// frame is looked at: there a channel is opened. unavailable, timeout, or the runner's own error.
  net::Task<Result<protocol::Json>> call(std::string method, protocol::Json params,
                                         std::chrono::milliseconds deadline, OnResult on_result = {});

  /// Opens the near end of a channel that the runner has named.
  std::shared_ptr<LinkChannel> open_channel(std::uint32_t id, std::uint64_t window, std::uint64_t send_limit);
  void forget_channel(std::uint32_t id);

  /// Queues a frame; waits (without bound: who calls has a deadline) while too much is queued already.
  net::Task<Result<void>> send_frame(protocol::FrameHeader header, std::string payload);
  /// The same for a frame without a payload, at once.
  void post_frame(protocol::FrameHeader header);

  /// Ends it for good: everything in flight and every later call is unavailable.
  void close();

 private:
  struct Pending {
    explicit Pending(boost::asio::any_io_executor executor) : answered(executor) {}
    boost::asio::steady_timer answered;
    std::optional<Result<protocol::Json>> result;
    OnResult on_result;
  };

  net::Task<Result<void>> connect();
  net::Task<void> read_messages(std::shared_ptr<RunnerLinkSocket> socket);
  net::Task<void> write_messages(std::shared_ptr<RunnerLinkSocket> socket);
  net::Task<Result<protocol::Json>> ask(std::string method, protocol::Json params,
                                        std::chrono::milliseconds deadline, OnResult on_result);
  void on_text(const std::string& text);
  void on_frame(const std::string& message);
  void queue(LinkMessage message);
  void broke(const std::shared_ptr<RunnerLinkSocket>& socket, const Error& error);

  boost::asio::any_io_executor executor_;
  net::TaskGroup& tasks_;
  const std::string workspace_;
  const RunnerAddress address_;
  const protocol::SecretKey& server_key_;

  std::shared_ptr<RunnerLinkSocket> socket_;
  bool connecting_ = false;
  bool closed_ = false;
  boost::asio::steady_timer connected_;  // cancelled when an attempt has ended
  std::chrono::milliseconds back_off_{0};
  std::chrono::steady_clock::time_point try_again_{};
  Error last_error_;

  std::int64_t next_id_ = 1;
  std::map<std::int64_t, std::shared_ptr<Pending>> pending_;
  std::map<std::uint32_t, std::shared_ptr<LinkChannel>> channels_;
  std::deque<LinkMessage> outgoing_;
  std::size_t outgoing_bytes_ = 0;
  boost::asio::steady_timer to_write_;
  boost::asio::steady_timer written_;
};

}  // namespace berth::server

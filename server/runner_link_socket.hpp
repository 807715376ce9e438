// SPDX-License-Identifier: GPL-3.0-or-later
// The control link's WebSocket: whole messages to and from one proven runner. Beast stays behind it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "protocol/connect_token.hpp"
#include "protocol/net/task.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

struct LinkMessage {
  bool binary = false;
  std::string bytes;
};

/// Belongs to the executor it was opened on. One read and one write at a time.
class RunnerLinkSocket {
 public:
  /// Dials as the user "server" with role `server`; the errors of dial_runner.
  static net::Task<Result<std::unique_ptr<RunnerLinkSocket>>> open(RunnerAddress address,
                                                                   std::string workspace,
                                                                   const protocol::SecretKey& server_key,
                                                                   std::chrono::milliseconds deadline);
  ~RunnerLinkSocket();

  /// unavailable once the link is broken.
  net::Task<Result<LinkMessage>> read();
  net::Task<Result<void>> write(LinkMessage message);
  /// Ends reads and writes in flight.
  void close();

 private:
  struct Stream;
  explicit RunnerLinkSocket(std::unique_ptr<Stream> stream);
  std::unique_ptr<Stream> stream_;
};

}  // namespace berth::server

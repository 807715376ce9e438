// SPDX-License-Identifier: GPL-3.0-or-later
// A road to a PostgreSQL on which, when a test says so, the end of a transaction gets lost: on its way there,
// or its answer on the way back.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "protocol/net/file_descriptor.hpp"

namespace berth::server::testing {

class PostgresqlRoad {
 public:
  /// To the server's socket; throws.
  explicit PostgresqlRoad(std::filesystem::path server);
  ~PostgresqlRoad();
  PostgresqlRoad(const PostgresqlRoad&) = delete;
  PostgresqlRoad& operator=(const PostgresqlRoad&) = delete;

  /// Where to connect to instead of the server.
  const std::filesystem::path& folder() const { return folder_; }
  /// The next COMMIT of anybody does not arrive; its connection is closed.
  void lose_next_commit() { plan_ = Plan::lose_commit; }
  /// It arrives and is done, but its connection is closed when the answer comes.
  void lose_next_answer_to_commit() { plan_ = Plan::lose_answer; }
  /// Nobody gets through any more once something was lost.
  void close_afterwards() { close_afterwards_ = true; }
  int lost() const { return lost_; }

 private:
  enum class Plan { none, lose_commit, lose_answer };
  void accept_all();
  void pass(net::FileDescriptor client);
  void count_loss();

  const std::filesystem::path server_;
  std::filesystem::path folder_;
  net::FileDescriptor listener_;
  std::atomic<bool> stop_{false}, close_afterwards_{false};
  std::atomic<Plan> plan_{Plan::none};
  std::atomic<int> lost_{0};
  std::thread acceptor_;
  std::vector<std::thread> sessions_;  // of the acceptor's thread, until it ended
};

}  // namespace berth::server::testing

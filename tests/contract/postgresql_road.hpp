// SPDX-License-Identifier: GPL-3.0-or-later
// A road to a PostgreSQL on which, when a test says so, the end of a transaction gets lost: on its way there,
// or its answer on the way back; or on which nothing gets through any more.
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
  void lose_next_commit() { lose_commits(1); }
  void lose_commits(int count) {
    to_lose_ = count;
    plan_ = Plan::lose_commit;
  }
  /// It arrives and is done, but its connection is closed when the answer comes.
  void lose_next_answer_to_commit() {
    to_lose_ = 1;
    plan_ = Plan::lose_answer;
  }
  /// Nobody gets through any more once something was lost, until it is opened again.
  void close_afterwards() { close_afterwards_ = true; }
  void open_again() { close_afterwards_ = false; }
  int lost() const { return lost_; }
  /// As when the server's machine vanished: connections end, and new ones are never answered, until it wakes.
  void fall_silent() { silent_ = true; }
  void wake() { silent_ = false; }
  /// As when the server's machine hangs: connections that are open stay so, and nothing comes through them
  /// any more, until they thaw. New ones are as good as ever.
  void freeze() { frozen_to_ = ++epoch_; }
  void thaw() { frozen_to_ = 0; }
  /// How often somebody connected.
  int connected() const { return connected_; }

 private:
  enum class Plan { none, lose_commit, lose_answer };
  void accept_all();
  void pass(net::FileDescriptor client);
  void count_loss();

  const std::filesystem::path server_;
  std::filesystem::path folder_;
  net::FileDescriptor listener_;
  std::atomic<bool> stop_{false}, close_afterwards_{false}, silent_{false};
  std::atomic<Plan> plan_{Plan::none};
  std::atomic<int> to_lose_{0}, lost_{0}, connected_{0};
  // Frozen are the connections of epochs before this one; each freeze begins one.
  std::atomic<int> epoch_{0}, frozen_to_{0};
  std::thread acceptor_;
  // Of the acceptor's thread, until it ended.
  std::vector<std::thread> sessions_;
  std::vector<net::FileDescriptor> unanswered_;
};

}  // namespace berth::server::testing

// SPDX-License-Identifier: GPL-3.0-or-later
// Password hashing: argon2id at libsodium's INTERACTIVE limits (64 MiB, some 80 ms), on threads of its own so
// that at most that many run at once whatever the load.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "protocol/error.hpp"
#include "protocol/net/task.hpp"

namespace berth::server {

class PasswordHash {
 public:
  explicit PasswordHash(int threads) : threads_(static_cast<std::size_t>(threads)) {}

  /// unavailable when too many wait already.
  net::Task<Result<std::string>> make(std::string password);
  /// An empty `hash` (an account that is not there) costs the same time and is false.
  net::Task<Result<bool>> matches(std::string password, std::string hash);

 private:
  static constexpr int most_waiting = 64;
  template <class Work>
  auto run(Work work) -> net::Task<decltype(work())>;
  std::atomic<int> waiting_ = 0;
  boost::asio::thread_pool threads_;
};

}  // namespace berth::server

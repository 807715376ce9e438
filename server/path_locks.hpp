// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of one address come one after the other, so that what a request's If-Match was compared with is
// still there when it is changed. Of this server alone.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "protocol/error.hpp"
#include "protocol/net/task.hpp"

namespace berth::server {

/// Thread-safe; whoever waits resumes on its own executor. Outlives all holds.
class PathLocks {
 public:
  explicit PathLocks(std::chrono::milliseconds patience = std::chrono::seconds(30)) : patience_(patience) {}

  class Hold {
   public:
    Hold(PathLocks& locks, std::string path) : locks_(&locks), path_(std::move(path)) {}
    Hold(Hold&& other) noexcept
        : locks_(std::exchange(other.locks_, nullptr)), path_(std::move(other.path_)) {}
    ~Hold() {
      if (locks_) locks_->release(path_);
    }

   private:
    PathLocks* locks_;
    std::string path_;
  };

  /// First come, first served. unavailable when the others take longer than `patience`.
  net::Task<Result<Hold>> take(std::string path);

  /// How many paths are held.
  std::size_t size() const;

 private:
  struct Waiting {
    explicit Waiting(boost::asio::any_io_executor executor) : timer(std::move(executor)) {}
    boost::asio::steady_timer timer;
    bool granted = false;  // under the mutex, as the queues
  };
  /// What ends a wait, however it ends.
  class Queued;

  void release(const std::string& path);

  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<std::shared_ptr<Waiting>>> held_;  // path → who waits for it
};

}  // namespace berth::server

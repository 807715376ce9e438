// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/path_locks.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace berth::server {

namespace asio = boost::asio;

/// Leaves the queue when its coroutine goes; what was granted meanwhile and not taken goes on to the next.
class PathLocks::Queued {
 public:
  Queued(PathLocks& locks, const std::string& path, std::shared_ptr<Waiting> waiting)
      : locks_(locks), path_(path), waiting_(std::move(waiting)) {}
  Queued(const Queued&) = delete;
  ~Queued() {
    if (taken_) return;
    bool granted = false;
    {
      const std::lock_guard lock(locks_.mutex_);
      granted = waiting_->granted;
      if (!granted) std::erase(locks_.held_.at(path_), waiting_);
    }
    if (granted) locks_.release(path_);
  }
  /// Whether it is the caller's now.
  bool take() {
    const std::lock_guard lock(locks_.mutex_);
    taken_ = waiting_->granted;
    return taken_;
  }

 private:
  PathLocks& locks_;
  const std::string& path_;
  std::shared_ptr<Waiting> waiting_;
  bool taken_ = false;
};

net::Task<Result<PathLocks::Hold>> PathLocks::take(std::string path) {
  const auto waiting = std::make_shared<Waiting>(co_await asio::this_coro::executor);
  {
    const std::lock_guard lock(mutex_);
    const auto [place, is_free] = held_.try_emplace(path);
    if (!is_free) place->second.push_back(waiting);
    waiting->granted = is_free;
  }
  Queued queued(*this, path, waiting);
  if (!queued.take()) {
    // Cancelled on this executor only, so never before the wait began.
    waiting->timer.expires_after(patience_);
    co_await waiting->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!queued.take())
      co_return failure(ErrorCode::unavailable, "Somebody else is changing this; try again in a moment.");
  }
  co_return Hold(*this, path);
}

void PathLocks::release(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto place = held_.find(path);
  if (place->second.empty()) {
    held_.erase(place);
    return;
  }
  const auto next = place->second.front();
  place->second.pop_front();
  next->granted = true;
  asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
}

std::size_t PathLocks::size() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request that comes again, because
// its answer got lost, is answered as it was the first time, and not done twice.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "protocol/net/task.hpp"
#include "server/clock.hpp"
#include "server/http_message.hpp"
#include "server/idempotency_store.hpp"

namespace berth::server {

inline constexpr std::int64_t answer_kept_for = 24 * 3'600'000;  // ms
/// Longer than any such request takes; a server that dies in one leaves its key taken so long.
inline constexpr std::int64_t request_under_way_for = 120'000;  // ms

class Idempotency {
 public:
  Idempotency(IdempotencyStore& store, boost::asio::thread_pool& pool, Clock clock)
      : store_(store), pool_(pool), clock_(std::move(clock)) {}

  using Work = std::function<net::Task<Result<HttpResponse>>()>;
  /// Does the work, or gives what it gave to this account under this key before. Without such a header: the
  /// work. What failed for the moment only (5xx, limits) is not kept.
  net::Task<Result<HttpResponse>> once(const HttpRequest& request, std::string account, Work work);

 private:
  IdempotencyStore& store_;
  boost::asio::thread_pool& pool_;
  const Clock clock_;
};

}  // namespace berth::server

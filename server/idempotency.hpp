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
#include "server/sign_in_secrets.hpp"

namespace berth::server {

/// Longer than nearly all such requests take; what takes longer, or whose server died, is in doubt until it
/// is answered.
inline constexpr std::int64_t request_under_way_for = 120'000;  // ms

class Idempotency {
 public:
  /// `secrets` seal what is kept, for answers may hold secrets that are shown once.
  Idempotency(IdempotencyStore& store, const SignInSecrets& secrets, boost::asio::thread_pool& pool,
              Clock clock)
      : store_(store), secrets_(secrets), pool_(pool), clock_(std::move(clock)) {}

  struct Answer {
    Result<HttpResponse> response;
    bool worked = true;  // the work was done (or failed) now; else this is only told again
  };
  using Work = std::function<net::Task<Result<HttpResponse>>()>;
  /// Does the work, or gives what it gave to this account under this key before. Without such a header: the
  /// work. What was refused is not kept; of what may have been done nobody knows that it was not, and it is
  /// not done again (unknown_outcome.hpp): conflict.
  net::Task<Answer> once(const HttpRequest& request, std::string account, Work work);

 private:
  net::Task<void> settle(const NamedRequest& request, const Result<HttpResponse>* done);
  std::string purpose(const NamedRequest& request) const;

  IdempotencyStore& store_;
  const SignInSecrets& secrets_;
  boost::asio::thread_pool& pool_;
  const Clock clock_;
};

}  // namespace berth::server

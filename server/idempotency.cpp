// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/idempotency.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "protocol/object_id.hpp"

namespace berth::server {
namespace {

constexpr std::size_t longest_key = 200;      // characters
constexpr std::size_t most_kept = 64u << 10;  // bytes of an answer
constexpr const char* repeated = "Idempotent-Replayed";

Result<std::string> checked_key(std::string_view header) {
  if (header.size() > longest_key || !std::ranges::all_of(header, [](char c) { return c > ' ' && c < 127; }))
    return failure(ErrorCode::invalid_argument, "Idempotency-Key: must be 1 to 200 printable characters");
  return std::string(header);
}

}  // namespace

net::Task<Result<HttpResponse>> Idempotency::once(const HttpRequest& request, std::string account,
                                                  Work work) {
  const auto header = request.header("idempotency-key");
  if (header.empty()) co_return co_await work();
  auto key = checked_key(header);
  if (!key) co_return std::unexpected(std::move(key.error()));
  const NamedRequest named{
      std::move(account), std::move(*key),
      protocol::ObjectId::of(request.method + " " + request.path + "\n" + request.body).hex()};
  auto known = co_await net::offload(pool_, [&] {
    const auto now = clock_();
    return store_.begin(named, now, now + request_under_way_for);
  });
  if (!known) co_return std::unexpected(std::move(known.error()));
  switch (known->state) {
    case KnownRequest::another:
      co_return failure(ErrorCode::invalid_argument, "Idempotency-Key: another request has this one");
    case KnownRequest::under_way:
      co_return failure(ErrorCode::unavailable, "The same request is being answered; try again in a moment.");
    case KnownRequest::answered: {
      auto again = json_response(known->status, std::move(known->answer));
      again.headers.emplace_back(repeated, "true");
      co_return again;
    }
    case KnownRequest::fresh:
      break;
  }
  auto done = co_await work();
  const bool kept = done && !done->stream && done->body.size() <= most_kept;
  auto noted = co_await net::offload(pool_, [&] {
    return kept ? store_.answer(named, done->status, done->body, clock_() + answer_kept_for)
                : store_.forget(named);
  });
  if (!noted) spdlog::warn("an answer was not kept for who asks again: {}", noted.error().message);
  co_return done;
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/idempotency.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <optional>

#include "server/unknown_outcome.hpp"

namespace berth::server {
namespace {

constexpr std::size_t longest_key = 200;      // characters
constexpr std::size_t most_kept = 32u << 10;  // bytes of an answer; sealed it must be one that opens
constexpr const char* repeated = "Idempotent-Replayed";

Result<std::string> checked_key(std::string_view header) {
  if (header.size() > longest_key || !std::ranges::all_of(header, [](char c) { return c > ' ' && c < 127; }))
    return failure(ErrorCode::invalid_argument, "Idempotency-Key: must be 1 to 200 printable characters");
  return std::string(header);
}

/// All that makes it this request and no other.
std::string request_text(const HttpRequest& request) {
  auto text = request.method + " " + request.path + "\n";
  for (const auto& [name, value] : request.query)
    text +=
        std::to_string(name.size()) + " " + name + " " + std::to_string(value.size()) + " " + value + "\n";
  return text + request.body;
}

Idempotency::Answer told(ErrorCode code, std::string message) {
  return {failure(code, std::move(message)), false};
}

}  // namespace

/// Whose answer it is, so that no row can stand in for another one.
std::string Idempotency::purpose(const NamedRequest& request) const {
  return "answer " + request.account + " " + request.hash;
}

net::Task<Idempotency::Answer> Idempotency::once(const HttpRequest& request, std::string account, Work work) {
  const auto header = request.header("idempotency-key");
  if (header.empty()) {
    auto plain = co_await work();
    co_return Answer{std::move(plain)};
  }
  auto key = checked_key(header);
  if (!key) co_return Answer{std::unexpected(std::move(key.error())), false};
  // A keyed hash: a body may hold what is easily guessed.
  const NamedRequest named{std::move(account), std::move(*key),
                           secrets_.hash("request", request_text(request))};
  auto known = co_await net::offload(pool_, [&] {
    const auto now = clock_();
    return store_.begin(named, now, now + request_under_way_for);
  });
  if (!known) co_return Answer{std::unexpected(std::move(known.error())), false};
  switch (known->state) {
    case KnownRequest::another:
      co_return told(ErrorCode::invalid_argument, "Idempotency-Key: another request has this one");
    case KnownRequest::under_way:
      co_return told(ErrorCode::unavailable, "The same request is being answered; try again in a moment.");
    case KnownRequest::in_doubt:
      co_return told(ErrorCode::conflict,
                     "This request was begun before, and nobody knows whether it was done: look before you "
                     "repeat it, then with another Idempotency-Key.");
    case KnownRequest::answered: {
      auto text = secrets_.open(purpose(named), known->answer);
      if (!text)
        co_return told(ErrorCode::conflict,
                       "This request was done before; its answer is not known any more. Look before you "
                       "repeat it, then with another Idempotency-Key.");
      auto again = json_response(known->status, std::move(*text));
      again.headers.emplace_back(repeated, "true");
      co_return Answer{std::move(again), false};
    }
    case KnownRequest::fresh:
      break;
  }
  std::optional<Result<HttpResponse>> done;
  std::exception_ptr broke;
  try {
    done = co_await work();
  } catch (const boost::system::system_error&) {
    throw;  // this server ends: the key stays as under way, and then in doubt
  } catch (...) {
    broke = std::current_exception();
  }
  co_await settle(named, done ? &*done : nullptr);
  if (broke) std::rethrow_exception(broke);
  co_return Answer{std::move(*done)};
}

net::Task<void> Idempotency::settle(const NamedRequest& named, const Result<HttpResponse>* done) {
  const auto until = clock_() + answer_kept_for;
  const bool kept = done && *done && !(*done)->stream && (*done)->body.size() <= most_kept;
  const bool refused = done && !*done && !is_outcome_unknown(done->error());
  auto noted = co_await net::offload(pool_, [&] {
    if (kept)
      return store_.answer(named, (*done)->status, secrets_.seal(purpose(named), (*done)->body), until);
    return refused ? store_.forget(named) : store_.doubt(named, until);
  });
  if (!noted) spdlog::warn("an answer was not kept for who asks again: {}", noted.error().message);
}

}  // namespace berth::server

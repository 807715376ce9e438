// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/administration_watch.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "protocol/codec.hpp"
#include "server/standing.hpp"

namespace berth::server {
namespace {

constexpr std::chrono::milliseconds tick{125};
constexpr int ticks_between_looks = 4;
constexpr std::int64_t longest_unlooked = 30'000;        // ms
constexpr std::int64_t between_loads = 3'000;            // ms
constexpr std::int64_t loads_kept = 60'000;              // ms
constexpr std::int64_t between_uses = 10'000;            // ms
constexpr std::int64_t between_shortenings = 3'600'000;  // ms
constexpr std::int64_t day = 86'400'000;                 // ms
constexpr std::size_t lines_at_once = 5'000;             // that one transaction takes from the audit log
constexpr const char* disabled = "Your account was disabled; ask the administrator of this server.";
constexpr const char* over = "You were signed out; sign in again.";

/// Of these standings those that are no good any more, with what to tell. Blocks.
Result<std::map<std::string, std::string>> ended_standings(MetadataStore& store,
                                                           const std::set<std::string>& all) {
  std::map<std::string, std::string> ended;
  std::map<std::string, bool> seen;  // accounts; true: disabled or gone
  for (const auto& id : all) {
    const auto standing = find_standing(store, id);
    if (!standing && standing.error().code != ErrorCode::not_found) return std::unexpected(standing.error());
    if (!standing) {
      ended[id] = over;
      continue;
    }
    const auto [account, first] = seen.try_emplace(standing->account, true);
    if (first) {
      const auto record = store.accounts().by_id(standing->account);
      if (!record && record.error().code != ErrorCode::not_found) return std::unexpected(record.error());
      account->second = !record || record->disabled;
    }
    if (account->second) ended[id] = disabled;
  }
  return ended;
}

}  // namespace

net::Task<void> AdministrationWatch::run() {
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  for (int count = 0;; ++count) {
    if (asked_.exchange(false) || count % ticks_between_looks == 0) co_await look();
    pause.expires_after(tick);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

net::Task<void> AdministrationWatch::look() {
  co_await tell_load();
  co_await tell_uses();
  const auto revision =
      co_await net::offload(parts_.pool, [this] { return parts_.store.administration().revision(); });
  Result<void> followed;
  if (!revision) {
    followed = std::unexpected(revision.error());
  } else if (*revision != revision_ || orders_wait_ || parts_.clock() >= next_look_) {
    followed = co_await follow();
    if (followed) {
      revision_ = *revision;
      next_look_ = parts_.clock() + longest_unlooked;
    }
  }
  if (!followed && !told_)
    spdlog::warn("what administrators changed can't be looked up: {} {}", followed.error().message,
                 followed.error().detail);
  told_ = !followed;
  if (followed) co_await shorten_audit();
}

net::Task<Result<void>> AdministrationWatch::follow() {
  auto loaded = co_await net::offload(parts_.pool, [this] { return parts_.settings.load(); });
  if (!loaded) co_return loaded;
  if (parts_.follow_more) {
    auto more = co_await net::offload(parts_.pool, [this] { return parts_.follow_more(); });
    if (!more) co_return more;
  }
  auto ended = co_await net::offload(
      parts_.pool, [this, all = parts_.events.sign_ins()] { return ended_standings(parts_.store, all); });
  if (!ended) co_return std::unexpected(std::move(ended.error()));
  for (const auto& [standing, reason] : *ended) parts_.events.end_sign_in(standing, reason);
  co_return co_await follow_orders();
}

net::Task<Result<void>> AdministrationWatch::follow_orders() {
  auto due = co_await net::offload(parts_.pool, [this] { return parts_.store.administration().stops_due(); });
  if (!due) co_return std::unexpected(std::move(due.error()));
  orders_wait_ = !due->empty();
  if (due->empty()) co_return Result<void>{};
  std::vector<std::string> done;
  std::vector<StopOrder> open;
  for (auto& order : *due) {
    if (order.runs)
      open.push_back(std::move(order));
    else
      done.push_back(order.workspace);
  }
  const auto begun = co_await parts_.workspaces.stop_ordered(std::move(open));
  done.insert(done.end(), begun.begin(), begun.end());
  co_return co_await net::offload(parts_.pool, [&]() -> Result<void> {
    for (const auto& workspace : done)
      if (auto gone = parts_.store.administration().forget_order(workspace); !gone) return gone;
    return {};
  });
}

net::Task<void> AdministrationWatch::tell_load() {
  if (!parts_.load || parts_.clock() < next_load_) co_return;
  const auto load = parts_.load();
  next_load_ = parts_.clock() + between_loads;
  if (load.id.empty()) co_return;  // this server is nobody just now
  const auto told = co_await net::offload(parts_.pool, [&] {
    return parts_.store.loads().put({load.id, load.at, protocol::to_text(protocol::encode(load))},
                                    load.at - loads_kept);
  });
  if (!told) spdlog::debug("the others were not told of the load: {}", told.error().message);
}

/// What this server's workspaces take, for the others and for commands; and what theirs take, for here.
net::Task<void> AdministrationWatch::tell_uses() {
  const auto now = parts_.clock();
  if (now < next_uses_) co_return;
  next_uses_ = now + between_uses;
  const bool shared = parts_.load != nullptr;
  const auto id = shared ? parts_.load().id : std::string();
  if (shared && id.empty()) co_return;  // this server is nobody just now
  const auto own = parts_.uses.own();
  // A row says that nothing runs here any more; none is needed where nothing did.
  const bool tells = !own.empty() || uses_told_;
  auto others = co_await net::offload(parts_.pool, [&]() -> Result<UsesById> {
    if (tells)
      if (auto told = parts_.store.loads().put(told_uses(id, own, now), now - loads_kept); !told)
        return std::unexpected(std::move(told.error()));
    if (!shared) return UsesById{};
    auto rows = parts_.store.loads().all();
    if (!rows) return std::unexpected(std::move(rows.error()));
    return read_uses(*rows, id);
  });
  if (!others) {
    spdlog::debug("what workspaces take was not told: {}", others.error().message);
    co_return;
  }
  uses_told_ = !own.empty();
  parts_.uses.learn(std::move(*others));
}

/// By whichever server comes first: each deletes what is there.
net::Task<void> AdministrationWatch::shorten_audit() {
  const auto days = parts_.settings.current().audit_days;
  const auto now = parts_.clock();
  if (days == audit_days_ && now < next_shortening_) co_return;
  audit_days_ = days;
  next_shortening_ = now + between_shortenings;
  if (days <= 0) co_return;
  // An hour less than the database would allow: its clock may be behind.
  const auto cut = now - days * day - between_shortenings;
  for (std::int64_t gone = lines_at_once; gone == static_cast<std::int64_t>(lines_at_once);) {
    const auto shortened = co_await net::offload(parts_.pool, [&] {
      return parts_.store.audit().shorten(
          cut, lines_at_once,
          {.id = {},
           .at = parts_.clock(),
           .actor = {},
           .actor_email = {},
           .by = protocol::rest::AuditMeans::system,
           .address = {},
           .action = "ShortenAudit",
           .workspace = {},
           .target = {},
           .outcome = "done",
           .data = {{"before", std::to_string(cut)}, {"audit_days", std::to_string(days)}}});
    });
    if (!shortened) {
      spdlog::warn("the audit log is not shortened: {} {}", shortened.error().message,
                   shortened.error().detail);
      co_return;
    }
    gone = *shortened;
    if (gone > 0) spdlog::info("the audit log: {} lines of more than {} days are gone", gone, days);
  }
}

}  // namespace berth::server

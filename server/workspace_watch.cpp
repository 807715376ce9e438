// SPDX-License-Identifier: GPL-3.0-or-later
// What the server does by itself: taking over what runs after a restart, noticing what ended, idle stop and
// maximum life.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "server/workspaces_state.hpp"

namespace berth::server {

using protocol::rest::WorkspaceState;

namespace {

constexpr std::int64_t least_told = 1'000;             // ms, by which the time of a stop must have changed
constexpr std::chrono::seconds shutdown_patience{10};  // for operations to end: none is broken off in a call

}  // namespace

net::Task<Result<void>> Workspaces::State::adopt() {
  if (options.leases) {  // what is this server's comes by take()
    const auto seen = co_await ask_to_look([this] { return backend.seen(); });
    sees_all = !seen || *seen;
    tasks.spawn(watch());
    tasks.spawn(sees_all ? converge() : look_for_orphans());
    co_return Result<void>{};
  }
  auto records = co_await net::offload(pool, [this] { return store.list(); });
  if (!records) co_return std::unexpected(records.error());
  const auto seen = co_await ask_to_look([this] { return backend.seen(); });
  sees_all = !seen || *seen;
  for (auto& record : *records) {
    auto live = std::make_shared<LiveWorkspace>();
    live->touched = record.last_used;
    live->record = std::move(record);
    live->busy = true;  // until adopt_one has looked
    all[live->record.id] = live;
    std::optional<BackendStatus> known;
    if (seen && *seen) {
      const auto found = (*seen)->find(live->record.id);
      if (found != (*seen)->end())
        known = found->second;
      else if (live->record.state == WorkspaceState::stopped || live->record.state == WorkspaceState::failed)
        known = BackendStatus{};  // of others it is worth a question
    }
    tasks.spawn(adopt_one(live, std::move(known)));
  }
  tasks.spawn(watch());
  if (sees_all) {
    tasks.spawn(converge());  // which finds orphans, too
    co_return Result<void>{};
  }
  auto present = co_await ask_backend([this] { return backend.list(); });
  if (!present) {
    spdlog::error("workspaces can't be listed, so orphans stay: {} {}", present.error().message,
                  present.error().detail);
  } else {
    for (const auto& id : *present)
      if (!all.contains(id)) tasks.spawn(stop_orphan(id));
  }
  co_return Result<void>{};
}

void Workspaces::State::take(WorkspaceRecord record) {
  if (closing) return;
  auto& live = all[record.id];
  if (!live) {
    live = std::make_shared<LiveWorkspace>();
  } else if (live->busy || live->gone) {
    return;
  } else {
    // It should have gone with the lease before: what its row says and what its place says count now.
    spdlog::warn("workspace {} is looked after anew", record.id);
    if (options.versions) options.versions->end(record.id);
    runners.detach(record.id);
    stopped_files.forget(record.id);
    live->address.reset();
  }
  live->touched = record.last_used;
  live->record = std::move(record);
  live->busy = true;  // until adopt_one has looked
  tasks.spawn(adopt_one(live, {}));
}

/// Another server has it, or soon will: it is no longer stored nor asked from here, its people stay
/// connected, and what is under way for it here ends, since nothing that it asks for is done any more.
net::Task<void> Workspaces::State::drop(std::string id) {
  const auto found = all.find(id);
  if (found == all.end()) co_return;
  const Live live = found->second;
  live->gone = true;
  while (true) {
    if (options.versions) options.versions->end(id);
    runners.detach(id);
    if (!live->busy) break;
    co_await wait_unclaimed(live, std::chrono::steady_clock::now() + std::chrono::seconds(1));
  }
  if (options.versions) co_await options.versions->settled(id);
  stopped_files.forget(id);
  if (const auto still = all.find(id); still != all.end() && still->second == live) all.erase(still);
}

std::vector<std::string> Workspaces::State::idle() const {
  std::vector<std::string> ids;
  for (const auto& [id, live] : all)
    if (!live->busy && !live->gone) ids.push_back(id);
  return ids;
}

void Workspaces::State::tell_stops_at(LiveWorkspace& live) {
  if (!options.leases || !live.address) return;
  const auto &now = live.stops_at, &told = live.told_stops_at;
  if (now.has_value() == told.has_value() && (!now || std::abs(*now - *told) < least_told)) return;
  live.told_stops_at = live.stops_at;
  options.leases->publish(live.record.id, {*live.address, live.stops_at});
}

net::Task<void> Workspaces::State::adopt_one(Live live, std::optional<BackendStatus> known) {
  const std::string id = live->record.id;
  const auto before = live->record.state;
  if (before == WorkspaceState::deleting) co_return co_await run_remove(live);
  Result<BackendStatus> status = known.value_or(BackendStatus{});
  if (!known) status = co_await ask_to_look([this, id] { return backend.poll(id); });
  const bool ended =
      status && (status->state == BackendState::absent || status->state == BackendState::failed);
  const bool wanted = before == WorkspaceState::running || before == WorkspaceState::starting;
  const bool unwanted = before == WorkspaceState::stopped || before == WorkspaceState::failed;
  if (options.restarts && !status) {
    // Not known is not failed: converge() goes on from what the row says as soon as it sees, but for a stop.
    spdlog::warn("workspace {}: {} {}", id, status.error().message, status.error().detail);
    release(*live);
    if (before == WorkspaceState::stopping) tasks.spawn(adopt_later(live));
    co_return;
  }
  if (options.restarts && wanted && status->state == BackendState::stopping)
    co_return release(*live);  // the place ends it, nobody else: converge() starts it again
  // It is being ended already: to ask again, for less time, would cut off what it still has to do.
  if (status && unwanted && status->state == BackendState::stopping) co_return release(*live);
  // A home that is behind may be half of a version: storing it would make that the newest one.
  if (status && unwanted && status->state == BackendState::running && live->record.home == HomeState::behind)
    co_return co_await end_unwanted(live, ReconcileStep::stop);
  if (options.restarts && ended && wanted) {
    // converge() starts it again, some at a time.
    live->record.state = WorkspaceState::starting;
    live->record.started.reset();
    live->ended_with = status->reason.empty() ? "It ended while the server was not running." : status->reason;
    live->trouble = "It starts again in a moment. " + live->ended_with;
    if (backend.home_keeping() == HomeKeeping::with_run) live->record.home = HomeState::behind;
    co_return release(*live);
  }
  if (!status) {
    co_await set_state(live, WorkspaceState::failed, "Its state can't be read: " + status.error().message);
  } else if (status->state == BackendState::running && status->address &&
             before == WorkspaceState::starting) {
    co_return co_await run_start(live);  // its home may not be back yet
  } else if (status->state == BackendState::running && status->address) {
    attach(*live, *status->address);
    keep_storing(*live);
    live->record.home = HomeState::ahead;  // stored with the state below
    if (before == WorkspaceState::stopping) co_return co_await run_stop(live, live->record.reason);
    if (!live->record.started) live->record.started = clock();
    co_await set_state(live, WorkspaceState::running, "");
    spdlog::info("workspace {} adopted", id);
    // One that is empty but for what never came is not to be taken for the whole.
    if (auto begun = co_await begin_pending_import(live); !begun)
      co_return co_await run_stop(live, begun.error().message);
  } else if (status->state == BackendState::starting || status->state == BackendState::running) {
    co_return co_await run_start(live);
  } else if (status->state == BackendState::stopping) {
    if (status->address) {
      attach(*live, *status->address);
      keep_storing(*live);
    }
    co_return co_await run_stop(live, live->record.reason);
  } else if (status->state == BackendState::failed && before != WorkspaceState::stopped) {
    live->record.started.reset();
    co_await set_state(live, WorkspaceState::failed, status->reason);
  } else if (before == WorkspaceState::running || before == WorkspaceState::starting ||
             before == WorkspaceState::stopping) {
    live->record.started.reset();
    co_await set_state(live, WorkspaceState::stopped,
                       before == WorkspaceState::stopping ? live->record.reason
                                                          : "It ended while the server was not running.");
  }
  release(*live);
}

net::Task<void> Workspaces::State::adopt_later(Live live) {
  const auto before = live->record.state;
  boost::asio::steady_timer timer(home, options.watch_interval);
  co_await timer.async_wait(boost::asio::use_awaitable);
  if (closing || live->busy || live->gone || live->record.state != before) co_return;
  live->busy = true;
  co_await adopt_one(live, {});
}

net::Task<void> Workspaces::State::stop_orphan(std::string id) {
  auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
  if (status && status->state == BackendState::absent)
    co_return;  // a home without a workspace: kept, never deleted by itself
  spdlog::warn("workspace {} is unknown here and is stopped; its home is kept", id);
  auto stopped = co_await ask_backend([this, id] { return backend.stop(id, options.stop_grace_ms); });
  if (!stopped)
    spdlog::error("workspace {} could not be stopped: {} {}", id, stopped.error().message,
                  stopped.error().detail);
}

net::Task<void> Workspaces::State::watch() {
  boost::asio::steady_timer timer(home);
  while (!closing) {
    timer.expires_after(options.watch_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
    for (const auto& [id, live] : all)
      if (!live->busy && !live->gone && live->record.state == WorkspaceState::running) {
        live->busy = true;
        tasks.spawn(watch_one(live));
      }
  }
}

net::Task<void> Workspaces::State::watch_one(Live live) {
  if (sees_all) co_return co_await apply_idle_rule(live);  // whether it runs is converge()'s matter
  const std::string id = live->record.id;
  auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
  if (!status) {
    spdlog::warn("workspace {}: {} {}", id, status.error().message, status.error().detail);
  } else if (status->state == BackendState::absent || status->state == BackendState::failed) {
    const auto reason = status->reason.empty() ? "Its programs ended by themselves." : status->reason;
    spdlog::warn("workspace {} ended by itself: {}", id, reason);
    live->record.started.reset();
    detach(*live, reason);
    co_await set_state(live, WorkspaceState::failed, reason);
  } else {
    if (status->address && (!live->address || status->address->runner_key != live->address->runner_key))
      attach(*live, *status->address);
    co_return co_await apply_idle_rule(live);
  }
  release(*live);
}

net::Task<void> Workspaces::State::apply_idle_rule(Live live) {
  const std::string id = live->record.id;
  // While the runner is asked nobody need wait: the claim is for the backend. It is taken again for a stop.
  release(*live);
  auto activity = co_await runners.activity(id);
  if (live->busy || live->gone || live->record.state != WorkspaceState::running) co_return;
  const auto now = clock();
  IdleFacts facts{
      .started = live->record.started.value_or(live->busy_seen), .quiet_since = {}, .warned = live->warned};
  if (activity) {
    if (activity->cpu_percent >= quiet_cpu_percent) live->busy_seen = now;
    if (options.uses)
      options.uses->note(id, {.at = now,
                              .memory = activity->memory.value_or(0),
                              .processor = activity->cpu_percent,
                              .terminals = activity->terminals,
                              .windows = activity->sessions});
    facts.quiet_since = std::max({now - activity->idle, live->busy_seen, live->stayed, facts.started});
  } else {
    // A runner that does not answer is no proof that nobody is there: only the maximum life counts now.
    spdlog::debug("workspace {}: activity: {}", id, activity.error().message);
  }
  const auto current = settings.current();
  const IdleRule rule{.idle_limit = current.idle_stop_minutes * 60'000,
                      .maximum_life = current.maximum_life_minutes * 60'000,
                      .warning = options.idle_warning.count()};
  const auto decision = decide_idle(rule, facts, now);
  live->stops_at = decision.stops_at > 0 ? std::optional(decision.stops_at) : std::nullopt;
  tell_stops_at(*live);
  if (decision.stops_at == 0 && facts.quiet_since)
    live->warned.reset();  // in use again: the next end is warned of anew
  if (decision.kind == IdleDecision::Kind::stop && now >= live->stop_again) {
    live->busy = true;
    live->record.state = WorkspaceState::stopping;
    co_return co_await run_stop(live, decision.text);
  }
  if (decision.kind == IdleDecision::Kind::warn) {
    live->warned = now;
    auto told = co_await runners.notice(id, {protocol::NoticeKind::idle_warning, decision.text,
                                             std::max<std::int64_t>(0, (decision.stops_at - now) / 1000)});
    if (!told)
      spdlog::warn("workspace {}: idle warning: {} {}", id, told.error().message, told.error().detail);
  }
}

net::Task<void> Workspaces::State::shutdown() {
  closing = true;
  backend.leave();
  if (co_await tasks.shutdown(shutdown_patience)) co_return;
  spdlog::warn("workspace operations still ran at shutdown; they are taken up at the next start");
}

}  // namespace berth::server

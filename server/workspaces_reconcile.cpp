// SPDX-License-Identifier: GPL-3.0-or-later
// Where a backend sees all workspaces at once: the loop that makes what runs what should run. What is to be
// done is decided in reconcile.cpp.
#include <spdlog/spdlog.h>

#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

constexpr std::chrono::milliseconds longest_blind_pause{30'000};
constexpr const char* deleted_elsewhere = "What it ran in was removed from outside.";

}  // namespace

std::map<std::string, DesiredWorkspace> Workspaces::State::desired() const {
  std::map<std::string, DesiredWorkspace> wanted;
  for (const auto& [id, live] : all)
    wanted.emplace_hint(
        wanted.end(), id,
        DesiredWorkspace{.state = live->record.state,
                         .home = live->record.home,
                         .busy = live->busy,
                         .runner = live->address ? std::optional(live->address->runner_key) : std::nullopt,
                         .trouble = live->trouble,
                         .not_before = live->not_before});
  return wanted;
}

net::Task<void> Workspaces::State::converge() {
  boost::asio::steady_timer timer(home);
  auto pause = options.reconcile_interval;
  while (!closing) {
    timer.expires_after(pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
    // What was seen is younger than what was wished for: an operation in between is known by its state.
    const auto wanted = desired();
    auto seen = co_await ask_to_look([this] { return backend.seen(); });
    if (!seen || !*seen) {
      // Blind: nothing is ended or started for what may be old.
      if (pause == options.reconcile_interval && !seen)
        spdlog::warn("workspaces can't be seen: {} {}", seen.error().message, seen.error().detail);
      pause = std::min(2 * pause, std::max(longest_blind_pause, options.reconcile_interval));
      continue;
    }
    pause = options.reconcile_interval;
    if (closing) co_return;
    std::vector<std::string> orphans;
    for (const auto& action : reconcile(wanted, **seen, options.reconcile, clock(), wrong_since)) {
      if (options.may_act && !options.may_act(action.workspace)) continue;
      if (action.step != ReconcileStep::orphan) {
        act(action, wanted.at(action.workspace).state, **seen);
        continue;
      }
      wrong_since[action.workspace].since = clock();  // looked at again when it was wrong as long
      orphans.push_back(action.workspace);
    }
    if (!orphans.empty()) tasks.spawn(end_orphans(std::move(orphans)));
  }
}

void Workspaces::State::act(const ReconcileAction& action, WorkspaceState expected,
                            const SeenWorkspaces& seen) {
  const auto found = all.find(action.workspace);
  if (found == all.end()) return;
  const Live live = found->second;
  if (live->record.state != expected) return;
  if (action.step == ReconcileStep::tell) {
    live->trouble = action.text;
    return;
  }
  if (live->busy || live->gone) return;
  switch (action.step) {
    case ReconcileStep::attach:
      attach(*live, *seen.at(action.workspace).address);
      keep_storing(*live);
      break;
    case ReconcileStep::restart:
      live->busy = true;
      tasks.spawn(run_restart(live, ""));
      break;
    case ReconcileStep::look_then_restart:
      live->busy = true;
      tasks.spawn(look_then_restart(live));
      break;
    case ReconcileStep::stop:
    case ReconcileStep::store_and_stop:
      wrong_since[action.workspace].since = clock();
      live->busy = true;
      tasks.spawn(end_unwanted(live, action.step));
      break;
    case ReconcileStep::tell:
    case ReconcileStep::orphan:
      break;
  }
}

net::Task<void> Workspaces::State::look_then_restart(Live live) {
  const std::string id = live->record.id;
  auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
  if (status && status->state == BackendState::absent) co_return co_await run_restart(live, "");
  if (status && status->state == BackendState::failed) co_return co_await run_restart(live, status->reason);
  release(*live);  // it is there, or can't be asked now: the next look tells
}

net::Task<bool> Workspaces::State::plan_next_start(Live live, std::string reason) {
  const auto plan = plan_restart(++live->failures);
  live->ended_with = reason;
  if (!plan.again) {
    live->ended_with.clear();
    co_await set_state(live, WorkspaceState::failed,
                       "It ended " + std::to_string(live->failures) +
                           " times in a row and is not started again by itself. The last time: " + reason);
    co_return false;
  }
  live->not_before = clock() + plan.delay;
  if (plan.delay > 0)
    co_await set_state(live, WorkspaceState::starting, "It starts again in a moment. " + reason);
  co_return plan.delay == 0;
}

net::Task<void> Workspaces::State::run_restart(Live live, std::string reason) {
  if (live->record.state == WorkspaceState::running) {  // it has ended, and nobody has been told
    if (reason.empty()) reason = deleted_elsewhere;
    spdlog::warn("workspace {} ended by itself: {}", live->record.id, reason);
    const bool steady = live->record.started && clock() - *live->record.started >= steady_run;
    if (steady) live->failures = 0;
    if (backend.home_keeping() == HomeKeeping::with_run) {
      live->record.home = HomeState::behind;
      reason += " What was changed after its last stored version ended with it.";
    }
    live->record.started.reset();
    detach(*live, reason);
    if (!options.restarts) {
      co_await set_state(live, WorkspaceState::failed, reason);
      co_return release(*live);
    }
    if (!co_await plan_next_start(live, reason)) co_return release(*live);
  }
  co_await run_start(live);  // releases
  // Nothing comes between that and this: both are on the home executor.
  if (live->busy || live->gone || live->record.state != WorkspaceState::failed || closing) co_return;
  live->busy = true;
  const auto again = co_await plan_next_start(live, live->record.reason);
  if (again) live->record.state = WorkspaceState::starting;
  release(*live);
}

net::Task<void> Workspaces::State::end_unwanted(Live live, ReconcileStep step) {
  const std::string id = live->record.id;
  const auto stored = co_await net::offload(pool, [this, id] { return store.find(id); });
  if (!stored || stored->state != live->record.state) co_return release(*live);  // another's
  auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
  if (!status) co_return release(*live);
  // Not as it was seen: one that is being ended is left to it (a second end with less time would cut the
  // first one short), and of what can't be stored now the next look decides.
  if (status->state == BackendState::stopping ||
      (step == ReconcileStep::store_and_stop && status->state != BackendState::running))
    co_return release(*live);
  spdlog::warn("workspace {} runs although it should not, and is ended", id);
  if (step == ReconcileStep::store_and_stop && status->state == BackendState::running && status->address) {
    attach(*live, *status->address);
    keep_storing(*live);
    live->record.state = WorkspaceState::stopping;
    co_return co_await run_stop(live, live->record.reason);
  }
  auto stopped = co_await ask_backend(
      [this, id] { return if_ours(id, [&] { return backend.stop(id, options.stop_grace_ms); }); });
  if (!stopped)
    spdlog::error("workspace {} could not be stopped: {} {}", id, stopped.error().message,
                  stopped.error().detail);
  release(*live);
}

net::Task<void> Workspaces::State::end_orphans(std::vector<std::string> ids) {
  const auto known = co_await tended(ids);
  if (!known) co_return;
  std::vector<std::string> untended;
  for (const auto& id : ids) {
    if (all.contains(id)) continue;
    if (const auto row = known->find(id); row != known->end()) {
      // Of those that should run somebody takes care; this one's server died after it gave it up.
      if (!row->second) untended.push_back(id);
      continue;
    }
    if (backend.home_keeping() != HomeKeeping::with_run) {
      tasks.spawn(stop_orphan(id));
      continue;
    }
    spdlog::error(
        "workspace {} runs and is unknown here; it is left alone, for its files would end with it. Delete "
        "its "
        "pod if nobody needs them",
        id);
  }
  if (options.leases && !untended.empty()) co_await options.leases->look_after(std::move(untended));
}

net::Task<Result<std::map<std::string, bool>>> Workspaces::State::tended(std::vector<std::string> ids) {
  if (options.leases) co_return co_await options.leases->tended(std::move(ids));
  const auto records = co_await net::offload(pool, [&] { return store.find_some(ids); });
  if (!records) co_return std::unexpected(records.error());
  std::map<std::string, bool> known;
  for (const auto& record : *records) known[record.id] = true;
  co_return known;
}

/// Where a place does not tell of everything by itself: what runs there without a row is ended, and what
/// should not run is taken over.
net::Task<void> Workspaces::State::look_for_orphans() {
  boost::asio::steady_timer timer(home, options.watch_interval);  // by then work is divided
  co_await timer.async_wait(boost::asio::use_awaitable);
  const auto present = co_await ask_to_look([this] { return backend.list(); });
  if (!present) {
    spdlog::error("workspaces can't be listed, so orphans stay: {} {}", present.error().message,
                  present.error().detail);
    co_return;
  }
  const auto known = co_await tended(*present);
  if (!known) co_return;
  for (const auto& id : *present) {
    if (closing) co_return;
    if (all.contains(id) || (options.may_act && !options.may_act(id))) continue;
    const auto row = known->find(id);
    if (row == known->end())
      co_await stop_orphan(id);
    else if (!row->second && co_await runs_now(id))
      co_await options.leases->look_after({id});
  }
}

net::Task<bool> Workspaces::State::runs_now(std::string id) {
  const auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
  co_return status && status->state != BackendState::absent && status->state != BackendState::failed;
}

}  // namespace berth::server

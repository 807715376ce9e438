// SPDX-License-Identifier: GPL-3.0-or-later
// The operations that change a workspace's state: start, stop, delete. One at a time for each workspace (the
// claim).
#include <spdlog/spdlog.h>

#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace

net::Task<void> Workspaces::State::set_state(Live live, WorkspaceState state, std::string reason) {
  live->record.state = state;
  live->record.reason = std::move(reason);
  auto stored =
      co_await net::offload(pool, [this, record = live->record] { return store.update_state(record); });
  if (!stored)
    spdlog::error("workspace {}: its state could not be stored: {}", live->record.id, stored.error().detail);
}

void Workspaces::State::attach(LiveWorkspace& live, const RunnerAddress& address) {
  live.address = address;
  live.busy_seen = clock();
  live.warned.reset();
  live.stops_at.reset();
  runners.attach(live.record.id, address);
}

void Workspaces::State::detach(LiveWorkspace& live, const std::string& reason) {
  live.address.reset();
  live.warned.reset();
  live.stops_at.reset();
  events.end_workspace(live.record.id, reason.empty() ? "The workspace was stopped." : reason);
  runners.detach(live.record.id);
}

net::Task<void> Workspaces::State::run_start(Live live) {
  co_await set_state(live, WorkspaceState::starting, "");
  const StartRequest request{.workspace = live->record.id,
                             .template_id = live->record.template_id,
                             .person_name = "berth",
                             .limits = options.limits,
                             .server_key = options.server_key};
  auto address = co_await ask_backend([this, request] { return backend.start(request); });
  if (address) {
    live->record.started = clock();
    live->stayed = 0;
    attach(*live, *address);
    co_await set_state(live, WorkspaceState::running, "");
    spdlog::info("workspace {} runs", live->record.id);
  } else {
    spdlog::warn("workspace {} did not start: {} {}", live->record.id, address.error().message,
                 address.error().detail);
    live->record.started.reset();
    co_await set_state(live, WorkspaceState::failed, address.error().message);
  }
  release(*live);
}

net::Task<void> Workspaces::State::run_stop(Live live, std::string reason) {
  const std::string id = live->record.id;
  co_await set_state(live, WorkspaceState::stopping, reason);
  auto flushed = co_await runners.flush(id);
  if (!flushed) {
    // The journals in its home keep what was typed, so a stop need not fail for it; the person is told.
    spdlog::warn("workspace {}: flush before stop: {} {}", id, flushed.error().message,
                 flushed.error().detail);
    reason +=
        (reason.empty() ? "" : " ") +
        std::string("Open documents could not be written before the stop; they are kept in its journal.");
  } else if (!flushed->problems.empty()) {
    reason += (reason.empty() ? "" : " ") + std::string("Not written to disk, kept in its journal: ") +
              join(flushed->problems);
  }
  detach(*live, reason);
  auto stopped = co_await ask_backend([this, id] { return backend.stop(id, options.stop_grace_ms); });
  if (stopped) {
    live->record.started.reset();
    co_await set_state(live, WorkspaceState::stopped, reason);
    spdlog::info("workspace {} stopped {}", id, reason);
  } else {
    spdlog::error("workspace {} could not be stopped: {} {}", id, stopped.error().message,
                  stopped.error().detail);
    auto status = co_await ask_backend([this, id] { return backend.poll(id); });
    const bool runs = status && status->state == BackendState::running && status->address;
    if (runs) attach(*live, *status->address);
    co_await set_state(live, runs ? WorkspaceState::running : WorkspaceState::failed,
                       "It could not be stopped: " + stopped.error().message);
  }
  release(*live);
}

net::Task<void> Workspaces::State::run_remove(Live live) {
  const std::string id = live->record.id;
  co_await set_state(live, WorkspaceState::deleting, "");
  detach(*live, "The workspace was deleted.");
  auto done = co_await ask_backend([this, id] {
    auto stopped = backend.stop(id, 0);
    return stopped ? backend.forget(id) : stopped;
  });
  if (done) done = co_await net::offload(pool, [this, id] { return store.remove(id); });
  if (done) {
    live->gone = true;
    stopped_files.forget(id);
    all.erase(id);
    spdlog::info("workspace {} deleted", id);
  } else {
    spdlog::error("workspace {} could not be deleted: {} {}", id, done.error().message, done.error().detail);
    co_await set_state(live, WorkspaceState::failed,
                       "It could not be deleted: " + done.error().message + " Delete it again.");
  }
  release(*live);
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// The operations that change a workspace's state: start, stop, delete. One at a time for each workspace (the
// claim).
#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "server/fault_points.hpp"
#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;

constexpr std::size_t most_named = 5;  // files in a reason
constexpr int removal_attempts = 2;    // of a workspace that does not end in time

std::string joined_reasons(const std::vector<std::string>& parts) {
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
  live.trouble.clear();
  live.busy_seen = clock();
  live.warned.reset();
  live.stops_at.reset();
  runners.attach(live.record.id, address);
  live.told_stops_at.reset();
  if (options.leases) options.leases->publish(live.record.id, {address, {}});
}

void Workspaces::State::detach(LiveWorkspace& live, const std::string& reason) {
  live.address.reset();
  live.trouble.clear();
  live.warned.reset();
  live.stops_at.reset();
  if (options.uses) options.uses->forget(live.record.id);
  // Where another server has it by now its people's windows go on, and end when that one says so.
  if (!options.leases || options.leases->holds(live.record.id))
    events.end_workspace(live.record.id, reason.empty() ? "The workspace was stopped." : reason);
  if (options.versions) options.versions->end(live.record.id);
  runners.detach(live.record.id);
}

void Workspaces::State::keep_storing(const LiveWorkspace& live) {
  if (options.versions) options.versions->resume({live.record.id, live.record.account});
}

net::Task<Result<std::string>> Workspaces::State::bring_back(Live live) {
  if (!options.versions) co_return std::string();
  // Until it is back, the home may be half a version: people see the stored one and change neither, since
  // what breaks off goes on at the next start, over whatever lies there. Running makes it `ahead`.
  auto problems = co_await options.versions->begin(
      {live->record.id, live->record.account}, [this, live] { return set_home(live, HomeState::behind); });
  if (!problems) co_return std::unexpected(std::move(problems.error()));
  if (problems->empty()) co_return std::string();
  std::vector<std::string> named;
  for (const auto& problem : *problems)
    if (named.size() < most_named) named.push_back(problem.path);
  const auto more = problems->size() - named.size();
  co_return "Not everything could be brought back from the last version: " + joined_reasons(named) +
      (more > 0 ? " and " + std::to_string(more) + " more." : ".") + " The history may have older versions.";
}

net::Task<Result<void>> Workspaces::State::begin_pending_import(Live live) {
  if (live->record.pending_import.empty() || live->upload_comes) co_return Result<void>{};
  const auto json = protocol::parse_json(live->record.pending_import);
  const auto params = json ? protocol::decode<protocol::ImportBegin::Params>(*json, "pending_import")
                           : std::unexpected(json.error());
  if (!params) co_return std::unexpected(params.error());
  fault_point("import.begin");
  auto begun = co_await ask_runner<protocol::ImportBegin>(runners, live->record.id, *params);
  fault_point("import.begun");
  // conflict: it began, and the answer was lost; or somebody has put something else into the project, and of
  // an upload that this leaves without a place the runner tells.
  if (!begun && begun.error().code != ErrorCode::conflict) {
    spdlog::warn("workspace {}: its import does not begin: {} {}", live->record.id, begun.error().message,
                 begun.error().detail);
    auto error = std::move(begun.error());
    if (!params->archive.empty() && error.code == ErrorCode::not_found)
      error.message =
          "The upload of its files was interrupted, and nothing of it was kept. Delete this workspace and "
          "upload them again.";
    else
      error.message = (params->archive.empty() ? "Its repository could not be cloned: "
                                               : "Its archive could not be unpacked: ") +
                      error.message;
    co_return std::unexpected(std::move(error));
  }
  // From here on the runner remembers it. Is this lost, it is begun again: a conflict.
  live->record.pending_import.clear();
  auto stored =
      co_await net::offload(pool, [this, record = live->record] { return store.update_state(record); });
  if (!stored)
    spdlog::error("workspace {}: its state could not be stored: {}", live->record.id, stored.error().detail);
  co_return Result<void>{};
}

net::Task<Result<std::string>> Workspaces::State::store_before_stop(Live live, bool answers) {
  if (!options.versions) co_return std::string();
  const std::string id = live->record.id;
  const auto homes = backend.home_keeping();
  const std::string kept =
      homes == HomeKeeping::with_run
          ? "What was changed after its last stored version ended with it; its next start brings that "
            "version."
          : "Its last changes are not stored yet; they are in its home and are stored at its next start.";
  if (!answers) {
    auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
    if (status && (status->state == BackendState::absent || status->state == BackendState::failed))
      co_return kept;  // it has ended: nobody is left to ask
  }
  auto stored = co_await options.versions->store_for_stop(id);
  if (stored) co_return std::string();
  spdlog::warn("workspace {}: not stored before its stop: {} {}", id, stored.error().message,
               stored.error().detail);
  // A runner that does not answer can't be asked for its files. Where they lie on a disk that stays, it need
  // not run for ever.
  if (!answers && homes == HomeKeeping::volume) co_return kept;
  if (!answers && homes == HomeKeeping::folder) {
    auto folder =
        co_await ask_backend([this, id, from = live->record.template_id] { return backend.home(id, from); });
    if (folder && *folder) co_return kept;
  }
  co_return std::unexpected(std::move(stored.error()));
}

std::string Workspaces::State::to_tell_at_start(const LiveWorkspace& live,
                                                const std::string& problems) const {
  std::string text = live.ended_with.empty() ? "" : "It was started again. " + live.ended_with;
  const auto add = [&text](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : " ") + more;
  };
  add(problems);
  if (backend.home_keeping() == HomeKeeping::with_run && options.versions)
    add("Its files end with the machine that it runs on: what you type is kept there at once, and is safe "
        "from the loss of that machine when it is stored, some seconds later.");
  return text;
}

net::Task<void> Workspaces::State::run_start(Live live) {
  live->start_steps.begin(clock());
  co_await set_state(live, WorkspaceState::starting,
                     live->ended_with.empty() ? "" : "It is started again. " + live->ended_with);
  const std::string id = live->record.id;
  StartRequest request{.workspace = id,
                       .template_id = live->record.template_id,
                       .person_name = "berth",
                       .limits = options.limits,
                       .server_key = options.server_key,
                       .image = settings.image_of(live->record.template_id)};
  // Each is there before what comes after the start: both are posted to this executor.
  request.on_phase = [this, live](rest::StartPhase phase) {
    boost::asio::post(home, [this, live, phase] { live->start_steps.enter(phase, clock()); });
  };
  Result<bool> versions = false;
  if (options.versions) versions = co_await options.versions->has_versions(id);
  request.empty_home = !live->record.pending_import.empty() || versions.value_or(false);
  if (options.leases) request.still_ours = [leases = options.leases, id] { return leases->holds(id); };
  Result<RunnerAddress> address = std::unexpected(versions ? Error() : versions.error());
  if (versions)
    address = co_await ask_for_start(
        [this, request] { return if_ours(request.workspace, [&] { return backend.start(request); }); });
  if (!address && closing && address.error().code == ErrorCode::cancelled)
    co_return release(*live);  // it goes on, and the next server joins it
  Result<std::string> brought = std::unexpected(address ? Error() : address.error());
  if (address) {
    attach(*live, *address);
    if (*versions) {
      live->trouble = "Its files are brought back.";
      live->start_steps.enter(rest::StartPhase::files, clock());
    }
    brought = co_await bring_back(live);
  }
  live->trouble.clear();
  live->start_steps.end(clock());
  if (brought) {
    live->record.home = HomeState::ahead;  // from now on, until its last version is stored at a stop
    if (auto begun = co_await begin_pending_import(live); !begun) brought = std::unexpected(begun.error());
  }
  if (brought) {
    live->record.started = clock();
    live->stayed = 0;
    // Who reads that it runs would else dial where it ran before.
    if (options.leases) co_await options.leases->told(id);
    co_await set_state(live, WorkspaceState::running, to_tell_at_start(*live, *brought));
    live->ended_with.clear();
    spdlog::info("workspace {} runs", id);
  } else {
    spdlog::warn("workspace {} did not start: {} {}", id, brought.error().message, brought.error().detail);
    if (address) {  // it runs, but nobody may get in
      detach(*live, brought.error().message);
      auto stopped = co_await ask_backend(
          [this, id] { return if_ours(id, [&] { return backend.stop(id, options.stop_grace_ms); }); });
      if (!stopped)
        spdlog::error("workspace {} could not be stopped: {} {}", id, stopped.error().message,
                      stopped.error().detail);
    }
    live->record.started.reset();
    co_await set_state(live, WorkspaceState::failed, brought.error().message);
  }
  release(*live);
}

net::Task<std::optional<std::string>> Workspaces::State::claim_ready(std::string template_id) {
  auto ready = co_await ask_to_look([this, template_id] { return backend.claim_ready(template_id); });
  if (ready) co_return std::move(*ready);
  spdlog::warn("template {}: no workspace that is ready can be had: {} {}", template_id,
               ready.error().message, ready.error().detail);
  co_return std::nullopt;
}

net::Task<void> Workspaces::State::end_unused(std::string id) {
  auto ended = co_await ask_backend([this, id] {
    auto stopped = backend.stop(id, 0);
    return stopped ? backend.forget(id) : stopped;
  });
  if (!ended)
    spdlog::error("workspace {} was ready and nobody's, and can't be ended: {} {}", id, ended.error().message,
                  ended.error().detail);
}

net::Task<void> Workspaces::State::end_unmade(std::string id, ErrorCode why) {
  if (why == ErrorCode::unavailable) {  // it may have been saved, and its home is its person's then
    const auto row = co_await net::offload(pool, [this, id] { return store.find(id); });
    if (row || row.error().code != ErrorCode::not_found) {
      spdlog::warn("workspace {} was ready and may be somebody's now: it goes on", id);
      co_return;
    }
  }
  co_await end_unused(std::move(id));
}

net::Task<void> Workspaces::State::run_stop(Live live, std::string reason) {
  const std::string id = live->record.id;
  live->start_steps.clear();
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
              joined_reasons(flushed->problems);
  }
  const bool answers = flushed || (flushed.error().code != ErrorCode::timeout &&
                                   flushed.error().code != ErrorCode::unavailable);
  auto stored = co_await store_before_stop(live, answers);
  if (!stored) {
    live->stop_again = clock() + options.stop_retry.count();
    co_await set_state(live, WorkspaceState::running,
                       "It was not stopped, because its last changes could not be stored: " +
                           stored.error().message + " Stop it again to retry.");
    release(*live);
    co_return;
  }
  if (!stored->empty()) reason += (reason.empty() ? "" : " ") + *stored;
  const bool all_stored = stored->empty() && options.versions;
  detach(*live, reason);
  auto stopped = co_await ask_backend(
      [this, id] { return if_ours(id, [&] { return backend.stop(id, options.stop_grace_ms); }); });
  if (stopped) {
    live->record.started.reset();
    if (all_stored) live->record.home = HomeState::stored;
    if (backend.home_keeping() == HomeKeeping::with_run)
      live->record.home = HomeState::behind;  // there is none now
    co_await set_state(live, WorkspaceState::stopped, reason);
    spdlog::info("workspace {} stopped {}", id, reason);
  } else {
    spdlog::error("workspace {} could not be stopped: {} {}", id, stopped.error().message,
                  stopped.error().detail);
    auto status = co_await ask_to_look([this, id] { return backend.poll(id); });
    const bool runs = status && status->state == BackendState::running && status->address;
    if (runs) {
      attach(*live, *status->address);
      keep_storing(*live);
    }
    co_await set_state(live, runs ? WorkspaceState::running : WorkspaceState::failed,
                       "It could not be stopped: " + stopped.error().message);
  }
  release(*live);
}

net::Task<void> Workspaces::State::run_remove(Live live) {
  const std::string id = live->record.id;
  co_await set_state(live, WorkspaceState::deleting, "");
  detach(*live, "The workspace was deleted.");
  Result<void> done;
  for (int attempt = 0; attempt < removal_attempts; ++attempt) {
    done = co_await ask_backend([this, id] {
      return if_ours(id, [&] {
        auto stopped = backend.stop(id, 0);
        return stopped ? backend.forget(id) : stopped;
      });
    });
    if (done || closing || done.error().code != ErrorCode::timeout) break;
  }
  if (done && options.versions) done = co_await options.versions->remove(id);
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

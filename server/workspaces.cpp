// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask of workspaces: lookups, checks, and handing the long part to an operation.
#include "server/workspaces.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "server/at_home.hpp"
#include "server/random_id.hpp"
#include "server/unknown_outcome.hpp"
#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;
using std::chrono::steady_clock;

constexpr std::int64_t between_touches = 60'000;  // ms

Result<void> check_name(const std::string& name) {
  const auto length = std::ranges::count_if(name, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::ranges::none_of(name, [](unsigned char c) { return c < ' ' || c == 127; });
  if (length < 1 || length > 80 || !plain)
    return failure(ErrorCode::invalid_argument, "body.name: must be 1 to 80 characters on one line");
  return {};
}

std::unexpected<Error> no_such_workspace() {
  return failure(ErrorCode::not_found, "There is no such workspace.");
}

std::unexpected<Error> role_too_low() {
  return failure(ErrorCode::permission_denied, "Your role in this workspace does not allow this.");
}

}  // namespace

Workspaces::State::State(boost::asio::any_io_executor home_executor, WorkspaceStore& workspace_store,
                         WorkspaceBackend& place, RunnerAccess& access, SessionEvents& session_events,
                         Settings& server_settings, const TemplateCatalog& catalog,
                         boost::asio::thread_pool& store_pool, Clock time, Options given)
    : home(home_executor),
      store(workspace_store),
      backend(place),
      runners(access),
      events(session_events),
      settings(server_settings),
      templates(catalog),
      pool(store_pool),
      clock(std::move(time)),
      options(std::move(given)),
      stopped_files(store_pool),
      tasks(home_executor, [](std::exception_ptr error) {
        try {
          std::rethrow_exception(error);
        } catch (const boost::system::system_error& end) {
          if (end.code() != boost::asio::error::operation_aborted)
            spdlog::error("workspace task: {}", end.what());
        } catch (const std::exception& end) {
          spdlog::error("workspace task: {}", end.what());
        }
      }) {
  if (options.start_threads > 0) start_threads_.emplace(options.start_threads);
}

Workspaces::Workspaces(boost::asio::any_io_executor home, WorkspaceStore& store, WorkspaceBackend& backend,
                       RunnerAccess& runners, SessionEvents& events, Settings& settings,
                       const TemplateCatalog& templates, boost::asio::thread_pool& pool, Clock clock,
                       Options options)
    : state_(std::make_shared<State>(std::move(home), store, backend, runners, events, settings, templates,
                                     pool, std::move(clock), std::move(options))) {}

Workspaces::~Workspaces() = default;

std::optional<protocol::Role> Workspaces::State::role_in(const Principal& principal,
                                                         const WorkspaceRecord& record) {
  if (principal.in && principal.in->workspace == record.id) return principal.in->role;
  if (record.account == principal.account) return protocol::Role::owner;
  if (principal.in_team && principal.in_team->team == record.account) return principal.in_team->role;
  return std::nullopt;
}

Result<Live> Workspaces::State::find(const Principal& principal, const std::string& id,
                                     protocol::Role needed) const {
  const auto it = all.find(id);
  if (it == all.end() && options.leases && !options.leases->holds(id) && !options.leases->known_missing(id))
    return not_here();
  if (it == all.end()) return no_such_workspace();
  const auto role = role_in(principal, it->second->record);
  if (!role) return no_such_workspace();
  if (*role < needed) return role_too_low();
  if (it->second->gone && options.leases) return not_here();
  return it->second;
}

/// As its server has it where that is this one.
rest::Workspace Workspaces::State::view_of(const WorkspaceRecord& record,
                                           std::optional<std::int64_t> stops_at) const {
  if (const auto it = all.find(record.id); it != all.end() && !it->second->gone) {
    auto seen = view(*it->second);
    seen.last_used = std::max(seen.last_used, record.last_used);
    return seen;
  }
  LiveWorkspace others;
  others.record = record;
  others.stops_at = stops_at;
  return view(others);
}

rest::Workspace Workspaces::State::view(const LiveWorkspace& live) const {
  const auto& record = live.record;
  const auto* from = templates.find(record.template_id);
  return {.id = record.id,
          .name = record.name,
          .template_id = record.template_id,
          .state = record.state,
          .reason = live.trouble.empty() ? record.reason : live.trouble,
          .created = record.created,
          .last_used = record.last_used,
          .started = record.started,
          .stops_at = live.stops_at,
          .run_command = from ? from->run_command : "",
          .port = from ? from->port : std::nullopt,
          .open_file = from ? from->open_file : "",
          .use = options.uses && record.state == WorkspaceState::running ? options.uses->of(record.id)
                                                                         : std::optional<rest::ResourceUse>(),
          .start_steps = live.start_steps.seen(clock())};
}

net::Task<bool> Workspaces::State::wait_unclaimed(Live live, steady_clock::time_point deadline) {
  while (live->busy && steady_clock::now() < deadline) {
    boost::asio::steady_timer timer(home, deadline);
    const auto place = live->waiting.insert(live->waiting.end(), &timer);
    const struct Leave {
      LiveWorkspace& live;
      std::list<boost::asio::steady_timer*>::iterator place;
      ~Leave() { live.waiting.erase(place); }
    } leave{*live, place};
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  co_return !live->busy;
}

net::Task<Result<void>> Workspaces::State::claim(Live live, steady_clock::time_point deadline) {
  // Several may wake at once; the first takes it and the others wait on.
  if (!co_await wait_unclaimed(live, deadline))
    co_return failure(ErrorCode::unavailable,
                      "The workspace is busy starting or stopping; try again in a moment.");
  if (live->gone && options.leases && !options.leases->holds(live->record.id)) co_return not_here();
  if (live->gone) co_return no_such_workspace();
  if (closing) co_return failure(ErrorCode::unavailable, "The server is shutting down.");
  live->busy = true;
  co_return Result<void>{};
}

void Workspaces::State::release(LiveWorkspace& live) {
  live.busy = false;
  for (auto* timer : live.waiting) timer->cancel();
}

net::Task<Result<std::vector<WorkspaceRecord>>> Workspaces::State::records_of(std::string account) {
  if (options.leases) co_return co_await net::offload(pool, [&] { return store.list_of(account); });
  std::vector<WorkspaceRecord> records;
  for (const auto& [id, live] : all)
    if (live->record.account == account) records.push_back(live->record);
  co_return records;
}

net::Task<Result<Workspaces::State::Limits>> Workspaces::State::limits_of(std::string account) {
  const auto general = settings.current();
  Limits limits{general.workspaces_per_account, general.running_per_account};
  if (!options.quota_of) co_return limits;
  const auto own = co_await net::offload(pool, [&] { return options.quota_of(account); });
  if (!own) co_return std::unexpected(own.error());
  limits.workspaces = own->workspaces.value_or(limits.workspaces);
  limits.running = own->running.value_or(limits.running);
  co_return limits;
}

Result<void> Workspaces::State::room_to_run(const std::vector<WorkspaceRecord>& records, std::int64_t most) {
  const auto takes_room = [](const WorkspaceRecord& record) {
    return record.state == WorkspaceState::starting || record.state == WorkspaceState::running ||
           record.state == WorkspaceState::stopping;
  };
  if (std::ranges::count_if(records, takes_room) >= most)
    return failure(ErrorCode::limit_exceeded,
                   "There are " + std::to_string(most) +
                       " workspaces running, the most that is allowed; stop one first.");
  return {};
}

net::Task<Result<void>> Workspaces::State::begin_start(Live live) {
  const auto limits = co_await limits_of(live->record.account);
  if (!limits) {
    release(*live);
    co_return std::unexpected(limits.error());
  }
  if (options.leases) {
    // Counted where all servers see it, and its state with it.
    auto record = live->record;
    record.state = WorkspaceState::starting;
    record.reason.clear();
    auto begun = co_await net::offload(
        pool, [this, record, most = limits->running] { return store.begin_start(record, most); });
    if (!begun) {
      release(*live);
      co_return begun;
    }
  } else {
    const auto records = co_await records_of(live->record.account);
    const auto room = records ? room_to_run(*records, limits->running) : std::unexpected(records.error());
    if (!room) {
      release(*live);
      co_return room;
    }
  }
  live->record.state = WorkspaceState::starting;  // at once, so that the next count sees it
  live->record.reason.clear();
  live->failures = 0;
  live->ended_with.clear();
  tasks.spawn(run_start(live));
  co_return Result<void>{};
}

void Workspaces::State::touch(Live live) {
  const auto now = clock();
  live->record.last_used = now;
  if (now - live->touched < between_touches) return;
  live->touched = now;
  store_touch(live->record.id, now);
}

/// What another server looks after is used through this one.
void Workspaces::State::touch_others(const WorkspaceRecord& record) {
  const auto now = clock();
  if (now - record.last_used >= between_touches) store_touch(record.id, now);
}

void Workspaces::State::store_touch(const std::string& workspace, std::int64_t now) {
  tasks.spawn([](State& state, std::string id, std::int64_t time) -> net::Task<void> {
    auto stored =
        co_await net::offload(state.pool, [&state, id, time] { return state.store.touch(id, time); });
    if (!stored && stored.error().code != ErrorCode::not_found)
      spdlog::error("workspace {}: {}", id, stored.error().detail);
  }(*this, workspace, now));
}

net::Task<Result<void>> Workspaces::adopt() {
  co_return co_await at_home(state_->home, [this] { return state_->adopt(); });
}

net::Task<void> Workspaces::shutdown() {
  co_return co_await at_home(state_->home, [this] { return state_->shutdown(); });
}

net::Task<Result<Workspaces::Page>> Workspaces::list(WorkspaceListing listing, std::size_t limit) {
  co_return co_await at_home(state_->home, [this, &listing, limit]() -> net::Task<Result<Page>> {
    auto& state = *state_;
    auto records = co_await net::offload(state.pool, [&] { return state.store.visible(listing, limit + 1); });
    if (!records) co_return std::unexpected(std::move(records.error()));
    Page page;
    if (records->size() > limit) {
      records->resize(limit);
      page.next = WorkspaceListing::Place{records->back().last_used, records->back().id};
    }
    for (const auto& record : *records) {
      std::optional<std::int64_t> stops_at;
      if (state.options.leases && record.state == WorkspaceState::running && !state.all.contains(record.id))
        if (const auto others = co_await state.options.leases->others(record.id)) stops_at = others->stops_at;
      page.workspaces.push_back(state.view_of(record, stops_at));
    }
    co_return page;
  });
}

net::Task<Result<rest::Workspace>> Workspaces::get(Principal principal, std::string id,
                                                   protocol::Role needed) {
  co_return co_await at_home(state_->home,
                             [this, &principal, &id, needed]() -> net::Task<Result<rest::Workspace>> {
                               auto live = state_->find(principal, id, needed);
                               if (live) co_return state_->view(**live);
                               if (!state_->options.leases || live.error().code != ErrorCode::unavailable)
                                 co_return std::unexpected(live.error());
                               auto others = co_await state_->options.leases->others(id);
                               if (!others) co_return std::unexpected(std::move(others.error()));
                               const auto role = State::role_in(principal, others->record);
                               if (!role) co_return no_such_workspace();
                               if (*role < needed) co_return role_too_low();
                               co_return state_->view_of(others->record, others->stops_at);
                             });
}

net::Task<Result<rest::Workspace>> Workspaces::create(Principal principal, rest::CreateWorkspace::Body body,
                                                      std::optional<NewImport> import) {
  co_return co_await at_home(
      state_->home, [this, &principal, &body, &import]() -> net::Task<Result<rest::Workspace>> {
        auto& state = *state_;
        if (auto good = check_name(body.name); !good) co_return std::unexpected(good.error());
        if (!state.templates.find(body.template_id))
          co_return failure(ErrorCode::invalid_argument, "body.template_id: there is no such template");
        // Asked before (Teams::admit), and looked at again here.
        if (body.team && (!principal.in_team || principal.in_team->team != *body.team ||
                          principal.in_team->role < protocol::Role::editor))
          co_return failure(ErrorCode::permission_denied, "Your role in this team does not allow this.");
        const auto owner = body.team.value_or(principal.account);
        const auto limits = co_await state.limits_of(owner);
        if (!limits) co_return std::unexpected(limits.error());
        const bool start = body.start.value_or(true);
        std::optional<std::string> ready;
        if (start) {
          const auto records = co_await state.records_of(owner);
          if (!records) co_return std::unexpected(records.error());
          if (auto room = State::room_to_run(*records, limits->running); !room)
            co_return std::unexpected(std::move(room.error()));
          // Not for somebody who gets none: what is claimed and not used is lost.
          if (!import && std::ssize(*records) < limits->workspaces && state.backend.keeps_ready())
            ready = co_await state.claim_ready(body.template_id);
        }
        auto live = std::make_shared<LiveWorkspace>();
        live->record = {.id = ready.value_or(random_id(workspace_id_length)),
                        .account = owner,
                        .name = body.name,
                        .template_id = body.template_id,
                        .state = WorkspaceState::stopped,
                        .reason = {},
                        .created = state.clock(),
                        .last_used = state.clock(),
                        .started = {}};
        live->touched = live->record.last_used;
        if (import) live->record.pending_import = protocol::to_text(protocol::encode(import->begin));
        live->upload_comes = import && import->upload;
        if (state.options.leases)
          if (auto taken = co_await state.options.leases->take_new(live->record.id); !taken) {
            if (ready) co_await state.end_unused(*ready);  // nobody has been asked for a row
            co_return std::unexpected(std::move(taken.error()));
          }
        auto inserted =
            co_await net::offload(state.pool, [&state, record = live->record, most = limits->workspaces] {
              return state.store.insert(record, most);
            });
        if (!inserted) {
          if (ready) co_await state.end_unmade(*ready, inserted.error().code);  // while it is still ours
          if (state.options.leases) co_await state.options.leases->give_back(live->record.id);
          co_return std::unexpected(inserted.error());
        }
        // A lease that was lost meanwhile: the row is there, and whoever takes the workspace over has it.
        if (state.options.leases &&
            (!state.options.leases->holds(live->record.id) || state.all.contains(live->record.id)))
          co_return std::unexpected(may_have_happened(State::not_here().error()));
        state.all[live->record.id] = live;
        if (start) {
          live->busy = true;
          // It is made, but does not run.
          if (auto begun = co_await state.begin_start(live); !begun)
            co_return std::unexpected(may_have_happened(std::move(begun.error())));
          co_await state.wait_unclaimed(live, steady_clock::now() + state.options.start_answer);
        }
        co_return state.view(*live);
      });
}

net::Task<Result<rest::Workspace>> Workspaces::begin_import(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto& state = *state_;
    auto found = state.find(principal, id, protocol::Role::owner);
    if (!found) co_return std::unexpected(found.error());
    const Live live = *found;
    auto claimed = co_await state.claim(live, steady_clock::now() + state.options.start_answer);
    if (!claimed) co_return std::unexpected(claimed.error());
    const State::Claim held{state, live};
    if (live->record.state != WorkspaceState::running) co_return State::in_use();
    live->upload_comes = false;
    if (auto begun = co_await state.begin_pending_import(live); !begun)
      co_return std::unexpected(begun.error());
    co_return state.view(*live);
  });
}

net::Task<Result<rest::Workspace>> Workspaces::update(Principal principal, std::string id,
                                                      rest::UpdateWorkspace::Body body) {
  co_return co_await at_home(
      state_->home, [this, &principal, &id, &body]() -> net::Task<Result<rest::Workspace>> {
        auto& state = *state_;
        auto live = state.find(principal, id, protocol::Role::owner);
        if (!live) co_return std::unexpected(live.error());
        if (body.name) {
          if (auto good = check_name(*body.name); !good) co_return std::unexpected(good.error());
          auto renamed = co_await net::offload(
              state.pool, [&state, id, name = *body.name] { return state.store.rename(id, name); });
          if (!renamed) co_return std::unexpected(renamed.error());
          (*live)->record.name = *body.name;
        }
        co_return state.view(**live);
      });
}

net::Task<Result<void>> Workspaces::remove(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<void>> {
    auto& state = *state_;
    auto live = state.find(principal, id, protocol::Role::owner);
    if (!live) co_return std::unexpected(live.error());
    const auto deadline = steady_clock::now() + 2 * state.options.start_answer;
    if (auto claimed = co_await state.claim(*live, deadline); !claimed) co_return claimed;
    (*live)->record.state = WorkspaceState::deleting;
    state.tasks.spawn(state.run_remove(*live));
    // Past the deadline it goes on; the list shows it as being deleted.
    if (co_await state.wait_unclaimed(*live, deadline) && !(*live)->gone)
      co_return failure(ErrorCode::unavailable, (*live)->record.reason);
    co_return Result<void>{};
  });
}

net::Task<Result<rest::Workspace>> Workspaces::start(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto& state = *state_;
    auto found = state.find(principal, id, protocol::Role::editor);
    if (!found) co_return std::unexpected(found.error());
    const Live live = *found;
    const auto deadline = steady_clock::now() + state.options.start_answer;
    if (live->record.state == WorkspaceState::starting && live->busy) {
      co_await state.wait_unclaimed(live, deadline);
      co_return state.view(*live);
    }
    if (auto claimed = co_await state.claim(live, deadline); !claimed)
      co_return std::unexpected(claimed.error());
    if (live->record.state == WorkspaceState::running) {
      state.release(*live);
      co_return state.view(*live);
    }
    // One that waits to be started again does so now, and does not count twice.
    if (live->record.state == WorkspaceState::starting) live->record.state = WorkspaceState::stopped;
    if (auto begun = co_await state.begin_start(live); !begun) co_return std::unexpected(begun.error());
    state.touch(live);
    co_await state.wait_unclaimed(live, deadline);
    co_return state.view(*live);
  });
}

net::Task<Result<rest::Workspace>> Workspaces::stop(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto& state = *state_;
    auto found = state.find(principal, id, protocol::Role::editor);
    if (!found) co_return std::unexpected(found.error());
    const Live live = *found;
    const auto deadline = steady_clock::now() + 2 * state.options.start_answer;
    if (auto claimed = co_await state.claim(live, deadline); !claimed)
      co_return std::unexpected(claimed.error());
    if (live->record.state == WorkspaceState::starting) {  // it waits to be started again: not any more
      const State::Claim held{state, live};
      co_await state.set_state(live, WorkspaceState::stopped, "");
      co_return state.view(*live);
    }
    if (live->record.state != WorkspaceState::running) {
      state.release(*live);
      co_return state.view(*live);
    }
    live->record.state = WorkspaceState::stopping;
    state.tasks.spawn(state.run_stop(live, ""));
    co_await state.wait_unclaimed(live, deadline);
    co_return state.view(*live);
  });
}

net::Task<Result<rest::Workspace>> Workspaces::stay(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto live = state_->find(principal, id, protocol::Role::editor);
    if (!live) co_return std::unexpected(live.error());
    (*live)->stayed = state_->clock();
    (*live)->warned.reset();
    (*live)->stops_at.reset();
    co_return state_->view(**live);
  });
}

net::Task<Result<RunnerTarget>> Workspaces::runner_target(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<RunnerTarget>> {
    const auto not_running = [] {
      return failure(ErrorCode::unavailable, "The workspace is not running; start it first.");
    };
    auto live = state_->find(principal, id, protocol::Role::viewer);
    if (!live) {
      if (!state_->options.leases || live.error().code != ErrorCode::unavailable)
        co_return std::unexpected(live.error());
      // From any server straight to the runner: who looks after the workspace may come and go meanwhile.
      auto others = co_await state_->options.leases->others(id);
      if (!others) co_return std::unexpected(std::move(others.error()));
      const auto& record = others->record;
      const auto role = State::role_in(principal, record);
      if (!role) co_return no_such_workspace();
      if (record.state != WorkspaceState::running || !others->address) co_return not_running();
      state_->touch_others(record);
      co_return RunnerTarget{*others->address, *role};
    }
    if ((*live)->record.state != WorkspaceState::running || !(*live)->address) co_return not_running();
    state_->touch(*live);
    co_return RunnerTarget{*(*live)->address,
                           State::role_in(principal, (*live)->record).value_or(protocol::Role::viewer)};
  });
}

void Workspaces::take(WorkspaceRecord workspace) { state_->take(std::move(workspace)); }

net::Task<void> Workspaces::drop(std::string workspace) { co_await state_->drop(std::move(workspace)); }

std::vector<std::string> Workspaces::idle() const { return state_->idle(); }

}  // namespace berth::server

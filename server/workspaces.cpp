// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask of workspaces: lookups, checks, and handing the long part to an operation.
#include "server/workspaces.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/at_home.hpp"
#include "server/random_id.hpp"
#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;
using std::chrono::steady_clock;

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
      options(given),
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
      }) {}

Workspaces::Workspaces(boost::asio::any_io_executor home, WorkspaceStore& store, WorkspaceBackend& backend,
                       RunnerAccess& runners, SessionEvents& events, Settings& settings,
                       const TemplateCatalog& templates, boost::asio::thread_pool& pool, Clock clock,
                       Options options)
    : state_(std::make_shared<State>(std::move(home), store, backend, runners, events, settings, templates,
                                     pool, std::move(clock), options)) {}

Workspaces::~Workspaces() = default;

Result<Live> Workspaces::State::find(const Principal& principal, const std::string& id) const {
  const auto it = all.find(id);
  if (it == all.end() || it->second->record.account != principal.account) return no_such_workspace();
  return it->second;
}

rest::Workspace Workspaces::State::view(const LiveWorkspace& live) const {
  const auto& record = live.record;
  const auto* from = templates.find(record.template_id);
  return {.id = record.id,
          .name = record.name,
          .template_id = record.template_id,
          .state = record.state,
          .reason = record.reason,
          .created = record.created,
          .last_used = record.last_used,
          .started = record.started,
          .stops_at = live.stops_at,
          .run_command = from ? from->run_command : "",
          .port = from ? from->port : std::nullopt,
          .open_file = from ? from->open_file : ""};
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
  if (live->gone) co_return no_such_workspace();
  if (closing) co_return failure(ErrorCode::unavailable, "The server is shutting down.");
  live->busy = true;
  co_return Result<void>{};
}

void Workspaces::State::release(LiveWorkspace& live) {
  live.busy = false;
  for (auto* timer : live.waiting) timer->cancel();
}

std::int64_t Workspaces::State::running_count(const std::string& account) const {
  return std::ranges::count_if(all, [&](const auto& entry) {
    const auto& record = entry.second->record;
    return record.account == account &&
           (record.state == WorkspaceState::starting || record.state == WorkspaceState::running ||
            record.state == WorkspaceState::stopping);
  });
}

net::Task<Result<void>> Workspaces::State::begin_start(Live live) {
  const auto most = settings.current().running_per_account;
  if (running_count(live->record.account) >= most) {
    release(*live);
    co_return failure(ErrorCode::limit_exceeded,
                      "You have " + std::to_string(most) +
                          " workspaces running, the most this server allows; stop one first.");
  }
  live->record.state = WorkspaceState::starting;  // at once, so that the next count sees it
  live->record.reason.clear();
  tasks.spawn(run_start(live));
  co_return Result<void>{};
}

void Workspaces::State::touch(Live live) {
  const auto now = clock();
  live->record.last_used = now;
  if (now - live->touched < 60'000) return;
  live->touched = now;
  tasks.spawn([](State& state, std::string id, std::int64_t time) -> net::Task<void> {
    auto stored =
        co_await net::offload(state.pool, [&state, id, time] { return state.store.touch(id, time); });
    if (!stored && stored.error().code != ErrorCode::not_found)
      spdlog::error("workspace {}: {}", id, stored.error().detail);
  }(*this, live->record.id, now));
}

net::Task<Result<void>> Workspaces::adopt() {
  co_return co_await at_home(state_->home, [this] { return state_->adopt(); });
}

net::Task<void> Workspaces::shutdown() {
  co_return co_await at_home(state_->home, [this] { return state_->shutdown(); });
}

net::Task<Result<std::vector<rest::Workspace>>> Workspaces::list(Principal principal) {
  co_return co_await at_home(state_->home,
                             [this, &principal]() -> net::Task<Result<std::vector<rest::Workspace>>> {
                               std::vector<rest::Workspace> own;
                               for (const auto& [id, live] : state_->all)
                                 if (live->record.account == principal.account)
                                   own.push_back(state_->view(*live));
                               std::ranges::sort(own, [](const auto& a, const auto& b) {
                                 return std::pair(-a.last_used, a.id) < std::pair(-b.last_used, b.id);
                               });
                               co_return own;
                             });
}

net::Task<Result<rest::Workspace>> Workspaces::get(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto live = state_->find(principal, id);
    if (!live) co_return std::unexpected(live.error());
    co_return state_->view(**live);
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
        const auto limits = state.settings.current();
        const bool start = body.start.value_or(true);
        if (start && state.running_count(principal.account) >= limits.running_per_account)
          co_return failure(ErrorCode::limit_exceeded,
                            "You have " + std::to_string(limits.running_per_account) +
                                " workspaces running, the most this server allows; stop one first.");
        auto live = std::make_shared<LiveWorkspace>();
        live->record = {.id = random_id(workspace_id_length),
                        .account = principal.account,
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
        auto inserted = co_await net::offload(
            state.pool, [&state, record = live->record, most = limits.workspaces_per_account] {
              return state.store.insert(record, most);
            });
        if (!inserted) co_return std::unexpected(inserted.error());
        state.all[live->record.id] = live;
        if (start) {
          live->busy = true;
          if (auto begun = co_await state.begin_start(live); !begun) co_return std::unexpected(begun.error());
          co_await state.wait_unclaimed(live, steady_clock::now() + state.options.start_answer);
        }
        co_return state.view(*live);
      });
}

net::Task<Result<rest::Workspace>> Workspaces::begin_import(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto& state = *state_;
    auto found = state.find(principal, id);
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
        auto live = state.find(principal, id);
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
    auto live = state.find(principal, id);
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
    auto found = state.find(principal, id);
    if (!found) co_return std::unexpected(found.error());
    const Live live = *found;
    const auto deadline = steady_clock::now() + state.options.start_answer;
    if (live->record.state == WorkspaceState::starting) {
      co_await state.wait_unclaimed(live, deadline);
      co_return state.view(*live);
    }
    if (auto claimed = co_await state.claim(live, deadline); !claimed)
      co_return std::unexpected(claimed.error());
    if (live->record.state == WorkspaceState::running) {
      state.release(*live);
      co_return state.view(*live);
    }
    if (auto begun = co_await state.begin_start(live); !begun) co_return std::unexpected(begun.error());
    state.touch(live);
    co_await state.wait_unclaimed(live, deadline);
    co_return state.view(*live);
  });
}

net::Task<Result<rest::Workspace>> Workspaces::stop(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<rest::Workspace>> {
    auto& state = *state_;
    auto found = state.find(principal, id);
    if (!found) co_return std::unexpected(found.error());
    const Live live = *found;
    const auto deadline = steady_clock::now() + 2 * state.options.start_answer;
    if (auto claimed = co_await state.claim(live, deadline); !claimed)
      co_return std::unexpected(claimed.error());
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
    auto live = state_->find(principal, id);
    if (!live) co_return std::unexpected(live.error());
    (*live)->stayed = state_->clock();
    (*live)->warned.reset();
    (*live)->stops_at.reset();
    co_return state_->view(**live);
  });
}

net::Task<Result<RunnerTarget>> Workspaces::runner_target(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<RunnerTarget>> {
    auto live = state_->find(principal, id);
    if (!live) co_return std::unexpected(live.error());
    if ((*live)->record.state != WorkspaceState::running || !(*live)->address)
      co_return failure(ErrorCode::unavailable, "The workspace is not running; start it first.");
    state_->touch(*live);
    co_return RunnerTarget{*(*live)->address, protocol::Role::owner};
  });
}

}  // namespace berth::server

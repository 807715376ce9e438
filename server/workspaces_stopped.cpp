// SPDX-License-Identifier: GPL-3.0-or-later
// The files of workspaces that are stopped: where they are read, when they may be changed, and versions that
// are made without their homes.
#include <algorithm>

#include "server/at_home.hpp"
#include "server/workspaces_state.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;
using std::chrono::steady_clock;

bool is_stopped(WorkspaceState state) {
  return state == WorkspaceState::stopped || state == WorkspaceState::failed;
}

std::unexpected<Error> only_while_it_runs() {
  return failure(ErrorCode::unavailable,
                 "This workspace's files can be reached only while it runs; start it first.");
}

}  // namespace

net::Task<Result<void>> Workspaces::State::set_home(Live live, HomeState state) {
  if (live->record.home == state) co_return Result<void>{};
  auto record = live->record;
  record.home = state;
  auto stored = co_await net::offload(pool, [this, record] { return store.update_state(record); });
  if (stored) live->record.home = state;
  co_return stored;
}

net::Task<Result<std::filesystem::path>> Workspaces::State::ask_for_home(Live live) {
  if (backend.home_keeping() != HomeKeeping::folder) co_return only_while_it_runs();
  auto folder = co_await ask_backend(
      [this, id = live->record.id, from = live->record.template_id] { return backend.home(id, from); });
  if (!folder) co_return std::unexpected(folder.error());
  if (!*folder) co_return only_while_it_runs();
  co_return std::move(**folder);
}

/// Whether the place has a home at all.
net::Task<Result<bool>> Workspaces::State::has_home(Live live) {
  auto homes = co_await ask_backend([this] { return backend.list(); });
  if (!homes) co_return std::unexpected(homes.error());
  co_return std::ranges::find(*homes, live->record.id) != homes->end();
}

net::Task<Result<std::filesystem::path>> Workspaces::State::home_of_stopped(Live live) {
  if (auto claimed = co_await claim(live, steady_clock::now() + options.start_answer); !claimed)
    co_return std::unexpected(claimed.error());
  const Claim held{*this, live};
  if (!is_stopped(live->record.state)) co_return in_use();
  co_return co_await ask_for_home(live);
}

net::Task<Result<WorkspaceFiles*>> Workspaces::State::files_of_stopped(Live live, FileUse use) {
  if (auto claimed = co_await claim(live, steady_clock::now() + options.start_answer); !claimed)
    co_return std::unexpected(claimed.error());
  const Claim held{*this, live};
  if (!is_stopped(live->record.state)) co_return in_use();
  bool stored = false;  // there is a version to show instead of the home
  if (options.versions && options.stored_files) {
    auto versions = co_await options.versions->has_versions(live->record.id);
    if (!versions) co_return std::unexpected(versions.error());
    stored = *versions;
  }
  bool from_home = backend.home_keeping() == HomeKeeping::folder;
  if (stored && from_home) {
    auto there = co_await has_home(live);
    if (!there) co_return std::unexpected(there.error());
    from_home = *there && live->record.home != HomeState::behind;
  }
  Result<std::filesystem::path> folder = only_while_it_runs();
  if (from_home) folder = co_await ask_for_home(live);
  if (!folder && folder.error().code != ErrorCode::unavailable) co_return std::unexpected(folder.error());
  if (!folder && (!stored || use == FileUse::change)) co_return std::unexpected(folder.error());
  if (!folder) co_return options.stored_files;
  if (use == FileUse::change)
    if (auto known = co_await set_home(live, HomeState::ahead); !known)
      co_return std::unexpected(known.error());
  stopped_files.set_home(live->record.id, *folder);
  co_return &stopped_files;
}

net::Task<Result<WorkspaceFiles*>> Workspaces::files(Principal principal, std::string id, FileUse use) {
  co_return co_await at_home(
      state_->home, [this, &principal, &id, use]() -> net::Task<Result<WorkspaceFiles*>> {
        auto live = state_->find(principal, id,
                                 use == FileUse::read ? protocol::Role::viewer : protocol::Role::editor);
        if (!live) co_return std::unexpected(live.error());
        co_await state_->wait_unclaimed(*live, steady_clock::now() + state_->options.start_answer);
        if ((*live)->record.state == WorkspaceState::running) co_return &state_->runners;
        co_return co_await state_->files_of_stopped(*live, use);
      });
}

net::Task<Result<std::filesystem::path>> Workspaces::home_folder(Principal principal, std::string id) {
  co_return co_await at_home(state_->home,
                             [this, &principal, &id]() -> net::Task<Result<std::filesystem::path>> {
                               auto live = state_->find(principal, id, protocol::Role::viewer);
                               if (!live) co_return std::unexpected(live.error());
                               co_return co_await state_->home_of_stopped(*live);
                             });
}

net::Task<Result<bool>> Workspaces::home_is_ahead(Principal principal, std::string id) {
  co_return co_await at_home(state_->home, [this, &principal, &id]() -> net::Task<Result<bool>> {
    auto live = state_->find(principal, id, protocol::Role::viewer);
    if (!live) co_return std::unexpected(live.error());
    co_return co_await state_->holds_more(*live);
  });
}

net::Task<Result<bool>> Workspaces::State::holds_more(Live live) {
  if (!is_stopped(live->record.state) || live->record.home != HomeState::ahead) co_return false;
  if (backend.home_keeping() == HomeKeeping::with_run) co_return false;  // it ended with it
  // One that has run has its volume; to list all of a cluster's for each question costs too much.
  if (backend.home_keeping() == HomeKeeping::volume) co_return true;
  co_return co_await has_home(live);
}

net::Task<Result<void>> Workspaces::store_while_stopped(Principal principal, std::string id,
                                                        StoppedChange change, StoppedWork work) {
  co_return co_await at_home(
      state_->home, [this, &principal, &id, change, &work]() -> net::Task<Result<void>> {
        auto& state = *state_;
        auto found = state.find(principal, id, protocol::Role::editor);
        if (!found) co_return std::unexpected(found.error());
        const Live live = *found;
        auto claimed = co_await state.claim(live, steady_clock::now() + state.options.start_answer);
        if (!claimed) co_return claimed;
        const State::Claim held{state, live};
        if (!is_stopped(live->record.state)) co_return State::in_use();
        if (change != StoppedChange::everything) {
          auto more = co_await state.holds_more(live);
          if (!more) co_return std::unexpected(more.error());
          if (*more)
            co_return failure(ErrorCode::conflict,
                              "The workspace's home has changes that are not stored yet. Start it first.");
        }
        if (state.options.versions) co_await state.options.versions->settled(id);
        const auto before = live->record.home;
        // Before the version: one that nobody knows of would stay out of the home's files.
        if (change != StoppedChange::nothing)
          if (auto known = co_await state.set_home(live, HomeState::behind); !known) co_return known;
        auto done = co_await work();
        // An answer that was lost may have been a success.
        if (!done && done.error().code != ErrorCode::unavailable) (void)co_await state.set_home(live, before);
        co_return done;
      });
}

net::Task<Result<protocol::rest::Workspace>> Workspaces::transfer(Principal principal, std::string id,
                                                                  std::string to, TransferWork work) {
  co_return co_await at_home(
      state_->home, [this, &principal, &id, &to, &work]() -> net::Task<Result<protocol::rest::Workspace>> {
        auto& state = *state_;
        auto found = state.find(principal, id, protocol::Role::owner);
        if (!found) co_return std::unexpected(found.error());
        const Live live = *found;
        auto claimed = co_await state.claim(live, steady_clock::now() + state.options.start_answer);
        if (!claimed) co_return std::unexpected(claimed.error());
        const State::Claim held{state, live};
        if (!is_stopped(live->record.state))
          co_return failure(ErrorCode::conflict, "Stop the workspace first; then it can be handed over.");
        if (state.options.versions) co_await state.options.versions->settled(id);
        const auto limits = co_await state.limits_of(to);
        if (!limits) co_return std::unexpected(limits.error());
        auto done = co_await work(limits->workspaces);
        // An answer that was lost may have been a success.
        const auto row = co_await net::offload(state.pool, [&] { return state.store.find(id); });
        if (row) live->record.account = row->account;
        if (!row && done) live->record.account = to;
        if (!done && !(row && row->account == to)) co_return std::unexpected(std::move(done.error()));
        co_return state.view(*live);
      });
}

}  // namespace berth::server

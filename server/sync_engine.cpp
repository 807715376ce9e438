// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sync_engine.hpp"
#include "server/at_home.hpp"

#include <spdlog/spdlog.h>

namespace berth::server {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds engine_shutdown_patience{10};

void report(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& end) {
    if (end.code() != asio::error::operation_aborted) spdlog::error("storing: {}", end.what());
  } catch (const std::exception& end) {
    spdlog::error("storing: {}", end.what());
  }
}

}  // namespace

SyncEngine::SyncEngine(asio::any_io_executor home, RunnerAccess& runners, ObjectStore& objects,
                       VersionStore& versions, Clock clock, Options options)
    : home_(home),
      runners_(runners),
      options_(options),
      tasks_(home, report),
      parts_{runners, objects, versions, threads_, tasks_, std::move(clock)} {}

SyncEngine::~SyncEngine() { threads_.join(); }

SyncEngine::Home SyncEngine::make(WorkspaceOwner workspace) {
  auto home = std::make_shared<SyncedHome>(parts_, runners_, home_, workspace, options_);
  homes_[workspace.workspace] = home;
  return home;
}

Result<SyncEngine::Home> SyncEngine::find(const std::string& workspace) const {
  if (const auto found = homes_.find(workspace); found != homes_.end()) return found->second;
  return failure(ErrorCode::unavailable, "The workspace does not run. Start it first.");
}

void SyncEngine::run(const Home& home, bool adopted) {
  tasks_.spawn([home, adopted] { return home->run(adopted); });
}

net::Task<Result<bool>> SyncEngine::has_versions(std::string workspace) {
  auto newest = co_await net::offload(threads_, [&] { return parts_.versions.latest(workspace); });
  if (!newest) co_return std::unexpected(std::move(newest.error()));
  co_return newest->has_value();
}

net::Task<Result<std::vector<protocol::PathProblem>>> SyncEngine::begin(WorkspaceOwner workspace,
                                                                        BeforeHomeChanges before_change) {
  co_return co_await at_home(
      home_, [this, workspace, before_change]() -> net::Task<Result<std::vector<protocol::PathProblem>>> {
        end(workspace.workspace);
        co_await wait_ended(workspace.workspace);
        const auto home = make(workspace);
        auto problems = co_await home->bring_back(before_change);
        if (problems) {
          run(home, false);
        } else {
          end(workspace.workspace);
        }
        co_return problems;
      });
}

void SyncEngine::resume(WorkspaceOwner workspace) {
  if (homes_.contains(workspace.workspace)) return;
  run(make(std::move(workspace)), true);
}

void SyncEngine::end(const std::string& workspace) {
  const auto found = homes_.find(workspace);
  if (found == homes_.end()) return;
  found->second->end();
  ending_[workspace] = std::move(found->second);
  homes_.erase(found);
  tasks_.spawn([this, workspace] { return wait_ended(workspace); });
}

net::Task<void> SyncEngine::wait_ended(std::string workspace) {
  const auto found = ending_.find(workspace);
  if (found == ending_.end()) co_return;
  const auto home = found->second;
  co_await home->ended();
  if (const auto still = ending_.find(workspace); still != ending_.end() && still->second == home)
    ending_.erase(still);
}

net::Task<Result<void>> SyncEngine::store_for_stop(std::string workspace) {
  co_return co_await at_home(home_, [this, workspace]() -> net::Task<Result<void>> {
    auto home = find(workspace);
    if (!home) co_return std::unexpected(std::move(home.error()));
    co_return co_await (*home)->store_for_stop();
  });
}

net::Task<void> SyncEngine::settled(std::string workspace) {
  co_await at_home(home_, [this, workspace]() -> net::Task<void> { co_await wait_ended(workspace); });
}

net::Task<Result<VersionRecord>> SyncEngine::store_now(std::string workspace, VersionRequest request) {
  co_return co_await at_home(home_, [this, workspace, request]() -> net::Task<Result<VersionRecord>> {
    auto home = find(workspace);
    if (!home) co_return std::unexpected(std::move(home.error()));
    co_return co_await (*home)->store_now(request);
  });
}

net::Task<Result<RestoredVersion>> SyncEngine::restore(std::string workspace, std::string version,
                                                       std::string path, std::string author) {
  co_return co_await at_home(
      home_, [this, workspace, version, path, author]() -> net::Task<Result<RestoredVersion>> {
        auto home = find(workspace);
        if (!home) co_return std::unexpected(std::move(home.error()));
        co_return co_await (*home)->restore(version, path, author);
      });
}

net::Task<Result<void>> SyncEngine::remove(std::string workspace) {
  co_return co_await at_home(home_, [this, workspace]() -> net::Task<Result<void>> {
    end(workspace);
    co_await wait_ended(workspace);
    co_return co_await net::offload(threads_, [&] { return parts_.versions.remove_all(workspace); });
  });
}

void SyncEngine::store_again(const std::string& owner) {
  for (const auto& [workspace, home] : homes_)
    if (home->owner() == owner) home->store_again();
}

net::Task<void> SyncEngine::shutdown() {
  co_await at_home(home_, [this]() -> net::Task<void> {
    for (const auto& [workspace, home] : homes_) home->end();
    if (!co_await tasks_.shutdown(engine_shutdown_patience))
      spdlog::warn("storing did not end in time; it goes on at the next start");
  });
}

}  // namespace berth::server

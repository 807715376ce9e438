// SPDX-License-Identifier: GPL-3.0-or-later
// A backend in memory, for tests of what stands above backends: it keeps the contract, or breaks it in one
// chosen way.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "server/workspace_backend.hpp"

namespace berth::server {

/// Odd but allowed: `start_takes`, `never_ready`. Against the contract, to see that tests notice: the rest.
struct FakeBehaviour {
  std::chrono::milliseconds start_takes{0};
  std::chrono::milliseconds stop_takes{0};
  bool never_ready = false;      // start() gives up after start_takes with timeout
  bool forgets_to_list = false;  // list() is empty
  bool calls_running_absent = false;
  bool address_changes = false;  // a second start() answers another key
  bool stop_does_nothing = false;
  bool forgets_while_running = false;
  bool failed_start_leaves_it = false;  // with never_ready: it shows as running afterwards
  bool fills_empty_homes = false;       // with the template's files, though the start asks for none
  bool empties_homes = false;           // that are there, at a start that asks for an empty one
  bool limits = true;
};

class FakeBackend final : public WorkspaceBackend {
 public:
  explicit FakeBackend(FakeBehaviour behaviour = {}) : behaviour_(behaviour) {}

  /// Changes while it is in use; for what happens next.
  void behave(FakeBehaviour behaviour) {
    const std::scoped_lock lock(mutex_);
    behaviour_ = behaviour;
  }

  /// The runner ends by itself.
  void fail(const std::string& workspace, std::string reason) {
    const std::scoped_lock lock(mutex_);
    places_[workspace].status = {BackendState::failed, std::move(reason), {}};
  }

  /// Something that runs here though nobody started it: an orphan of another life.
  void add_running(const std::string& workspace) {
    const std::scoped_lock lock(mutex_);
    places_[workspace] = {running(workspace), true, starter_files()};
  }

  bool dialable(const RunnerAddress& address) const {
    const std::scoped_lock lock(mutex_);
    return std::ranges::any_of(places_, [&](const auto& place) {
      const auto& known = place.second.status.address;
      return place.second.status.state == BackendState::running && known &&
             known->unix_path == address.unix_path && known->runner_key == address.runner_key;
    });
  }

  /// What lies in a home: paths, in order; nullopt where there is none.
  std::optional<std::vector<std::string>> home_files(const std::string& workspace) const {
    const std::scoped_lock lock(mutex_);
    const auto place = places_.find(workspace);
    if (place == places_.end() || !place->second.has_home) return std::nullopt;
    return place->second.files;
  }

  int starts() const { return starts_; }
  int stops() const { return stops_; }

  Result<RunnerAddress> start(const StartRequest& request) override {
    std::unique_lock lock(mutex_);
    ++starts_;
    if (!valid(request.workspace))
      return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
    if (request.template_id == "no-such-template")
      return failure(ErrorCode::not_found, "There is no such template.");
    const auto before = places_[request.workspace];
    if (before.status.state == BackendState::stopping)
      return failure(ErrorCode::unavailable, "It is stopping.");
    if (before.status.state == BackendState::running) {
      if (behaviour_.address_changes) places_[request.workspace].status = running(request.workspace);
      return *places_[request.workspace].status.address;
    }
    const auto behaviour = behaviour_;
    auto files = before.files;
    const bool empty = request.empty_home && !behaviour.fills_empty_homes;
    if (!before.has_home) files = empty ? std::vector<std::string>{"project"} : starter_files();
    if (before.has_home && request.empty_home && behaviour.empties_homes) files = {"project"};
    places_[request.workspace] = {{BackendState::starting, "", {}}, true, std::move(files)};
    lock.unlock();
    using protocol::rest::StartPhase;
    for (const auto phase : {StartPhase::image, StartPhase::files, StartPhase::runner}) request.tell(phase);
    std::this_thread::sleep_for(behaviour.start_takes);
    lock.lock();
    auto& place = places_[request.workspace];
    if (behaviour.never_ready) {
      place.status = behaviour.failed_start_leaves_it ? running(request.workspace) : BackendStatus{};
      return failure(ErrorCode::timeout, "The workspace did not become ready in time.");
    }
    place.status = running(request.workspace);
    return *place.status.address;
  }

  Result<BackendStatus> poll(const std::string& workspace) override {
    const std::scoped_lock lock(mutex_);
    if (!valid(workspace)) return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
    const auto place = places_.find(workspace);
    if (place == places_.end() || behaviour_.calls_running_absent) return BackendStatus{};
    return place->second.status;
  }

  Result<void> stop(const std::string& workspace, int) override {
    std::unique_lock lock(mutex_);
    ++stops_;
    if (!valid(workspace)) return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
    const auto place = places_.find(workspace);
    if (place == places_.end() || behaviour_.stop_does_nothing) return {};
    place->second.status = {BackendState::stopping, "", {}};
    const auto behaviour = behaviour_;
    lock.unlock();
    std::this_thread::sleep_for(behaviour.stop_takes);
    lock.lock();
    places_[workspace].status = {};
    return {};
  }

  Result<void> forget(const std::string& workspace) override {
    const std::scoped_lock lock(mutex_);
    if (!valid(workspace)) return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
    const auto place = places_.find(workspace);
    if (place == places_.end()) return {};
    if (place->second.status.state == BackendState::running && !behaviour_.forgets_while_running)
      return failure(ErrorCode::conflict, "The workspace is running. Stop it first.");
    places_.erase(place);
    return {};
  }

  Result<std::vector<std::string>> list() override {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [id, place] : places_)
      if (place.has_home && !behaviour_.forgets_to_list) ids.push_back(id);
    return ids;
  }

  Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                    const std::string&) override {
    const std::scoped_lock lock(mutex_);
    auto& place = places_[workspace];
    if (!place.has_home) place.files = starter_files();
    place.has_home = true;
    return std::nullopt;
  }

  std::string describe() const override { return "a fake in memory"; }
  bool limits_enforced() const override { return behaviour_.limits; }

 private:
  struct Place {
    BackendStatus status;
    bool has_home = false;
    std::vector<std::string> files = {};
  };

  static std::vector<std::string> starter_files() { return {".profile", "project", "project/main"}; }

  static bool valid(const std::string& id) {
    return id.size() == 10 &&
           std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
  }

  BackendStatus running(const std::string& workspace) {
    RunnerAddress address;
    address.unix_path = "/nowhere/" + workspace;
    address.runner_key[0] = static_cast<unsigned char>(++keys_);
    return {BackendState::running, "", address};
  }

  mutable std::mutex mutex_;
  FakeBehaviour behaviour_;
  std::map<std::string, Place> places_;
  int keys_ = 0;
  std::atomic<int> starts_ = 0;
  std::atomic<int> stops_ = 0;
};

}  // namespace berth::server

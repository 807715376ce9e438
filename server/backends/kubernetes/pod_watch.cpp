// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/pod_watch.hpp"

#include <algorithm>

#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr std::size_t most_gone = 1'000;

}  // namespace

PodWatch::PodWatch(KubeClient& client, std::string name_space, std::function<void(const Error&)> trouble) {
  thread_ = std::jthread([this, &client, name_space = std::move(name_space),
                          trouble = std::move(trouble)](const std::stop_token& stop) {
    const WatchObserver observer{.listed = [this](const ObjectList& list) { take_list(list); },
                                 .changed = [this](const Json& pod) { take(pod); },
                                 .removed = [this](const Json& pod) { drop(pod); },
                                 .trouble =
                                     [this, &trouble](const Error& error) {
                                       {
                                         const std::lock_guard lock(mutex_);
                                         fresh_ = false;
                                       }
                                       if (trouble) trouble(error);
                                     },
                                 .alive =
                                     [this] {
                                       const std::lock_guard lock(mutex_);
                                       fresh_ = true;
                                     }};
    client.watch(pods, name_space, {.labels = workspace_selector(), .fields = {}}, observer, stop);
  });
}

bool PodWatch::is_gone(const std::string& uid) const { return std::ranges::find(gone_, uid) != gone_.end(); }

void PodWatch::complete(PodState& state) const {
  if (state.state != BackendState::starting || state.address.empty() || !answering_.contains(state.uid))
    return;
  state.state = BackendState::running;
  state.reason.clear();
  state.doing.clear();
  state.phase.reset();
}

PodState PodWatch::completed(PodState state) const {
  const std::lock_guard lock(mutex_);
  complete(state);
  return state;
}

void PodWatch::answered(const std::string& uid) {
  const std::lock_guard lock(mutex_);
  for (auto& [workspace, pod] : pods_) {
    if (pod.uid != uid || pod.state != BackendState::starting) continue;
    answering_.insert(uid);
    complete(pod);
  }
  changed_.notify_all();
}

void PodWatch::wait_until_told(const std::string& uid, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return !answering_.contains(uid); });
}

void PodWatch::take_list(const ObjectList& list) {
  const std::lock_guard lock(mutex_);
  pods_.clear();
  std::set<std::string> still;
  for (const auto& pod : list.items) {
    auto state = pod_state(pod);
    if (state.workspace.empty() || is_gone(state.uid)) continue;
    if (state.state == BackendState::starting && answering_.contains(state.uid)) still.insert(state.uid);
    complete(state);
    pods_[state.workspace] = std::move(state);
  }
  answering_ = std::move(still);
  fresh_ = true;
  changed_.notify_all();
}

void PodWatch::take(const Json& pod) {
  auto state = pod_state(pod);
  const std::lock_guard lock(mutex_);
  if (state.workspace.empty() || is_gone(state.uid)) return;
  if (state.state != BackendState::starting) answering_.erase(state.uid);
  complete(state);
  pods_[state.workspace] = std::move(state);
  changed_.notify_all();
}

void PodWatch::drop(const Json& pod) {
  const auto state = pod_state(pod);
  const std::lock_guard lock(mutex_);
  answering_.erase(state.uid);
  const auto known = pods_.find(state.workspace);
  if (known != pods_.end() && known->second.uid == state.uid) pods_.erase(known);
  changed_.notify_all();
}

void PodWatch::forget(const std::string& workspace, const std::string& uid) {
  const std::lock_guard lock(mutex_);
  answering_.erase(uid);
  gone_.push_back(uid);
  if (gone_.size() > most_gone) gone_.pop_front();
  const auto known = pods_.find(workspace);
  if (known != pods_.end() && known->second.uid == uid) pods_.erase(known);
  changed_.notify_all();
}

std::optional<PodState> PodWatch::find(const std::string& workspace) const {
  const std::lock_guard lock(mutex_);
  const auto known = pods_.find(workspace);
  return known == pods_.end() ? std::nullopt : std::optional(known->second);
}

std::map<std::string, PodState> PodWatch::all() const {
  const std::lock_guard lock(mutex_);
  return pods_;
}

std::vector<PodState> PodWatch::ready() const {
  std::vector<PodState> found;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, pod] : pods_)
    if (!pod.ready.empty()) found.push_back(pod);
  return found;
}

bool PodWatch::fresh() const {
  const std::lock_guard lock(mutex_);
  return fresh_;
}

bool PodWatch::wait(const std::string& workspace, std::chrono::steady_clock::time_point deadline,
                    const std::function<bool(const std::optional<PodState>&)>& holds) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [&] {
    const auto known = pods_.find(workspace);
    return holds(known == pods_.end() ? std::nullopt : std::optional(known->second));
  });
}

bool PodWatch::wait_until_fresh(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [&] { return fresh_; });
}

}  // namespace berth::server::kubernetes

// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of all workspaces' pods right now: kept by one watch on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backends/kubernetes/pod_state.hpp"

namespace berth::server::kubernetes {

class PodWatch {
 public:
  /// Begins to watch; `client` must outlive it. `trouble` is called on the watch's thread.
  PodWatch(KubeClient& client, std::string name_space, std::function<void(const Error&)> trouble = {});
  ~PodWatch() { thread_.request_stop(); }

  /// What is known of a workspace's pod; nullopt when none is.
  std::optional<PodState> find(const std::string& workspace) const;

  /// All pods that are known, by workspace.
  std::map<std::string, PodState> all() const;

  /// Those of them that nobody has asked for yet.
  std::vector<PodState> ready() const;

  /// Whether what is known can be taken for the truth: all was listed, and nothing went wrong since.
  bool fresh() const;

  /// Waits until `holds` for what is known of the workspace's pod; false at the deadline.
  bool wait(const std::string& workspace, std::chrono::steady_clock::time_point deadline,
            const std::function<bool(const std::optional<PodState>&)>& holds);

  /// Waits until all was listed once.
  bool wait_until_fresh(std::chrono::steady_clock::time_point deadline);

  /// The runner of this pod was reached: until its node says what it is, it runs.
  void answered(const std::string& uid);
  /// Waits until its node has said so itself.
  void wait_until_told(const std::string& uid, std::chrono::steady_clock::time_point deadline);
  /// What the API told, with what is known here besides.
  PodState completed(PodState state) const;

  /// The API says that this pod is gone: what the watch may still tell of it is old.
  void forget(const std::string& workspace, const std::string& uid);

 private:
  void take_list(const ObjectList& list);
  void take(const Json& pod);
  void drop(const Json& pod);
  // With the lock held:
  bool is_gone(const std::string& uid) const;
  void complete(PodState& state) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, PodState> pods_;
  std::deque<std::string> gone_;     // uids, the newest last
  std::set<std::string> answering_;  // uids of pods that run though the API does not say so yet
  bool fresh_ = false;
  std::jthread thread_;  // last: ends before the rest does
};

}  // namespace berth::server::kubernetes

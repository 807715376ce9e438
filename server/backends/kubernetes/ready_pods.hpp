// SPDX-License-Identifier: GPL-3.0-or-later
// Pods that run before anybody asks for them: how many there should be, which of them are good, who gets one.
// What is done to a pod is handed in, so that this knows no API. Each pod is claimed or ended by compare and
// swap on its revision, so several servers may keep one pool: none is given twice, and none is ended that
// somebody got.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/backends/kubernetes/pod_state.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::kubernetes {

/// One template's pool.
struct ReadyPool {
  StartRequest request;
  ReadyWish wish;
  std::string mark;  // of what its pods are made with now
};

/// What has to be done for pools to be as they should. Pure: `now` and a pod's `created` are the same
/// clock's. A pod of a template that nobody here wishes for may be another server's wish: it goes when it is
/// `unwished` old.
struct ReadyWork {
  std::vector<PodState> end;                   // too old, made with something else, ended, or too many
  std::map<std::string, std::size_t> missing;  // by template
};
ReadyWork plan_ready(const std::vector<PodState>& pods, const std::map<std::string, ReadyPool>& pools,
                     std::chrono::milliseconds unwished, std::chrono::system_clock::time_point now);

class ReadyPods {
 public:
  struct Place {
    std::function<bool()> fresh;                  // whether what is known can be taken for the truth
    std::function<std::vector<PodState>()> pods;  // with a ready label, as they are known
    std::function<bool(const std::string& workspace)> knows;    // of its pod, also one that was given
    std::function<Result<std::string>(const ReadyPool&)> make;  // gives the workspace that the pod is of
    /// False when somebody was first.
    std::function<Result<bool>(const PodState&)> claim, end;
    std::function<bool(const PodState&)> answers;    // whether its runner does; waits a second at most
    std::function<Result<void>()> finish_ends = {};  // does what an end could not do, each look
  };
  struct Pace {
    std::chrono::milliseconds look{1'000};
    std::chrono::milliseconds longest_pause{60'000};     // after attempts that fail
    std::chrono::milliseconds unused{600'000};           // that a claimed one may be without a start
    std::chrono::milliseconds unwished{24 * 3'600'000};  // age of pods of templates that nobody wishes for
  };

  /// Begins to keep pools; `trouble` is called on its thread.
  ReadyPods(Place place, Pace pace, std::function<void(const Error&)> trouble = {});
  ~ReadyPods() { thread_.request_stop(); }

  /// From now on, in the place of what was wished for the template before.
  void wish(ReadyPool pool);

  /// A running pod's workspace; nullopt when there is none. Any thread.
  Result<std::optional<std::string>> claim(const std::string& template_id);

 private:
  void keep(const std::stop_token& stop);
  /// False when something went wrong.
  bool look();
  void learn_who_answers(const std::vector<PodState>& pods);
  /// Those that were claimed and never started: whoever did so died before there was a workspace.
  std::vector<PodState> left_behind(const std::vector<PodState>& pods);
  /// How many of the pool's were made here and are not known yet.
  std::size_t unseen(const std::string& template_id, const ReadyPool& pool) const;

  const Place place_;
  const Pace pace_;
  const std::function<void(const Error&)> trouble_;
  std::mutex mutex_;
  std::map<std::string, ReadyPool> pools_;
  std::set<std::string> answering_;  // uids
  std::set<std::string> taken_;      // uids of pods that this server claimed and the watch may still show
  struct Made {
    std::string template_id, mark;
    std::chrono::steady_clock::time_point at;
  };
  // Of the thread alone.
  std::map<std::string, Made> made_;                                          // by workspace, until known
  std::map<std::string, std::chrono::steady_clock::time_point> taken_since_;  // by uid, as it was seen here
  std::jthread thread_;  // last: ends before the rest does
};

}  // namespace berth::server::kubernetes

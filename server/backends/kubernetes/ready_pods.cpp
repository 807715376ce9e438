// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/ready_pods.hpp"

#include <algorithm>
#include <iterator>

#include "server/backends/kubernetes/exec_plugin.hpp"
#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

// While berthd is updated, two servers make pods of different things, and each leaves the other's alone.
constexpr std::chrono::minutes foreign_patience{5};
// With a pod that is to end while it starts: older kubelets forget one that is deleted before they have said
// that it runs, until they look at all pods a minute later.
constexpr std::chrono::minutes start_patience{1};
// With a pod that was made here and that nothing is heard of.
constexpr std::chrono::minutes unseen_patience{1};

enum class Worth { good, foreign, none };

system_clock::duration age_of(const PodState& pod, system_clock::time_point now) {
  const auto created = parse_time(pod.created);
  return created ? now - *created : system_clock::duration(0);
}

Worth worth_of(const PodState& pod, const ReadyPool& pool, system_clock::time_point now) {
  if (pod.state != BackendState::running && pod.state != BackendState::starting) return Worth::none;
  const auto age = age_of(pod, now);
  if (age >= pool.wish.longest) return Worth::none;
  if (pod.mark == pool.mark) return Worth::good;
  return age < foreign_patience ? Worth::foreign : Worth::none;
}

}  // namespace

ReadyWork plan_ready(const std::vector<PodState>& pods, const std::map<std::string, ReadyPool>& pools,
                     milliseconds unwished, system_clock::time_point now) {
  ReadyWork work;
  std::map<std::string, std::vector<const PodState*>> good;
  for (const auto& pod : pods) {
    if (pod.state == BackendState::stopping || pod.ready == ready_taking) continue;
    const auto pool = pools.find(pod.ready);
    const auto worth = pool != pools.end()           ? worth_of(pod, pool->second, now)
                       : age_of(pod, now) < unwished ? Worth::foreign
                                                     : Worth::none;
    if (worth == Worth::good) good[pod.ready].push_back(&pod);
    if (worth == Worth::none) work.end.push_back(pod);
  }
  for (const auto& [id, pool] : pools) {
    auto& own = good[id];
    if (own.size() < pool.wish.count) work.missing[id] = pool.wish.count - own.size();
    // Those that run stay; of the others each server chooses the same ones.
    std::ranges::sort(own, {}, [](const PodState* pod) {
      return std::pair(pod->state != BackendState::running, pod->workspace);
    });
    for (auto at = pool.wish.count; at < own.size(); ++at) work.end.push_back(*own[at]);
  }
  std::erase_if(work.end, [&](const PodState& pod) {
    return pod.state == BackendState::starting && !pod.hopeless && age_of(pod, now) < start_patience;
  });
  return work;
}

ReadyPods::ReadyPods(Place place, Pace pace, std::function<void(const Error&)> trouble)
    : place_(std::move(place)), pace_(pace), trouble_(std::move(trouble)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

void ReadyPods::wish(ReadyPool pool) {
  const std::scoped_lock lock(mutex_);
  pools_[pool.request.template_id] = std::move(pool);
}

Result<std::optional<std::string>> ReadyPods::claim(const std::string& template_id) {
  const auto pods = place_.pods();
  for (const auto& pod : pods) {
    if (pod.ready != template_id || pod.state != BackendState::running) continue;
    {
      const std::scoped_lock lock(mutex_);
      const auto pool = pools_.find(template_id);
      if (pool == pools_.end() || pod.mark != pool->second.mark || !answering_.contains(pod.uid) ||
          !taken_.insert(pod.uid).second)
        continue;
    }
    auto claimed = place_.claim(pod);
    if (claimed && *claimed) return std::optional(pod.workspace);
    {
      // Another server's, or it has changed since: the watch will tell. One whose claim was done though
      // nobody heard so has another revision and another label now, and is not given again.
      const std::scoped_lock lock(mutex_);
      taken_.erase(pod.uid);
    }
    if (!claimed) return std::unexpected(std::move(claimed.error()));
  }
  return std::optional<std::string>();
}

void ReadyPods::keep(const std::stop_token& stop) {
  auto pause = pace_.look;
  while (pause_for(pause, stop)) pause = look() ? pace_.look : std::min(2 * pause, pace_.longest_pause);
}

std::size_t ReadyPods::unseen(const std::string& template_id, const ReadyPool& pool) const {
  return static_cast<std::size_t>(std::ranges::count_if(made_, [&](const auto& one) {
    return one.second.template_id == template_id && one.second.mark == pool.mark;
  }));
}

bool ReadyPods::look() {
  // Pods that are made for want of news would be too many, and those that are ended for it somebody's.
  if (!place_.fresh()) return true;
  bool well = true;
  const auto failed = [&](const Error& error) {
    if (trouble_) trouble_(error);
    well = false;
  };
  if (place_.finish_ends)
    if (auto finished = place_.finish_ends(); !finished) failed(finished.error());
  // First: what is known by now is among the pods below.
  std::erase_if(made_, [&](const auto& one) {
    return place_.knows(one.first) || steady_clock::now() - one.second.at >= unseen_patience;
  });
  const auto pods = place_.pods();
  learn_who_answers(pods);
  std::map<std::string, ReadyPool> pools;
  {
    const std::scoped_lock lock(mutex_);
    pools = pools_;
  }
  for (const auto& [id, pool] : pools)
    if (pool.wish.may && !pool.wish.may()) return well;  // another server sees to them all
  auto work = plan_ready(pods, pools, pace_.unwished, system_clock::now());
  std::ranges::move(left_behind(pods), std::back_inserter(work.end));
  for (const auto& pod : work.end) {
    // What ends by itself is made anew more slowly each time.
    if (pod.state == BackendState::failed) well = false;
    if (auto ended = place_.end(pod); !ended) failed(ended.error());
  }
  // One a look: people's starts come first, and another server may be at it, too.
  for (const auto& [id, count] : work.missing) {
    const auto& pool = pools.at(id);
    if (unseen(id, pool) >= count) continue;
    if (auto made = place_.make(pool))
      made_[*made] = {id, pool.mark, steady_clock::now()};
    else
      failed(made.error());
  }
  return well;
}

std::vector<PodState> ReadyPods::left_behind(const std::vector<PodState>& pods) {
  const auto now = steady_clock::now();
  std::map<std::string, steady_clock::time_point> since;
  std::vector<PodState> left;
  for (const auto& pod : pods) {
    if (pod.ready != ready_taking) continue;
    const auto known = taken_since_.find(pod.uid);
    const auto first = since[pod.uid] = known == taken_since_.end() ? now : known->second;
    if (now - first >= pace_.unused && pod.state != BackendState::stopping) left.push_back(pod);
  }
  taken_since_ = std::move(since);
  return left;
}

void ReadyPods::learn_who_answers(const std::vector<PodState>& pods) {
  std::set<std::string> known, there;
  {
    const std::scoped_lock lock(mutex_);
    known = answering_;
  }
  for (const auto& pod : pods) {
    there.insert(pod.uid);
    if (pod.state == BackendState::running && !known.contains(pod.uid) && place_.answers(pod))
      known.insert(pod.uid);
  }
  const std::scoped_lock lock(mutex_);
  std::erase_if(known, [&](const auto& uid) { return !there.contains(uid); });
  std::erase_if(taken_, [&](const auto& uid) { return !there.contains(uid); });
  answering_ = std::move(known);
}

}  // namespace berth::server::kubernetes

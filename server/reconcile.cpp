// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/reconcile.hpp"

#include <algorithm>
#include <set>

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

constexpr const char* being_ended =
    "The cluster is ending it, or its node does not answer. It starts again as soon as it has ended.";

class Reconciliation {
 public:
  Reconciliation(const ReconcileRule& rule, std::int64_t now, ReconcileMemory& memory)
      : rule_(rule), now_(now), memory_(memory) {}

  void look_at(const std::string& id, const DesiredWorkspace& wanted, const BackendStatus& actual) {
    if (wanted.busy) {
      if (wanted.state == WorkspaceState::starting && actual.state == BackendState::starting)
        tell(id, wanted, actual.reason);
      return;
    }
    if (wanted.state == WorkspaceState::running) return should_run(id, wanted, actual);
    if (wanted.state == WorkspaceState::starting) return restart(id, wanted, ReconcileStep::restart, "");
    if (wanted.state == WorkspaceState::stopped || wanted.state == WorkspaceState::failed)
      should_not_run(id, wanted, actual);
  }

  void unknown(const std::string& id, const BackendStatus& actual) {
    if (is_up(actual) && lasted(id, SeenWrong::As::unknown)) add(id, ReconcileStep::orphan);
  }

  void starts_under_way(std::size_t count) { starts_ = count; }

  /// What is not wrong any more is forgotten.
  std::vector<ReconcileAction> take() {
    std::erase_if(memory_, [&](const auto& known) { return !wrong_.contains(known.first); });
    return std::move(actions_);
  }

 private:
  static bool is_up(const BackendStatus& actual) {
    return actual.state == BackendState::running || actual.state == BackendState::starting;
  }

  void add(const std::string& id, ReconcileStep step, std::string text = {}) {
    actions_.push_back({id, step, std::move(text)});
  }

  void tell(const std::string& id, const DesiredWorkspace& wanted, const std::string& text) {
    if (wanted.trouble != text) add(id, ReconcileStep::tell, text);
  }

  /// Whether what is wrong with it was so for long enough; remembers that it is.
  bool lasted(const std::string& id, SeenWrong::As as) {
    wrong_.insert(id);
    auto& seen = memory_.try_emplace(id, as, now_).first->second;
    if (seen.as != as) seen = {as, now_};
    return now_ - seen.since >= rule_.patience;
  }

  void restart(const std::string& id, const DesiredWorkspace& wanted, ReconcileStep step, std::string text) {
    if (now_ < wanted.not_before || starts_ >= rule_.restarts_at_once) return;
    ++starts_;
    add(id, step, std::move(text));
  }

  void should_run(const std::string& id, const DesiredWorkspace& wanted, const BackendStatus& actual) {
    switch (actual.state) {
      case BackendState::running:
        if (actual.address && (!wanted.runner || *wanted.runner != actual.address->runner_key))
          add(id, ReconcileStep::attach);
        tell(id, wanted, actual.reason);
        break;
      case BackendState::starting:  // another server's start
        tell(id, wanted, actual.reason);
        break;
      case BackendState::stopping:
        tell(id, wanted, being_ended);
        break;
      case BackendState::failed:
        restart(id, wanted, ReconcileStep::look_then_restart, actual.reason);
        break;
      case BackendState::absent:
        restart(id, wanted, ReconcileStep::look_then_restart, "");
        break;
    }
  }

  void should_not_run(const std::string& id, const DesiredWorkspace& wanted, const BackendStatus& actual) {
    if (!is_up(actual) || !lasted(id, SeenWrong::As::unwanted)) return;
    // A home that is behind its newest version may be half of one: that is nothing to store.
    const bool holds_work = actual.state == BackendState::running && wanted.home != HomeState::behind;
    add(id, holds_work ? ReconcileStep::store_and_stop : ReconcileStep::stop);
  }

  const ReconcileRule& rule_;
  const std::int64_t now_;
  ReconcileMemory& memory_;
  std::set<std::string> wrong_;
  std::size_t starts_ = 0;
  std::vector<ReconcileAction> actions_;
};

}  // namespace

std::vector<ReconcileAction> reconcile(const std::map<std::string, DesiredWorkspace>& desired,
                                       const SeenWorkspaces& seen, const ReconcileRule& rule,
                                       std::int64_t now, ReconcileMemory& memory) {
  static const BackendStatus nothing;
  Reconciliation work(rule, now, memory);
  work.starts_under_way(static_cast<std::size_t>(std::ranges::count_if(desired, [](const auto& one) {
    return one.second.busy && one.second.state == WorkspaceState::starting;
  })));
  // Both are in order: one walk over both, whatever their sizes.
  auto actual = seen.begin();
  for (const auto& [id, wanted] : desired) {
    for (; actual != seen.end() && actual->first < id; ++actual) work.unknown(actual->first, actual->second);
    const bool there = actual != seen.end() && actual->first == id;
    work.look_at(id, wanted, there ? actual->second : nothing);
    if (there) ++actual;
  }
  for (; actual != seen.end(); ++actual) work.unknown(actual->first, actual->second);
  return work.take();
}

RestartPlan plan_restart(int failures) {
  if (failures > most_restarts) return {.again = false, .delay = 0};
  if (failures <= 1) return {};
  constexpr std::int64_t first = 5'000, longest = 300'000;
  return {.again = true, .delay = std::min(longest, first << (failures - 2))};
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/waiting_entries.hpp"

#include <utility>

namespace berth::runner {

using protocol::ObjectId;

WaitingEntries::Number WaitingEntries::add(WantedEntry entry, const std::vector<ObjectId>& lacking) {
  const auto number = next_++;
  for (const auto& id : entry.chunks) ++uses_[id].times;
  for (const auto& id : lacking) uses_[id].lacking.push_back(number);
  chunks_ += entry.chunks.size();
  waiting_.emplace_hint(waiting_.end(), number, Waiting{std::move(entry), lacking.size()});
  return number;
}

WantedEntry WaitingEntries::take(Number number) {
  auto taken = std::move(waiting_.extract(number).mapped().entry);
  chunks_ -= taken.chunks.size();
  for (const auto& id : taken.chunks)
    if (const auto use = uses_.find(id); use != uses_.end() && --use->second.times == 0) uses_.erase(use);
  return taken;
}

std::vector<WantedEntry> WaitingEntries::take_complete(const ObjectId& arrived) {
  std::vector<WantedEntry> complete;
  const auto use = uses_.find(arrived);
  if (use == uses_.end()) return complete;
  for (const auto number : std::exchange(use->second.lacking, {}))
    if (const auto found = waiting_.find(number); found != waiting_.end() && --found->second.lacking == 0)
      complete.push_back(take(number));
  return complete;
}

std::vector<WantedEntry> WaitingEntries::take_all() {
  std::vector<WantedEntry> all;
  all.reserve(waiting_.size());
  for (auto& [number, waiting] : waiting_) all.push_back(std::move(waiting.entry));
  waiting_.clear();
  uses_.clear();
  chunks_ = 0;
  return all;
}

}  // namespace berth::runner

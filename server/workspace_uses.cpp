// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/workspace_uses.hpp"

#include "protocol/codec.hpp"

namespace berth::server {
namespace {

constexpr std::int64_t worth = 120'000;           // ms: a runner is asked about every quarter minute
constexpr std::string_view row_prefix = "uses ";  // no replica's id has a space

}  // namespace

void WorkspaceUses::note(const std::string& workspace, const protocol::rest::ResourceUse& use) {
  const std::lock_guard lock(mutex_);
  own_[workspace] = use;
}

void WorkspaceUses::forget(const std::string& workspace) {
  const std::lock_guard lock(mutex_);
  own_.erase(workspace);
}

std::optional<protocol::rest::ResourceUse> WorkspaceUses::of(const std::string& workspace) const {
  const auto oldest = clock_() - worth;
  const std::lock_guard lock(mutex_);
  std::optional<protocol::rest::ResourceUse> newest;
  for (const auto* uses : {&own_, &others_}) {
    const auto found = uses->find(workspace);
    if (found == uses->end() || found->second.at < oldest) continue;
    if (!newest || newest->at < found->second.at) newest = found->second;
  }
  return newest;
}

UsesById WorkspaceUses::own() {
  const auto oldest = clock_() - worth;
  const std::lock_guard lock(mutex_);
  std::erase_if(own_, [&](const auto& one) { return one.second.at < oldest; });
  return own_;
}

void WorkspaceUses::learn(UsesById others) {
  const std::lock_guard lock(mutex_);
  others_ = std::move(others);
}

LoadRecord told_uses(const std::string& replica, const UsesById& uses, std::int64_t now) {
  return {std::string(row_prefix) + replica, now, protocol::to_text(protocol::encode(uses))};
}

namespace {

UsesById uses_in(const std::vector<LoadRecord>& rows, const std::string* except) {
  UsesById all;
  for (const auto& row : rows) {
    if (!row.replica.starts_with(row_prefix)) continue;
    if (except && row.replica.substr(row_prefix.size()) == *except) continue;
    const auto json = protocol::parse_json(row.data);
    if (!json) continue;
    auto uses = protocol::decode<UsesById>(*json, "uses");
    if (!uses) continue;
    for (auto& [workspace, use] : *uses) {
      const auto [known, first] = all.try_emplace(workspace, use);
      if (!first && known->second.at < use.at) known->second = use;  // another server took it over
    }
  }
  return all;
}

}  // namespace

UsesById read_uses(const std::vector<LoadRecord>& rows, const std::string& except) {
  return uses_in(rows, &except);
}

UsesById read_uses(const std::vector<LoadRecord>& rows) { return uses_in(rows, nullptr); }

}  // namespace berth::server

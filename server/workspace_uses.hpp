// SPDX-License-Identifier: GPL-3.0-or-later
// What running workspaces take, as measured last: of this server's by itself (workspace_watch), of others' as
// those told in the database (LoadStore), which `berthd admin` reads, too. In memory; nothing depends on it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "protocol/rest.hpp"
#include "server/administration_store.hpp"
#include "server/clock.hpp"

namespace berth::server {

using UsesById = std::map<std::string, protocol::rest::ResourceUse>;  // by workspace

/// Thread-safe.
class WorkspaceUses {
 public:
  explicit WorkspaceUses(Clock clock) : clock_(std::move(clock)) {}

  void note(const std::string& workspace, const protocol::rest::ResourceUse& use);
  void forget(const std::string& workspace);
  /// The newest that is known; nullopt where nothing is, or nothing that still says something.
  std::optional<protocol::rest::ResourceUse> of(const std::string& workspace) const;
  /// This server's.
  UsesById own();
  /// In the place of what others told before.
  void learn(UsesById others);

 private:
  const Clock clock_;
  mutable std::mutex mutex_;
  UsesById own_, others_;
};

/// As a row of LoadStore; `replica` is "" where there is one server only.
LoadRecord told_uses(const std::string& replica, const UsesById& uses, std::int64_t now);
/// Of such rows, but for `except`'s; what can't be read (another release) is left out.
UsesById read_uses(const std::vector<LoadRecord>& rows, const std::string& except);
UsesById read_uses(const std::vector<LoadRecord>& rows);

}  // namespace berth::server

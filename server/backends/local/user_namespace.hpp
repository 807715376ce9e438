// SPDX-License-Identifier: GPL-3.0-or-later
// The server's own user namespace, from which an unprivileged berthd makes containers. In it uid 0 is one of
// the user's subordinate ids and uid 1000 is the user itself, so that a workspace's person owns the home with
// berthd's own id while the runner has another. Each container gets a user namespace of its own below this
// one.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/backends/local/child_process.hpp"

namespace berth::server::local {

class UserNamespace {
 public:
  /// With newuidmap, newgidmap and ranges in /etc/subuid and /etc/subgid: two ids; otherwise one (uid 0 is
  /// the user). Fails where the kernel allows no user namespaces.
  static Result<UserNamespace> make();

  bool two_uids() const { return two_uids_; }
  /// A person's uid and gid inside workspaces.
  unsigned person_id() const { return two_uids_ ? 1000 : 0; }

  /// Runs the command as root of this namespace; its own list of namespaces is joined after this one.
  Result<CommandEnd> run(Command command) const;
  Result<std::string> run_checked(Command command, const std::string& what) const;

  /// Whether root of this namespace can enter every folder down to `path`; unsupported, naming the first one
  /// that is closed to it, when not.
  Result<void> check_way(const std::string& path) const;

 private:
  UserNamespace() = default;
  Descriptor user_;
  Descriptor mounts_;  // so that the runtime may bind-mount
  bool two_uids_ = false;
};

/// Gives a folder of this user to the user's own group and stops it from passing another one on: root of the
/// namespace has rights only over files of which it knows both ids, and of groups it knows this process's.
/// Folders of others and missing ones are left alone.
Result<void> take_own_group(const std::string& folder);

/// First id of the first range of `user` (by name or number) in the text of /etc/subuid or /etc/subgid; 0
/// when none.
unsigned long subordinate_id(const std::string& table, const std::string& user, uid_t uid);

}  // namespace berth::server::local

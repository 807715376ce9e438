// SPDX-License-Identifier: GPL-3.0-or-later
// The way out of a workspace: pasta for packets, nftables for what they may reach. Both are put into the
// network namespace of a container that is made but not started, so that no program of the workspace ever
// runs without the rules.
#pragma once

#include <sys/types.h>

#include <string>

#include "protocol/error.hpp"
#include "server/backends/local/network_rules.hpp"
#include "server/backends/local/process_identity.hpp"
#include "server/backends/local/user_namespace.hpp"

namespace berth::server::local {

class WorkspaceNetwork {
 public:
  /// unsupported when pasta or nft is missing.
  static Result<WorkspaceNetwork> open(std::vector<std::string> allowed);

  /// Loads the rules into the namespace of `process`, and bounds what it takes of the kernel's shared counts.
  Result<void> guard(pid_t process) const;
  /// The same for a namespace that belongs to the server's user namespace (gVisor's).
  Result<void> guard_in(const UserNamespace& space, pid_t process) const;
  /// Starts pasta for the namespace of `process`; it ends with that namespace.
  /// `in_space`: it belongs to `space` itself, not to a namespace of the process's own.
  Result<ProcessIdentity> connect(pid_t process, const UserNamespace& space, bool in_space) const;

 private:
  Result<Command> load_rules() const;

  std::string pasta_;
  std::string nft_;
  std::vector<std::string> allowed_;
};

}  // namespace berth::server::local

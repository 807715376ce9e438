// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace sees beside its home: the programs of a system (this machine's, or an unpacked image)
// bound read-only into a skeleton that the server writes, with a generated /etc.
#pragma once

#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/backends/local/oci_spec.hpp"

namespace berth::server::local {

struct SystemImage {
  std::string root;         // the skeleton, shared read-only by all workspaces of this system
  std::vector<Bind> binds;  // programs, certificates, the runner
  std::string trusts;       // CA bundle as seen inside; "" when the system has none
};

struct SystemSource {
  std::string system = "/";  // root of the system whose programs are shown
  std::string runner;        // the berth-runner program on this machine
  bool two_uids = true;
  std::string npmrc = "/etc/npmrc";  // the host's global npm settings
};

/// Writes (or brings up to date) the skeleton in `folder`; workspaces that use it go on. Not thread-safe.
Result<SystemImage> prepare_system(const SystemSource& source, const std::string& folder);

}  // namespace berth::server::local

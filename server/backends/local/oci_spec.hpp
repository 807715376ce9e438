// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace's container is, as an OCI runtime spec: namespaces, mounts, limits, rights. Pure: data in,
// JSON out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::local {

// Places inside a workspace.
inline constexpr const char* state_inside = "/var/lib/berth";
inline constexpr const char* runner_inside = "/.berth/berth-runner";
inline constexpr const char* socket_folder_inside = "/run/berth";  // gVisor only
inline constexpr const char* dns_address = "169.254.53.53";  // pasta answers here for the host's resolver

/// A path of the host that a workspace sees.
struct Bind {
  std::string source;
  std::string destination;
  bool read_only = true;
};

struct ContainerPlan {
  std::string root;                    // the skeleton: every mount point exists in it
  std::vector<Bind> binds;             // system first, then home and state
  std::vector<std::string> arguments;  // of PID 1
  std::map<std::string, std::string> environment;
  bool two_uids =
      true;  // PID 1 starts as uid 0 of the namespace with SETUID and SETGID, the person is uid 1000
  std::string cgroup;     // path for linux.cgroupsPath; "": no limits here
  ResourceLimits limits;  // sizes of /tmp and of the process count; cgroups hold the rest
  std::uint64_t open_files = 65'536;
};

protocol::Json oci_spec(const ContainerPlan& plan);

}  // namespace berth::server::local

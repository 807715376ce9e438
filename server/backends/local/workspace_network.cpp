// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/workspace_network.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "server/backends/local/oci_spec.hpp"

namespace berth::server::local {

Result<WorkspaceNetwork> WorkspaceNetwork::open(std::vector<std::string> allowed) {
  WorkspaceNetwork network;
  network.pasta_ = find_program("pasta");
  network.nft_ = find_program("nft");
  for (const auto& [program, package] : {std::pair{&network.pasta_, "pasta (package passt)"}, {&network.nft_, "nft (package nftables)"}})
    if (program->empty())
      return failure(ErrorCode::unsupported, std::string("Workspaces need ") + package + ", which is not installed here.");
  for (const auto& one : allowed)
    if (auto parsed = parse_network(one); !parsed) return std::unexpected(parsed.error());
  network.allowed_ = std::move(allowed);
  return network;
}

namespace {

/// What one workspace may take of a count that the kernel keeps for all of this user's workspaces together.
std::string share_of(const char* host_limit) {
  return std::to_string(std::max(strtol(read_small_file(host_limit).c_str(), nullptr, 10) / 4, 16l));
}

}  // namespace

Result<void> WorkspaceNetwork::guard(pid_t process) const {
  auto rules = network_rules({dns_address, host_addresses(), allowed_});
  if (!rules) return std::unexpected(std::move(rules.error()));
  const std::string spaces = "/proc/" + std::to_string(process) + "/ns/";
  const Descriptor user(::open((spaces + "user").c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor net(::open((spaces + "net").c_str(), O_RDONLY | O_CLOEXEC));
  if (!user || !net)
    return failure(ErrorCode::internal, "The workspace's network could not be closed off.", spaces + ": " + strerror(errno));
  // Also here, as it needs the same rights: file watches, so that one workspace can't use up all of them.
  const char* script = "echo $1 > /proc/sys/user/max_inotify_instances; echo $2 > /proc/sys/user/max_inotify_watches; exec $0 -f -";
  auto loaded = run_checked({.arguments = {"/bin/sh", "-c", script, nft_, share_of("/proc/sys/fs/inotify/max_user_instances"),
                                           share_of("/proc/sys/fs/inotify/max_user_watches")},
                             .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                             .input = *rules,
                             .namespaces = {user.get(), net.get()},
                             .as_namespace_root = true},
                            "load network rules");
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return {};
}

Result<ProcessIdentity> WorkspaceNetwork::connect(pid_t process, const UserNamespace& space) const {
  // No ports in either direction, and the gateway's address does not stand for the host. The process number comes by
  // standard output: pasta has another id and no right to the server's folders.
  auto started = space.run_checked({.arguments = {pasta_, "--config-net", "--no-map-gw", "-t", "none", "-u", "none", "-T", "none",
                                                  "-U", "none", "--dns-forward", dns_address, "--quiet", "--pid", "/proc/self/fd/1",
                                                  std::to_string(process)},
                                    .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}},
                                   "connect the network");
  if (!started) return std::unexpected(std::move(started.error()));
  const auto identity = ProcessIdentity::of(static_cast<pid_t>(strtol(started->c_str(), nullptr, 10)));
  if (!identity) return failure(ErrorCode::internal, "The workspace's network could not be connected.", "pasta ended: " + *started);
  return *identity;
}

}  // namespace berth::server::local

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
  for (const auto& [program, package] :
       {std::pair{&network.pasta_, "pasta (package passt)"}, {&network.nft_, "nft (package nftables)"}})
    if (program->empty())
      return failure(ErrorCode::unsupported,
                     std::string("Workspaces need ") + package + ", which is not installed here.");
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

Result<Descriptor> open_namespace(pid_t process, const char* kind) {
  const std::string path = "/proc/" + std::to_string(process) + "/ns/" + kind;
  Descriptor space(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!space)
    return failure(ErrorCode::internal, "The workspace's network could not be closed off.",
                   path + ": " + strerror(errno));
  return space;
}

}  // namespace

Result<Command> WorkspaceNetwork::load_rules() const {
  auto rules = network_rules({dns_address, host_addresses(), allowed_});
  if (!rules) return std::unexpected(std::move(rules.error()));
  return Command{.arguments = {nft_, "-f", "-"},
                 .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                 .input = std::move(*rules),
                 .as_namespace_root = true};
}

Result<void> WorkspaceNetwork::guard(pid_t process) const {
  auto load = load_rules();
  if (!load) return std::unexpected(std::move(load.error()));
  auto user = open_namespace(process, "user");
  auto net = open_namespace(process, "net");
  if (!user || !net) return std::unexpected((user ? net : user).error());
  load->namespaces = {user->get(), net->get()};
  // Also here, as it needs the same rights: file watches, so that one workspace can't use up all of them.
  const char* script =
      "echo $1 > /proc/sys/user/max_inotify_instances; echo $2 > /proc/sys/user/max_inotify_watches; exec $0 "
      "-f -";
  load->arguments = {"/bin/sh",
                     "-c",
                     script,
                     nft_,
                     share_of("/proc/sys/fs/inotify/max_user_instances"),
                     share_of("/proc/sys/fs/inotify/max_user_watches")};
  auto loaded = run_checked(*load, "load network rules");
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return {};
}

Result<void> WorkspaceNetwork::guard_in(const UserNamespace& space, pid_t process) const {
  auto load = load_rules();
  if (!load) return std::unexpected(std::move(load.error()));
  auto net = open_namespace(process, "net");
  if (!net) return std::unexpected(std::move(net.error()));
  load->namespaces = {net->get()};
  auto loaded = space.run_checked(std::move(*load), "load network rules");
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return {};
}

Result<ProcessIdentity> WorkspaceNetwork::connect(pid_t process, const UserNamespace& space,
                                                  bool in_space) const {
  // No ports in either direction, and the gateway's address does not stand for the host. The process number
  // comes by standard output: pasta has another id and no right to the server's folders.
  std::vector<std::string> arguments = {pasta_,      "--config-net", "--no-map-gw", "-t",
                                        "none",      "-u",           "none",        "-T",
                                        "none",      "-U",           "none",        "--dns-forward",
                                        dns_address, "--quiet",      "--pid",       "/proc/self/fd/1"};
  const std::string number = std::to_string(process);
  if (in_space)
    arguments.insert(arguments.end(), {"--netns-only", "--netns", "/proc/" + number + "/ns/net"});
  else
    arguments.push_back(number);
  auto started = space.run_checked(
      {.arguments = std::move(arguments), .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}},
      "connect the network");
  if (!started) return std::unexpected(std::move(started.error()));
  const auto identity = ProcessIdentity::of(static_cast<pid_t>(strtol(started->c_str(), nullptr, 10)));
  if (!identity)
    return failure(ErrorCode::internal, "The workspace's network could not be connected.",
                   "pasta ended: " + *started);
  return *identity;
}

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
// The TCP sockets that listen in the runner's network, as the kernel tells them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::runner {

struct ListeningSocket {
  std::uint16_t port;
  std::string address;
  std::uint64_t inode;
  bool operator==(const ListeningSocket&) const = default;
};

/// All of them, IPv4 first. Asks by sock_diag(7), which looks at listening sockets alone; where the kernel
/// lacks that (gVisor), reads /proc/net/tcp, for which it walks a table of all connections the machine could
/// have.
std::vector<ListeningSocket> listening_sockets();

/// By sock_diag; nullopt where the kernel does not answer.
std::optional<std::vector<ListeningSocket>> listening_sockets_of_kernel();
/// By /proc.
std::vector<ListeningSocket> listening_sockets_in_proc();

/// The listening sockets in the text of /proc/net/tcp or tcp6.
std::vector<ListeningSocket> parse_listening(std::string_view table);

}  // namespace berth::runner

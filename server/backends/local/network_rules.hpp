// SPDX-License-Identifier: GPL-3.0-or-later
// Where a workspace may connect to: rules for nftables in the workspace's own network namespace. Text in,
// text out.
#pragma once

#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server::local {

struct NetworkPolicy {
  std::string dns;                          // an IPv4 address; port 53 there is open
  std::vector<std::string> host_addresses;  // of the machine's interfaces; always refused
  std::vector<std::string> allowed;         // networks that are open though private: "10.1.2.0/24", "fd00::5"
};

/// An address or network in its usual form; invalid_argument for anything else (nothing else may reach the
/// rules' text).
Result<std::string> parse_network(const std::string& text);

/// A complete nft script. The host's own addresses, loopback, link-local (metadata), private and multicast
/// networks are refused with an ICMP answer, so that programs fail at once instead of waiting.
Result<std::string> network_rules(const NetworkPolicy& policy);

/// Addresses of this machine's interfaces, IPv4 and IPv6, without loopback.
std::vector<std::string> host_addresses();

}  // namespace berth::server::local

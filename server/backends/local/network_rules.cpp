// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/network_rules.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace berth::server::local {

namespace {

bool is_ipv6(const std::string& network) { return network.find(':') != std::string::npos; }

// RFC 6890 (special-purpose addresses) and RFC 6598 (carrier networks), multicast, and for IPv6 also the
// forms that carry those IPv4 networks inside (RFC 6052 NAT64, RFC 3056 6to4). Documentation networks stay
// open: some sites use them.
constexpr const char* refused_ipv4 =
    "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, "
    "192.168.0.0/16, "
    "224.0.0.0/3";
constexpr const char* refused_ipv6 =
    "::/96, ::ffff:0:0/96, 64:ff9b::/104, 64:ff9b::a00:0/104, 64:ff9b::6440:0/106, 64:ff9b::7f00:0/104, "
    "64:ff9b::a9fe:0/112, 64:ff9b::ac10:0/108, 64:ff9b::c0a8:0/112, 64:ff9b:1::/48, 2002::/16, fc00::/7, "
    "fe80::/10, "
    "fec0::/10, ff00::/8";

std::string rule(const std::string& network, const char* verdict) {
  return std::string("    ") + (is_ipv6(network) ? "ip6" : "ip") + " daddr " + network + " " + verdict + "\n";
}

}  // namespace

Result<std::string> parse_network(const std::string& text) {
  const auto wrong = [&] {
    return failure(ErrorCode::invalid_argument,
                   "\"" + text + "\" is not a network such as 10.1.2.0/24 or fd00::/64.");
  };
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  unsigned char bytes[16];
  const int family = is_ipv6(address) ? AF_INET6 : AF_INET;
  if (inet_pton(family, address.c_str(), bytes) != 1) return wrong();
  char plain[INET6_ADDRSTRLEN];
  inet_ntop(family, bytes, plain, sizeof plain);
  if (slash == std::string::npos) return std::string(plain);
  unsigned length = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, length);
  if (error != std::errc() || stop != end || length > (family == AF_INET ? 32u : 128u)) return wrong();
  return std::string(plain) + "/" + std::to_string(length);
}

Result<std::string> network_rules(const NetworkPolicy& policy) {
  constexpr const char* refuse = "reject with icmpx admin-prohibited";
  std::string text =
      "table inet berth {\n"
      "  chain out {\n"
      "    type filter hook output priority 0; policy accept;\n"
      "    oifname \"lo\" accept\n";
  auto dns = parse_network(policy.dns);
  if (!dns) return dns;
  text += "    ip daddr " + *dns + " udp dport 53 accept\n    ip daddr " + *dns + " tcp dport 53 accept\n";
  // An answer to neighbour discovery is no connection; without it IPv6 has no next hop.
  text +=
      "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } "
      "accept\n";
  for (const auto& address : policy.host_addresses) {
    auto network = parse_network(address);
    if (!network) return network;
    text += rule(*network, refuse);
  }
  for (const auto& allowed : policy.allowed) {
    auto network = parse_network(allowed);
    if (!network) return network;
    text += rule(*network, "accept");
  }
  text += std::string("    ip daddr { ") + refused_ipv4 + " } " + refuse + "\n";
  text += std::string("    ip6 daddr { ") + refused_ipv6 + " } " + refuse + "\n";
  return text + "  }\n}\n";
}

std::vector<std::string> host_addresses() {
  std::set<std::string> found;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || (entry->ifa_flags & IFF_LOOPBACK)) continue;
    char text[INET6_ADDRSTRLEN] = "";
    if (entry->ifa_addr->sa_family == AF_INET)
      inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(entry->ifa_addr)->sin_addr, text, sizeof text);
    else if (entry->ifa_addr->sa_family == AF_INET6)
      inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(entry->ifa_addr)->sin6_addr, text, sizeof text);
    if (*text) found.insert(text);
  }
  freeifaddrs(list);
  return {found.begin(), found.end()};
}

}  // namespace berth::server::local

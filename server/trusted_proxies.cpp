// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/trusted_proxies.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

namespace berth::server {

namespace {

namespace ip = boost::asio::ip;

/// What an entry of the list covers: a network, or the one address.
struct ProxyRange {
  std::optional<ip::network_v4> ip4;
  std::optional<ip::network_v6> ip6;
};

ProxyRange parse_proxy_range(const std::string& text) {
  ProxyRange range;
  boost::system::error_code error;
  const bool has_length = text.find('/') != text.npos;
  if (text.find(':') == text.npos) {
    const auto network = ip::make_network_v4(has_length ? text : text + "/32", error);
    if (!error) range.ip4 = network;
  } else {
    const auto network = ip::make_network_v6(has_length ? text : text + "/128", error);
    if (!error) range.ip6 = network;
  }
  return range;
}

bool covers(const ProxyRange& range, const ip::address& address) {
  if (address.is_v4())
    return range.ip4 &&
           ip::network_v4(address.to_v4(), range.ip4->prefix_length()).canonical() == range.ip4->canonical();
  return range.ip6 &&
         ip::network_v6(address.to_v6(), range.ip6->prefix_length()).canonical() == range.ip6->canonical();
}

}  // namespace

bool is_address_or_network(const std::string& text) {
  const auto range = parse_proxy_range(text);
  return range.ip4 || range.ip6;
}

bool is_trusted_proxy(const std::vector<std::string>& trusted, const ip::address& address) {
  auto plain = address;
  if (plain.is_v6() && plain.to_v6().is_v4_mapped())
    plain = ip::make_address_v4(ip::v4_mapped, plain.to_v6());
  return std::ranges::any_of(trusted,
                             [&](const std::string& text) { return covers(parse_proxy_range(text), plain); });
}

}  // namespace berth::server

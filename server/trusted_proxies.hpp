// SPDX-License-Identifier: GPL-3.0-or-later
// From which addresses X-Forwarded-For is believed: those of the option trusted_proxies. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

namespace berth::server {

/// Whether this is an address ("10.0.0.1") or a network ("10.0.0.0/8", "fd00::/8").
bool is_address_or_network(const std::string& text);

/// Whether `address` is among these, or in one of these networks; IPv4 also where it comes as
/// ::ffff:10.0.0.1. What is neither address nor network matches nothing.
bool is_trusted_proxy(const std::vector<std::string>& trusted, const boost::asio::ip::address& address);

}  // namespace berth::server

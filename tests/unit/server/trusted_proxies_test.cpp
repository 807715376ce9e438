// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/trusted_proxies.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

bool trusts(const std::vector<std::string>& list, const char* address) {
  return is_trusted_proxy(list, boost::asio::ip::make_address(address));
}

TEST(TrustedProxies, AreAddressesAndNetworks) {
  const std::vector<std::string> list{"192.0.2.7", "10.1.0.0/16", "2001:db8::1", "fd00::/8"};
  for (const char* address : {"192.0.2.7", "10.1.0.1", "10.1.255.255", "2001:db8::1", "fdff::7"})
    EXPECT_TRUE(trusts(list, address)) << address;
  for (const char* address : {"192.0.2.8", "10.2.0.1", "10.0.255.255", "2001:db8::2", "fe80::1", "127.0.0.1"})
    EXPECT_FALSE(trusts(list, address)) << address;
}

TEST(TrustedProxies, ANetworkMayBeNamedByAnAddressInIt) { EXPECT_TRUE(trusts({"10.1.2.3/16"}, "10.1.9.9")); }

TEST(TrustedProxies, Ip4IsKnownInIp6sForm) {
  EXPECT_TRUE(trusts({"10.0.0.0/8"}, "::ffff:10.9.8.7"));
  EXPECT_FALSE(trusts({"10.0.0.0/8"}, "::ffff:11.9.8.7"));
}

TEST(TrustedProxies, WhatIsNoNetworkMatchesNothing) {
  for (const char* text :
       {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "fd00::/129", "10.0.0.0/8 "}) {
    EXPECT_FALSE(is_address_or_network(text)) << text;
    EXPECT_FALSE(trusts({text}, "10.0.0.1")) << text;
  }
  EXPECT_FALSE(trusts({}, "10.0.0.1"));
}

TEST(TrustedProxies, ANetworkOfLengthZeroIsEverybodyOfItsKind) {
  EXPECT_TRUE(trusts({"0.0.0.0/0"}, "203.0.113.9"));
  EXPECT_FALSE(trusts({"0.0.0.0/0"}, "2001:db8::1"));
}

}  // namespace
}  // namespace berth::server

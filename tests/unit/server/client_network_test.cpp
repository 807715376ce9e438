// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/client_network.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

TEST(ClientNetwork, IsOfOnePerson) {
  EXPECT_EQ(network_of("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("2001:db8:1:2:ffff::1"), network_of("2001:db8:1:2::9"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of("::ffff:203.0.113.7"), "203.0.113.7") << "the same machine by another spelling";
  EXPECT_EQ(network_of("::1"), "::1");
  EXPECT_EQ(network_of("no address"), "no address");
}

}  // namespace
}  // namespace berth::server

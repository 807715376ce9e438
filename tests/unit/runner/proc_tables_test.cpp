// SPDX-License-Identifier: GPL-3.0-or-later
// What is read from /proc, and asked of the kernel in its place.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "protocol/net/file_descriptor.hpp"
#include "runner/activity.hpp"
#include "runner/listening_sockets.hpp"
#include "runner/memory_use.hpp"

namespace berth::runner {
namespace {

TEST(ListeningPorts, AreReadFromTheTables) {
  const auto four = parse_listening(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 "
      "100 0 0 10 0\n"
      "   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0 "
      "20 4 30 10 -1\n"
      "   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 99 1 0 100 "
      "0 0 10 0\n");
  ASSERT_EQ(four.size(), 2u);
  EXPECT_EQ(four[0].port, 8080);
  EXPECT_EQ(four[0].address, "127.0.0.1");
  EXPECT_EQ(four[0].inode, 4711u);
  EXPECT_EQ(four[1].address, "0.0.0.0");
  const auto six = parse_listening(
      "   0: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 "
      "00000000  1000        0 17 1 0 100 0 0 10 0\n");
  ASSERT_EQ(six.size(), 1u);
  EXPECT_EQ(six[0].address, "::1");
  EXPECT_EQ(six[0].port, 3000);
}

TEST(ListeningPorts, DamagedTablesGiveNothing) {
  EXPECT_TRUE(parse_listening("").empty());
  EXPECT_TRUE(parse_listening("0: zz:zz 0 0A").empty());
  EXPECT_TRUE(parse_listening("0: 0100007F:0000 0:0 0A 0 0 0 0 0 0").empty());
}

// Listens at a port of the kernel's choice; 0 where this machine has no such addresses.
std::pair<net::FileDescriptor, std::uint16_t> listen_at(int family) {
  net::FileDescriptor fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  address.sin6_family = static_cast<sa_family_t>(family);
  if (family == AF_INET6) address.sin6_addr = in6addr_loopback;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), length) != 0) return {};
  EXPECT_EQ(::listen(fd.get(), 1), 0);
  EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  return {std::move(fd), ntohs(address.sin6_port)};
}

TEST(ListeningPorts, AreWhatTheKernelTellsAndWhatProcSays) {
  const auto [four, four_port] = listen_at(AF_INET);
  const auto [six, six_port] = listen_at(AF_INET6);
  ASSERT_NE(four_port, 0);
  // Other programs of the machine come and go: only these two are compared.
  const auto ours = [&](const std::vector<ListeningSocket>& sockets) {
    std::vector<ListeningSocket> found;
    std::ranges::copy_if(sockets, std::back_inserter(found), [&](const auto& socket) {
      return (socket.port == four_port && socket.address == "0.0.0.0") ||
             (six_port != 0 && socket.port == six_port && socket.address == "::1");
    });
    return found;
  };
  const auto asked = listening_sockets_of_kernel();
  ASSERT_TRUE(asked);
  const auto told = ours(*asked);
  EXPECT_EQ(told.size(), six_port == 0 ? 1u : 2u);
  EXPECT_EQ(told, ours(listening_sockets_in_proc()));
  EXPECT_EQ(told, ours(listening_sockets()));
}

TEST(ProcessTicks, AreReadWhateverTheProgramIsCalled) {
  EXPECT_EQ(ticks_of_stat("42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 5\n"),
            11u + 22 + 33 + 44);
  EXPECT_FALSE(ticks_of_stat("42 no name"));
  EXPECT_FALSE(ticks_of_stat("42 (short) S 1 2"));
}

TEST(MemoryUse, IsOfTheGroupThatTheMemoryControllerIsIn) {
  const auto unified = memory_group("0::/\n");
  ASSERT_TRUE(unified);
  EXPECT_EQ(unified->version, 2);
  EXPECT_EQ(unified->path, "/");
  const auto hybrid = memory_group("12:cpu,cpuacct:/a\n5:hugetlb,memory:/berth/ws-x\n0::/unified\n");
  ASSERT_TRUE(hybrid);
  EXPECT_EQ(hybrid->version, 1);
  EXPECT_EQ(hybrid->path, "/berth/ws-x");
  EXPECT_FALSE(memory_group("12:cpu,cpuacct:/a\n"));
  EXPECT_FALSE(memory_group("no colons\n\n:"));
}

TEST(MemoryUse, OfAGroupWithOthersIsNotTheWorkspaces) {
  EXPECT_TRUE(holds_only_visible("1\n17\n"));
  EXPECT_FALSE(holds_only_visible("1\n0\n17\n")) << "somebody outside";
  EXPECT_FALSE(holds_only_visible("")) << "nothing is known";
}

TEST(MemoryUse, NumbersAreReadAsTheKernelWritesThem) {
  EXPECT_EQ(number_after("anon 12\ninactive_file_x 5\ninactive_file 4096\n", "inactive_file"), 4096);
  EXPECT_EQ(number_after("00400000-7fff r--p\nRss:     99 kB\nPss:                 812 kB\n", "Pss"), 812);
  EXPECT_FALSE(number_after("Pss_Anon: 5 kB\nPss", "Pss"));
  EXPECT_EQ(own_pages("5000 300 120 1 0 40 0\n"), 180);
  EXPECT_FALSE(own_pages("5000 300"));
}

}  // namespace
}  // namespace berth::runner

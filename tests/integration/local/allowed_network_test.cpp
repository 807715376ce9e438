// SPDX-License-Identifier: GPL-3.0-or-later
// workspace_allow with real connections: from a terminal of a workspace to another machine in a private
// network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/integration/local/private_network.hpp"
#include "tests/integration/local/workspace_at_work.hpp"

namespace berth::server::local {

namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// What a person sees who connects there from a terminal: the first line that comes, and how it ended.
std::string from_terminal(LocalGround& ground, const std::string& address, int port) {
  const WorkspaceAtWork workspace(ground);
  test::RunnerClient client(workspace);
  test::TestTerminal terminal(client, "timeout 5 bash -c 'exec 3<>/dev/tcp/" + address + "/" +
                                          std::to_string(port) + " && head -1 <&3'; echo status $?");
  EXPECT_TRUE(client.wait([&] { return client.channel(terminal.channel_).ended; }, 20s));
  return terminal.output();
}

class AllowedNetwork : public testing::Test {
 protected:
  static void SetUpTestSuite() { network_ = std::make_unique<PrivateNetwork>(); }
  static void TearDownTestSuite() { network_.reset(); }

  void SetUp() override {
    // So that what is refused below is refused by the rules, not because nobody is there.
    ASSERT_EQ(read_from(PrivateNetwork::neighbour, port()), "reached 10.211.1.2\n");
    ASSERT_EQ(read_from(PrivateNetwork::neighbour2, port()), "reached 10.211.2.2\n");
  }
  static int port() { return network_->port(); }
  static std::unique_ptr<LocalGround> ground(std::vector<std::string> allowed) {
    return std::make_unique<LocalGround>([&](LocalBackendOptions& options) {
      options.runner = TestGround::get().real_runner;
      options.allowed = std::move(allowed);
    });
  }

  inline static std::unique_ptr<PrivateNetwork> network_;
};

TEST_F(AllowedNetwork, is_reached_and_another_private_one_is_not) {
  const auto workspaces = ground({"10.211.1.0/24"});
  EXPECT_THAT(from_terminal(*workspaces, PrivateNetwork::neighbour, port()), HasSubstr("reached 10.211.1.2"));
  const auto refused = from_terminal(*workspaces, PrivateNetwork::neighbour2, port());
  EXPECT_THAT(refused, Not(HasSubstr("reached")));
  EXPECT_THAT(refused, HasSubstr("status 1")) << "refused at once, not timed out";
}

TEST_F(AllowedNetwork, a_single_address_can_be_allowed) {
  const auto workspaces = ground({"10.211.2.2"});
  EXPECT_THAT(from_terminal(*workspaces, PrivateNetwork::neighbour2, port()),
              HasSubstr("reached 10.211.2.2"));
  EXPECT_THAT(from_terminal(*workspaces, PrivateNetwork::neighbour, port()), Not(HasSubstr("reached")));
}

TEST_F(AllowedNetwork, without_it_private_networks_are_refused) {
  const auto workspaces = ground({});
  for (const char* address : {PrivateNetwork::neighbour, PrivateNetwork::neighbour2})
    EXPECT_THAT(from_terminal(*workspaces, address, port()), Not(HasSubstr("reached"))) << address;
}

TEST_F(AllowedNetwork, the_hosts_own_address_in_it_stays_closed) {
  const net::FileDescriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  socklen_t size = sizeof name;
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&name), size), 0);
  ASSERT_EQ(listen(listener.get(), 8), 0);
  ASSERT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size), 0);
  const auto workspaces = ground({"10.211.0.0/16"});
  EXPECT_THAT(from_terminal(*workspaces, PrivateNetwork::own, ntohs(name.sin_port)), HasSubstr("status 1"));
  EXPECT_THAT(from_terminal(*workspaces, PrivateNetwork::neighbour, port()), HasSubstr("reached"));
}

}  // namespace

}  // namespace berth::server::local

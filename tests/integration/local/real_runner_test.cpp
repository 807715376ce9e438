// SPDX-License-Identifier: GPL-3.0-or-later
// The real berth-runner in a real container, and the person's programs that try to get at it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RealRunner : public testing::Test {
 protected:
  RealRunner()
      : ground_([](LocalBackendOptions& options) { options.runner = TestGround::get().real_runner; }),
        request_(ground_.request()) {
    ground_.start(request_);
  }

  /// The runner's process as this side sees it: the one whose command line is the runner's, in our workspace.
  pid_t runner_process() {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (!read_small_file(entry.path() / "cmdline").starts_with(runner_inside)) continue;
      if (read_small_file(entry.path() / "mountinfo", 1 << 20).find(request_.workspace) != std::string::npos)
        return std::stoi(name);
    }
    return 0;
  }

  /// Runs a script with the person's ids in all of the workspace's namespaces.
  CommandEnd as_person(const std::string& script) {
    const std::string person = ground_.local().two_uids() ? "1000" : "0";
    auto end =
        run_command({.arguments = {find_program("nsenter"), "--target", std::to_string(runner_process()),
                                   "--user", "--mount", "--pid", "--net", "--ipc", "--uts", "--setuid",
                                   person, "--setgid", person, "--", "/bin/bash", "-c", script},
                     .environment = {"PATH=/usr/bin:/bin", "HOME=/home/berth"}});
    return end ? *end : CommandEnd{-1, end.error().message};
  }

  LocalGround ground_;
  StartRequest request_;
};

TEST_F(RealRunner, is_running_and_refuses_strangers) {
  auto status = ground_.backend().poll(request_.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running) << status->reason;
  EXPECT_TRUE(ask_probe(*status->address, "GET /connect"));
}

TEST_F(RealRunner, can_be_neither_killed_nor_traced_nor_read_by_the_persons_programs) {
  ASSERT_TRUE(ground_.local().two_uids()) << "this machine lacks newuidmap or ranges in /etc/subuid";
  EXPECT_EQ(as_person("id -un; cat /proc/1/comm").output, "berth\nberth-runner\n");
  for (const char* attack :
       {"kill -KILL 1", "kill -TERM 1", "kill -STOP 1", "cat /proc/1/mem", "cat /proc/1/environ",
        "ls /proc/1/fd", "cat /proc/1/maps", "gdb -q -batch -p 1"}) {
    const auto end = as_person(attack);
    EXPECT_THAT(end.output, testing::AnyOf(HasSubstr("not permitted"), HasSubstr("ermission denied")))
        << attack;
  }
  auto status = ground_.backend().poll(request_.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running) << status->reason;
}

TEST_F(RealRunner, ends_by_itself_when_asked) {
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(ground_.backend().stop(request_.workspace, 60'000));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(50)) << "it had to be killed";
}

TEST_F(RealRunner, keeps_its_state_across_starts) {
  const fs::path state = fs::path(ground_.options().data) / "workspaces" / request_.workspace / "state";
  EXPECT_FALSE(fs::is_empty(state));
  ASSERT_TRUE(ground_.backend().stop(request_.workspace, 8000));
  EXPECT_FALSE(fs::is_empty(state));
  ground_.start(request_);
}

}  // namespace

}  // namespace berth::server::local

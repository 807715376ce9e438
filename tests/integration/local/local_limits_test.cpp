// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that takes all it can hurts only itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

namespace {

using std::chrono::seconds;
using testing::HasSubstr;

TEST(LocalLimits, a_fork_bomb_hurts_only_itself) {
  LocalGround ground;
  auto request = ground.request();
  request.limits.processes = 60;
  const auto bombed = ground.start(request);
  const auto neighbour = ground.start(ground.request());
  // Every child makes more; all stay for the test's whole time.
  run_script(bombed, "bomb() { bomb | bomb & sleep 3; }; bomb 2> /dev/null; true", seconds(5));
  EXPECT_EQ(run_script(neighbour, "for i in $(seq 20); do /bin/true || exit 1; done; echo fine", seconds(20))
                .output,
            "fine\n");
  const auto status = ground.backend().poll(request.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running) << status->reason;
  EXPECT_TRUE(eventually([&] { return run_script(bombed, "echo well again").output == "well again\n"; },
                         seconds(20)));
}

TEST(LocalLimits, processes_are_counted_also_without_cgroups) {
  LocalGround ground;
  auto request = ground.request();
  request.limits.processes = 40;
  const auto address = ground.start(request);
  EXPECT_EQ(run_script(address, "ulimit -u").output, "40\n");
}

TEST(LocalLimits, a_memory_hog_is_ended_and_the_reason_says_so) {
  LocalGround ground;
  ASSERT_TRUE(ground.backend().limits_enforced()) << "no cgroup subtree belongs to this user";
  auto request = ground.request();
  request.limits.memory = 96ull << 20;
  const auto hog = ground.start(request);
  const auto neighbour = ground.start(ground.request());
  const auto end = run_script(hog, "python3 -c 'x = bytearray(400 << 20)'; echo status $?", seconds(30));
  EXPECT_THAT(end.output, HasSubstr("status 137"));
  const auto status = ground.backend().poll(request.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running) << status->reason;
  EXPECT_THAT(status->reason, HasSubstr("memory limit of 96 MiB"));
  EXPECT_EQ(run_script(hog, "echo alive").output, "alive\n");
  EXPECT_EQ(run_script(neighbour, "python3 -c 'x = bytearray(100 << 20); print(len(x))'").output,
            "104857600\n");
  EXPECT_EQ(ground.backend().poll(neighbour.unix_path.substr(neighbour.unix_path.size() - 22, 10))->reason,
            "");
}

TEST(LocalLimits, files_in_memory_count_as_memory) {
  LocalGround ground;
  auto request = ground.request();
  request.limits.memory = 128ull << 20;
  const auto address = ground.start(request);
  EXPECT_THAT(run_script(address, "head -c 100M /dev/zero > /tmp/big").output, HasSubstr("No space left"));
  EXPECT_EQ(run_script(address, "rm /tmp/big; echo fine").output, "fine\n");
}

TEST(LocalLimits, file_watches_of_one_workspace_leave_some_for_the_others) {
  LocalGround ground;
  const auto greedy = ground.start(ground.request());
  const auto neighbour = ground.start(ground.request());
  const std::string take =
      "python3 -c '\n"
      "import ctypes\n"
      "made = 0\n"
      "while made < 100000 and ctypes.CDLL(None).inotify_init1(0) >= 0: made += 1\n"
      "print(made, flush=True)\n"
      "import time; time.sleep(%d)'";
  auto with_pause = [&](int seconds) {
    return std::string(take).replace(take.find("%d"), 2, std::to_string(seconds));
  };
  EXPECT_EQ(
      run_script(greedy, "(" + with_pause(5) + ") > taken 2>&1 & until [ -s taken ]; do sleep 0.02; done")
          .status,
      0);
  EXPECT_GE(atoi(run_script(neighbour, with_pause(0)).output.c_str()), 16);
}

TEST(LocalLimits, a_busy_workspace_gets_its_share_of_the_processor) {
  LocalGround ground;
  ASSERT_TRUE(ground.backend().limits_enforced()) << "no cgroup subtree belongs to this user";
  auto request = ground.request();
  request.limits.cpu = 0.25;
  const auto address = ground.start(request);
  // Two loops for one second of the clock: without a limit they would use up to two seconds of processor.
  const auto end = run_script(
      address,
      "for i in 1 2; do timeout 1 bash -c 'while :; do :; done' & done; wait; "
      "times > /tmp/used; tail -1 /tmp/used | sed 's/[ms]/ /g' | awk '{ print int(($2 + $4) * 1000) }'");
  EXPECT_GT(atoi(end.output.c_str()), 20) << end.output;
  EXPECT_LT(atoi(end.output.c_str()), 600) << end.output;
}

}  // namespace

}  // namespace berth::server::local

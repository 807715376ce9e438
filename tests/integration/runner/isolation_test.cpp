// SPDX-License-Identifier: GPL-3.0-or-later
// What a program in a terminal can do to the runner: nothing. Needs root (as the local backend's user
// namespace gives).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;

constexpr RunnerOptions two_uids{.runner_uid = 70001, .person_uid = 70002, .as_pid_1 = true};

struct RunnerIsolation : testing::Test {
  void SetUp() override {
    ASSERT_EQ(::getuid(), 0u)
        << "these tests make other users' processes: run them as root (packaging/dev test does)";
  }
};

TEST_F(RunnerIsolation, a_shell_is_the_person_with_no_capabilities_and_no_way_to_more) {
  const RunnerProcess runner(two_uids);
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("$ "));
  terminal.type(
      "grep -E '^(Uid|CapPrm|CapEff|CapBnd|NoNewPrivs)' /proc/self/status; cat /proc/self/oom_score_adj; "
      "echo e''nd\n");
  ASSERT_TRUE(terminal.see("end\r\n"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("Uid:\t70002\t70002\t70002\t70002"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("CapPrm:\t0000000000000000"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("CapEff:\t0000000000000000"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("CapBnd:\t0000000000000000"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("\n1000\r\n"))
      << "memory that runs out is theirs to give";
}

TEST_F(RunnerIsolation, the_runner_can_neither_be_signalled_traced_nor_read) {
  const RunnerProcess runner(two_uids);
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("$ "));
  terminal.type(
      "for s in TERM KILL STOP SEGV INT HUP; do kill -$s 1 && echo sig''nalled; done; echo e''nd1\n");
  ASSERT_TRUE(terminal.see("end1\r\n"));
  terminal.type(
      "cat /proc/1/environ /proc/1/maps /proc/1/mem && echo re''ad; ls /proc/1/fd && echo lis''ted; echo "
      "e''nd2\n");
  ASSERT_TRUE(terminal.see("end2\r\n"));
  terminal.type(
      "python3 -c \"import ctypes; print('ptrace', ctypes.CDLL(None).ptrace(16, 1, 0, 0))\"; "
      "python3 -c \"import ctypes; c=ctypes.CDLL(None, use_errno=True); print('pidfd', c.syscall(438, "
      "c.syscall(434,1,0), 0, 0))\"; "
      "gdb -p 1 -batch -ex 'info registers' 2>/dev/null | grep -q rip && echo att''ached; echo e''nd3\n");
  ASSERT_TRUE(terminal.see("end3\r\n"));
  for (const auto* bad : {"signalled", "read\r\n", "listed", "attached", "ptrace 0"})
    EXPECT_THAT(terminal.output(), testing::Not(testing::HasSubstr(bad)));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("ptrace -1"));
  EXPECT_THAT(terminal.output(), testing::HasSubstr("pidfd -1"));
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST_F(RunnerIsolation, file_operations_act_as_the_person) {
  const RunnerProcess runner(two_uids);
  RunnerClient client(runner);
  client.must<FileCreateDirectory>({"project/mine"});
  struct stat status{};
  ASSERT_EQ(::stat((runner.home() / "project/mine").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 70002u);
  // Root's file in the person's home: what the person may not read, the runner does not read for them.
  std::ofstream(runner.home() / "project/roots") << "secret";
  ASSERT_EQ(::chmod((runner.home() / "project/roots").c_str(), 0600), 0);
  EXPECT_EQ(client.call<FileRead>({"project/roots", 100, {}, {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(client.call<FileWrite>({"project/roots", {}, {}}).error().code, ErrorCode::permission_denied);
}

TEST_F(RunnerIsolation, edits_are_journalled_saved_and_recovered_as_the_person) {
  RunnerProcess runner(two_uids);
  runner.write_file("project/a.txt", "x");
  RunnerClient client(runner);
  const auto opened = client.must<DocumentOpen>({"project/a.txt", {}, {}, {}});
  EXPECT_FALSE(opened.read_only);
  client.must<DocumentEdit>({opened.document, opened.version, "o1", TextOperation().retain(1).insert("y")});
  client.must<DocumentSave>({opened.document});
  EXPECT_EQ(runner.read_file("project/a.txt"), "xy");
  struct stat status{};
  ASSERT_EQ(::stat((runner.home() / "project/a.txt").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 70002u);
  client.must<FileWatch>({"project"});
  runner.write_file("project/b.txt", "x");
  EXPECT_TRUE(client.wait_for<FileChanged>([](const auto& params) { return !params.changes.empty(); }));
}

TEST_F(RunnerIsolation, with_one_uid_pid_1_is_still_immune_and_unreadable) {
  const RunnerProcess runner({.runner_uid = 70002, .person_uid = 70002, .as_pid_1 = true});
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("$ "));
  terminal.type(
      "kill -TERM 1; kill -KILL 1; kill -STOP 1; kill -INT 1; cat /proc/1/mem /proc/1/environ && echo "
      "re''ad; echo e''nd\n");
  ASSERT_TRUE(terminal.see("end\r\n"));
  EXPECT_THAT(terminal.output(), testing::Not(testing::HasSubstr("read\r\n")));
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST_F(RunnerIsolation, orphans_are_reaped) {
  const RunnerProcess runner(two_uids);
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("$ "));
  terminal.type("for i in $(seq 20); do (setsid true &) ; done; echo st''arted\n");
  ASSERT_TRUE(terminal.see("started\r\n"));
  EXPECT_TRUE(client.wait([&] {
    terminal.type("grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l | sed 's/^/zombies /'\n");
    return terminal.see("zombies 0\r\n", 1s);
  }));
}

TEST_F(RunnerIsolation, stops_when_told_from_outside) {
  RunnerProcess runner(two_uids);
  {
    RunnerClient client(runner);
    TestTerminal terminal(client);
    EXPECT_TRUE(terminal.see("$ "));
  }
  EXPECT_EQ(runner.stop(), 0);
}

}  // namespace
}  // namespace berth::test

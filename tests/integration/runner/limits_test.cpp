// SPDX-License-Identifier: GPL-3.0-or-later
// What happens where something runs out: watches, patience with a window, the time to resume, requests,
// memory; and a runner that listens on TCP, as in pods.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>

#include "runner_client.hpp"
#include "tests/machine_time.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// ---- watches
// -----------------------------------------------------------------------------------------------------------

class RunnerWatchLimit : public testing::Test {
 protected:
  RunnerWatchLimit() { fs::create_directories(runner_.home() / "other"); }

  /// The next news of `other` that fit.
  std::optional<FileChanged::Params> news(const std::function<bool(const FileChanged::Params&)>& wanted) {
    return client_.wait_for<FileChanged>(
        [&](const auto& params) { return params.path == "other" && wanted(params); });
  }
  static bool names(const FileChanged::Params& params, const std::string& name) {
    return std::ranges::any_of(params.changes, [&](const auto& change) { return change.name == name; });
  }

  RunnerProcess runner_{{.inotify_watches = 1}};
  RunnerClient client_{runner_};
};

TEST_F(RunnerWatchLimit, a_directory_beyond_it_is_polled_and_says_so) {
  EXPECT_FALSE(client_.must<FileWatch>({"project"}).degraded);
  EXPECT_TRUE(client_.must<FileWatch>({"other"}).degraded);
  // What changes before the first look must not be lost: the watcher can only say "list it again".
  runner_.write_file("other/early.txt", "x");
  const auto first = news([](const auto& params) { return params.overflow; });
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->degraded);
  client_.forget_notifications();
  runner_.write_file("other/late.txt", "x");
  const auto second = news([](const auto& params) { return names(params, "late.txt"); });
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->degraded);
  EXPECT_FALSE(names(*second, "early.txt"));
  client_.forget_notifications();
  fs::remove(runner_.home() / "other/early.txt");
  EXPECT_TRUE(news([](const auto& params) { return names(params, "early.txt"); }));
}

TEST_F(RunnerWatchLimit, a_free_watch_is_taken_and_the_end_of_the_degradation_told) {
  client_.must<FileWatch>({"project"});
  ASSERT_TRUE(client_.must<FileWatch>({"other"}).degraded);
  client_.must<FileUnwatch>({"project"});
  const auto better = news([](const auto& params) { return !params.degraded; });
  ASSERT_TRUE(better);
  EXPECT_TRUE(better->overflow) << "something may have changed while the watch was made";
  const auto took = fastest(1500ms, [&] {
    client_.forget_notifications();
    runner_.write_file("other/now.txt", "x");
    EXPECT_TRUE(news([](const auto& params) { return names(params, "now.txt") && !params.degraded; }));
  });
  EXPECT_LT(took, 1500ms) << "by a watch, not by looking every 3 s";
}

TEST_F(RunnerWatchLimit, a_resumed_window_hears_that_it_is_still_degraded) {
  client_.must<FileWatch>({"project"});
  ASSERT_TRUE(client_.must<FileWatch>({"other"}).degraded);
  const auto session = client_.hello().session;
  client_.drop();
  client_ = RunnerClient(runner_, Role::owner, session);
  ASSERT_TRUE(client_.hello().resumed);
  const auto told = news([](const auto&) { return true; });
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->degraded && told->overflow);
}

TEST_F(RunnerWatchLimit, an_open_document_still_follows_its_file) {
  runner_.write_file("other/a.txt", "one\n");
  client_.must<FileWatch>({"project"});
  const auto opened = client_.must<DocumentOpen>({"other/a.txt", std::nullopt, std::nullopt, std::nullopt});
  runner_.write_file("other/a.txt", "one\ntwo\n");
  const auto changed = client_.wait_for<DocumentChanged>([](const auto&) { return true; });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->operation.apply(*opened.text), "one\ntwo\n");
}

// ---- listening on TCP
// --------------------------------------------------------------------------------------------------

TEST(RunnerTcp, serves_terminals_and_files_and_asks_for_a_token_there_too) {
  const RunnerProcess runner({.tcp = true});
  EXPECT_EQ(http_get(runner.socket_path(), "/connect", {}).status, 401);
  RunnerClient client(runner);
  TestTerminal terminal(client);
  terminal.type("echo over''tcp\n");
  EXPECT_TRUE(terminal.see("overtcp\r\n")) << terminal.output();
  runner.write_file("a.txt", "abc");
  const auto read = client.must<FileRead>({"a.txt", 100, std::nullopt, std::nullopt});
  EXPECT_TRUE(client.wait([&] { return client.channel(read.channel).ended; }));
  EXPECT_EQ(client.channel(read.channel).bytes, "abc");
}

TEST(RunnerTcp, its_own_port_is_not_offered_as_a_program_of_the_person) {
  const RunnerProcess runner({.tcp = true});
  RunnerClient client(runner);
  const auto own = std::stoi(runner.socket_path().substr(runner.socket_path().find(':') + 1));
  for (const auto& port : client.must<PortList>({}).ports) EXPECT_NE(port.port, own);
}

// ---- a window that takes nothing
// ---------------------------------------------------------------------------------------

TEST(RunnerPatience, a_window_that_stalls_holds_the_program_up_for_ten_seconds_and_then_comes_back) {
  const RunnerProcess runner;
  RunnerClient stalled(runner), lively(runner);
  stalled.set_window(0);
  lively.keep_bytes(false);
  TestTerminal terminal(lively, "yes a line that goes on");
  ASSERT_TRUE(lively.wait([&] { return lively.channel(terminal.channel_).total > (1u << 20); }));
  // It takes 1,000 bytes and then nothing more.
  const auto attached = stalled.must<TerminalAttach>({terminal.id, 1000, std::nullopt});
  const auto start = Clock::now();
  std::uint64_t held_at = 0;
  ASSERT_TRUE(lively.wait([&] {
    const auto now = lively.channel(terminal.channel_).total;
    const bool still = now == held_at;
    held_at = now;
    return still && Clock::now() - start > 500ms;
  })) << "the program was not held up";
  ASSERT_TRUE(
      lively.wait([&] { return lively.channel(terminal.channel_).total > held_at + (4u << 20); }, 15s))
      << "it was held up for ever";
  EXPECT_GE(Clock::now() - start, 8s);
  // What the stalled one missed is gone: its channel is aborted, and it attaches anew.
  ASSERT_TRUE(stalled.wait([&] { return stalled.channel(attached.channel).aborted; }));
  EXPECT_LE(stalled.channel(attached.channel).total, 1000u);
  const auto again = stalled.must<TerminalAttach>(
      {terminal.id, 1000, attached.output_offset + stalled.channel(attached.channel).total});
  EXPECT_TRUE(again.lost);
  EXPECT_GT(again.output_offset, attached.output_offset + 1000);
}

// ---- the time to resume
// ------------------------------------------------------------------------------------------------

TEST(RunnerExpiry, a_dropped_session_is_kept_for_its_time_and_forgotten_then) {
  const RunnerProcess runner({.resumable = 700});
  runner.write_file("a.txt", "x");
  RunnerClient client(runner), other(runner), server(runner, Role::server);
  const auto session = client.hello().session;
  client.must<DocumentOpen>({"a.txt", std::nullopt, std::nullopt, std::nullopt});
  const auto dropped = Clock::now();
  client.drop();
  {
    RunnerClient again(runner, Role::owner, session);
    ASSERT_TRUE(again.hello().resumed || Clock::now() - dropped > 700ms);
    again.drop();
  }
  const auto left = Clock::now();
  // Not by asking with the session's id, which would resume it: the document that it alone had open is
  // closed, so that another window is given it anew.
  const auto id_of = [&] {
    const auto opened = other.must<DocumentOpen>({"a.txt", std::nullopt, std::nullopt, std::nullopt});
    other.must<DocumentClose>({opened.document});
    return opened.document;
  };
  const auto kept = id_of();
  EXPECT_TRUE(id_of() == kept || Clock::now() - left > 700ms);
  ASSERT_TRUE(other.wait([&] { return id_of() != kept; })) << "it was never forgotten";
  EXPECT_GE(Clock::now() - left, 700ms);
  EXPECT_FALSE(RunnerClient(runner, Role::owner, session).hello().resumed);
}

// ---- requests that wait
// ------------------------------------------------------------------------------------------------

/// A port to which nobody can connect now: its queue is full, so that dialling waits.
class FullPort {
 public:
  FullPort() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    name_.sin_family = AF_INET;
    name_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name_;
    if (::bind(listening_.get(), reinterpret_cast<sockaddr*>(&name_), size) != 0 ||
        ::listen(listening_.get(), 0) != 0 ||
        ::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&name_), &size) != 0)
      throw std::runtime_error("no port");
    for (auto& waiting : waiting_) {
      waiting.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      (void)::connect(waiting.get(), reinterpret_cast<sockaddr*>(&name_), size);
    }
  }
  std::uint16_t port() const { return ntohs(name_.sin_port); }

 private:
  net::FileDescriptor listening_;
  sockaddr_in name_{};
  std::array<net::FileDescriptor, 4> waiting_;
};

TEST(RunnerRequests, beyond_the_limit_are_refused_and_the_session_lives) {
  const RunnerProcess runner;
  std::optional<FullPort> full(std::in_place);
  RunnerClient client(runner);
  std::vector<std::int64_t> asked;
  for (std::size_t i = 0; i < max_pending_requests; ++i)
    asked.push_back(client.send_request("port/tunnel", {{"port", full->port()}, {"credit", 1000}}));
  const auto refused = client.call<PortTunnel>({full->port(), 1000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded) << refused.error().message;
  EXPECT_TRUE(client.call<SessionPing>({})) << "what needs no waiting is still answered";
  // Those that were accepted are all answered in the end, and then there is room again.
  full.reset();
  for (const auto id : asked) EXPECT_FALSE(client.wait_for_reply(id, 20s));
  EXPECT_TRUE(client.call<FileStat>({"project"}));
}

}  // namespace
}  // namespace berth::test

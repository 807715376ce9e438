// SPDX-License-Identifier: GPL-3.0-or-later
// Files over the wire: streams in constant memory, conflicts, watches, ports, tunnels, activity.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>

#include <fstream>
#include <thread>

#include "memory_of.hpp"
#include "runner_client.hpp"
#include "tests/machine_time.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

std::string upload(RunnerClient& client, const FileWrite::Params& params, const std::string& bytes) {
  const auto begun = client.must<FileWrite>(params);
  client.channel(begun.channel).limit = begun.limit;
  for (std::uint64_t at = 0; at < bytes.size();) {
    auto& channel = client.channel(begun.channel);
    if (channel.aborted || !client.wait([&] { return channel.limit > at; }))
      throw std::runtime_error("no credit");
    const auto size = std::min<std::uint64_t>({channel.limit - at, bytes.size() - at, 128u << 10});
    client.send_data(begun.channel, at, std::string_view(bytes).substr(at, size));
    at += size;
  }
  client.send_frame({FrameKind::end, false, begun.channel, bytes.size()});
  return client.must<FileCommit>({begun.channel, bytes.size()}).etag;
}

TEST(RunnerFile, two_hundred_megabytes_go_up_and_down_in_constant_memory) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const std::string piece = [] {
    std::string text;
    for (int i = 0; text.size() < (4u << 20); ++i) text += std::to_string(i) + "\n";
    return text;
  }();
  std::string bytes;
  while (bytes.size() < 200'000'000) bytes += piece;
  const long before = memory_of(runner.pid());
  upload(client, {"project/big.bin", "", std::nullopt}, bytes);
  EXPECT_TRUE(runner.read_file("project/big.bin") == bytes);
  const auto read = client.must<FileRead>({"project/big.bin", 1u << 20, std::nullopt, std::nullopt});
  ASSERT_TRUE(client.wait([&] { return client.channel(read.channel).ended; }, 60s));
  EXPECT_TRUE(client.channel(read.channel).bytes == bytes);
  EXPECT_LT(memory_of(runner.pid()) - before, 8 << 10);
}

TEST(RunnerFile, a_range_is_read) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "0123456789");
  RunnerClient client(runner);
  const auto read = client.must<FileRead>({"a.txt", 100, 3, 4});
  EXPECT_EQ(read.size, 10u);
  ASSERT_TRUE(client.wait([&] { return client.channel(read.channel).ended; }));
  EXPECT_EQ(client.channel(read.channel).bytes, "3456");
}

TEST(RunnerFile, reading_waits_for_credit) {
  const RunnerProcess runner;
  runner.write_file("a.txt", std::string(100000, 'x'));
  RunnerClient client(runner);
  client.set_window(0);
  const auto read = client.must<FileRead>({"a.txt", 1000, std::nullopt, std::nullopt});
  ASSERT_TRUE(client.wait([&] { return client.channel(read.channel).total == 1000; }));
  EXPECT_FALSE(client.wait([&] { return client.channel(read.channel).total > 1000; }, 200ms));
  client.send_frame({FrameKind::credit, false, read.channel, 200000});
  EXPECT_TRUE(client.wait([&] { return client.channel(read.channel).ended; }));
  EXPECT_EQ(client.channel(read.channel).total, 100000u);
}

TEST(RunnerFile, a_write_with_a_stale_etag_or_a_wrong_size_changes_nothing) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto etag = upload(client, {"a.txt", "", 0600}, "one");
  upload(client, {"a.txt", etag, std::nullopt}, "two");
  const auto refused = client.call<FileWrite>({"a.txt", etag, std::nullopt});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(refused.error().data.at("expected_etag"), etag);
  const auto begun = client.must<FileWrite>({"a.txt", std::nullopt, std::nullopt});
  client.send_data(begun.channel, 0, "three");
  EXPECT_FALSE(client.call<FileCommit>({begun.channel, 5}));  // no end yet
  EXPECT_EQ(runner.read_file("a.txt"), "two");
  EXPECT_EQ(client.call<FileCommit>({999, 5}).error().code, ErrorCode::not_found);
}

TEST(RunnerFile, a_dropped_upload_leaves_the_old_file_and_nothing_else) {
  const RunnerProcess runner;
  runner.write_file("project/a.txt", "old");
  {
    RunnerClient client(runner);
    const auto begun = client.must<FileWrite>({"project/a.txt", std::nullopt, std::nullopt});
    client.send_data(begun.channel, 0, "half of the n");
    (void)client.must<SessionPing>({});
  }
  RunnerClient client(runner);
  EXPECT_EQ(runner.read_file("project/a.txt"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(runner.home() / "project"), {}), 1);
}

TEST(RunnerFile, sending_past_the_credit_aborts_the_channel_only) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto begun = client.must<FileWrite>({"a.bin", std::nullopt, std::nullopt});
  client.send_data(begun.channel, 7, "out of order");
  EXPECT_TRUE(client.wait([&] { return client.channel(begun.channel).aborted; }));
  EXPECT_TRUE(client.call<SessionPing>({}));
}

TEST(RunnerFile, open_channels_are_limited) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner);
  client.set_window(0);
  for (std::size_t i = 0; i < max_open_channels; ++i)
    client.must<FileRead>({"a.txt", 0, std::nullopt, std::nullopt});
  EXPECT_EQ(client.call<FileRead>({"a.txt", 0, std::nullopt, std::nullopt}).error().code,
            ErrorCode::limit_exceeded);
  EXPECT_TRUE(client.call<FileStat>({"a.txt"}));
}

TEST(RunnerFile, paths_stay_at_home) {
  const RunnerProcess runner;
  fs::create_symlink("/etc", runner.home() / "out");
  RunnerClient client(runner);
  for (const std::string path : {"../x", "/etc/passwd", "out/passwd", "project/../../x"}) {
    EXPECT_EQ(client.call<FileRead>({path, 10, {}, {}}).error().code, ErrorCode::permission_denied) << path;
    EXPECT_EQ(client.call<FileWrite>({path, {}, {}}).error().code, ErrorCode::permission_denied) << path;
    EXPECT_EQ(client.call<FileDelete>({path, true}).error().code, ErrorCode::permission_denied) << path;
    EXPECT_EQ(client.call<FileRename>({"project", path, {}}).error().code, ErrorCode::permission_denied)
        << path;
    EXPECT_EQ(client.call<FileCopy>({path, "y"}).error().code, ErrorCode::permission_denied) << path;
  }
  EXPECT_EQ(client.call<FileList>({"out", {}, {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(client.call<FileWatch>({"out"}).error().code, ErrorCode::permission_denied);
}

TEST(RunnerFile, viewers_change_nothing) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient viewer(runner, Role::viewer);
  EXPECT_TRUE(viewer.call<FileStat>({"a.txt"}));
  EXPECT_EQ(viewer.call<FileWrite>({"a.txt", {}, {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<FileDelete>({"a.txt", {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<FileRename>({"a.txt", "b", {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<FileCreateDirectory>({"d"}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<PortTunnel>({80, 100}).error().code, ErrorCode::permission_denied);
}

TEST(RunnerFile, a_watched_directory_tells_what_changed) {
  const RunnerProcess runner;
  runner.write_file("project/old.txt", "x");
  RunnerClient client(runner);
  EXPECT_FALSE(client.must<FileWatch>({"project"}).degraded);
  const auto told = [&](const std::string& name, ChangeKind kind) {
    return client
        .wait_for<FileChanged>([&](const auto& params) {
          return params.path == "project" && std::ranges::any_of(params.changes, [&](const auto& change) {
                   return change.name == name && change.kind == kind;
                 });
        })
        .has_value();
  };
  runner.write_file("project/new.txt", "x");
  EXPECT_TRUE(told("new.txt", ChangeKind::created));
  runner.write_file("project/old.txt", "xy");
  EXPECT_TRUE(told("old.txt", ChangeKind::changed));
  fs::remove(runner.home() / "project/old.txt");
  EXPECT_TRUE(told("old.txt", ChangeKind::deleted));
  client.must<FileUnwatch>({"project"});
  client.forget_notifications();
  runner.write_file("project/later.txt", "x");
  EXPECT_FALSE(client.wait([&] { return false; }, 200ms));
}

TEST(RunnerFile, a_burst_of_changes_is_an_overflow_not_a_flood) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  client.must<FileWatch>({"project"});
  // However slow this machine is now, for the runner they come all at once.
  ASSERT_EQ(::kill(runner.pid(), SIGSTOP), 0);
  for (int i = 0; i < 3000; ++i) std::ofstream(runner.home() / "project" / std::to_string(i)) << "x";
  ASSERT_EQ(::kill(runner.pid(), SIGCONT), 0);
  EXPECT_TRUE(client.wait_for<FileChanged>([](const auto& params) { return params.overflow; }));
}

TEST(RunnerFile, trash_and_back) {
  const RunnerProcess runner;
  runner.write_file("project/a.txt", "precious");
  RunnerClient client(runner);
  const auto deleted = client.must<FileDelete>({"project/a.txt", std::nullopt});
  ASSERT_TRUE(deleted.trash);
  EXPECT_FALSE(fs::exists(runner.home() / "project/a.txt"));
  EXPECT_EQ(client.must<FileUndelete>({*deleted.trash}).path, "project/a.txt");
  EXPECT_EQ(runner.read_file("project/a.txt"), "precious");
}

// ---- ports, tunnels, activity
// --------------------------------------------------------------------------------------

const std::string server_program =
    "python3 -c \"import socket,sys; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(5); "
    "print('port',s.getsockname()[1],'end',flush=True); c,_=s.accept(); d=c.recv(99); c.sendall(b'you said "
    "'+d); c.close(); "
    "sys.stdin.read()\"";

std::uint16_t port_in(const std::string& output) {
  return static_cast<std::uint16_t>(std::stoi(output.substr(output.find("port ") + 5)));
}

TEST(RunnerPort, a_listening_port_is_noticed_within_a_second_with_its_program) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto took = fastest(1500ms, [&] {  // the program's own start counts
    TestTerminal terminal(client, server_program);
    ASSERT_TRUE(terminal.see(" end"));
    const auto port = port_in(terminal.output());
    const auto has_port = [&](const auto& params) {
      return std::ranges::any_of(
          params.ports, [&](const Port& entry) { return entry.port == port && entry.process == "python3"; });
    };
    EXPECT_TRUE(client.wait_for<PortChanged>(has_port));
    EXPECT_TRUE(has_port(client.must<PortList>({})));
  });
  EXPECT_LT(took, 1500ms);
}

TEST(RunnerPort, a_channel_carries_a_connection) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, server_program);
  ASSERT_TRUE(terminal.see(" end"));
  const auto tunnel = client.must<PortTunnel>({port_in(terminal.output()), 1000});
  client.send_data(tunnel.channel, 0, "hello");
  EXPECT_TRUE(client.wait([&] { return client.channel(tunnel.channel).ended; }));
  EXPECT_EQ(client.channel(tunnel.channel).bytes, "you said hello");
}

TEST(RunnerPort, the_server_tunnels_raw_bytes_with_a_token_for_that_port) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, server_program);
  ASSERT_TRUE(terminal.see(" end"));
  const auto port = std::to_string(port_in(terminal.output()));
  const auto dial = [&](const std::string& capability) {
    return http_get(runner.socket_path(), "/tunnel?port=" + port,
                    {{"Upgrade", "berth-tunnel"},
                     {"Connection", "Upgrade"},
                     {"Authorization", "Berth " + runner.token(Role::server, capability)}});
  };
  EXPECT_EQ(dial("tunnel:1").status, 403);
  EXPECT_EQ(dial("session").status, 403);
  const auto answer = dial("tunnel:" + port);
  ASSERT_EQ(answer.status, 101);
  EXPECT_FALSE(answer.header("Berth-Runner-Proof").empty());
  ASSERT_EQ(::send(answer.socket.get(), "hi", 2, 0), 2);
  std::string said = answer.rest;
  for (char buffer[100]; said.size() < 11;) {
    const auto length = ::recv(answer.socket.get(), buffer, sizeof buffer, 0);
    ASSERT_GT(length, 0);
    said.append(buffer, static_cast<std::size_t>(length));
  }
  EXPECT_EQ(said, "you said hi");
}

TEST(RunnerPort, nothing_listening_is_a_bad_gateway) {
  const RunnerProcess runner;
  const auto answer = http_get(runner.socket_path(), "/tunnel?port=1",
                               {{"Upgrade", "berth-tunnel"},
                                {"Connection", "Upgrade"},
                                {"Authorization", "Berth " + runner.token(Role::server, "tunnel:1")}});
  EXPECT_EQ(answer.status, 502);
  RunnerClient client(runner);
  EXPECT_EQ(client.call<PortTunnel>({1, 100}).error().code, ErrorCode::unavailable);
}

TEST(RunnerActivity, counts_the_programs_cpu_and_a_persons_keys) {
  const RunnerProcess runner({.as_pid_1 = ::getuid() == 0});
  RunnerClient client(runner), server(runner, Role::server);
  TestTerminal terminal(client,
                        "echo go; read x; timeout 1 sh -c 'while :; do :; done'; echo fin''ished; read y");
  ASSERT_TRUE(terminal.see("go"));
  (void)server.must<ControlActivity>({});
  terminal.type("\n");
  ASSERT_TRUE(terminal.see("finished"));
  const auto busy = server.must<ControlActivity>({});
  EXPECT_GT(busy.cpu_percent, 20);
  EXPECT_LT(busy.idle, 5000);
  EXPECT_EQ(busy.terminals, 1u);
  EXPECT_TRUE(client.wait([&] { return server.must<ControlActivity>({}).cpu_percent < 1; }));
}

}  // namespace
}  // namespace berth::test

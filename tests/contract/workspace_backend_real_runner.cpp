// SPDX-License-Identifier: GPL-3.0-or-later
// The contract of workspace backends over the local one with berth-runner itself, under each runtime of this
// machine; and that this runner works there: a terminal, a file, an orderly stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "server/backends/local/workspace_record.hpp"
#include "tests/contract/workspace_backend_clauses.hpp"
#include "tests/integration/local/workspace_at_work.hpp"

namespace berth::server {

namespace {

using local::LocalGround;
using testing::HasSubstr;
using namespace std::chrono_literals;

Subject real_subject(LocalGround& ground) {
  return {&ground.backend(),
          [](const RunnerAddress& address) { return local::ask_probe(address, "GET /ready"); },
          [&ground](const std::string& id, const RunnerAddress&) {
            // By the backend's own record: under gVisor the runner itself is no process of this kernel.
            const auto record = local::RuntimeFolder::open(ground.options().data)->load(id);
            ASSERT_TRUE(record);
            EXPECT_TRUE(record->runner().signal(SIGKILL));
          },
          [&ground](const std::string& id) { return files_in_home_folder(ground.backend(), id); }};
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_a_terminal(test::RunnerClient& client) {
  test::TestTerminal terminal(client);
  terminal.type("cd ~/project; echo from-the-terminal > typed.txt; id -un; stty size; echo $((6*7))-is-it\n");
  EXPECT_TRUE(terminal.see("berth\r\n", 20s)) << terminal.output();
  EXPECT_TRUE(terminal.see("24 80\r\n")) << terminal.output();
  EXPECT_TRUE(terminal.see("42-is-it\r\n")) << terminal.output();
  // The keys that end a program travel through the terminal's driver, whichever kernel has it.
  // It says so itself: before it has the terminal, the key would be the shell's.
  terminal.type("bash -c \"echo sl''eeping; exec sleep 1000\"; echo not-to-''be-seen\n");
  ASSERT_TRUE(terminal.see("sleeping\r\n"));
  terminal.type("\x03");
  ASSERT_TRUE(terminal.see("$ ")) << terminal.output();
  terminal.type("echo in''terrupted\n");
  EXPECT_TRUE(terminal.see("interrupted\r\n")) << terminal.output();
  EXPECT_THAT(terminal.output(), testing::Not(HasSubstr("not-to-be-seen")));
}

void expect_a_written_file(test::RunnerClient& client) {
  const std::string bytes(300'000, 'w');
  const auto begun = client.must<protocol::FileWrite>({"project/sent.bin", "", std::nullopt});
  client.channel(begun.channel).limit = begun.limit;
  for (std::size_t at = 0; at < bytes.size();) {
    auto& channel = client.channel(begun.channel);
    ASSERT_TRUE(client.wait([&] { return channel.aborted || channel.limit > at; }));
    ASSERT_FALSE(channel.aborted);
    const auto size = std::min<std::size_t>({channel.limit - at, bytes.size() - at, 64u << 10});
    client.send_data(begun.channel, at, std::string_view(bytes).substr(at, size));
    at += size;
  }
  client.send_frame({protocol::FrameKind::end, false, begun.channel, bytes.size()});
  client.must<protocol::FileCommit>({begun.channel, bytes.size()});
}

/// An edit that is acknowledged but may not be in the file yet when the stop comes.
void edit_and_leave(test::RunnerClient& client) {
  const auto opened =
      client.must<protocol::DocumentOpen>({"project/typed.txt", std::nullopt, std::nullopt, std::nullopt});
  const auto length = static_cast<std::int64_t>(protocol::utf16_length(opened.text.value_or("")));
  client.must<protocol::DocumentEdit>({opened.document, opened.version, "an-edit-1",
                                       protocol::TextOperation().retain(length).insert("and edited\n")});
}

void expect_a_runner_at_work(LocalGround& ground) {
  local::WorkspaceAtWork workspace(ground);
  {
    test::RunnerClient client(workspace);
    EXPECT_EQ(client.hello().workspace, workspace.id());
    expect_a_terminal(client);
    expect_a_written_file(client);
    edit_and_leave(client);
  }
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(ground.backend().stop(workspace.id(), 60'000));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 50s) << "it had to be killed";
  EXPECT_EQ(text_of(workspace.home() / "project/typed.txt"), "from-the-terminal\nand edited\n");
  EXPECT_EQ(text_of(workspace.home() / "project/sent.bin").size(), 300'000u);
}

/// The whole contract under one runtime; a runtime that can't work here has to say so.
void expect_contract_under(const std::string& runtime) {
  std::unique_ptr<LocalGround> ground;
  try {
    ground = std::make_unique<LocalGround>([&](local::LocalBackendOptions& options) {
      options.runner = local::TestGround::get().real_runner;
      options.runtime = runtime;
    });
  } catch (const std::runtime_error& refusal) {
    EXPECT_THAT(refusal.what(), HasSubstr(std::string(runtime) + " does not work here"));
    EXPECT_THAT(refusal.what(), HasSubstr(runtime + ": "));
    std::cout << runtime << " refuses: " << refusal.what() << "\n";
    return;
  }
  expect_all_clauses(real_subject(*ground));
  expect_a_runner_at_work(*ground);
}

TEST(RealRunnerContract, under_crun_or_its_refusal) { expect_contract_under("crun"); }

TEST(RealRunnerContract, under_runc_or_its_refusal) { expect_contract_under("runc"); }

TEST(RealRunnerContract, under_gvisor_or_its_refusal) { expect_contract_under("runsc"); }

TEST(RealRunnerContract, at_least_one_runtime_works) {
  LocalGround ground(
      [](local::LocalBackendOptions& options) { options.runner = local::TestGround::get().real_runner; });
  expect_a_runner_at_work(ground);
}

}  // namespace

}  // namespace berth::server

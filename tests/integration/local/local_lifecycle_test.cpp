// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace's life in the local backend: what contract tests can't see from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "server/backends/local/process_identity.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(LocalBackend, starts_a_workspace_whose_programs_run_as_the_person) {
  LocalGround ground;
  const auto address = ground.start(ground.request());
  const auto end = run_script(address, "whoami; pwd; echo $HOME; touch file && stat -c %U file");
  EXPECT_EQ(end.status, 0) << end.output;
  EXPECT_EQ(end.output, "berth\n/home/berth/project\n/home/berth\nberth\n");
}

TEST(LocalBackend, home_belongs_to_the_servers_user_on_the_host) {
  LocalGround ground;
  const auto request = ground.request();
  const auto address = ground.start(request);
  ASSERT_EQ(run_script(address, "echo kept > kept.txt").status, 0);
  auto home = ground.backend().home(request.workspace, request.template_id);
  ASSERT_TRUE(home && *home);
  std::ifstream file(**home / "project/kept.txt");
  std::string word;
  EXPECT_TRUE(file >> word) << "not readable by the server";
  EXPECT_EQ(word, "kept");
}

TEST(LocalBackend, a_restarted_server_finds_what_runs_and_can_stop_it) {
  LocalGround ground;
  const auto request = ground.request();
  const auto before = ground.start(request);
  ground.restart_server();
  auto status = ground.backend().poll(request.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running);
  ASSERT_TRUE(status->address);
  EXPECT_EQ(status->address->unix_path, before.unix_path);
  EXPECT_EQ(status->address->runner_key, before.runner_key);
  EXPECT_EQ(run_script(*status->address, "echo alive").output, "alive\n");
  auto again = ground.backend().start(request);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->runner_key, before.runner_key) << "it was started anew";
  EXPECT_TRUE(ground.backend().stop(request.workspace, 1000));
  EXPECT_EQ(ground.backend().poll(request.workspace)->state, BackendState::absent);
}

TEST(LocalBackend, a_workspace_left_half_started_by_a_crashed_server_is_cleared_and_starts_again) {
  LocalGround ground;
  const auto request = ground.request();
  ground.start(request);
  // What the disk holds when the server dies between making the container and knowing its process.
  const std::string record = ground.options().data + "/run/ws/" + request.workspace + "/record.json";
  std::ofstream(record)
      << R"({"phase":"starting","boot":")" << boot_id()
      << R"(","pid":0,"start_time":0,"network_pid":0,"network_start":0,"runner_key":"","socket":"","memory":0,"reason":""})";
  ground.restart_server();
  auto status = ground.backend().poll(request.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::failed);
  EXPECT_THAT(status->reason, HasSubstr("while the workspace was starting"));
  const auto address = ground.start(request);
  EXPECT_EQ(run_script(address, "true").status, 0);
}

TEST(LocalBackend, a_damaged_record_hides_no_running_workspace) {
  LocalGround ground;
  const auto request = ground.request();
  const auto address = ground.start(request);
  std::ofstream(ground.options().data + "/run/ws/" + request.workspace + "/record.json") << "{\"phase\":";
  EXPECT_EQ(ground.backend().poll(request.workspace)->state, BackendState::failed);
  EXPECT_FALSE(ask_probe(address, "GET /ready")) << "it still runs";
}

TEST(LocalBackend, a_process_number_given_out_again_is_not_taken_for_the_runner) {
  LocalGround ground;
  const auto request = ground.request();
  ground.start(request);
  ASSERT_TRUE(ground.backend().stop(request.workspace, 1000));
  fs::create_directories(ground.options().data + "/run/ws/" + request.workspace);
  std::ofstream(ground.options().data + "/run/ws/" + request.workspace + "/record.json")
      << R"({"phase":"running","boot":")" << boot_id() << R"(","pid":)" << getpid()
      << R"(,"start_time":1,"network_pid":0,"network_start":0,"runner_key":"","socket":"","memory":0,"reason":""})";
  auto status = ground.backend().poll(request.workspace);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::failed);
  EXPECT_TRUE(ground.backend().stop(request.workspace, 1000)) << "and this process was not killed";
}

/// Ended children of this process that nobody has reaped.
std::set<std::string> unreaped() {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string stat = read_small_file(entry.path() / "stat");
    if (stat.find(") Z " + std::to_string(getpid()) + " ") != std::string::npos) found.insert(stat);
  }
  return found;
}

TEST(LocalBackend, nothing_of_a_stopped_workspace_is_left) {
  LocalGround ground;
  const auto unreaped_before = unreaped();
  const auto request = ground.request();
  const auto address = ground.start(request);
  // A program that outlives its shell and ignores polite requests.
  ASSERT_EQ(
      run_script(address, "setsid sh -c 'trap \"\" TERM HUP; exec sleep 1000' > /dev/null 2>&1 &").status, 0);
  ASSERT_TRUE(ground.backend().stop(request.workspace, 2000));
  EXPECT_FALSE(fs::exists(address.unix_path));
  EXPECT_FALSE(fs::exists(ground.options().data + "/run/ws/" + request.workspace));
  EXPECT_TRUE(fs::is_empty(ground.options().data + "/run/oci/" + ground.local().runtime_name()));
  EXPECT_TRUE(fs::exists(ground.options().data + "/workspaces/" + request.workspace + "/home/project"));
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string command = read_small_file(entry.path() / "cmdline");
    EXPECT_EQ(command.find("/run/ws/" + request.workspace), std::string::npos) << "left: " << command;
  }
  for (const auto& child : unreaped()) EXPECT_TRUE(unreaped_before.contains(child)) << child;
}

TEST(LocalBackend, a_runner_that_ends_by_itself_is_failed_with_its_status) {
  LocalGround ground;
  const auto request = ground.request();
  const auto address = ground.start(request);
  ask_probe(address, "GET /end/3");
  ASSERT_TRUE(
      eventually([&] { return ground.backend().poll(request.workspace)->state == BackendState::failed; }));
  EXPECT_THAT(ground.backend().poll(request.workspace)->reason, HasSubstr("ended with status 3"));
}

TEST(LocalBackend, a_runner_that_never_answers_fails_the_start_and_leaves_nothing) {
  LocalGround ground([](LocalBackendOptions& options) {
    options.ready_deadline = std::chrono::milliseconds(300);
    const std::string mute = TestGround::get().folder + "/mute_runner";
    std::ofstream(mute) << "#!/bin/sh\nexec sleep 1000\n";
    fs::permissions(mute, fs::perms(0755));
    options.runner = mute;
  });
  const auto request = ground.request();
  auto started = ground.backend().start(request);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::timeout);
  EXPECT_EQ(ground.backend().poll(request.workspace)->state, BackendState::absent);
  EXPECT_TRUE(fs::is_empty(ground.options().data + "/run/oci/" + ground.local().runtime_name()));
}

TEST(LocalBackend, a_runner_that_ends_at_once_fails_the_start_with_its_words) {
  LocalGround ground([](LocalBackendOptions& options) {
    const std::string broken = TestGround::get().folder + "/broken_runner";
    std::ofstream(broken) << "#!/bin/sh\necho no such thing as a key\nexit 9\n";
    fs::permissions(broken, fs::perms(0755));
    options.runner = broken;
  });
  auto started = ground.backend().start(ground.request());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::unavailable);
  EXPECT_THAT(started.error().detail, HasSubstr("no such thing as a key"));
}

TEST(LocalBackend, forget_deletes_files_that_the_person_made_unreadable) {
  LocalGround ground;
  const auto request = ground.request();
  const auto address = ground.start(request);
  ASSERT_EQ(run_script(address, "mkdir -p a/b && touch a/b/c && chmod 000 a/b a").status, 0);
  ASSERT_TRUE(ground.backend().stop(request.workspace, 1000));
  ASSERT_TRUE(ground.backend().forget(request.workspace));
  EXPECT_FALSE(fs::exists(ground.options().data + "/workspaces/" + request.workspace));
}

TEST(LocalBackend, a_data_folder_with_a_very_long_name_works) {
  LocalGround ground([](LocalBackendOptions& options) {
    options.data += "/" + std::string(120, 'd');
    fs::create_directories(options.data);
  });
  const auto address = ground.start(ground.request());
  EXPECT_EQ(run_script(address, "echo here").output, "here\n");
}

TEST(LocalBackend, a_data_folder_of_a_foreign_group_is_made_the_users_own) {
  LocalGround ground([](LocalBackendOptions& options) {
    if (const auto& foreign = TestGround::get().foreign_data; !foreign.empty()) options.data = foreign;
  });
  const auto request = ground.request();
  const auto address = ground.start(request);
  EXPECT_EQ(run_script(address, "echo here > file && cat file").output, "here\n");
  struct stat status{};
  ASSERT_EQ(stat(ground.options().data.c_str(), &status), 0);
  EXPECT_EQ(status.st_gid, getegid());
  EXPECT_EQ(status.st_mode & 07777, 0700u);
  ASSERT_TRUE(ground.backend().stop(request.workspace, 1000));
  ground.start(request);
}

TEST(LocalBackend, a_folder_above_that_is_closed_to_containers_is_named) {
  LocalGround ground;
  auto options = ground.options();
  const std::string closed = TestGround::get().closed_data;
  options.data = closed.empty() ? TestGround::get().folder + "/open-below" : closed;
  fs::create_directories(options.data);
  const auto opened = LocalBackend::open(options);
  // With one id containers are made by the folders' owner, to whom nothing of them is closed.
  ASSERT_EQ(opened.has_value(), closed.empty() || !ground.local().two_uids());
  if (opened) return;
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  EXPECT_THAT(opened.error().message,
              HasSubstr("can't enter " + fs::path(closed).parent_path().string() + ","));
  EXPECT_THAT(opened.error().message, HasSubstr("chmod o+x"));
}

TEST(LocalBackend, says_what_holds_here) {
  LocalGround ground;
  EXPECT_THAT(ground.backend().describe(), HasSubstr(ground.local().runtime_name()));
  EXPECT_EQ(ground.backend().limits_enforced(),
            ground.backend().describe().find("NO limits") == std::string::npos);
  EXPECT_EQ(ground.backend().limits_enforced(), TestGround::get().cgroups_prepared);
}

}  // namespace

}  // namespace berth::server::local

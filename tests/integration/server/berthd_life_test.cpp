// SPDX-License-Identifier: GPL-3.0-or-later
// berthd's own life: start, stop, restart, what it refuses to start with.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "berthd_process.hpp"

namespace berth::server::testing {
namespace {

TEST(BerthdLife, VersionIsPrinted) {
  const auto ended = run_berthd({"version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output.substr(0, 7), "berthd ");
}

TEST(BerthdLife, SigtermEndsItInOrderWithConnectionsOpen) {
  const DataPlace place;
  BerthdProcess server(place);
  auto idle = Wire::connect_tcp(server.port());
  auto half = Wire::connect_tcp(server.port());
  half.send("POST /api/v1/auth/sign_in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(server.terminate(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20))
      << "it waited for a connection that says nothing";
  EXPECT_TRUE(idle.ends_within(std::chrono::seconds(20)));
}

TEST(BerthdLife, EndsInOrderOnceItsInputDoesWhereItIsAPrograms) {
  const DataPlace place;
  int input[2];
  ASSERT_EQ(::pipe2(input, O_CLOEXEC), 0);
  const int own = ::dup(STDIN_FILENO);
  ASSERT_GE(::dup2(input[0], STDIN_FILENO), 0);
  BerthdProcess server(place, {"--end-with-input=true"});
  if (own >= 0) ::dup2(own, STDIN_FILENO);
  ::close(own);
  ::close(input[0]);
  EXPECT_EQ(::write(input[1], "words mean nothing\n", 19), 19);
  EXPECT_EQ(call(server, "GET", "/api/v1/server").status, 200);
  ::close(input[1]);
  siginfo_t end{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(server.pid()), &end, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(end.si_code, CLD_EXITED);
  EXPECT_EQ(end.si_status, 0) << server.log();
}

TEST(BerthdLife, SignInsAndSettingsSurviveARestart) {
  const DataPlace place;
  protocol::Json signed_in;
  {
    BerthdProcess server(place);
    signed_in = register_account(server, "ann@example.org");
  }
  BerthdProcess server(place);
  EXPECT_EQ(call(server, "GET", "/api/v1/me", signed_in["access_token"]).status, 200);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/refresh", {}, {{"refresh_token", signed_in["refresh_token"]}})
                .status,
            200);
  EXPECT_FALSE(server.setup_token().empty()) << "an ordinary account is no administrator";
}

TEST(BerthdLife, TheDataFolderIsPrivate) {
  const DataPlace place;
  const BerthdProcess server(place);
  struct stat status{};
  ASSERT_EQ(::stat((place.path() / "data").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  ASSERT_EQ(::stat((place.path() / "data/server.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_NE(status.st_uid, 0u) << "berthd must not stay root";
}

TEST(BerthdLife, ASecondServerOnTheSameFolderIsRefused) {
  const DataPlace place;
  const BerthdProcess server(place);
  try {
    const BerthdProcess second(place);
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("Another berthd"), std::string::npos) << error.what();
  }
}

TEST(BerthdLife, ATakenPortIsExplained) {
  const DataPlace place, other;
  const BerthdProcess server(place);
  try {
    const BerthdProcess second(other, {"--listen", "127.0.0.1:" + std::to_string(server.port())});
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("another program has this port"), std::string::npos)
        << error.what();
  }
}

TEST(BerthdLife, WrongOptionsAreNamed) {
  const auto flag = run_berthd({"serve", "--threads", "none"});
  EXPECT_EQ(flag.status, 1);
  EXPECT_NE(flag.output.find("--threads: must be a number"), std::string::npos) << flag.output;
  const DataPlace place;
  std::ofstream(place.path() / "berthd.toml") << "liste = 1\n";
  const auto file = run_berthd({"serve", "--config", place.path() / "berthd.toml"});
  EXPECT_EQ(file.status, 1);
  EXPECT_NE(file.output.find("liste: there is no such option"), std::string::npos) << file.output;
  EXPECT_NE(run_berthd({}).status, 0);
}

TEST(BerthdLife, CloseRegistrationFromTheStart) {
  const DataPlace place;
  const BerthdProcess server(place, {"--registration-open", "false"});
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/register", {},
                 {{"email", "a@b.c"}, {"name", "A"}, {"password", test_password}})
                .status,
            403);
}

}  // namespace
}  // namespace berth::server::testing

// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that sign in: what they are told, what their answers are worth, and how they are ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <set>

#include "credentials_fixture.hpp"
#include "server/backends/kubernetes/base64.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::KubeFolder;
using test::Renewal;
using testing::HasSubstr;

std::string lines_in(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool comes_to_be(const std::string& path) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!std::filesystem::exists(path) && std::chrono::steady_clock::now() < until) usleep(5'000);
  return std::filesystem::exists(path);
}

KubeAccess exec_access(const KubeFolder& folder, const std::string& script) {
  KubeAccess access;
  access.server = "https://api:6443";
  access.exec = ExecPlugin{.api_version = "client.authentication.k8s.io/v1",
                           .command = folder.write("plugin", "#!/bin/sh\n" + script, 0700),
                           .arguments = {"get", "token"},
                           .environment = {{"PLACE", folder.path()}},
                           .provide_cluster_info = true,
                           .install_hint = "install it with care"};
  return access;
}

std::string credential(const std::string& status) {
  return "echo "
         "'{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{" +
         status + "}}'\n";
}

TEST(ExecPlugin, IsAskedOnceUntilItsCredentialsEnd) {
  const KubeFolder folder;
  Renewal renewal(
      exec_access(folder,
                  "echo x >> $PLACE/runs; n=$(wc -l < $PLACE/runs); echo talk >&2\n"
                  "echo \"{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\",\\\"kind\\\":"
                  "\\\"ExecCredential\\\",\\\"status\\\":{\\\"token\\\":\\\"t$n\\\","
                  "\\\"expirationTimestamp\\\":\\\"2096-11-22T01:00:00Z\\\"}}\"\n"));
  EXPECT_EQ(renewal.credentials.present()->token, "t1");
  EXPECT_EQ(renewal.credentials.present()->token, "t1");
  renewal.wall = std::chrono::sys_days{std::chrono::year{2096} / 11 / 22} + 59min + 30s;
  EXPECT_EQ(renewal.credentials.present()->token, "t2") << "renewed a minute ahead";
  EXPECT_TRUE(renewal.credentials.refused(*renewal.credentials.present()));
  EXPECT_EQ(renewal.credentials.present()->token, "t4") << "the third was refused, so it is asked again";
}

TEST(ExecPlugin, HearsWhichClusterItIsFor) {
  const KubeFolder folder;
  auto access =
      exec_access(folder, "echo \"$KUBERNETES_EXEC_INFO\" > $PLACE/info; echo \"$@\" > $PLACE/args\n" +
                              credential("\"clientCertificateData\":\"C\",\"clientKeyData\":\"K\""));
  access.authority.text = "PEM";
  Renewal renewal(access);
  const auto presented = renewal.credentials.present();
  ASSERT_TRUE(presented) << presented.error().message << presented.error().detail;
  EXPECT_EQ(presented->certificate, "C");
  EXPECT_EQ(presented->key, "K");
  std::ifstream file(folder.path() + "/info");
  const auto info = protocol::Json::parse(file);
  EXPECT_EQ(info["kind"], "ExecCredential");
  EXPECT_EQ(info["spec"]["interactive"], false);
  EXPECT_EQ(info["spec"]["cluster"]["server"], "https://api:6443");
  EXPECT_EQ(info["spec"]["cluster"]["certificate-authority-data"], encode_base64("PEM"));
  std::string arguments;
  std::getline(std::ifstream(folder.path() + "/args"), arguments);
  EXPECT_EQ(arguments, "get token");
}

TEST(ExecPlugin, SaysWhatIsWrongWithIt) {
  const KubeFolder folder;
  const std::pair<std::string, const char*> scripts[] = {
      {"echo broken >&2; exit 3\n", "failed"},
      {"echo hello\n", "no ExecCredential"},
      {credential(""), "no credentials"},
      {credential("\"token\":\"t\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\""), "expired"},
      {credential("\"token\":\"t\",\"expirationTimestamp\":\"soon\""), "no time"},
      {credential("\"clientKeyData\":\"K\",\"token\":\"t\""), "without the other"},
      {"yes\n", "without an end"}};
  for (const auto& [script, words] : scripts) {
    Renewal renewal(exec_access(folder, script));
    const auto presented = renewal.credentials.present();
    ASSERT_FALSE(presented) << script;
    EXPECT_THAT(presented.error().message, HasSubstr(words)) << script;
    EXPECT_EQ(presented.error().code, ErrorCode::unavailable);
  }
  auto missing = exec_access(folder, "");
  missing.exec->command = "/nowhere/plugin";
  Renewal renewal(missing);
  EXPECT_THAT(renewal.credentials.present().error().message, HasSubstr("install it with care"));
}

TEST(ExecPlugin, ThatDoesNotEndIsEndedWithAllItStarted) {
  const KubeFolder folder;
  const auto access = exec_access(folder, "sleep 1000 & echo $! > $PLACE/child; wait\n");
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = run_exec_plugin(*access.exec, protocol::Json::object(), {.deadline = 500ms});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
  pid_t child = 0;
  std::ifstream(folder.path() + "/child") >> child;
  ASSERT_GT(child, 0);
  const auto until = std::chrono::steady_clock::now() + 20s;
  // Gone, or a zombie that nobody has taken yet.
  const auto runs = [&] {
    std::string line, word;
    std::ifstream status("/proc/" + std::to_string(child) + "/status");
    while (std::getline(status, line))
      if (line.starts_with("State:")) return line.find('Z') == line.npos;
    return false;
  };
  while (runs() && std::chrono::steady_clock::now() < until) usleep(5'000);
  EXPECT_FALSE(runs());
}

TEST(ExecPlugin, IsNotGivenWhatIsTheServersOwn) {
  const KubeFolder folder;
  const std::pair<const char*, const char*> variables[] = {{"BERTH_DATABASE_PASSWORD", "hush"},
                                                           {"PGPASSWORD", "hush"},
                                                           {"AWS_SECRET_ACCESS_KEY", "hush"},
                                                           {"AWS_PROFILE", "cluster"}};
  for (const auto& [name, value] : variables) setenv(name, value, 1);
  const auto seen_with = [&](const ExecLimits& limits, const std::string& own) {
    auto access = exec_access(folder, "env > $PLACE/env\n" + credential("\"token\":\"t\""));
    if (!own.empty()) access.exec->environment["AWS_SECRET_ACCESS_KEY"] = own;
    EXPECT_TRUE(run_exec_plugin(*access.exec, protocol::Json::object(), limits));
    return lines_in(folder.path() + "/env");
  };
  const auto usual = seen_with({}, "");
  EXPECT_THAT(usual, HasSubstr("PATH="));
  EXPECT_THAT(usual, HasSubstr("AWS_PROFILE=cluster"));
  EXPECT_THAT(usual, HasSubstr("AWS_SECRET_ACCESS_KEY=hush")) << "aws eks get-token signs in by it";
  EXPECT_THAT(usual, testing::Not(HasSubstr("BERTH_")));
  EXPECT_THAT(usual, testing::Not(HasSubstr("PGPASSWORD")));
  const ExecLimits limits{.withheld = {"AWS_SECRET_ACCESS_KEY"}};
  EXPECT_THAT(seen_with(limits, ""), testing::Not(HasSubstr("hush")));
  EXPECT_THAT(seen_with(limits, "of-the-kubeconfig"), HasSubstr("AWS_SECRET_ACCESS_KEY=of-the-kubeconfig"));
  for (const auto& [name, value] : variables) unsetenv(name);
}

TEST(ExecPlugin, ThatFailedIsNotAskedAgainForAMoment) {
  const KubeFolder folder;
  Renewal renewal(exec_access(folder, "echo x >> $PLACE/runs; exit 3\n"));
  ASSERT_FALSE(renewal.credentials.present());
  const auto kept = renewal.credentials.present();
  ASSERT_FALSE(kept);
  EXPECT_THAT(kept.error().message, HasSubstr("failed"));
  EXPECT_EQ(lines_in(folder.path() + "/runs"), "x\n");
  renewal.steady += 6s;
  ASSERT_FALSE(renewal.credentials.present());
  EXPECT_EQ(lines_in(folder.path() + "/runs"), "x\nx\n");
}

TEST(ExecPlugin, HoldsNobodyUpWhoIsAskedToStop) {
  const KubeFolder folder;
  auto access = exec_access(folder, "echo x >> $PLACE/runs; test -e $PLACE/go || { sleep 1000; exit 1; }\n" +
                                        credential("\"token\":\"late\""));
  KubeCredentials credentials(access, {.deadline = 100s});
  std::stop_source asks, waits;
  const auto begin = std::chrono::steady_clock::now();
  auto asking = std::async(std::launch::async, [&] { return credentials.present(asks.get_token()); });
  ASSERT_TRUE(comes_to_be(folder.path() + "/runs"));
  auto waiting = std::async(std::launch::async, [&] { return credentials.present(waits.get_token()); });
  auto patient = std::async(std::launch::async, [&] { return credentials.present(); });
  waits.request_stop();
  const auto not_waited = waiting.get();
  ASSERT_FALSE(not_waited);
  EXPECT_EQ(not_waited.error().code, ErrorCode::cancelled);
  folder.write("go", "");
  asks.request_stop();
  const auto not_asked = asking.get();
  ASSERT_FALSE(not_asked);
  EXPECT_EQ(not_asked.error().code, ErrorCode::cancelled);
  const auto answered = patient.get();
  ASSERT_TRUE(answered) << "one that was stopped did not fail for the others: " << answered.error().message;
  EXPECT_EQ(answered->token, "late");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

}  // namespace
}  // namespace berth::server::kubernetes

// SPDX-License-Identifier: GPL-3.0-or-later
// Kubeconfigs and service accounts: what is read from them, what is refused, and how credentials are renewed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "credentials_fixture.hpp"
#include "server/backends/kubernetes/base64.hpp"

namespace berth::server::kubernetes {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::KubeFolder;
using test::Renewal;
using testing::HasSubstr;
using testing::Not;

std::string config_with(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: main\n"
         "contexts:\n- name: main\n  context: {cluster: c, user: u, namespace: team}\n"
         "- name: other\n  context: {cluster: d, user: u}\n"
         "clusters:\n- name: c\n  cluster: " +
         cluster +
         "\n- name: d\n  cluster: {server: 'https://other.example:6443/base/'}\nusers:\n- name: u\n  user: " +
         user + "\n";
}

Result<KubeAccess> parse_one(const std::string& text, const KubeconfigChoice& choice = {}) {
  return parse_kubeconfig({{text, "/etc/kube"}}, choice);
}

TEST(Kubeconfig, ReadsClusterUserAndNamespaceOfTheCurrentContext) {
  const auto access =
      parse_one(config_with("{server: 'https://api.example:6443/', certificate-authority-data: " +
                                encode_base64("CA PEM") + ", tls-server-name: kubernetes}",
                            "{client-certificate: me.crt, client-key: keys/me.key}"));
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://api.example:6443");
  EXPECT_EQ(access->authority.text, "CA PEM");
  EXPECT_EQ(access->server_name, "kubernetes");
  EXPECT_EQ(access->name_space, "team");
  EXPECT_EQ(access->certificate.file, "/etc/kube/me.crt");
  EXPECT_EQ(access->key.file, "/etc/kube/keys/me.key");
  EXPECT_FALSE(access->insecure);
  EXPECT_FALSE(access->direct);
}

TEST(Kubeconfig, TakesTheContextThatWasNamed) {
  const auto access = parse_one(config_with("{server: 'https://a:1'}", "{token: abc}"), {.context = "other"});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://other.example:6443/base");
  EXPECT_EQ(access->name_space, "default");
  EXPECT_EQ(access->token.text, "abc");
  const auto unknown =
      parse_one(config_with("{server: 'https://a:1'}", "{token: abc}"), {.context = "nowhere"});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("nowhere"));
}

TEST(Kubeconfig, IsReadAsJsonAsWell) {
  const auto access =
      parse_one(R"({"current-context":"m","contexts":[{"name":"m","context":{"cluster":"c","user":"u"}}],)"
                R"("clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:6443"}}],)"
                R"("users":[{"name":"u","user":{"tokenFile":"/var/token","token":"old"}}]})");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_TRUE(access->direct) << "this machine is not reached by a proxy";
  EXPECT_EQ(access->token.file, "/var/token");
  EXPECT_EQ(access->token.text, "") << "a file wins over the value";
}

TEST(Kubeconfig, SeveralAreMergedAndTheFirstWins) {
  const auto access =
      parse_kubeconfig({{"current-context: m\nclusters: [{name: c, cluster: {server: 'https://first:1', "
                         "certificate-authority: ca}}]\n",
                         "/one"},
                        {"current-context: x\ncontexts: [{name: m, context: {cluster: c, user: u}}]\n"
                         "clusters: [{name: c, cluster: {server: 'https://second:1'}}]\nusers: [{name: u, "
                         "user: {token: t}}]\n",
                         "/two"}},
                       {});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://first:1");
  EXPECT_EQ(access->authority.file, "/one/ca");
  EXPECT_EQ(access->token.text, "t");
}

TEST(Kubeconfig, InsecureIsHonouredOnlyWhereItIsAllowed) {
  const auto text = config_with("{server: 'https://a:1', insecure-skip-tls-verify: true}", "{token: t}");
  const auto refused = parse_one(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("insecure-skip-tls-verify"));
  const auto allowed = parse_one(text, {.allow_insecure = true});
  ASSERT_TRUE(allowed);
  EXPECT_TRUE(allowed->insecure);
  EXPECT_FALSE(parse_one(
      config_with("{server: 'https://a:1', insecure-skip-tls-verify: true, certificate-authority: x}",
                  "{token: t}"),
      {.allow_insecure = true}))
      << "both at once is a mistake";
}

TEST(Kubeconfig, WithoutTlsOnlyThisMachineIsReached) {
  EXPECT_TRUE(parse_one(config_with("{server: 'http://127.0.0.1:8001'}", "{}")));
  EXPECT_TRUE(parse_one(config_with("{server: 'http://localhost:8001'}", "{}")));
  EXPECT_FALSE(parse_one(config_with("{server: 'http://127.0.0.1.example.org:8001'}", "{}")));
  EXPECT_FALSE(parse_one(config_with("{server: 'http://api.example:8001'}", "{}")));
  EXPECT_TRUE(parse_one(config_with("{server: 'http://api.example:8001'}", "{}"), {.allow_insecure = true}));
}

TEST(Kubeconfig, RefusesWhatItCantHonour) {
  const std::pair<const char*, ErrorCode> users[] = {
      {"{username: a, password: b}", ErrorCode::unsupported},
      {"{auth-provider: {name: gcp}}", ErrorCode::unsupported},
      {"{token: t, as: somebody}", ErrorCode::unsupported},
      {"{client-certificate: only.crt}", ErrorCode::invalid_argument},
      {"{client-certificate-data: '!!', client-key-data: '!!'}", ErrorCode::invalid_argument},
      {"{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}",
       ErrorCode::invalid_argument},
      {"{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}",
       ErrorCode::unsupported},
      {"{exec: {apiVersion: client.authentication.k8s.io/v1}}", ErrorCode::invalid_argument}};
  for (const auto& [user, code] : users) {
    const auto access = parse_one(config_with("{server: 'https://a:1'}", user));
    ASSERT_FALSE(access) << user;
    EXPECT_EQ(access.error().code, code) << user << ": " << access.error().message;
  }
  for (const char* server :
       {"''", "'ftp://a'", "'https://'", "'https://user@a:1'", "\"https://a\\r\\nX: y\""})
    EXPECT_FALSE(parse_one(config_with(std::string("{server: ") + server + "}", "{}"))) << server;
}

TEST(Kubeconfig, WhatIsNoKubeconfigIsAnErrorThatTellsNoSecret) {
  for (const std::string text : {"", "- a\n- b\n", "just text", "current-context: [1, 2]\n", "contexts: 5\n",
                                 "a: b: secret-token\n", "users: {name: [}\n"}) {
    const auto access = parse_one(text);
    ASSERT_FALSE(access) << text;
    EXPECT_EQ(access.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_THAT(access.error().message + access.error().detail, Not(HasSubstr("secret-token")));
  }
  EXPECT_EQ(parse_one(std::string((1u << 20) + 1, ' ')).error().code, ErrorCode::too_large);
}

TEST(Kubeconfig, FilesThatAreNotThereAreLeftOutButNotAll) {
  const KubeFolder folder;
  const auto one = folder.write(
      "config", config_with("{server: 'https://a:1', certificate-authority: ca.crt}", "{token: t}"));
  const auto access = read_kubeconfig(folder.path() + "/missing:" + one, {});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->authority.file, folder.path() + "/ca.crt");
  EXPECT_EQ(read_kubeconfig(folder.path() + "/missing", {}).error().code, ErrorCode::not_found);
}

TEST(ServiceAccount, IsReadFromItsFolder) {
  const KubeFolder folder;
  folder.write("token", "one\n");
  folder.write("ca.crt", "PEM");
  folder.write("namespace", "berth\n");
  const auto access = service_account_access({folder.path(), "10.96.0.1", "443"});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://10.96.0.1:443");
  EXPECT_EQ(access->name_space, "berth");
  EXPECT_TRUE(access->direct);
  EXPECT_EQ(service_account_access({folder.path(), "fd00::1", "443"})->server, "https://[fd00::1]:443");
  EXPECT_EQ(service_account_access({folder.path(), "", ""}).error().code, ErrorCode::not_found);
  EXPECT_EQ(service_account_access({folder.path() + "/no", "10.96.0.1", "443"}).error().code,
            ErrorCode::not_found);
}

TEST(KubeCredentials, ATokenThatIsReplacedIsReadAnew) {
  const KubeFolder folder;
  KubeAccess access;
  access.token.file = folder.write("token", "first\n");
  Renewal renewal(access);
  EXPECT_EQ(renewal.credentials.present()->token, "first");
  folder.write("token", "second\n");
  EXPECT_EQ(renewal.credentials.present()->token, "first") << "read at most once a minute";
  renewal.steady += 61s;
  EXPECT_EQ(renewal.credentials.present()->token, "second");
  folder.write("token", "third");
  EXPECT_TRUE(renewal.credentials.refused(*renewal.credentials.present()));
  EXPECT_EQ(renewal.credentials.present()->token, "third") << "at once after a refusal";
}

TEST(KubeCredentials, AFileThatIsBeingReplacedKeepsItsLastContent) {
  const KubeFolder folder;
  KubeAccess access;
  access.token.file = folder.write("token", "first");
  Renewal renewal(access);
  ASSERT_TRUE(renewal.credentials.present());
  folder.write("token", "");
  renewal.steady += 61s;
  EXPECT_EQ(renewal.credentials.present()->token, "first");
  fs::remove(access.token.file);
  EXPECT_EQ(renewal.credentials.present()->token, "first");
}

TEST(KubeCredentials, AFileThatNeverWasIsAnError) {
  KubeAccess access;
  access.token.file = "/nowhere/token";
  Renewal renewal(access);
  const auto presented = renewal.credentials.present();
  ASSERT_FALSE(presented);
  EXPECT_EQ(presented.error().code, ErrorCode::unavailable);
  EXPECT_THAT(presented.error().detail, HasSubstr("/nowhere/token"));
}

TEST(KubeCredentials, ATokenThatWouldBreakItsHeaderIsRefused) {
  KubeAccess access;
  access.token.text = "abc\r\nX-Other: 1";
  Renewal renewal(access);
  EXPECT_FALSE(renewal.credentials.present());
}

TEST(KubeCredentials, WhatStandsInTheConfigurationCantBecomeAnother) {
  KubeAccess access;
  access.token.text = "fixed";
  Renewal renewal(access);
  EXPECT_FALSE(renewal.credentials.refused(*renewal.credentials.present()));
}

TEST(KubeTime, IsReadWithFractionsAndOffsets) {
  const auto base = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 1h + 2min + 3s;
  EXPECT_EQ(parse_time("2026-11-22T01:02:03Z"), base);
  EXPECT_EQ(parse_time("2026-11-22T01:02:03.123456Z"), base);
  EXPECT_EQ(parse_time("2026-11-22T03:02:03+02:00"), base);
  EXPECT_EQ(parse_time("2026-11-21T19:32:03-05:30"), base);
  for (const char* text : {"", "2026-11-22", "2026-13-22T01:02:03Z", "2026-11-22T25:02:03Z",
                           "2026-11-22T01:02:03", "2026-11-22T01:02:03.Z", "2026-11-22T01:02:03+2:00"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace berth::server::kubernetes

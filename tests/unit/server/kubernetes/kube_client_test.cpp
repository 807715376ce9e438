// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to an API server and what becomes of them when it is slow, busy, broken or not the right one.
#include "server/backends/kubernetes/kube_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "scripted_server.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::ScriptedConnection;
using test::ScriptedRequest;
using test::ScriptedServer;
using test::TestAuthority;
using testing::HasSubstr;

KubeClientSettings client_settings(const ScriptedServer& server) {
  KubeClientSettings settings;
  settings.access.server = server.url();
  settings.access.direct = true;
  settings.access.token.text = "secret-token";
  settings.first_delay = 10ms;
  settings.longest_delay = 50ms;
  settings.retry_for = 5s;
  settings.deadline = 10s;
  return settings;
}

std::string status_body(int code, const char* reason, const char* message) {
  return protocol::to_text(
      {{"kind", "Status"}, {"status", "Failure"}, {"code", code}, {"reason", reason}, {"message", message}});
}

TEST(KubeClient, AsksForJsonWithItsToken) {
  ScriptedServer server([](const ScriptedRequest&, ScriptedConnection& connection) {
    connection.answer(200, R"({"metadata":{"name":"a"}})");
  });
  KubeClient client(client_settings(server));
  const auto pod = client.get(pods, "team", "a");
  ASSERT_TRUE(pod) << pod.error().message << pod.error().detail;
  EXPECT_EQ(metadata_text(*pod, "name"), "a");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/api/v1/namespaces/team/pods/a");
  EXPECT_EQ(request.headers.at("authorization"), "Bearer secret-token");
  EXPECT_EQ(request.headers.at("accept"), "application/json");
}

TEST(KubeClient, SendsNoNameThatLeadsElsewhere) {
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.answer(200, "{}"); });
  KubeClient client(client_settings(server));
  EXPECT_EQ(client.get(pods, "team", "../secrets").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(client.remove(pods, "a/b", "x").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(client.list(pods, "", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(server.requests().empty());
}

TEST(KubeClient, WaitsAsLongAsABusyServerAsks) {
  std::atomic<int> count = 0;
  ScriptedServer server([&](const ScriptedRequest&, ScriptedConnection& connection) {
    if (++count < 3)
      return connection.answer(429, status_body(429, "TooManyRequests", "later"), "Retry-After: 1\r\n");
    connection.answer(201, "{}");
  });
  auto settings = client_settings(server);
  settings.longest_delay = 300ms;  // and no longer than it is willing to
  KubeClient client(settings);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(client.create(pods, "team", {{"metadata", {{"name", "a"}}}}))
      << "429 was refused before anything was done";
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 600ms);
  EXPECT_EQ(count, 3);
}

TEST(KubeClient, TriesAgainWhatMayBeRepeatedOnly) {
  std::atomic<int> count = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    ++count;
    if (request.method == "POST" || count % 3 != 0) return connection.answer(503, "");
    connection.answer(200, "{}");
  });
  KubeClient client(client_settings(server));
  EXPECT_TRUE(client.get(pods, "team", "a"));
  EXPECT_EQ(count, 3);
  count = 0;
  EXPECT_TRUE(client.apply(pods, "team", {{"metadata", {{"name", "a"}}}}));
  EXPECT_EQ(count, 3);
  count = 0;
  const auto created = client.create(pods, "team", {{"metadata", {{"name", "a"}}}});
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::unavailable);
  EXPECT_EQ(count, 1) << "whether it was created is for the caller to look up";
}

TEST(KubeClient, SurvivesConnectionsThatBreak) {
  std::atomic<int> count = 0;
  ScriptedServer server([&](const ScriptedRequest&, ScriptedConnection& connection) {
    switch (++count) {
      case 1:
        return connection.reset();
      case 2:
        connection.write("HTTP/1.1 200 OK\r\nContent-Le");
        return;
      case 3:
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
        return;
      case 4:
        return connection.answer(200, "<html>not what was asked for</html>");
      default:
        connection.answer(200, R"({"whole":true})");
    }
  });
  KubeClient client(client_settings(server));
  const auto json = client.read("/version");
  ASSERT_TRUE(json) << json.error().detail;
  EXPECT_EQ((*json)["whole"], true);
  EXPECT_EQ(count, 5);
}

TEST(KubeClient, GivesUpInTimeAndSaysSo) {
  auto settings = [] {
    const ScriptedServer gone([](const ScriptedRequest&, ScriptedConnection&) {});
    return client_settings(gone);  // nobody listens there any more
  }();
  settings.retry_for = 200ms;
  KubeClient client(settings);
  const auto begin = std::chrono::steady_clock::now();
  const auto json = client.read("/version");
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().code, ErrorCode::unavailable);
  EXPECT_THAT(json.error().detail, HasSubstr("attempts"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 40s);
}

TEST(KubeClient, StopsAtOnce) {
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.wait_for_close(); });
  KubeClient client(client_settings(server));
  std::stop_source stop;
  auto answer = std::async(std::launch::async, [&] { return client.read("/version", stop.get_token()); });
  while (server.requests().empty()) std::this_thread::sleep_for(2ms);
  const auto begin = std::chrono::steady_clock::now();
  stop.request_stop();
  EXPECT_EQ(answer.get().error().code, ErrorCode::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST(KubeClient, AnAnswerWithoutAnEndIsCut) {
  ScriptedServer server([](const ScriptedRequest&, ScriptedConnection& connection) {
    connection.begin_stream();
    const std::string part(1u << 20, 'x');
    while (connection.write(part)) {
    }
  });
  KubeClient client(client_settings(server));
  EXPECT_EQ(client.read("/version").error().code, ErrorCode::too_large);
  EXPECT_EQ(server.requests().size(), 1u) << "the same would come again";
}

TEST(KubeClient, ListsPageByPage) {
  ScriptedServer server([](const ScriptedRequest& request, ScriptedConnection& connection) {
    const bool second = request.target.find("continue=next%2Fpage") != std::string::npos;
    connection.answer(200, second
                               ? R"({"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"c"}}]})"
                               : R"({"metadata":{"resourceVersion":"7","continue":"next/page"},"items":[)"
                                 R"({"metadata":{"name":"a","managedFields":[{"manager":"x"}]}},)"
                                 R"({"metadata":{"name":"b"}}]})");
  });
  auto settings = client_settings(server);
  settings.page = 2;
  KubeClient client(settings);
  const auto all = client.list(pods, "team", {.labels = "a=b,c", .fields = "metadata.name=x"});
  ASSERT_TRUE(all) << all.error().detail;
  ASSERT_EQ(all->items.size(), 3u);
  EXPECT_EQ(metadata_text(all->items[2], "name"), "c");
  EXPECT_EQ(all->items[0]["kind"], "Pod");
  EXPECT_EQ(all->items[0]["metadata"], (Json{{"name", "a"}})) << "what nobody reads is not kept";
  EXPECT_EQ(all->resource_version, "7");
  EXPECT_EQ(server.requests()[0].target,
            "/api/v1/namespaces/team/pods?limit=2&labelSelector=a%3Db%2Cc&fieldSelector=metadata.name%3Dx");
}

TEST(KubeClient, BeginsAListAnewWhoseSnapshotExpired) {
  std::atomic<int> count = 0;
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    const bool second = request.target.find("continue=") != std::string::npos;
    if (++count == 2) return connection.answer(410, status_body(410, "Expired", "too old"));
    connection.answer(200, second ? R"({"metadata":{"resourceVersion":"9"},"items":[{}]})"
                                  : R"({"metadata":{"resourceVersion":"9","continue":"x"},"items":[{}]})");
  });
  KubeClient client(client_settings(server));
  const auto all = client.list(pods, "team");
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->items.size(), 2u) << "nothing of the first try";
  EXPECT_EQ(count, 4);
}

TEST(KubeClient, AppliesAsItsManager) {
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.answer(200, "{}"); });
  KubeClient client(client_settings(server));
  ASSERT_TRUE(
      client.apply(config_maps, "team", {{"metadata", {{"name", "a"}}}}, {.force = false, .dry_run = true}));
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.headers.at("content-type"), "application/apply-patch+yaml");
  EXPECT_EQ(request.target,
            "/api/v1/namespaces/team/configmaps/a?fieldManager=berthd&force=false&dryRun=All");
  EXPECT_EQ(request.body, R"({"metadata":{"name":"a"}})");
  EXPECT_FALSE(client.apply(config_maps, "team", Json::object())) << "without a name";
}

TEST(KubeClient, DeletesWithPreconditions) {
  ScriptedServer server([](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (request.target.ends_with("/gone")) return connection.answer(404, status_body(404, "NotFound", "no"));
    if (request.target.ends_with("/other"))
      return connection.answer(409, status_body(409, "Conflict", "uid"));
    connection.answer(200, "{}");
  });
  KubeClient client(client_settings(server));
  EXPECT_EQ(client.remove(pods, "team", "a", {.uid = "u-1", .resource_version = "5", .grace_seconds = 3}),
            true);
  const auto body = Json::parse(server.requests().at(0).body);
  EXPECT_EQ(body["preconditions"], (Json{{"uid", "u-1"}, {"resourceVersion", "5"}}));
  EXPECT_EQ(body["gracePeriodSeconds"], 3);
  EXPECT_EQ(body["propagationPolicy"], "Background");
  EXPECT_EQ(client.remove(pods, "team", "gone"), false);
  EXPECT_EQ(client.remove(pods, "team", "other").error().code, ErrorCode::conflict);
}

TEST(KubeClient, ShowsNewCredentialsAfterARefusalOnce) {
  const auto file = std::filesystem::temp_directory_path() / ("berth-kube-token-" + std::to_string(getpid()));
  std::ofstream(file) << "old";
  ScriptedServer server([&](const ScriptedRequest& request, ScriptedConnection& connection) {
    if (request.headers.at("authorization") == "Bearer new") return connection.answer(200, "{}");
    std::ofstream(file) << "new";
    connection.answer(401, status_body(401, "Unauthorized", "Unauthorized"));
  });
  auto settings = client_settings(server);
  settings.access.token = {.text = "", .file = file};
  KubeClient client(settings);
  EXPECT_TRUE(client.read("/version"));
  EXPECT_EQ(server.requests().size(), 2u);
  std::filesystem::remove(file);

  ScriptedServer never([](const ScriptedRequest&, ScriptedConnection& connection) {
    connection.answer(401, status_body(401, "Unauthorized", "Unauthorized"));
  });
  KubeClient refused(client_settings(never));
  EXPECT_EQ(refused.read("/version").error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(never.requests().size(), 1u) << "a fixed token would be the same again";
}

TEST(KubeClientTls, TrustsTheAuthorityItWasGivenAndNoOther) {
  const TestAuthority authority, other;
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.answer(200, "{}"); },
      &authority);
  auto settings = client_settings(server);
  settings.access.authority.text = authority.certificate();
  EXPECT_TRUE(KubeClient(settings).read("/version"));
  settings.access.authority.text = other.certificate();
  const auto refused = KubeClient(settings).read("/version");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("not trusted"));
  EXPECT_EQ(server.requests().size(), 1u) << "and tells it nothing";
  settings.access.authority.text.clear();
  EXPECT_FALSE(KubeClient(settings).read("/version")) << "the system does not know it";
  settings.access.insecure = true;
  EXPECT_TRUE(KubeClient(settings).read("/version"));
}

TEST(KubeClientTls, ShowsItsCertificate) {
  const TestAuthority authority;
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.answer(200, "{}"); },
      &authority);
  const auto own = authority.issue("berthd");
  auto settings = client_settings(server);
  settings.access.authority.text = authority.certificate();
  settings.access.certificate.text = own.certificate;
  settings.access.key.text = own.key;
  ASSERT_TRUE(KubeClient(settings).read("/version"));
  EXPECT_EQ(server.requests().at(0).client, "berthd");
  settings.access.key.text = "no key";
  const auto bad = KubeClient(settings).read("/version");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("certificate"));
}

TEST(KubeClientTls, ExpectsTheNameThatItWasTold) {
  const TestAuthority authority;
  ScriptedServer server(
      [](const ScriptedRequest&, ScriptedConnection& connection) { connection.answer(200, "{}"); },
      &authority, "DNS:kubernetes.example");
  auto settings = client_settings(server);
  settings.access.authority.text = authority.certificate();
  EXPECT_FALSE(KubeClient(settings).read("/version")) << "it is not called 127.0.0.1";
  settings.access.server_name = "kubernetes.example";
  const auto found = KubeClient(settings).read("/version");
  EXPECT_TRUE(found) << found.error().detail;
}

}  // namespace
}  // namespace berth::server::kubernetes

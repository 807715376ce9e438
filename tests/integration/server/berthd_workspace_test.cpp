// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces and their files through the real server, with a real container.
#include <gmock/gmock.h>

#include "berthd_process.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

class BerthdWorkspaceTest : public ::testing::Test {
 protected:
  DataPlace place;
  std::unique_ptr<BerthdProcess> server = std::make_unique<BerthdProcess>(place);
  std::string token = register_account(*server, "ann@example.org")["access_token"];

  /// Workspaces outlive their server, so none may be left behind.
  void TearDown() override {
    const auto left = json_of(ask("GET", "/api/v1/workspaces"));
    for (const auto& one : left["workspaces"])
      EXPECT_EQ(ask("DELETE", "/api/v1/workspaces/" + one["id"].get<std::string>()).status, 200);
  }

  Reply ask(const std::string& method, const std::string& target, const Json& body = nullptr) {
    return call(*server, method, target, token, body);
  }
  Reply raw(const std::string& method, const std::string& target, Fields fields = {},
            const std::string& body = {}) {
    fields.insert(fields.begin(), {{"Host", server->host()}, {"Authorization", "Bearer " + token}});
    return fetch(server->port(), method, target, fields, body);
  }
  std::string create(const std::string& template_id, bool start) {
    const auto reply =
        ask("POST", "/api/v1/workspaces", {{"name", "work"}, {"template_id", template_id}, {"start", start}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto made = json_of(reply);
    EXPECT_EQ(made["state"], start ? "running" : "stopped") << reply.body << server->log();
    return made["id"];
  }
  /// Every file route; the same whether it runs or not.
  void use_files(const std::string& workspace) {
    const auto file = "/api/v1/workspaces/" + workspace + "/file?path=";
    const auto listed = ask("GET", "/api/v1/workspaces/" + workspace + "/files?path=project");
    ASSERT_EQ(listed.status, 200) << listed.body;
    EXPECT_NE(listed.body.find("main.py"), std::string::npos);
    EXPECT_EQ(
        ask("GET", "/api/v1/workspaces/" + workspace + "/files?path=project&limit=1").body.find("main.py") ==
            std::string::npos,
        json_of(listed)["entries"][0]["name"] != "main.py");
    EXPECT_EQ(ask("GET", "/api/v1/workspaces/" + workspace + "/files?path=project&limit=x").status, 400);

    std::string big(3'000'000, '\0');
    for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>(i * 31 + i / 251);
    const auto put = raw("PUT", file + "project/big%20one.bin", {{"If-None-Match", "*"}}, big);
    ASSERT_EQ(put.status, 200) << put.body;
    const std::string etag = put.field("ETag");
    EXPECT_EQ("\"" + std::string(json_of(put)["etag"]) + "\"", etag);
    const auto got = raw("GET", file + "project/big%20one.bin");
    EXPECT_EQ(got.status, 200);
    EXPECT_TRUE(got.body == big);
    EXPECT_EQ(got.field("ETag"), etag);
    EXPECT_EQ(got.field("Content-Disposition"), "attachment; filename*=UTF-8''big%20one.bin");
    EXPECT_EQ(raw("GET", file + "project/big%20one.bin", {{"If-None-Match", etag}}).status, 304);
    const auto part = raw("GET", file + "project/big%20one.bin", {{"Range", "bytes=1000000-1000999"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_TRUE(part.body == big.substr(1'000'000, 1000));
    EXPECT_EQ(part.field("Content-Range"), "bytes 1000000-1000999/3000000");
    EXPECT_EQ(raw("GET", file + "project/big%20one.bin", {{"Range", "bytes=9000000-"}}).status, 416);

    EXPECT_EQ(raw("PUT", file + "project/big%20one.bin", {{"If-None-Match", "*"}}, "x").status, 412);
    EXPECT_EQ(raw("PUT", file + "project/big%20one.bin", {{"If-Match", "\"other\""}}, "x").status, 412);
    EXPECT_EQ(raw("PUT", file + "project/big%20one.bin", {{"If-Match", etag}}, "small").status, 200);
    EXPECT_EQ(raw("GET", file + "project/big%20one.bin").body, "small");
    EXPECT_EQ(raw("PUT", file + "project/empty", {}, "").status, 200);
    EXPECT_EQ(raw("GET", file + "project/empty").body, "");
    EXPECT_EQ(raw("DELETE", file + "project/big%20one.bin", {{"If-Match", etag}}).status, 412)
        << "it is another one by now";
    const auto now = raw("GET", file + "project/big%20one.bin").field("ETag");
    EXPECT_EQ(raw("DELETE", file + "project/big%20one.bin", {{"If-Match", now}}).status, 200);
    EXPECT_EQ(raw("GET", file + "project/big%20one.bin").status, 404);

    for (const auto* path :
         {"../../server.key", "/etc/passwd", "project/../../../server.key", "..%2f..%2fserver.key", "%00"}) {
      const auto reply = raw("GET", file + path);
      EXPECT_TRUE(reply.status == 400 || reply.status == 403 || reply.status == 404)
          << path << " " << reply.status;
      EXPECT_GE(raw("PUT", file + path, {}, "x").status, 400) << path;
    }
    EXPECT_EQ(raw("GET", "/api/v1/workspaces/" + workspace + "/file").status, 400);
  }
};

TEST_F(BerthdWorkspaceTest, TemplatesAreOffered) {
  const auto templates = json_of(ask("GET", "/api/v1/templates"))["templates"];
  std::vector<std::string> ids;
  for (const auto& one : templates) ids.push_back(one["id"]);
  EXPECT_THAT(ids, ::testing::UnorderedElementsAre("python", "node", "cpp", "static", "empty"));
}

TEST_F(BerthdWorkspaceTest, AWorkspacesWholeLife) {
  const auto id = create("python", true);
  const auto path = "/api/v1/workspaces/" + id;
  EXPECT_EQ(json_of(ask("GET", "/api/v1/workspaces"))["workspaces"].size(), 1u);
  EXPECT_EQ(json_of(ask("PATCH", path, {{"name", "better"}}))["name"], "better");
  EXPECT_EQ(json_of(ask("POST", path + "/stay"))["state"], "running");
  EXPECT_FALSE(json_of(ask("POST", path + "/previews", {{"port", 8000}}))["url"].get<std::string>().empty());
  EXPECT_EQ(ask("POST", path + "/previews", {{"port", 0}}).status, 400);
  EXPECT_EQ(json_of(ask("POST", path + "/stop"))["state"], "stopped");
  EXPECT_EQ(json_of(ask("POST", path + "/start"))["state"], "running");
  const std::string stranger = register_account(*server, "bob@example.org")["access_token"];
  for (const auto* what : {"", "/files?path=", "/file?path=project/main.py"})
    EXPECT_EQ(call(*server, "GET", path + what, stranger).status, 404) << what;
  EXPECT_EQ(call(*server, "DELETE", path, stranger).status, 404);
  EXPECT_EQ(ask("DELETE", path).status, 200);
  EXPECT_EQ(ask("GET", path).status, 404);
}

TEST_F(BerthdWorkspaceTest, FilesOfARunningWorkspace) { use_files(create("python", true)); }

TEST_F(BerthdWorkspaceTest, FilesOfAStoppedWorkspace) { use_files(create("python", false)); }

TEST_F(BerthdWorkspaceTest, WhatWasWrittenWhileItRanIsThereWhenItIsStoppedAndStartedAgain) {
  const auto id = create("empty", true);
  const auto file = "/api/v1/workspaces/" + id + "/file?path=project/note.txt";
  ASSERT_EQ(raw("PUT", file, {}, "first").status, 200);
  ASSERT_EQ(ask("POST", "/api/v1/workspaces/" + id + "/stop").status, 200);
  EXPECT_EQ(raw("GET", file).body, "first");
  ASSERT_EQ(raw("PUT", file, {}, "second").status, 200);
  ASSERT_EQ(json_of(ask("POST", "/api/v1/workspaces/" + id + "/start"))["state"], "running");
  EXPECT_EQ(raw("GET", file).body, "second");
}

TEST_F(BerthdWorkspaceTest, ARunningWorkspaceOutlivesTheServer) {
  const auto id = create("empty", true);
  const auto started = json_of(ask("GET", "/api/v1/workspaces/" + id))["started"];
  ASSERT_EQ(server->terminate(), 0);
  server = std::make_unique<BerthdProcess>(place);
  const auto now = json_of(ask("POST", "/api/v1/workspaces/" + id + "/start"));
  EXPECT_EQ(now["state"], "running");
  EXPECT_EQ(now["started"], started) << "adopted, not started anew";
  EXPECT_EQ(raw("PUT", "/api/v1/workspaces/" + id + "/file?path=project/a", {}, "x").status, 200);
  EXPECT_EQ(ask("DELETE", "/api/v1/workspaces/" + id).status, 200);
}

TEST_F(BerthdWorkspaceTest, ABrokenUploadLeavesTheOldFile) {
  const auto id = create("empty", false);
  const auto file = "/api/v1/workspaces/" + id + "/file?path=project/a";
  ASSERT_EQ(raw("PUT", file, {}, "old").status, 200);
  {
    auto wire = Wire::connect_tcp(server->port());
    wire.send("PUT " + file + " HTTP/1.1\r\nHost: " + server->host() + "\r\nAuthorization: Bearer " + token +
              "\r\nContent-Length: 100000\r\n\r\nhalf");
    wire.shut_down_sending();
    EXPECT_TRUE(wire.ends_within(std::chrono::seconds(5)));
  }
  EXPECT_EQ(raw("GET", file).body, "old");
}

}  // namespace
}  // namespace berth::server::testing

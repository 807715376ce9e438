// SPDX-License-Identifier: GPL-3.0-or-later
// Versions over REST: timelines, old bytes, restoring under an open document, forks.
#include "history_place.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HistoryTest : public HistoryPlace {
 protected:
  /// Every version in which the path changed, newest first, two a page.
  std::vector<Json> timeline(const std::string& workspace, const std::string& path) {
    std::vector<Json> all;
    std::string cursor;
    do {
      const auto page = good("GET", at(workspace, "/versions?limit=2&path=" + path + cursor));
      for (const auto& version : page["versions"]) all.push_back(version);
      cursor = page.contains("cursor") ? "&cursor=" + page["cursor"].get<std::string>() : "";
    } while (!cursor.empty());
    return all;
  }
  /// The text that the open document has after all that has been said of it, once it is `wanted`.
  static bool document_becomes(test::WebSocket& socket, const std::string& path, const std::string& wanted) {
    return test::eventually(
        [&] { return test::call(socket, "document/open", {{"path", path}})["text"] == wanted; });
  }
};

TEST_F(HistoryTest, AFilesTimelineItsOldBytesAndWhatChanged) {
  const auto id = create();
  put(id, "project/other", "x");
  put(id, "project/a", "one");
  const auto first = keep(id, "first");
  put(id, "project/a", "three");
  put(id, "project/b", "new");
  const auto second = keep(id, "second");
  put(id, "project/other", "y");
  ASSERT_EQ(raw("DELETE", at(id, "/file?path=project/a")).status, 200);
  const auto third = keep(id, "third");

  std::vector<std::string> texts;
  for (const auto& version : timeline(id, "project/a")) texts.push_back(old(id, version["id"], "project/a"));
  EXPECT_THAT(texts, ElementsAre("status 404", "three", "one"));
  EXPECT_EQ(old(id, first, "project/a"), "one");
  EXPECT_EQ(old(id, second, "project/a"), "three");

  const auto changes = good("GET", at(id, "/versions/" + second + "/changes?path=project&against=" + first));
  EXPECT_EQ(changes["against"], first);
  EXPECT_EQ(changes["changes"],
            Json::parse(R"([{"path":"project/a","kind":"modified","size_before":3,"size":5},
                            {"path":"project/b","kind":"added","size_before":0,"size":3}])"));
  const auto gone = good("GET", at(id, "/versions/" + third + "/changes?path=project&against=" + second));
  EXPECT_EQ(gone["changes"][0]["kind"], "deleted");

  const auto files = good("GET", at(id, "/versions/" + second + "/files?path=project&limit=1"));
  EXPECT_EQ(files["entries"].size(), 1u);
  EXPECT_EQ(files["entries"][0]["name"], "a");
  EXPECT_TRUE(files.contains("cursor"));

  const auto renamed = good("PATCH", at(id, "/versions/" + first), {{"name", "the very first"}});
  EXPECT_EQ(renamed["name"], "the very first");
  EXPECT_EQ(renamed["author"], "Test");
  EXPECT_GT(good("GET", "/api/v1/me/storage")["used"], 0);
}

TEST_F(HistoryTest, AnOldFileIsServedToBeSavedAndNeverRun) {
  const auto id = create();
  std::string bytes(1'500'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37 + i / 257);
  put(id, "project/a%20page.html", bytes);
  const auto version = keep(id, "one");
  put(id, "project/a%20page.html", "other");
  const auto file = at(id, "/versions/" + version + "/file?path=project/a%20page.html");
  const auto got = raw("GET", file);
  ASSERT_EQ(got.status, 200);
  EXPECT_TRUE(got.body == bytes);
  EXPECT_EQ(got.field("Content-Disposition"), "attachment; filename*=UTF-8''a%20page.html");
  EXPECT_EQ(got.field("Content-Type"), "application/octet-stream");
  EXPECT_EQ(got.field("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(got.field("Content-Security-Policy"), HasSubstr("sandbox"));
  EXPECT_EQ(got.field("Content-Length"), std::to_string(bytes.size()));
  const auto etag = got.field("ETag");
  EXPECT_EQ(raw("GET", file, {{"If-None-Match", etag}}).status, 304);
  const auto part = raw("GET", file, {{"Range", "bytes=700000-700099"}, {"If-Range", etag}});
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(part.body == bytes.substr(700'000, 100));
  EXPECT_EQ(raw("GET", file, {{"Range", "bytes=9999999-"}}).status, 416);
  EXPECT_EQ(raw("GET", at(id, "/versions/" + version + "/file")).status, 400);
  EXPECT_EQ(raw("GET", at(id, "/versions/" + version + "/file?path=project")).status, 415);
}

TEST_F(HistoryTest, RestoringReachesWhoHasTheFileOpen) {
  const auto id = create();
  put(id, "project/a", "one\n");
  put(id, "project/sub/b", "b1");
  const auto first = keep(id, "first");
  put(id, "project/a", "two\n");
  put(id, "project/sub/b", "b2");
  put(id, "project/sub/c", "c2");
  const auto second = keep(id, "second");

  auto socket = connect(id);
  ASSERT_TRUE(document_becomes(socket, "project/a", "two\n"));
  const auto restored = good("POST", at(id, "/versions/" + first + "/restore"), {{"path", "project/a"}});
  EXPECT_TRUE(restored["problems"].empty()) << restored.dump();
  EXPECT_EQ(restored["version"]["kind"], "restored");
  EXPECT_EQ(restored["version"]["restored_from"], first);
  EXPECT_TRUE(document_becomes(socket, "project/a", "one\n"));
  EXPECT_EQ(get(id, "project/a"), "one\n");
  EXPECT_EQ(get(id, "project/sub/b"), "b2") << "only the file was asked for";

  good("POST", at(id, "/versions/" + first + "/restore"), {{"path", "project/sub"}});
  EXPECT_EQ(get(id, "project/sub/b"), "b1");
  EXPECT_EQ(get(id, "project/sub/c"), "status 404");
  EXPECT_EQ(old(id, second, "project/sub/c"), "c2") << "what was there stays in the history";

  put(id, "project/unsaved", "made after the last version");
  good("POST", at(id, "/versions/" + second + "/restore"), Json::object());
  EXPECT_EQ(get(id, "project/a"), "two\n");
  EXPECT_EQ(get(id, "project/sub/c"), "c2");
  EXPECT_EQ(get(id, "project/unsaved"), "status 404");
  EXPECT_TRUE(document_becomes(socket, "project/a", "two\n"));
  const auto kept = timeline(id, "project/unsaved");
  ASSERT_EQ(kept.size(), 2u) << "stored before the restore, and gone by it";
  EXPECT_EQ(old(id, kept[1]["id"], "project/unsaved"), "made after the last version");
}

TEST_F(HistoryTest, AForkBeginsAsTheVersionAndLeavesTheOtherAlone) {
  const auto id = create();
  std::string large(2'000'000, '\0');
  std::uint64_t state = 88172645463325252ull;
  for (auto& byte : large) byte = static_cast<char>((state = state * 6364136223846793005ull + 1) >> 33);
  put(id, "project/large", large);
  put(id, "project/a", "one");
  const auto version = keep(id, "one");
  put(id, "project/a", "two");
  const auto used = good("GET", "/api/v1/me/storage")["used"].get<std::uint64_t>();
  const auto fork =
      good("POST", "/api/v1/workspaces",
           {{"name", "fork"}, {"template_id", ""}, {"from_workspace", id}, {"from_version", version}});
  ASSERT_EQ(fork["state"], "running") << fork.dump();
  EXPECT_EQ(fork["template_id"], "empty");
  const std::string other = fork["id"];
  EXPECT_EQ(get(other, "project/a"), "one");
  EXPECT_TRUE(get(other, "project/large") == large);
  EXPECT_EQ(get(id, "project/a"), "two");
  EXPECT_LT(good("GET", "/api/v1/me/storage")["used"].get<std::uint64_t>(), used + 500'000)
      << "the fork's files were stored once more";
  put(other, "project/a", "three");
  EXPECT_EQ(get(id, "project/a"), "two");
  ASSERT_EQ(ask("DELETE", at(id)).status, 200);
  keep(other, "mine");
  EXPECT_TRUE(get(other, "project/large") == large);
}

TEST_F(HistoryTest, StrangersFindNothingAndHostileQueriesNothingElse) {
  const auto id = create();
  put(id, "project/a", "secret");
  const auto version = keep(id, "one");
  const std::string bob = register_account(*server, "bob@example.org")["access_token"];
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/versions"},
           {"POST", "/versions"},
           {"PATCH", "/versions/" + version},
           {"GET", "/versions/" + version + "/changes"},
           {"GET", "/versions/" + version + "/files"},
           {"GET", "/versions/" + version + "/file?path=project/a"},
           {"POST", "/versions/" + version + "/restore"},
           {"GET", "/archive?format=zip"},
           {"GET", "/archive?format=zip&version=" + version}}) {
    const bool named = method == "PATCH" || (method == "POST" && path == "/versions");
    const auto reply = call(*server, method, at(id, path), bob,
                            method == "GET" ? Json()
                            : named         ? Json{{"name", "x"}}
                                            : Json::object());
    EXPECT_EQ(reply.status, 404) << method << " " << path;
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
    EXPECT_EQ(call(*server, method, at(id, path)).status, 401) << method << " " << path;
  }
  const auto fork =
      call(*server, "POST", "/api/v1/workspaces", bob,
           {{"name", "f"}, {"template_id", ""}, {"from_workspace", id}, {"from_version", version}});
  EXPECT_EQ(fork.status, 404);
  for (const auto* query : {"cursor=x", "cursor=-1", "cursor=", "cursor=99999999999999999999", "limit=0",
                            "limit=201", "limit=x", "path=../../x", "path=/etc"})
    EXPECT_GE(ask("GET", at(id, "/versions?") + query).status, 400) << query;
  for (const auto* path : {"../../../server.key", "/etc/passwd", "..%2f..%2fserver.key", "project/a/b"}) {
    const auto reply = raw("GET", at(id, "/versions/" + version + "/file?path=" + path));
    EXPECT_TRUE(reply.status >= 400 && reply.status < 500) << path << " " << reply.status;
  }
  for (const auto* unknown : {"nothing", "..%2f..", "%27%20or%201=1", "project"})
    EXPECT_EQ(ask("GET", at(id, std::string("/versions/") + unknown + "/files")).status, 404) << unknown;
  EXPECT_EQ(ask("GET", at(id, "/archive?format=rar")).status, 400);
  EXPECT_EQ(ask("GET", at(id, "/archive")).status, 400);
}

}  // namespace
}  // namespace berth::server::testing

// SPDX-License-Identifier: GPL-3.0-or-later
// Versions of workspaces that do not run: restored, named, shown and downloaded without a container.
#include "history_place.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using ::testing::HasSubstr;

class StoppedTest : public HistoryPlace {
 protected:
  using HistoryPlace::HistoryPlace;
  void stop(const std::string& id) {
    const auto stopped = good("POST", at(id, "/stop"));
    ASSERT_EQ(stopped["state"], "stopped") << stopped.dump();
    ASSERT_EQ(stopped["reason"], "") << stopped.dump();
  }
  void start(const std::string& id) {
    const auto started = good("POST", at(id, "/start"));
    ASSERT_EQ(started["state"], "running") << started.dump();
    ASSERT_EQ(started["reason"], "") << started.dump();
  }
  Json restore(const std::string& id, const std::string& version, const Json& body) {
    const auto restored = good("POST", at(id, "/versions/" + version + "/restore"), body);
    EXPECT_EQ(restored["version"]["kind"], "restored");
    EXPECT_EQ(restored["version"]["restored_from"], version);
    EXPECT_TRUE(restored["problems"].empty());
    return restored;
  }
  std::string unpacked(const std::string& id, const std::string& file, const std::string& query = {}) {
    const auto reply = raw("GET", at(id, "/archive?format=tar.gz" + query));
    EXPECT_EQ(reply.status, 200) << reply.body;
    write(place.path() / "down.tgz", reply.body);
    return run("tar -xOf '" + (place.path() / "down.tgz").string() + "' " + file + " || echo none");
  }
};

TEST_F(StoppedTest, WhatIsRestoredWhileItIsStoppedIsInItsHomeAtTheNextStart) {
  const auto id = create();
  put(id, "project/a", "one");
  put(id, "project/sub/b", "b1");
  const auto first = keep(id, "first");
  put(id, "project/a", "two");
  put(id, "project/sub/b", "b2");
  put(id, "project/sub/c", "c2");
  put(id, "project/later", "later");
  stop(id);

  restore(id, first, {{"path", "project/a"}});
  EXPECT_EQ(get(id, "project/a"), "one") << "shown before any start";
  EXPECT_EQ(get(id, "project/later"), "later");
  EXPECT_EQ(raw("PUT", at(id, "/file?path=project/a"), {}, "x").status, 503)
      << "the home is not the truth now";
  start(id);
  EXPECT_EQ(get(id, "project/a"), "one");
  EXPECT_EQ(get(id, "project/sub/b"), "b2");
  EXPECT_EQ(get(id, "project/later"), "later");
  stop(id);

  restore(id, first, {{"path", "project/sub"}});
  const auto named = keep(id, "kept while it was stopped");
  EXPECT_EQ(old(id, named, "project/sub/b"), "b1");
  EXPECT_EQ(old(id, named, "project/sub/c"), "status 404");
  EXPECT_EQ(unpacked(id, "project/sub/b"), "b1") << "a download is of the same";
  start(id);
  EXPECT_EQ(get(id, "project/sub/b"), "b1");
  EXPECT_EQ(get(id, "project/sub/c"), "status 404");
  stop(id);

  restore(id, first, Json::object());
  start(id);
  EXPECT_EQ(get(id, "project/a"), "one");
  EXPECT_EQ(get(id, "project/later"), "status 404");
  stop(id);
  const auto fork =
      good("POST", "/api/v1/workspaces", {{"name", "f"}, {"template_id", ""}, {"from_workspace", id}});
  ASSERT_EQ(fork["state"], "running") << fork.dump();
  EXPECT_EQ(get(fork["id"], "project/a"), "one");
}

TEST_F(StoppedTest, WhatWasPutIntoAStoppedHomeIsNotLostByARestore) {
  const auto id = create();
  put(id, "project/a", "one");
  const auto first = keep(id, "first");
  put(id, "project/a", "two");
  stop(id);
  put(id, "project/by-hand", "put while it was stopped");
  const auto refused = ask("POST", at(id, "/versions/" + first + "/restore"), {{"path", "project/a"}});
  EXPECT_EQ(refused.status, 412) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("Start it first"));
  EXPECT_EQ(unpacked(id, "project/by-hand"), "put while it was stopped") << "a download has it";
  restore(id, first, Json::object());
  start(id);
  EXPECT_EQ(get(id, "project/a"), "one");
  EXPECT_EQ(get(id, "project/by-hand"), "status 404");
  const auto page = good("GET", at(id, "/versions?path=project/by-hand"));
  bool found = false;
  for (const auto& version : page["versions"])
    found = found || old(id, version["id"], "project/by-hand") == "put while it was stopped";
  EXPECT_TRUE(found) << "what was there is a version of its own";
}

TEST_F(StoppedTest, AHomeThatIsLostIsShownAsItsLastVersion) {
  const auto id = create();
  put(id, "project/mine", "mine");
  stop(id);
  const auto home = place.path() / "data/workspaces" / id;
  ASSERT_TRUE(std::filesystem::exists(home / "home/project/mine"));
  std::filesystem::remove_all(home);
  EXPECT_EQ(get(id, "project/mine"), "mine");
  const auto listed = good("GET", at(id, "/files?path=project"));
  bool found = false;
  for (const auto& entry : listed["entries"]) found = found || entry["name"] == "mine";
  EXPECT_TRUE(found) << listed.dump();
  EXPECT_FALSE(std::filesystem::exists(home / "home")) << "no template passes for the person's files";
  EXPECT_EQ(unpacked(id, "project/mine"), "mine");
  start(id);
  EXPECT_EQ(get(id, "project/mine"), "mine");
}

class FullStorageTest : public StoppedTest {
 protected:
  FullStorageTest() : StoppedTest({"--storage-per-account", "1"}) {}
};

TEST_F(FullStorageTest, EverythingCanBeDownloadedThoughNothingCanBeStored) {
  const auto id = create();
  put(id, "project/never%20stored", "present");
  put(id, "project/big", std::string(3u << 20, 'b') + "end");
  for (const auto& [format, unpack] :
       std::vector<std::pair<std::string, std::string>>{{"zip", "unzip -q"}, {"tar.gz", "tar -xf"}}) {
    const auto reply = raw("GET", at(id, "/archive?path=project&format=" + format));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_THAT(reply.field("Berth-Notice"), HasSubstr("could not be stored"));
    const auto file = place.path() / ("down." + format), folder = place.path() / ("in-" + format);
    write(file, reply.body);
    std::filesystem::create_directories(folder);
    run("cd '" + folder.string() + "' && " + unpack + " '" + file.string() + "'");
    EXPECT_EQ(text_of(folder / "never stored"), "present");
    EXPECT_EQ(text_of(folder / "big").size(), (3u << 20) + 3);
    EXPECT_FALSE(std::filesystem::exists(folder / "DAMAGED-FILES.txt"))
        << text_of(folder / "DAMAGED-FILES.txt");
  }
  EXPECT_EQ(raw("GET", at(id, "/archive?path=none&format=zip")).status, 404);
  // A stop would lose what is not stored.
  EXPECT_EQ(good("POST", at(id, "/stop"))["state"], "running");
}

}  // namespace
}  // namespace berth::server::testing

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tree_walk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/sync_pace.hpp"
#include "server/tree_diff.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;
using protocol::rest::VersionChangeKind;
using namespace std::chrono_literals;

/// Objects of a made-up home.
struct Objects {
  std::map<ObjectId, std::string> all;

  ObjectId keep(std::string object) {
    const auto id = ObjectId::of(object);
    all[id] = std::move(object);
    return id;
  }
  TreeEntry file(const std::string& name, const std::string& content) {
    TreeEntry entry;
    entry.name = name;
    entry.mode = 0644;
    entry.size = content.size();
    entry.content = {keep(content)};
    return entry;
  }
  TreeEntry folder(const std::string& name, std::vector<TreeEntry> entries) {
    TreeEntry entry;
    entry.name = name;
    entry.type = TreeEntryType::directory;
    entry.mode = 0755;
    entry.content = {keep(protocol::encode_tree(std::move(entries)))};
    return entry;
  }
  ObjectId root(std::vector<TreeEntry> entries) { return keep(protocol::encode_tree(std::move(entries))); }
  ReadObjects reader() const {
    return [this](const std::vector<ObjectId>& ids) -> Result<std::vector<std::optional<std::string>>> {
      std::vector<std::optional<std::string>> found;
      for (const auto& id : ids) {
        const auto at = all.find(id);
        found.push_back(at == all.end() ? std::nullopt : std::optional(at->second));
      }
      return found;
    };
  }
};

/// Drives a walk to its end over `home` into `store`; the ids that were fetched.
Result<std::set<ObjectId>> run(TreeWalk& walk, const Objects& home, Objects& store) {
  std::set<ObjectId> fetched;
  while (!walk.done()) {
    std::vector<ObjectId> lacking;
    for (const auto& id : walk.next_questions(2))
      if (!store.all.contains(id)) lacking.push_back(id);
    walk.lacking(lacking);
    for (const auto& wanted : walk.next_wanted(3)) {
      const auto& object = home.all.at(wanted.id);
      fetched.insert(wanted.id);
      auto stored = protocol::pack_object(wanted.id, object);
      std::optional<std::string> before;
      if (wanted.before && store.all.contains(*wanted.before)) before = store.all.at(*wanted.before);
      auto chunk = walk.arrived(stored, object, before);
      if (!chunk) return std::unexpected(chunk.error());
      if (*chunk) store.keep(object);
    }
  }
  for (const auto& stored : walk.take_trees()) {
    const auto object = protocol::open_object(stored);
    const auto entries = protocol::decode_tree(*object);
    if (entries)
      for (const auto& entry : *entries)
        for (const auto& id : entry.content)
          EXPECT_TRUE(store.all.contains(id)) << entry.name << " is named before it is there";
    store.keep(*object);
  }
  return fetched;
}

TEST(TreeWalk, TakesEverythingOnceAndChildrenBeforeParents) {
  Objects home, store;
  const auto shared = home.folder("shared", {home.file("x", "x")});
  auto twin = shared;
  twin.name = "twin";
  const auto root = home.root({home.folder("a", {home.folder("b", {home.file("f", "1"), shared})}), twin,
                               home.file("g", "1"), home.file("h", "2")});
  TreeWalk walk(root, std::nullopt);
  const auto fetched = run(walk, home, store);
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->size(), home.all.size());
  EXPECT_EQ(store.all, home.all);
}

TEST(TreeWalk, CostsWhatChanged) {
  Objects home, store;
  std::vector<TreeEntry> library;
  for (int i = 0; i < 100; ++i) library.push_back(home.file(std::to_string(i), std::to_string(i)));
  const auto same = home.folder("library", library);
  const auto before = home.root({same, home.folder("src", {home.file("a", "one")})});
  TreeWalk first(before, std::nullopt);
  ASSERT_TRUE(run(first, home, store));
  const auto after = home.root({same, home.folder("src", {home.file("a", "two")})});
  TreeWalk second(after, before);
  const auto fetched = run(second, home, store);
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->size(), 3u);
  TreeWalk third(after, after);
  EXPECT_TRUE(run(third, home, store)->empty());
}

TEST(TreeWalk, WhatTheStoreHasLostIsTakenAgain) {
  Objects home, store;
  const auto same = home.folder("library", {home.file("x", "x"), home.file("y", "y")});
  const auto before = home.root({same, home.file("a", "one")});
  TreeWalk first(before, std::nullopt);
  ASSERT_TRUE(run(first, home, store));
  store.all.erase(ObjectId::of("x"));
  store.all.erase(same.content.front());
  const auto after = home.root({same, home.file("a", "two")});
  TreeWalk second(after, before);
  ASSERT_TRUE(run(second, home, store));
  EXPECT_TRUE(store.all.contains(ObjectId::of("x")));
  EXPECT_TRUE(store.all.contains(same.content.front()));
}

TEST(TreeWalk, LongFilesComeByTheirLists) {
  Objects home, store;
  std::vector<ObjectId> chunks;
  for (int i = 0; i < 40; ++i) chunks.push_back(home.keep("chunk " + std::to_string(i)));
  TreeEntry entry;
  entry.name = "long";
  entry.size = 400;
  entry.listed = true;
  entry.content = {home.keep(protocol::encode_chunk_list(chunks))};
  const auto root = home.root({entry});
  TreeWalk walk(root, std::nullopt);
  ASSERT_TRUE(run(walk, home, store));
  EXPECT_EQ(store.all, home.all);
}

TEST(TreeWalk, HostileTreesEndIt) {
  Objects home, store;
  auto folder = home.folder("x", {});
  for (int i = 0; i < 20; ++i) folder = home.folder("x", {folder});
  TreeWalk deep(home.root({folder}), std::nullopt, {.deepest = 10, .folders = 1'000, .held = 1u << 20});
  EXPECT_EQ(run(deep, home, store).error().code, ErrorCode::limit_exceeded);

  std::vector<TreeEntry> many;
  for (int i = 0; i < 50; ++i)
    many.push_back(home.folder(std::to_string(i), {home.file("f", std::to_string(i))}));
  TreeWalk wide(home.root(many), std::nullopt, {.deepest = 10, .folders = 20, .held = 1u << 20});
  EXPECT_EQ(run(wide, home, store).error().code, ErrorCode::limit_exceeded);
  TreeWalk heavy(home.root(many), std::nullopt, {.deepest = 10, .folders = 1'000, .held = 2'000});
  EXPECT_EQ(run(heavy, home, store).error().code, ErrorCode::limit_exceeded);

  TreeWalk unasked(home.root({}), std::nullopt);
  auto stranger = protocol::pack_object(ObjectId::of("stranger"), "stranger");
  EXPECT_FALSE(unasked.arrived(stranger, "stranger", std::nullopt));
  TreeWalk no_tree(home.keep("no tree"), std::nullopt);
  EXPECT_FALSE(run(no_tree, home, store));
}

TEST(TreeDiff, CountsAndNamesWhatDiffers) {
  Objects objects;
  const auto same = objects.folder("library", {objects.file("x", "x")});
  auto touched = objects.file("touched", "t");
  const auto before =
      objects.root({same, objects.folder("src", {objects.file("a", "1"), objects.file("b", "1")}), touched,
                    objects.file("becomes_folder", "1")});
  touched.modified = 5;
  const auto after =
      objects.root({same, objects.folder("src", {objects.file("a", "22"), objects.file("c", "1")}), touched,
                    objects.folder("becomes_folder", {objects.file("in", "1")})});
  const auto found = diff_trees(before, after, objects.reader(), {.below = "", .most_changes = 10});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->added, 2u);
  EXPECT_EQ(found->modified, 1u);
  EXPECT_EQ(found->deleted, 2u);
  ASSERT_EQ(found->changes.size(), 5u);
  EXPECT_EQ(found->changes[0].path, "becomes_folder");
  EXPECT_EQ(found->changes[1].path, "becomes_folder/in");
  EXPECT_EQ(found->changes[2].path, "src/a");
  EXPECT_EQ(found->changes[2].kind, VersionChangeKind::modified);
  EXPECT_EQ(found->changes[2].size_before, 1u);
  EXPECT_EQ(found->changes[2].size, 2u);
  EXPECT_EQ(found->changes[3].path, "src/b");
  EXPECT_FALSE(found->truncated);
}

TEST(TreeDiff, LooksOnlyBelowAPathAndNamesNoMoreThanAsked) {
  Objects objects;
  const auto before = objects.root({objects.folder("src", {objects.file("a", "1")}), objects.file("x", "1")});
  const auto after = objects.root(
      {objects.folder("src", {objects.file("a", "2"), objects.file("b", "2")}), objects.file("x", "2")});
  const auto file = diff_trees(before, after, objects.reader(), {.below = "src/a", .most_changes = 10});
  ASSERT_EQ(file->changes.size(), 1u);
  EXPECT_EQ(file->changes[0].path, "src/a");
  const auto folder = diff_trees(before, after, objects.reader(), {.below = "src", .most_changes = 1});
  EXPECT_EQ(folder->changes.size(), 1u);
  EXPECT_TRUE(folder->truncated);
  EXPECT_EQ(folder->added + folder->modified, 2u);
  EXPECT_EQ(diff_trees(before, after, objects.reader(), {.below = "none"})->added, 0u);
  EXPECT_EQ(diff_trees(std::nullopt, after, objects.reader())->added, 3u);
}

TEST(TreeDiff, ReadsOnlyWhatDiffersAndCountsWhatCannotBeRead) {
  Objects objects;
  const auto same = objects.folder("library", {objects.file("x", "x")});
  const auto gone = objects.folder("gone", {objects.file("y", "y")});
  const auto before = objects.root({same});
  const auto after = objects.root({same, gone});
  objects.all.erase(same.content.front());  // not looked at
  objects.all.erase(gone.content.front());
  const auto found = diff_trees(before, after, objects.reader());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->unreadable, 1u);
}

TEST(SyncPace, StoresAFewAtOnceAndThenOneASecond) {
  SyncPace pace;
  const auto start = SyncPace::Time() + 1000s;
  for (int i = 0; i < SyncPace::burst; ++i) EXPECT_EQ(pace.next(start), 0ms);
  const auto wait = pace.next(start);
  EXPECT_GT(wait, 0ms);
  EXPECT_LE(wait, SyncPace::interval);
  EXPECT_LE(pace.next(start + wait), SyncPace::interval);
  EXPECT_EQ(pace.next(start + 60s), 0ms) << "after a rest at once";
}

TEST(SyncPace, ASavePerSecondNeverWaits) {
  SyncPace pace;
  auto now = SyncPace::Time() + 1000s;
  for (int i = 0; i < 100; ++i, now += 1001ms) EXPECT_EQ(pace.next(now), 0ms) << i;
}

TEST(SyncPace, ItsBackOffGrowsToALimitAndForgets) {
  BackOff back_off;
  for (int i = 0; i < 20; ++i) {
    const auto wait = back_off.next(static_cast<std::uint32_t>(i) * 977'777'777u);
    EXPECT_GE(wait, BackOff::first / 2);
    EXPECT_LE(wait, BackOff::last);
    if (i > 8) EXPECT_GE(wait, BackOff::last / 2);
  }
  back_off.reset();
  EXPECT_LE(back_off.next(7), BackOff::first);
}

}  // namespace
}  // namespace berth::server

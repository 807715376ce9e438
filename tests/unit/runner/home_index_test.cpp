// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/home_index.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

class HomeIndexTest : public testing::Test {
 protected:
  HomeIndexTest() {
    char name[] = "/tmp/berth-index-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ / "home.index";
  }
  ~HomeIndexTest() override { std::filesystem::remove_all(folder_); }

  HomeIndex opened(const std::string& identity = "home") const {
    HomeIndex index(path_, identity);
    index.load();
    return index;
  }
  static DirectoryRecord record(const std::string& name, std::size_t chunks = 1) {
    RecordEntry entry;
    entry.name = name;
    entry.mode = 0644;
    entry.modified = -5;
    entry.size = chunks * 100;
    entry.inode = 7;
    entry.changed = 123456789012345;
    for (std::size_t i = 0; i < chunks; ++i)
      entry.chunks.push_back({ObjectId::of(name + std::to_string(i)), 100});
    return {{entry}};
  }
  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(HomeIndexTest, ARecordComesBackAsItWas) {
  DirectoryRecord all = record("file", 3);
  RecordEntry link;
  link.name = "link";
  link.type = TreeEntryType::symlink;
  link.target = "to";
  RecordEntry directory;
  directory.name = "sub";
  directory.type = TreeEntryType::directory;
  directory.inode = 9;
  directory.tree = ObjectId::of("tree");
  directory.files = 1;
  directory.directories = 2;
  directory.bytes = 1ull << 40;
  all.entries.push_back(link);
  all.entries.push_back(directory);
  EXPECT_EQ(decode_record(encode_record(all)), all);
  EXPECT_EQ(all.find("link")->target, "to");
  EXPECT_EQ(all.find("lin"), nullptr);
  const auto bytes = encode_record(all);
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_FALSE(decode_record(bytes.substr(0, i)));
  EXPECT_FALSE(decode_record(bytes + "x"));
}

TEST_F(HomeIndexTest, IsThereAfterARestart) {
  {
    auto index = opened();
    index.put("", record("a"));
    index.put("sub", record("b", 40));
    index.flush();
    index.put("sub", record("c"));
    index.put("gone", record("d"));
    index.put("gone/below", record("d"));
    index.put("gone-not", record("e"));
    index.flush();
    index.remove("gone");
    index.flush();
  }
  const auto index = opened();
  EXPECT_EQ(index.read(""), record("a"));
  EXPECT_EQ(index.read("sub"), record("c"));
  EXPECT_EQ(index.read("gone"), std::nullopt);
  EXPECT_EQ(index.read("gone/below"), std::nullopt);
  EXPECT_EQ(index.read("gone-not"), record("e"));
  EXPECT_EQ(index.size(), 3u);
}

TEST_F(HomeIndexTest, OfAnotherHomeItIsBegunAnew) {
  {
    auto index = opened();
    index.put("", record("a"));
    index.flush();
  }
  EXPECT_EQ(opened("another").size(), 0u);
}

TEST_F(HomeIndexTest, DamageAnywhereNeverGivesAWrongRecord) {
  {
    auto index = opened();
    for (int i = 0; i < 20; ++i) {
      index.put("d" + std::to_string(i), record("f" + std::to_string(i)));
      index.flush();
    }
  }
  std::string whole;
  {
    std::ifstream in(path_, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    if (at % 2 == 0) damaged.resize(at);
    std::ofstream(path_, std::ios::binary) << damaged;
    auto index = opened();
    for (int i = 0; i < 20; ++i) {
      const auto found = index.read("d" + std::to_string(i));
      EXPECT_TRUE(!found || *found == record("f" + std::to_string(i))) << at;
    }
    // And it goes on from there.
    index.put("new", record("n"));
    index.flush();
    EXPECT_EQ(opened().read("new"), record("n"));
  }
}

TEST_F(HomeIndexTest, StaysSmallWhenTheSameChangesAgainAndAgain) {
  auto index = opened();
  for (int i = 0; i < 300; ++i) {
    index.put("sub", record("x" + std::to_string(i), 500));
    index.flush();
  }
  EXPECT_LT(std::filesystem::file_size(path_), 3u << 20);
  EXPECT_EQ(index.read("sub"), record("x299", 500));
  EXPECT_EQ(opened().read("sub"), record("x299", 500));
}

TEST_F(HomeIndexTest, WorksFromMemoryWhereNothingCanBeWritten) {
  HomeIndex index("/nowhere/at/all", "home");
  index.load();
  index.put("sub", record("a"));
  index.flush();
  EXPECT_EQ(index.read("sub"), record("a"));
}

TEST_F(HomeIndexTest, WhatIsNewIsVisitedFirst) {
  auto index = opened();
  for (const char* name : {"a", "b", "z"}) index.put(name, record(name));
  index.flush();
  (void)index.forget_news();
  index.put("z", record("zz"));
  std::string first;
  index.for_each([&](const std::string& directory, const DirectoryRecord&) {
    first = directory;
    return false;
  });
  EXPECT_EQ(first, "z");
}

}  // namespace
}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/home_scan.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "protocol/stored_object.hpp"
#include "runner/file_chunks.hpp"
#include "runner/snapshot_objects.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;

class HomeScanTest : public testing::Test {
 protected:
  HomeScanTest() {
    char name[] = "/tmp/berth-scan-XXXXXX";
    folder_ = ::mkdtemp(name);
    std::filesystem::create_directory(folder_ / "home");
    home_.emplace(*net::ConfinedDirectory::open(folder_ / "home"));
    index_.emplace(folder_ / "home.index", "home");
    index_->load();
    scan_.emplace(*home_, *index_, changes_, small_, "", cancelled_);
  }
  ~HomeScanTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& bytes) const {
    const auto path = folder_ / "home" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  /// As if it had lain there for long.
  void age(const std::string& name) const {
    const timespec old[2] = {{1600000000, 1}, {1600000000, 1}};
    ::utimensat(AT_FDCWD, (folder_ / "home" / name).c_str(), old, AT_SYMLINK_NOFOLLOW);
  }
  ScanResult everything() { return *scan_->run({true, {}}, true); }
  ScanResult only(std::set<std::string> directories) {
    return *scan_->run({false, std::move(directories)}, true);
  }

  std::filesystem::path folder_;
  boost::asio::io_context io_;
  HomeChanges changes_{io_, [] {}};
  SmallObjects small_;
  std::atomic<bool> cancelled_ = false;
  std::optional<net::ConfinedDirectory> home_;
  std::optional<HomeIndex> index_;
  std::optional<HomeScan> scan_;
};

TEST_F(HomeScanTest, TheRootNamesTheContent) {
  write("a/one", "1");
  write("b/two", "2");
  const auto first = everything();
  EXPECT_EQ(first.files, 2u);
  EXPECT_EQ(first.directories, 2u);
  EXPECT_EQ(first.bytes, 2u);
  EXPECT_EQ(everything().root, first.root);
  write("b/two", "3");
  EXPECT_NE(everything().root, first.root);
}

TEST_F(HomeScanTest, LooksOnlyWhereItIsTold) {
  write("a/one", "1");
  write("b/two", "2");
  const auto first = everything();
  write("a/one", "11");
  write("b/two", "22");
  const auto second = only({"a"});
  EXPECT_EQ(second.bytes, 3u);
  EXPECT_EQ(only({"b"}).bytes, 4u);
  EXPECT_NE(second.root, first.root);
}

TEST_F(HomeScanTest, ReadsAFileAgainOnlyWhenItChanged) {
  write("a/one", "1");
  age("a/one");
  (void)everything();
  auto record = *index_->read("a");
  ASSERT_NE(record.entries[0].changed, 0);
  // Were it read, the index would be put right.
  record.entries[0].chunks[0].id = ObjectId::of("marked");
  index_->put("a", record);
  (void)everything();
  EXPECT_EQ(index_->read("a")->entries[0].chunks[0].id, ObjectId::of("marked"));
  age("a/one");  // sets its times anew: the change time differs
  (void)everything();
  EXPECT_EQ(index_->read("a")->entries[0].chunks[0].id, ObjectId::of("1"));
}

TEST_F(HomeScanTest, AFileThatWasJustWrittenIsNotTrusted) {
  write("a", "1");
  (void)everything();
  EXPECT_EQ(index_->read("")->entries[0].changed, 0);
}

TEST_F(HomeScanTest, ANewDirectoryOfAnOldNameIsLookedAtAsAWhole) {
  write("a/sub/deep/one", "old");
  write("b/sub/deep/one", "new");
  (void)everything();
  std::filesystem::rename(folder_ / "home/a", folder_ / "home/c");
  std::filesystem::rename(folder_ / "home/b", folder_ / "home/a");
  const auto scanned = only({""});
  const auto fresh = [&] {
    HomeIndex empty(folder_ / "other.index", "home");
    empty.load();
    HomeScan other(*home_, empty, changes_, small_, "", cancelled_);
    return *other.run({true, {}}, true);
  }();
  EXPECT_EQ(scanned.root, fresh.root);
}

TEST_F(HomeScanTest, WhatIsNoFileIsLeftOutAndTemporaryNamesAre) {
  write("file", "x");
  write(".berth-write-123", "x");
  ASSERT_EQ(::mkfifo((folder_ / "home/pipe").c_str(), 0600), 0);
  EXPECT_EQ(everything().files, 1u);
}

TEST_F(HomeScanTest, TheRunnersOwnDirectoryIsLeftOut) {
  write("state/journal", "x");
  write("file", "x");
  HomeScan own(*home_, *index_, changes_, small_, "state", cancelled_);
  EXPECT_EQ(own.run({true, {}}, true)->files, 1u);
}

TEST_F(HomeScanTest, DiffersOnlyWhereSomethingChanged) {
  write("a/one", "1");
  write("b/two", "2");
  age("a/one");
  age("b/two");
  (void)everything();
  EXPECT_EQ(scan_->differing({"", "a", "b"}), std::set<std::string>());
  write("b/two", "other");
  EXPECT_EQ(scan_->differing({"", "a", "b"}), std::set<std::string>{"b"});
  std::filesystem::remove(folder_ / "home/a/one");
  EXPECT_TRUE(scan_->differing({"a"}).contains("a"));
  EXPECT_TRUE(scan_->differing({"never seen"}).contains("never seen"));
}

TEST_F(HomeScanTest, EndsSoonWhenItIsCancelled) {
  write("a/one", "1");
  cancelled_ = true;
  EXPECT_EQ(scan_->run({true, {}}, true).error().code, ErrorCode::cancelled);
}

TEST_F(HomeScanTest, AHoleIsCutAsZerosAre) {
  write("zeros", std::string(3u << 20, '\0') + "end");
  write("holes", "");
  std::filesystem::resize_file(folder_ / "home/holes", 3u << 20);
  std::ofstream(folder_ / "home/holes", std::ios::app) << "end";
  (void)everything();
  const auto record = *index_->read("");
  EXPECT_EQ(record.find("holes")->size, record.find("zeros")->size);
  EXPECT_EQ(record.find("holes")->chunks, record.find("zeros")->chunks);
}

TEST_F(HomeScanTest, ObjectsThatChangedSinceAreGoneAndLookedAtAgain) {
  write("a/big", std::string(200000, 'x'));
  const auto scanned = everything();
  const auto chunk = index_->read("a")->entries[0].chunks[0].id;
  write("a/big", std::string(200000, 'y'));
  std::vector<std::optional<std::string>> stale;
  const std::vector<ObjectId> ids{scanned.root, chunk};
  SnapshotObjects objects(*home_, *index_, small_, ids, find_objects(*index_, scanned.root, ids),
                          [&](std::optional<std::string> directory) { stale.push_back(directory); });
  protocol::ObjectReader reader;
  for (;;) {
    const auto piece = objects.read(1000);
    ASSERT_TRUE(piece);
    if (piece->empty()) break;
    reader.append(*piece);
  }
  const auto root = **reader.next();
  EXPECT_FALSE(root.gone);
  EXPECT_TRUE((**reader.next()).gone);
  EXPECT_EQ(stale, std::vector<std::optional<std::string>>{"a"});
  EXPECT_TRUE(index_->read("a")->entries.empty()) << "or it would be believed for ever";
}

TEST(SmallObjects, KeepsWhatWasHashedUpToABound) {
  SmallObjects small;
  small.keep(ObjectId::of("a"), "a");
  EXPECT_EQ(small.find(ObjectId::of("a")), "a");
  const std::string large(SmallObjects::largest + 1, 'x');
  small.keep(ObjectId::of(large), large);
  EXPECT_EQ(small.find(ObjectId::of(large)), "");
  std::size_t kept = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto bytes = std::string(SmallObjects::largest - 8, 'x') + std::to_string(1000000 + i);
    small.keep(ObjectId::of(bytes), bytes);
    kept += small.find(ObjectId::of(bytes)).size();
  }
  EXPECT_LE(kept, SmallObjects::most_bytes);
  EXPECT_GT(kept, SmallObjects::most_bytes / 2);
  small.clear();
  EXPECT_EQ(small.find(ObjectId::of("a")), "");
}

TEST(Readable, ReplacesWhatIsNoText) {
  EXPECT_EQ(readable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(readable("a\xff"), "a\xef\xbf\xbd");
}

}  // namespace
}  // namespace berth::runner

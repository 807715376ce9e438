// SPDX-License-Identifier: GPL-3.0-or-later
// What a restore notes of the files it puts in place: a program's later write is never hidden from storing.
#include "runner/restore_files.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "runner/file_chunks.hpp"
#include "runner/restore.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::RestoreEntry;

constexpr std::int64_t long_ago = 1'600'000'000'000'000'001;  // ns

class RestoredFilesTest : public testing::Test {
 protected:
  RestoredFilesTest() {
    char name[] = "/tmp/berth-restored-XXXXXX";
    folder_ = ::mkdtemp(name);
    std::filesystem::create_directory(folder_ / "home");
    std::filesystem::create_directory(folder_ / "state");
    files_.emplace(*net::ConfinedDirectory::open(folder_ / "home"));
    index_.emplace(folder_ / "home.index", "home");
    index_->load();
    marks_.emplace(folder_ / "state", "home");
    restore_.emplace(*files_, *index_, *marks_, folder_ / "state", "");
  }
  ~RestoredFilesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path at(const std::string& name) const { return folder_ / "home" / name; }
  /// In place, as a program that has it open would.
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
  }
  void age(const std::string& name) const {
    const timespec old[2] = {{1600000000, 1}, {1600000000, 1}};
    ::utimensat(AT_FDCWD, at(name).c_str(), old, 0);
  }
  struct stat status_of(const std::string& name) const {
    struct stat status{};
    ::stat(at(name).c_str(), &status);
    return status;
  }
  static WantedEntry wanted(const std::string& name, const std::string& bytes) {
    WantedEntry entry;
    entry.path = name;
    entry.mode = 0644;
    entry.modified = long_ago;
    entry.size = bytes.size();
    entry.chunks = {ObjectId::of(bytes)};
    return entry;
  }
  RestoreEntry announced(const std::string& name, std::int64_t modified = long_ago) const {
    const FileDescriptorOf file(at(name));
    RestoreEntry entry{name, "", "file", 0644, modified, std::filesystem::file_size(at(name)),
                       {},   "", {},     {}};
    const auto chunks = cut_file(file.fd);
    for (const auto& chunk : *chunks) entry.chunks.push_back(chunk.id.hex());
    return entry;
  }
  void begin() { ASSERT_TRUE(restore_->begin({"v1", ""}, IgnoreRules::parse(""))); }
  /// Whether the next snapshot would take the file for what the restore noted.
  bool is_believed(const std::string& name) const {
    const auto record = index_->read("");
    const auto* entry = record ? record->find(name) : nullptr;
    return entry && is_unchanged(*entry, status_of(name));
  }

  struct FileDescriptorOf {
    explicit FileDescriptorOf(const std::filesystem::path& path) : fd(::open(path.c_str(), O_RDONLY)) {}
    ~FileDescriptorOf() { ::close(fd); }
    const int fd;
  };
  std::filesystem::path folder_;
  std::optional<net::HomeFiles> files_;
  std::optional<HomeIndex> index_;
  std::optional<SyncMarks> marks_;
  std::optional<Restore> restore_;
};

TEST_F(RestoredFilesTest, AFileThatIsAsItWasSeenIsCertain) {
  RestoreFiles places(*files_);
  write("file", "right");
  age("file");
  ::chmod(at("file").c_str(), 0644);
  auto placed = places.touch_file(wanted("file", "right"), status_of("file"));
  ASSERT_TRUE(placed);
  EXPECT_TRUE(placed->certain);
  ::chmod(at("file").c_str(), 0600);
  placed = places.touch_file(wanted("file", "right"), status_of("file"));
  ASSERT_TRUE(placed);
  EXPECT_TRUE(placed->certain) << "another mode hides nothing";
  EXPECT_EQ(placed->status.st_mode & 07777u, 0644u);
}

TEST_F(RestoredFilesTest, AFileThatWasWrittenSinceItWasSeenIsNotCertain) {
  RestoreFiles places(*files_);
  write("file", "right");
  age("file");
  const auto seen = status_of("file");
  write("file", "wrong");
  auto placed = places.touch_file(wanted("file", "right"), seen);
  ASSERT_TRUE(placed);
  EXPECT_FALSE(placed->certain);
  // Nor one whose time had to be set: that hides a write just before.
  write("file", "right");
  placed = places.touch_file(wanted("file", "right"), status_of("file"));
  ASSERT_TRUE(placed);
  EXPECT_FALSE(placed->certain);
  EXPECT_EQ(nanoseconds(placed->status.st_mtim), long_ago);
}

TEST_F(RestoredFilesTest, AFileThatIsPutInPlaceIsCertainUnlessItsTimeIsNow) {
  RestoreFiles places(*files_);
  auto entry = wanted("file", "bytes");
  const auto chunk = [](const ObjectId&) { return std::string("bytes"); };
  auto placed = places.put_file(entry, chunk);
  ASSERT_TRUE(placed);
  EXPECT_TRUE(placed->certain);
  EXPECT_EQ(placed->status.st_mode & 07777u, 0644u);
  entry.modified = file_clock_now();
  placed = places.put_file(entry, chunk);
  ASSERT_TRUE(placed);
  EXPECT_FALSE(placed->certain);
}

TEST_F(RestoredFilesTest, AFileFoundRightIsBelievedOnlyIfItWasOldThen) {
  write("old", "right");
  write("new", "right");
  age("old");
  for (const auto* name : {"old", "new"}) ::chmod(at(name).c_str(), 0644);
  begin();
  write("new", "right");
  const auto now = nanoseconds(status_of("new").st_mtim);
  const auto answer = restore_->entries({{announced("new", now), announced("old")}});
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->needed.empty());
  ASSERT_TRUE(restore_->write());
  EXPECT_TRUE(is_believed("old"));
  EXPECT_FALSE(is_believed("new"));
}

TEST_F(RestoredFilesTest, AWriteWhileTheRestOfThePageIsLookedAtIsNotHidden) {
  write("file", "right");
  write("large", std::string(24u << 20, 'x') + "end");
  for (const auto* name : {"file", "large"}) age(name), ::chmod(at(name).c_str(), 0644);
  const std::vector<RestoreEntry> page{announced("file"), announced("large")};
  begin();
  const int watch = ::inotify_init1(IN_CLOEXEC);
  ASSERT_GE(::inotify_add_watch(watch, at("large").c_str(), IN_OPEN), 0);
  std::thread program([&] {
    pollfd opened{watch, POLLIN, 0};
    if (::poll(&opened, 1, 10'000) == 1) write("file", "wrong");
  });
  const auto answer = restore_->entries({page});
  program.join();
  ::close(watch);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->needed.empty());
  ASSERT_TRUE(restore_->write());
  EXPECT_FALSE(is_believed("file")) << "the write would be in no version";
  EXPECT_TRUE(is_believed("large"));
}

}  // namespace
}  // namespace berth::runner

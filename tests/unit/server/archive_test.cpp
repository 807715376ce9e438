// SPDX-License-Identifier: GPL-3.0-or-later
// Archives as other people's programs unpack them: bsdtar, GNU tar, unzip and Python.
#include "server/archive.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "history_fixture.hpp"
#include "server/archive_content.hpp"

namespace berth::server {
namespace {

namespace fs = std::filesystem;
using protocol::TreeEntryType;
using ::testing::HasSubstr;
using testing::MemoryObjects;
using testing::Plant;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// bsdtar itself composes names as it unpacks.
std::map<std::string, std::string> composed(std::map<std::string, std::string> seen) {
  auto one = seen.extract("u\xCC\x88.txt");
  one.key() = "\xC3\xBC.txt";
  seen.insert(std::move(one));
  return seen;
}

/// What a person could see of everything below `folder`: path, type, permissions, time, content.
std::map<std::string, std::string> seen_below(const fs::path& folder, bool nanoseconds) {
  std::map<std::string, std::string> seen;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    struct stat status{};
    ::lstat(entry.path().c_str(), &status);
    std::ostringstream line;
    line << std::oct << (status.st_mode & (S_IFMT | 07777)) << std::dec;
    if (!entry.is_symlink()) line << " " << status.st_mtim.tv_sec;
    if (!entry.is_symlink() && nanoseconds) line << "." << status.st_mtim.tv_nsec;
    std::string content;
    if (entry.is_symlink())
      content = fs::read_symlink(entry.path()).string();
    else if (S_ISREG(status.st_mode))
      content = text_of(entry.path());
    line << " " << (content.size() < 100 ? content : protocol::ObjectId::of(content).hex());
    seen[entry.path().lexically_relative(folder).string()] = line.str();
  }
  return seen;
}

class ArchiveTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};
  MemoryObjects objects;
  VersionTree tree{objects, "ann"};

  /// Everything a home may hold that archives tend to get wrong.
  static Plant awkward() {
    const std::string long_name(200, 'n');
    return Plant()
        .file("empty", "")
        .file("run.sh", "#!/bin/sh\n", 0755)
        .file("private", "secret", 0600)
        .file("gr\xC3\xBC\xC3\x9F \xE6\x96\x87.txt", "composed")
        .file("u\xCC\x88.txt", "decomposed")  // must not come back composed
        .file("old", "1970", 0644, 1'000'000'000)
        .file("big", std::string(3u << 20, 'b') + "end")
        .link("link", "run.sh")
        .link("dangling", "no/where")
        .folder("nothing", {}, 0700)
        .folder(long_name, Plant().folder(long_name, Plant().file("deep", "deep")));
  }

  std::unique_ptr<ByteSource> source(const Plant& plant, ArchiveFormat format, const std::string& path = {}) {
    const auto entry = tree.find(plant.store(objects, "ann"), path);
    return make_archive_source(make_version_content(tree, **entry, path), format, pool);
  }
  fs::path write(std::unique_ptr<ByteSource> from, const std::string& name) {
    const auto file = folder.path() / name;
    std::ofstream out(file, std::ios::binary);
    while (true) {
      auto piece = testing::await(io, from->read());
      EXPECT_TRUE(piece) << piece.error().message << piece.error().detail;
      if (!piece || piece->empty()) return file;
      EXPECT_LE(piece->size(), byte_stream_piece);
      out << *piece;
    }
  }
  /// Runs `command` in a new folder, with the archive as "$1", and returns the folder.
  fs::path unpack(const fs::path& archive, const std::string& command) {
    const auto into = folder.path() / ("unpacked-" + random_id(8));
    fs::create_directories(into);
    const auto all = "cd '" + into.string() + "' && set -- '" + archive.string() + "' && LC_ALL=C.UTF-8 && " +
                     "export LC_ALL && " + command;
    EXPECT_EQ(std::system(all.c_str()), 0) << command;
    return into;
  }
};

TEST_F(ArchiveTest, EveryFormatUnpacksToTheSameFiles) {
  const auto plant = awkward();
  const auto reference =
      seen_below(unpack(write(source(plant, ArchiveFormat::tar_gz), "a.tar.gz"), "tar -xpf \"$1\""), true);
  ASSERT_EQ(reference.size(), 13u);
  EXPECT_EQ(reference.at("private"), "100600 1700000000.123456789 secret");
  EXPECT_EQ(reference.at("link"), "120777 run.sh");
  EXPECT_THAT(reference.at("nothing"), HasSubstr("40700 1700000000"));
  EXPECT_TRUE(reference.contains("u\xCC\x88.txt")) << "a name was normalised";
  EXPECT_THAT(reference.at("big"),
              HasSubstr(protocol::ObjectId::of(std::string(3u << 20, 'b') + "end").hex()));
  EXPECT_EQ(reference.at("old"), "100644 1.0 1970");
  EXPECT_EQ(seen_below(unpack(folder.path() / "a.tar.gz", "bsdtar -xpf \"$1\""), true), composed(reference));
  EXPECT_EQ(
      seen_below(unpack(write(source(plant, ArchiveFormat::tar_zst), "a.tar.zst"), "bsdtar -xpf \"$1\""),
                 true),
      composed(reference));
  EXPECT_EQ(seen_below(unpack(folder.path() / "a.tar.gz",
                              "python3 -c 'import sys, tarfile; "
                              "tarfile.open(sys.argv[1]).extractall(filter=\"fully_trusted\")' \"$1\""),
                       false),
            seen_below(unpack(folder.path() / "a.tar.gz", "tar -xpf \"$1\""), false));

  const auto zip = write(source(plant, ArchiveFormat::zip), "a.zip");
  const auto to_the_second = seen_below(unpack(folder.path() / "a.tar.gz", "tar -xpf \"$1\""), false);
  EXPECT_EQ(seen_below(unpack(zip, "bsdtar -xpf \"$1\""), false), composed(to_the_second));
  EXPECT_EQ(seen_below(unpack(zip, "unzip -q \"$1\""), false), to_the_second);
  unpack(zip, "python3 -m zipfile -t \"$1\" > /dev/null");
}

TEST_F(ArchiveTest, AFolderOrAFileAloneComesWithoutThePathAboveIt) {
  const Plant plant = Plant().folder("a", Plant().folder("b", Plant().file("c", "text")));
  const auto of_folder = unpack(write(source(plant, ArchiveFormat::zip, "a/b"), "b.zip"), "unzip -q \"$1\"");
  EXPECT_EQ(text_of(of_folder / "c"), "text");
  const auto of_file =
      unpack(write(source(plant, ArchiveFormat::tar_gz, "a/b/c"), "c.tgz"), "tar -xf \"$1\"");
  EXPECT_EQ(text_of(of_file / "c"), "text");
}

TEST_F(ArchiveTest, WhatIsDamagedIsNamedAndTheRestIsWhole) {
  Plant plant;
  plant.file("whole", "whole").file("DAMAGED-FILES.txt", "a person's own");
  plant.folder("lost", Plant().file("x", "x")).file("half", std::string(1u << 20, 'a') + "tail");
  const auto root = plant.store(objects, "ann");
  const auto half = tree.find(root, "half");
  objects.lose("ann", (*half)->content.back());
  objects.lose("ann", (*tree.find(root, "lost"))->content.front());
  for (const auto format : {ArchiveFormat::zip, ArchiveFormat::tar_zst}) {
    const auto entry = tree.find(root, "");
    const auto archive =
        write(make_archive_source(make_version_content(tree, **entry, ""), format, pool), "d");
    const auto into = unpack(archive, "bsdtar -xf \"$1\"");
    EXPECT_EQ(text_of(into / "whole"), "whole");
    EXPECT_EQ(text_of(into / "DAMAGED-FILES.txt"), "a person's own");
    const auto note = text_of(into / "DAMAGED-FILES.txt.2");
    EXPECT_THAT(note, HasSubstr("half: damaged from byte"));
    EXPECT_THAT(note, HasSubstr("lost/"));
    EXPECT_EQ(fs::file_size(into / "half"), (1u << 20) + 4);
    EXPECT_EQ(text_of(into / "half").substr(0, 16), std::string(16, 'a'));
  }
}

TEST_F(ArchiveTest, NamesThatAreNoUtf8SurviveInATarAndAreNamedInAZip) {
  const Plant plant = Plant().file("caf\xE9", "latin1");
  const auto tar = unpack(write(source(plant, ArchiveFormat::tar_gz), "l.tgz"), "tar -xf \"$1\"");
  EXPECT_EQ(text_of(tar / "caf\xE9"), "latin1");
  const auto zip = unpack(write(source(plant, ArchiveFormat::zip), "l.zip"), "unzip -q \"$1\"");
  EXPECT_EQ(text_of(zip / "caf_"), "latin1");
  EXPECT_THAT(text_of(zip / "DAMAGED-FILES.txt"), HasSubstr("caf_"));
}

TEST_F(ArchiveTest, AHomeOnDiskComesAsItIs) {
  const auto home = folder.path() / "home";
  fs::create_directories(home / "project/sub");
  std::ofstream(home / "project/a") << "text";
  std::ofstream(home / ".berth-write-1234") << "half a file";
  fs::create_symlink("/etc/passwd", home / "project/out");
  fs::create_directory_symlink("/etc", home / "etc");
  ASSERT_EQ(::mkfifo((home / "pipe").c_str(), 0600), 0);
  auto content = make_home_content(std::move(*net::ConfinedDirectory::open(home.string())), "");
  ASSERT_TRUE(content);
  const auto into = unpack(write(make_archive_source(std::move(*content), ArchiveFormat::tar_gz, pool), "h"),
                           "tar -xf \"$1\"");
  EXPECT_EQ(text_of(into / "project/a"), "text");
  EXPECT_EQ(fs::read_symlink(into / "project/out"), "/etc/passwd");
  EXPECT_TRUE(fs::is_symlink(into / "etc")) << "a link was followed out of the home";
  EXPECT_FALSE(fs::exists(into / ".berth-write-1234"));
  EXPECT_THAT(text_of(into / "DAMAGED-FILES.txt"), HasSubstr("pipe: it is neither"));
  EXPECT_EQ(
      make_home_content(std::move(*net::ConfinedDirectory::open(home.string())), "etc/hostname").error().code,
      ErrorCode::permission_denied);
}

/// A file larger than any memory, of random bytes; counts itself.
class EndlessContent final : public ArchiveContent {
 public:
  explicit EndlessContent(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
  ~EndlessContent() override { --alive_; }
  Result<std::optional<ArchiveEntry>> next() override {
    return ArchiveEntry{.path = "endless",
                        .type = TreeEntryType::file,
                        .mode = 0644,
                        .modified = 0,
                        .size = 1ull << 40,
                        .target = {}};
  }
  Result<std::string> read() override {
    std::string bytes(byte_stream_piece, '\0');
    for (std::size_t i = 0; i < bytes.size(); i += sizeof random_) {
      random_ ^= random_ << 13, random_ ^= random_ >> 7, random_ ^= random_ << 17;
      std::memcpy(bytes.data() + i, &random_, sizeof random_);
    }
    return bytes;
  }
  std::vector<protocol::PathProblem> problems() const override { return {}; }

 private:
  std::atomic<int>& alive_;
  std::uint64_t random_ = 42;
};

std::size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_F(ArchiveTest, AnyIsMadeInConstantMemoryAndFreedWhenTheReaderLeaves) {
  for (const auto format : {ArchiveFormat::zip, ArchiveFormat::tar_gz, ArchiveFormat::tar_zst}) {
    std::atomic<int> alive = 0;
    {
      auto source = make_archive_source(std::make_unique<EndlessContent>(alive), format, pool);
      ASSERT_TRUE(testing::await(io, source->read()));
      const auto before = resident_bytes();
      std::size_t got = 0;
      while (got < (24u << 20)) {
        auto piece = testing::await(io, source->read());
        ASSERT_TRUE(piece);
        ASSERT_FALSE(piece->empty());
        got += piece->size();
      }
      EXPECT_LT(resident_bytes(), before + (8u << 20)) << static_cast<int>(format);
      EXPECT_EQ(alive, 1);
    }
    EXPECT_EQ(alive, 0);
  }
}

TEST_F(ArchiveTest, AnUnreachableStoreIsAnErrorAndNotAShortArchive) {
  auto from = source(awkward(), ArchiveFormat::zip);
  objects.unreachable = true;
  Result<std::string> piece;
  while ((piece = testing::await(io, from->read())) && !piece->empty());
  ASSERT_FALSE(piece);
  EXPECT_EQ(piece.error().code, ErrorCode::unavailable);
}

TEST(ArchiveFormats, AreThree) {
  EXPECT_EQ(parse_archive_format("zip"), ArchiveFormat::zip);
  EXPECT_EQ(file_ending(*parse_archive_format("tar.zst")), ".tar.zst");
  for (const auto* wrong : {"", "rar", "ZIP", "tar", "tar.gz "}) EXPECT_FALSE(parse_archive_format(wrong));
}

}  // namespace
}  // namespace berth::server

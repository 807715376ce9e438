// SPDX-License-Identifier: GPL-3.0-or-later
// Unpacking: names byte for byte, nothing outside, nothing without bound, and every broken archive an error.
#include "runner/unpack.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "unpack_archives.hpp"

namespace berth::runner {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TarBytes;
using testing::ZipBytes;

class UnpackTest : public ::testing::Test {
 protected:
  fs::path place = [] {
    std::string name = fs::temp_directory_path() / "berth-unpack-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder");
    return name;
  }();
  fs::path folder = place / "in";
  int archives = 0;

  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(place); }

  fs::path write(const std::string& bytes) {
    const auto file = place / ("archive" + std::to_string(archives++));
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  Result<void> unpack_file(const std::string& format, const fs::path& file, UnpackLimits limits = {},
                           std::uint64_t* left_out = nullptr) {
    const net::FileDescriptor archive(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    UnpackedFolder unpacked(net::FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
                            limits);
    const UnpackProgress progress = [](double part) {
      EXPECT_GE(part, 0);
      EXPECT_LE(part, 1);
    };
    auto done = format == "zip" ? unpack_zip(archive.get(), unpacked, limits, progress)
                                : unpack_tar(archive.get(), unpacked, progress);
    if (done) done = unpacked.finish();
    if (left_out) *left_out = unpacked.left_out();
    return done;
  }
  Result<void> unpack(const std::string& format, const std::string& bytes, UnpackLimits limits = {}) {
    return unpack_file(format, write(bytes), limits);
  }
  std::string why(const std::string& format, const std::string& bytes, UnpackLimits limits = {}) {
    const auto done = unpack(format, bytes, limits);
    return done ? "it was unpacked" : done.error().message;
  }
  /// Whether the first `length` bytes alone are taken for an archive.
  bool unpack_cut(const std::string& format, const std::string& whole, std::size_t length) {
    clear();
    const auto done = unpack(format, whole.substr(0, length));
    fs::remove(place / ("archive" + std::to_string(archives - 1)));
    return done.has_value();
  }
  std::string text(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    if (!in) return "none";
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  }
  void clear() {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  /// Everything that lies beside the folder.
  bool nothing_outside() const {
    for (const auto& entry : fs::directory_iterator(place))
      if (entry.path() != folder && !entry.path().filename().string().starts_with("archive")) return false;
    return true;
  }
};

// ---- what is right

TEST_F(UnpackTest, FilesFoldersAndLinksComeAsTheyWere) {
  const auto zip = ZipBytes()
                       .add({.name = "empty/", .bytes = {}, .mode = 040755})
                       .add({.name = "deep/er/file", .bytes = std::string(300'000, 'z'), .deflated = true})
                       .add({.name = "run", .bytes = "#!/bin/sh\n", .mode = 0100755})
                       .add({.name = "private", .bytes = "p", .mode = 0100600})
                       .add({.name = "link", .bytes = "deep/er/file", .mode = 0120777})
                       .add({.name = "zero", .bytes = {}, .deflated = true})
                       .bytes();
  const auto tar = TarBytes()
                       .raw("empty/", '5')
                       .file("deep/er/file", std::string(300'000, 'z'))
                       .file("run", "#!/bin/sh\n", 0755)
                       .file("private", "p", 0600)
                       .raw("link", '2', {}, "deep/er/file")
                       .file("zero", "")
                       .raw("hard", '1', {}, "private")
                       .bytes();
  for (const auto& [format, bytes] :
       {std::pair{"zip", zip}, {"tar", tar}, {"zip", "a program in front" + zip}}) {
    clear();
    const auto done = unpack(format, bytes);
    ASSERT_TRUE(done) << format << ": " << done.error().message;
    EXPECT_TRUE(fs::is_directory(folder / "empty"));
    EXPECT_EQ(text("deep/er/file"), std::string(300'000, 'z'));
    EXPECT_EQ(text("zero"), "");
    EXPECT_EQ(fs::read_symlink(folder / "link"), "deep/er/file");
    const auto mode = [&](const char* name) {
      return static_cast<unsigned>(fs::symlink_status(folder / name).permissions());
    };
    EXPECT_EQ(mode("run"), 0755u);
    EXPECT_EQ(mode("private"), 0600u);
    if (std::string(format) == "tar") {
      EXPECT_EQ(fs::hard_link_count(folder / "private"), 2u);
    }
  }
  struct stat status{};
  clear();
  ASSERT_TRUE(unpack("tar", tar));
  ASSERT_EQ(::stat((folder / "run").c_str(), &status), 0);
  EXPECT_EQ(status.st_mtim.tv_sec, 1'700'000'000);
  ASSERT_EQ(::stat((folder / "empty").c_str(), &status), 0);
  EXPECT_EQ(status.st_mtim.tv_sec, 1'700'000'000);
}

TEST_F(UnpackTest, NamesStayTheBytesThatTheyAre) {
  const std::string decomposed = "u\xCC\x88.txt", composed = "\xC3\xBC.txt", latin = "caf\xE9",
                    odd = "new\nline\x01";
  for (const auto& name : {decomposed, composed, latin, odd}) {
    for (const auto& [kind, format, bytes] :
         {std::tuple{"zip", "zip", ZipBytes().add({.name = name, .bytes = "x"}).bytes()},
          {"zip without its flag", "zip", ZipBytes().add({.name = name, .bytes = "x", .flags = 0}).bytes()},
          {"ustar", "tar", TarBytes().file(name, "x").bytes()},
          {"pax", "tar", TarBytes().pax("path", name).file("short", "x").bytes()},
          {"pax that says binary", "tar",
           TarBytes().pax("hdrcharset", "BINARY").pax("path", name).file("short", "x").bytes()},
          {"gnu", "tar", TarBytes().raw("././@LongLink", 'L', name + '\0').file("short", "x").bytes()}}) {
      clear();
      const auto done = unpack(format, bytes);
      ASSERT_TRUE(done) << kind << ": " << done.error().message;
      std::vector<std::string> names;
      for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
      EXPECT_THAT(names, ::testing::ElementsAre(name)) << kind;
    }
  }
  clear();
  ASSERT_TRUE(unpack("tar", TarBytes().file(decomposed, "d").file(composed, "c").bytes()));
  EXPECT_EQ(text(decomposed) + text(composed), "dc") << "two files, though a person sees one name";
}

TEST_F(UnpackTest, LongNamesOfEveryKindAreWhole) {
  const auto path = std::string(200, 'a') + "/" + std::string(200, 'b') + "/" + std::string(200, 'c');
  ASSERT_TRUE(unpack("tar", TarBytes().raw("././@LongLink", 'L', path + '\0').file("cut", "gnu").bytes()));
  EXPECT_EQ(text(path), "gnu");
  ASSERT_TRUE(unpack("tar", TarBytes().pax("path", path).file("cut", "pax").bytes()));
  EXPECT_EQ(text(path), "pax") << "the later of two stays";
  const auto target = std::string(300, 't');
  ASSERT_TRUE(unpack("tar", TarBytes().pax("linkpath", target).raw("l", '2', {}, "cut").bytes()));
  EXPECT_EQ(fs::read_symlink(folder / "l"), target);
}

TEST_F(UnpackTest, WhatOtherProgramsWriteIsRead) {
  const auto from = place / "archive-source";
  fs::create_directories(from / std::string(120, 'd'));
  std::ofstream(from / "a") << "a text";
  std::ofstream(from / std::string(120, 'd') / std::string(180, 'f')) << "deep";
  fs::create_symlink("a", from / "l");
  fs::create_hard_link(from / "a", from / "same");
  const auto in = "cd '" + from.string() + "' && ";
  for (const auto& [format, command] : std::vector<std::pair<std::string, std::string>>{
           {"tar", "tar --format=gnu -czf ../archive-x ."},
           {"tar", "tar --format=posix -cJf ../archive-x ."},
           {"tar", "tar --format=ustar -cf ../archive-x a l same"},
           {"tar", "bsdtar --zstd -cf ../archive-x ."},
           {"tar", "tar -cf - a same | gzip > ../archive-x && tar -cf - l | gzip >> /dev/null"},
           {"zip",
            "rm -f ../archive-x.zip && zip -qry ../archive-x.zip . && mv ../archive-x.zip ../archive-x"},
           {"zip", "bsdtar --format zip -cf ../archive-x ."},
           {"zip",
            "python3 -c \"import zipfile; z = zipfile.ZipFile('../archive-x', 'w', 8); z.write('a')\""}}) {
    clear();
    ASSERT_EQ(std::system((in + command).c_str()), 0) << command;
    const auto done = unpack_file(format, place / "archive-x");
    ASSERT_TRUE(done) << command << ": " << done.error().message;
    EXPECT_EQ(text("a"), "a text") << command;
    if (fs::exists(folder / std::string(120, 'd'))) {
      EXPECT_EQ(text(std::string(120, 'd') + "/" + std::string(180, 'f')), "deep") << command;
    }
    if (fs::is_symlink(folder / "l")) {
      EXPECT_EQ(fs::read_symlink(folder / "l"), "a") << command;
    }
  }
}

TEST_F(UnpackTest, ALaterEntryOfOneNameStays) {
  for (const auto& [format, bytes] :
       {std::pair{"zip",
                  ZipBytes().add({.name = "a", .bytes = "one"}).add({.name = "a", .bytes = "two"}).bytes()},
        {"tar", TarBytes().file("a", "one").file("a", "two").bytes()},
        {"tar", TarBytes().raw("a", '2', {}, "../../x").file("a", "two").bytes()},
        {"tar", TarBytes().file("b", "two").file("a", "one").raw("a", '1', {}, "b").bytes()},
        {"tar", TarBytes().raw("a/", '5').raw("a/", '5').file("a/x", "").bytes()}}) {
    clear();
    ASSERT_TRUE(unpack(format, bytes));
    EXPECT_TRUE(text("a") == "two" || fs::is_directory(folder / "a"));
    EXPECT_FALSE(fs::is_symlink(folder / "a"));
  }
  EXPECT_TRUE(nothing_outside());
}

TEST_F(UnpackTest, WhatIsNeitherFileFolderNorLinkIsLeftOut) {
  std::uint64_t left_out = 0;
  const auto tar = write(TarBytes()
                             .raw("null", '3')
                             .raw("disk", '4')
                             .raw("pipe", '6')
                             .raw("later", 'Z', "of a kind that nobody knows yet")
                             .file("good", "good")
                             .bytes());
  ASSERT_TRUE(unpack_file("tar", tar, {}, &left_out));
  EXPECT_EQ(left_out, 4u);
  const auto zip = write(ZipBytes()
                             .add({.name = "null", .bytes = {}, .mode = S_IFCHR | 0666})
                             .add({.name = "pipe", .bytes = {}, .mode = S_IFIFO | 0666})
                             .add({.name = "good", .bytes = "better"})
                             .bytes());
  ASSERT_TRUE(unpack_file("zip", zip, {}, &left_out));
  EXPECT_EQ(left_out, 2u);
  EXPECT_EQ(text("good"), "better");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
}

TEST_F(UnpackTest, NobodyElsesRightsAreUnpacked) {
  ASSERT_TRUE(unpack("tar", TarBytes().file("setuid", "", 06777).file("none", "", 0).bytes()));
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder / "setuid").permissions()), 0755u);
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder / "none").permissions()), 0400u);
}

// ---- what leads outside

TEST_F(UnpackTest, NoEntryIsWrittenOutside) {
  for (const std::string name : {"../escaped", "a/../../escaped", "a/..", "..", "a/b/../../../escaped"}) {
    EXPECT_THAT(why("zip", ZipBytes().add({.name = name, .bytes = "evil"}).bytes()), HasSubstr("leads out"))
        << name;
    EXPECT_THAT(why("tar", TarBytes().file(name, "evil").bytes()), HasSubstr("leads out")) << name;
    EXPECT_THAT(why("tar", TarBytes().raw(name, '5').bytes()), HasSubstr("leads out")) << name;
    EXPECT_THAT(why("tar", TarBytes().raw(name, '2', {}, "x").bytes()), HasSubstr("leads out")) << name;
  }
  EXPECT_THAT(why("zip", ZipBytes().add({.name = "..\\escaped", .bytes = "evil", .host = 0}).bytes()),
              HasSubstr("leads out"));
  ASSERT_TRUE(unpack("tar", TarBytes().file("/tmp/berth-escaped", "evil").bytes()));
  EXPECT_EQ(text("tmp/berth-escaped"), "evil") << "an absolute path loses its slash";
  EXPECT_FALSE(fs::exists("/tmp/berth-escaped"));
  EXPECT_TRUE(nothing_outside());
}

TEST_F(UnpackTest, NoEntryIsWrittenThroughALink) {
  for (const std::string target : {"..", "/tmp", ".", "in", "other"}) {
    EXPECT_THAT(why("tar", TarBytes().raw("out", '2', {}, target).file("out/escaped", "evil").bytes()),
                HasSubstr("leads through something that is no folder"))
        << target;
    clear();
    EXPECT_THAT(why("zip", ZipBytes()
                               .add({.name = "out", .bytes = target, .mode = 0120777})
                               .add({.name = "out/escaped", .bytes = "evil"})
                               .bytes()),
                HasSubstr("leads through something that is no folder"))
        << target;
    clear();
    EXPECT_THAT(why("tar", TarBytes().raw("out", '2', {}, target).raw("out/", '5').bytes()),
                HasSubstr("is a folder and a file"))
        << target;
    clear();
  }
  ASSERT_TRUE(unpack(
      "tar", TarBytes().raw("out", '2', {}, "../escaped").file("out", "the link itself gives way").bytes()));
  EXPECT_FALSE(fs::is_symlink(folder / "out"));
  EXPECT_TRUE(nothing_outside());
  EXPECT_FALSE(fs::exists("/tmp/escaped"));
}

TEST_F(UnpackTest, AHardLinkLeadsToAFileOfTheArchiveOnly) {
  std::ofstream(place / "archive-secret") << "secret";
  for (const std::string target : {"../archive-secret", "/etc/passwd", "none", "l", "l/x", "d", ""}) {
    clear();
    EXPECT_FALSE(unpack("tar", TarBytes()
                                   .raw("l", '2', {}, "../archive-secret")
                                   .raw("d/", '5')
                                   .raw("hard", '1', {}, target)
                                   .bytes()))
        << target;
    EXPECT_EQ(text("hard"), "none");
  }
  clear();
  ASSERT_TRUE(unpack(
      "tar", TarBytes().file("d/a", "a").raw("e/hard", '1', {}, "d/a").raw("d/a", '1', {}, "d/a").bytes()));
  EXPECT_EQ(text("e/hard"), "a");
}

// ---- what has no end

TEST_F(UnpackTest, ABombEndsAtTheBoundAndSaysWhich) {
  const std::string zeros(8u << 20, '\0');
  ZipBytes zip;
  for (int i = 0; i < 8; ++i) zip.add({.name = "z" + std::to_string(i), .bytes = zeros, .deflated = true});
  EXPECT_LT(zip.bytes().size(), 100'000u);
  EXPECT_THAT(why("zip", zip.bytes(), {.bytes = 20u << 20}), HasSubstr("it unpacks to more than 20 MiB"));
  std::uint64_t written = 0;
  for (const auto& entry : fs::directory_iterator(folder)) written += fs::file_size(entry);
  EXPECT_LE(written, 20u << 20);
  clear();
  EXPECT_TRUE(unpack("zip", zip.bytes(), {.bytes = 64u << 20}));
  clear();
  EXPECT_THAT(why("tar", TarBytes().file("z", zeros).bytes(), {.bytes = 1u << 20}),
              HasSubstr("more than 1024 KiB"));
  EXPECT_TRUE(fs::is_empty(folder)) << "its size said so before a byte was written";
  EXPECT_THAT(
      why("zip", ZipBytes().add({.name = "l", .bytes = zeros, .deflated = true, .claimed_size = 10}).bytes(),
          {.bytes = 1u << 20}),
      HasSubstr("longer than it says"));
  clear();
  TarBytes links;
  links.file("a", std::string(100'000, 'a'));
  for (int i = 0; i < 100; ++i) links.raw("h" + std::to_string(i), '1', {}, "a");
  EXPECT_THAT(why("tar", links.bytes(), {.bytes = 1'000'000}), HasSubstr("more than 976 KiB"))
      << "a version holds each of them";
}

TEST_F(UnpackTest, TooManyEntriesEndAtTheBound) {
  ZipBytes zip;
  TarBytes tar, deep;
  for (int i = 0; i < 101; ++i) {
    zip.add({.name = "e" + std::to_string(i), .bytes = {}});
    tar.file("e" + std::to_string(i), "");
  }
  for (int i = 0; i < 26; ++i) deep.file(std::to_string(i) + "/a/b/c", "");
  const UnpackLimits limits{.entries = 100};
  EXPECT_THAT(why("zip", zip.bytes(), limits), HasSubstr("more than 100 files and folders"));
  EXPECT_TRUE(fs::is_empty(folder)) << "its directory said so before a file was made";
  EXPECT_THAT(why("zip", zip.bytes(1), limits), HasSubstr("more than 100 files and folders")) << "it lies";
  clear();
  EXPECT_THAT(why("tar", tar.bytes(), limits), HasSubstr("more than 100 files and folders"));
  clear();
  EXPECT_THAT(why("tar", deep.bytes(), limits), HasSubstr("more than 100 files and folders"))
      << "folders that no entry names count too";
  clear();
  EXPECT_TRUE(unpack("tar", tar.bytes(), {.entries = 101}));
}

TEST_F(UnpackTest, AMillionEntriesAreRefusedBeforeTheFirst) {
  // A directory of the right shape, with its count in the 64-bit record: no file is looked at.
  const std::uint64_t count = most_unpacked_entries + 1;
  const std::string directory = "PK\1\2";
  auto bytes = directory + std::string("PK\6\6", 4) + testing::little_endian(44, 8) +
               testing::little_endian(0x2d002d, 4) + testing::little_endian(0, 8) +
               testing::little_endian(count, 8) + testing::little_endian(count, 8) +
               testing::little_endian(directory.size(), 8) + testing::little_endian(0, 8);
  bytes += std::string("PK\6\7", 4) + testing::little_endian(0, 4) +
           testing::little_endian(directory.size(), 8) + testing::little_endian(1, 4);
  bytes += std::string("PK\5\6", 4) + testing::little_endian(0, 4) + testing::little_endian(0xffffffff, 4) +
           testing::little_endian(0xffffffff, 4) + testing::little_endian(0xffffffff, 4) +
           testing::little_endian(0, 2);
  EXPECT_THAT(why("zip", bytes), HasSubstr("more than 1000000 files and folders"));
}

TEST_F(UnpackTest, PathsAndNamesAreBounded) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "d/";
  EXPECT_THAT(why("tar", TarBytes().pax("path", deep + "f").file("x", "").bytes()),
              HasSubstr("128 folders deep"));
  EXPECT_THAT(why("zip", ZipBytes().add({.name = deep, .bytes = {}}).bytes()), HasSubstr("128 folders deep"));
  EXPECT_THAT(why("tar", TarBytes().pax("path", std::string(256, 'n')).file("x", "").bytes()),
              HasSubstr("a name of more than 255 bytes"));
  std::string long_path;
  for (int i = 0; i < 20; ++i) long_path += std::string(120, 'p') + "/";
  EXPECT_THAT(why("tar", TarBytes().pax("path", long_path).file("x", "").bytes()),
              HasSubstr("a path of more than 2000 bytes"));
  EXPECT_THAT(why("tar", TarBytes().raw("x", 'L', std::string(2u << 20, 'n')).file("x", "").bytes()),
              HasSubstr("too long"));
  EXPECT_THAT(why("zip", ZipBytes().add({.name = std::string("a\0b", 3), .bytes = {}}).bytes()),
              HasSubstr("zero byte"));
  EXPECT_THAT(why("tar", TarBytes().file(".berth-write-x", "").bytes()), HasSubstr("temporary files"));
  EXPECT_THAT(why("tar", TarBytes().file("f", "").file("f/x", "").bytes()), HasSubstr("no folder"));
  clear();
  EXPECT_THAT(why("tar", TarBytes().raw("f/", '5').file("f", "").bytes()), HasSubstr("a folder and a file"));
}

// ---- what is broken

TEST_F(UnpackTest, WhatIsNotKnownHereSaysWhatToDo) {
  EXPECT_THAT(why("zip", ZipBytes().add({.name = "a", .bytes = "x", .flags = 1}).bytes()),
              HasSubstr("encrypted"));
  EXPECT_THAT(why("zip", ZipBytes().add({.name = "a", .bytes = "x", .method = 12}).bytes()),
              HasSubstr("deflate"));
  EXPECT_THAT(why("tar", "BZh91AY&SY" + std::string(600, 'x')), HasSubstr("use gzip, xz or zstd"));
  EXPECT_THAT(why("tar", TarBytes().pax("GNU.sparse.major", "1").file("s", "x").bytes()),
              HasSubstr("sparse"));
  for (const auto* none : {"", "this is no archive", "PK"}) {
    EXPECT_THAT(why("zip", none), HasSubstr("no whole zip")) << none;
    EXPECT_THAT(why("tar", none), HasSubstr("no whole tar")) << none;
  }
}

TEST_F(UnpackTest, AnArchiveThatIsCutOffIsNeverTakenForWhole) {
  const auto zip = ZipBytes()
                       .add({.name = "a", .bytes = std::string(5'000, 'a'), .deflated = true})
                       .add({.name = "b", .bytes = "b"})
                       .bytes();
  for (std::size_t length = 0; length < zip.size(); ++length)
    EXPECT_FALSE(unpack_cut("zip", zip, length)) << length << " of " << zip.size();
  const auto tar =
      TarBytes().file("a", std::string(5'000, 'a')).pax("path", "long").file("b", "b").without_end();
  for (std::size_t length = 0; length < tar.size(); length += 37)
    if (length % 512 != 0) {
      EXPECT_FALSE(unpack_cut("tar", tar, length)) << length << " of " << tar.size();
    }
  const auto file = write(TarBytes().file("a", std::string(50'000, 'a')).bytes());
  for (const std::string program : {"--gzip", "--xz", "--zstd"}) {
    const auto packed = place / "archive-packed";
    ASSERT_EQ(std::system(("bsdtar " + program + " -cf '" + packed.string() + "' -C '" + place.string() +
                           "' " + file.filename().string())
                              .c_str()),
              0);
    std::ifstream in(packed, std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(in)), {});
    EXPECT_TRUE(unpack("tar", all)) << program;
    for (std::size_t length = 1; length + 30 < all.size(); length += 7)
      EXPECT_FALSE(unpack_cut("tar", all, length)) << program << " " << length << " of " << all.size();
  }
}

TEST_F(UnpackTest, FlippedBytesAreErrorsAndNothingElse) {
  const auto zip = ZipBytes()
                       .add({.name = "d/", .bytes = {}, .mode = 040755})
                       .add({.name = "d/a", .bytes = std::string(3'000, 'a'), .deflated = true})
                       .add({.name = "l", .bytes = "d/a", .mode = 0120777})
                       .bytes();
  const auto tar = TarBytes()
                       .raw("d/", '5')
                       .pax("mtime", "1700000000.123456789")
                       .file("d/a", std::string(3'000, 'a'))
                       .raw("././@LongLink", 'L', std::string(150, 'n') + '\0')
                       .file("cut", "text")
                       .raw("h", '1', {}, "d/a")
                       .bytes();
  std::mt19937 random(20261121);
  for (const auto& [format, whole] : {std::pair{"zip", zip}, {"tar", tar}})
    for (int round = 0; round < 400; ++round) {
      auto bytes = whole;
      for (int flips = 0; flips <= round % 4; ++flips)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      clear();
      (void)unpack(format, bytes, {.bytes = 1u << 20, .entries = 50});
      fs::remove(place / ("archive" + std::to_string(archives - 1)));
      ASSERT_TRUE(nothing_outside()) << format << " round " << round;
    }
}

}  // namespace
}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "history_fixture.hpp"

namespace berth::server {
namespace {

using testing::MemoryObjects;
using testing::Plant;

class VersionTreeTest : public ::testing::Test {
 protected:
  MemoryObjects objects;
  VersionTree tree{objects, "ann"};
  protocol::ObjectId root(const Plant& plant) { return plant.store(objects, "ann"); }
  static Plant work() {
    return Plant().folder("project", Plant()
                                         .file("main.py", "print(1)\n")
                                         .link("latest", "main.py")
                                         .folder("lib", Plant().file("a.py", "a")));
  }
};

TEST_F(VersionTreeTest, FindsWhatAPathWas) {
  const auto version = root(work());
  const auto file = tree.find(version, "project/lib/a.py");
  ASSERT_TRUE(file && *file);
  EXPECT_EQ((*file)->size, 1u);
  const auto folder = tree.find(version, "project/lib");
  ASSERT_TRUE(folder && *folder);
  EXPECT_EQ((*folder)->type, protocol::TreeEntryType::directory);
  const auto home = tree.find(version, "");
  ASSERT_TRUE(home && *home);
  EXPECT_EQ((*home)->content.front(), version);
  for (const auto* nothing :
       {"project/none", "none/at/all", "project/main.py/below", "project/latest/below"}) {
    const auto found = tree.find(version, nothing);
    ASSERT_TRUE(found) << nothing;
    EXPECT_FALSE(*found) << nothing;
  }
}

TEST_F(VersionTreeTest, AnotherOwnersObjectsAreNotSeen) {
  const auto version = root(work());
  EXPECT_FALSE(VersionTree(objects, "bob").find(version, "project"));
}

TEST_F(VersionTreeTest, ReadsAListingThatManyVersionsShareOnce) {
  std::vector<protocol::ObjectId> roots;
  for (int i = 0; i < 40; ++i) roots.push_back(root(work().file("log", std::to_string(i))));
  objects.objects = 0;
  const auto found = tree.find_each(roots, "project/lib/a.py");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 40u);
  for (const auto& one : *found) EXPECT_TRUE(one && *one);
  EXPECT_EQ(objects.objects, 40 + 1 + 1) << "each root, and the two folders below once";
}

TEST_F(VersionTreeTest, ADamagedVersionLeavesTheOthersReadable) {
  const auto good = root(work()), bad = root(work().file("more", "x"));
  objects.lose("ann", bad);
  const auto found = tree.find_each({good, bad, good}, "project/main.py");
  ASSERT_TRUE(found);
  EXPECT_TRUE((*found)[0] && *(*found)[0]);
  ASSERT_FALSE((*found)[1]);
  EXPECT_EQ((*found)[1].error().code, ErrorCode::internal);
  EXPECT_TRUE((*found)[2] && *(*found)[2]);
  objects.unreachable = true;
  EXPECT_EQ(tree.find_each({good}, "project").error().code, ErrorCode::unavailable);
}

TEST_F(VersionTreeTest, AChangeOfTimeAloneIsNone) {
  const auto first = tree.find(root(Plant().file("a", "text", 0644, 1)), "a");
  const auto touched = tree.find(root(Plant().file("a", "text", 0644, 2)), "a");
  const auto executable = tree.find(root(Plant().file("a", "text", 0755, 1)), "a");
  const auto edited = tree.find(root(Plant().file("a", "texd", 0644, 1)), "a");
  EXPECT_TRUE(same_content(*first, *touched));
  EXPECT_FALSE(same_content(*first, *executable));
  EXPECT_FALSE(same_content(*first, *edited));
  EXPECT_FALSE(same_content(*first, std::nullopt));
  EXPECT_EQ(content_tag(**first), content_tag(**touched));
  EXPECT_NE(content_tag(**first), content_tag(**edited));
}

/// `size` bytes that are nowhere the same.
std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 88172645463325252ull;
  for (auto& byte : bytes) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    byte = static_cast<char>(state);
  }
  return bytes;
}

TEST_F(VersionTreeTest, ALargeFileComesPieceByPieceFromAnyOffset) {
  const std::string bytes = noise(6u << 20);  // more chunks than an entry holds itself
  const auto file = tree.find(root(Plant().file("big", bytes)), "big");
  ASSERT_TRUE(file && *file);
  EXPECT_TRUE((*file)->listed);
  const auto chunks = tree.chunks(**file);
  ASSERT_TRUE(chunks);
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};
  for (const auto& [offset, length] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, bytes.size()}, {1, 10}, {bytes.size() - 1, 1}, {3u << 20, 2u << 20}, {5, 0}}) {
    auto source = make_version_source(tree, *chunks, offset, length, pool);
    std::string got;
    while (true) {
      auto piece = testing::await(io, source->read());
      ASSERT_TRUE(piece);
      if (piece->empty()) break;
      EXPECT_LE(piece->size(), byte_stream_piece);
      got += *piece;
    }
    EXPECT_TRUE(got == bytes.substr(offset, length)) << offset;
  }
  objects.lose("ann", (*chunks)[20]);
  auto source = make_version_source(tree, *chunks, 0, bytes.size(), pool);
  std::size_t got = 0;
  Result<std::string> piece;
  while ((piece = testing::await(io, source->read())) && !piece->empty()) got += piece->size();
  ASSERT_FALSE(piece) << "a lost piece must not pass for the end";
  EXPECT_GT(got, 0u);
}

TEST_F(VersionTreeTest, ARangeReadsItsOwnChunksAlone) {
  const std::string bytes = noise(12u << 20);
  const auto file = tree.find(root(Plant().file("big", bytes)), "big");
  ASSERT_TRUE(file && *file);
  const auto chunks = tree.chunks(**file);
  ASSERT_TRUE(chunks);
  const auto sizes = objects.sizes("ann", *chunks);
  ASSERT_TRUE(sizes);
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};
  const auto read = [&](std::uint64_t offset, std::uint64_t length) {
    auto source = make_version_source(tree, *chunks, offset, length, pool);
    Result<std::string> got = std::string();
    for (;;) {
      auto piece = testing::await(io, source->read());
      if (!piece) return piece;
      if (piece->empty()) return got;
      *got += *piece;
    }
  };
  // How many chunks have a byte of the range.
  const auto touched = [&](std::uint64_t offset, std::uint64_t length) {
    int count = 0;
    std::uint64_t begin = 0;
    for (const auto& size : *sizes) {
      if (begin < offset + length && begin + *size > offset) ++count;
      begin += *size;
    }
    return count;
  };
  const std::uint64_t first = *sizes->front();
  for (const auto& [offset, length] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{{bytes.size() - 1, 1},
                                                            {bytes.size() - 100'000, 100'000},
                                                            {bytes.size() / 2, 1'000'000},
                                                            {first, 1},
                                                            {first - 1, 2},
                                                            {0, 10},
                                                            {0, bytes.size()}}) {
    objects.objects = 0;
    const auto got = read(offset, length);
    ASSERT_TRUE(got) << offset;
    EXPECT_TRUE(*got == bytes.substr(offset, length)) << offset;
    EXPECT_EQ(objects.objects, touched(offset, length)) << offset << " " << length;
  }
  // Nor is anything found past the end.
  EXPECT_FALSE(read(bytes.size() - 5, 6));
  EXPECT_FALSE(read(bytes.size() + 5, 1));
}

}  // namespace
}  // namespace berth::server

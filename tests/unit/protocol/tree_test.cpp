// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "protocol/chunker.hpp"

namespace berth::protocol {
namespace {

std::vector<ObjectId> ids(std::size_t count) {
  std::vector<ObjectId> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(ObjectId::of(std::to_string(i)));
  return made;
}

TreeEntry file(std::string name, std::uint64_t size, std::vector<ObjectId> content, bool listed = false) {
  return {std::move(name), TreeEntryType::file, 0644, 1'763'000'000'123'456'789, size, "", std::move(content),
          listed};
}
TreeEntry directory(std::string name) {
  return {std::move(name), TreeEntryType::directory, 04755, -1, 0, "", ids(1), false};
}
TreeEntry symlink(std::string name, std::string target) {
  return {std::move(name), TreeEntryType::symlink, 0777, 5, 0, std::move(target), {}, false};
}

std::vector<TreeEntry> one_of_each() {
  return {directory("a"),
          file("b\xff\n", 100'000, ids(2)),
          file("empty", 0, {}),
          file("large", 10'000'000'000, ids(1), true),
          file("whole", most_inline_chunks * largest_chunk, ids(most_inline_chunks)),
          symlink("z", "../\xfe elsewhere")};
}

void expect_equal(const TreeEntry& a, const TreeEntry& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.mode, b.mode);
  EXPECT_EQ(a.modified, b.modified);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.content, b.content);
  EXPECT_EQ(a.listed, b.listed);
}

bool refused(const std::vector<TreeEntry>& entries) {
  const auto decoded = decode_tree(encode_tree(entries));
  return !decoded && decoded.error().code == ErrorCode::invalid_argument;
}

TEST(Tree, HoldsWhatWasEncoded) {
  const auto entries = one_of_each();
  const auto decoded = decode_tree(encode_tree(entries));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->size(), entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) expect_equal((*decoded)[i], entries[i]);
  EXPECT_TRUE(decode_tree(encode_tree({}))->empty());
}

TEST(Tree, EqualDirectoriesHaveEqualIdsInAnyOrder) {
  auto entries = one_of_each();
  const auto id = ObjectId::of(encode_tree(entries));
  // Stored trees are found by this: the encoding may not change under an old version number.
  EXPECT_EQ(id.hex(), "f21edec3fb52f054b257ba55cc3027414893ef52eb88c70906f45f95382a1989");
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(entries.begin(), entries.end(), random);
    EXPECT_EQ(ObjectId::of(encode_tree(entries)), id);
  }
}

TEST(Tree, RefusesNamesThatLeaveTheDirectory) {
  for (const std::string& name : {std::string(""), std::string("."), std::string(".."), std::string("a/b"),
                                  std::string("/"), std::string("a\0b", 3), std::string(256, 'x')})
    EXPECT_TRUE(refused({directory(name)})) << name;
  EXPECT_FALSE(refused({directory(std::string(255, 'x'))}));
  EXPECT_FALSE(refused({directory("...")}));
}

TEST(Tree, RefusesTwins) { EXPECT_TRUE(refused({directory("a"), file("a", 0, {})})); }

TEST(Tree, RefusesAnotherOrder) {
  auto bytes = encode_tree({symlink("a", "t"), symlink("b", "t")});
  std::swap(*std::find(bytes.begin(), bytes.end(), 'a'), *std::find(bytes.begin(), bytes.end(), 'b'));
  EXPECT_FALSE(decode_tree(bytes));
}

TEST(Tree, RefusesSizesThatTheChunksCannotHave) {
  EXPECT_TRUE(refused({file("a", 0, ids(1))}));
  EXPECT_TRUE(refused({file("a", 5, {})}));
  EXPECT_TRUE(refused({file("a", 2, ids(3))}));
  EXPECT_TRUE(refused({file("a", largest_chunk + 1, ids(1))}));
  EXPECT_TRUE(refused({file("a", ~0ull, ids(1), true)}));
  EXPECT_TRUE(refused({file("a", 32, ids(1), true)}));
  EXPECT_TRUE(refused({file("a", 33, ids(33))}));  // belongs in a list
}

TEST(Tree, TakesAListedFileHoweverSmallItsChunksAre) {
  // 33 chunks, one more than an entry holds, of a file far below 33 of the largest ones.
  const std::uint64_t size = 1u << 20;
  const auto list = ids(most_inline_chunks + 1);
  const auto id = ObjectId::of(encode_chunk_list(list));
  const auto decoded = decode_tree(encode_tree({file("a", size, {id}, true)}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->front().size, size);
  EXPECT_TRUE(decoded->front().listed);
  EXPECT_EQ(decoded->front().content, std::vector{id});
  EXPECT_EQ(decode_chunk_list(encode_chunk_list(list)), list);
  // Chunks of one byte each are the least.
  EXPECT_FALSE(refused({file("a", most_inline_chunks + 1, {id}, true)}));
  EXPECT_TRUE(refused({file("a", most_inline_chunks, {id}, true)}));
}

TEST(Tree, RefusesOddModesAndTargets) {
  auto entry = directory("a");
  entry.mode = 010000;
  EXPECT_TRUE(refused({entry}));
  EXPECT_TRUE(refused({symlink("a", "")}));
  EXPECT_TRUE(refused({symlink("a", std::string("t\0t", 3))}));
  EXPECT_TRUE(refused({symlink("a", std::string(longest_symlink_target + 1, 't'))}));
  EXPECT_FALSE(refused({symlink("a", std::string(longest_symlink_target, 't'))}));
}

TEST(Tree, RefusesEveryTruncationAndWhateverFollows) {
  const auto bytes = encode_tree(one_of_each());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    ASSERT_FALSE(decode_tree(std::string_view(bytes).substr(0, length))) << length;
  EXPECT_FALSE(decode_tree(bytes + '\0'));
}

TEST(Tree, WhatSurvivesAFlippedBitIsEncodedByTheSameBytes) {
  // Canonical: two different byte strings are never the same directory.
  const auto bytes = encode_tree(one_of_each());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const auto decoded = decode_tree(flipped);
    if (decoded) {
      ASSERT_EQ(encode_tree(*decoded), flipped) << bit;
    }
  }
}

TEST(Tree, AnnouncedEntriesCostNothingUntilTheyAreThere) {
  std::string bytes("\x01\xff\xff\xff\xff", 5);
  EXPECT_FALSE(decode_tree(bytes));
  bytes = std::string("\x01\x20\xa1\x07\x00", 5) + std::string(1000, '\0');  // 500,000 in 1,000 bytes
  EXPECT_FALSE(decode_tree(bytes));
}

TEST(Tree, RefusesMoreEntriesThanADirectoryMayHave) {
  std::vector<TreeEntry> entries;
  for (std::size_t i = 0; i <= most_tree_entries; ++i) entries.push_back(symlink(std::to_string(i), "t"));
  EXPECT_TRUE(refused(entries));
}

TEST(ChunkList, HoldsItsIdsAndRefusesOddLengths) {
  const auto list = ids(most_inline_chunks + 1);
  const auto bytes = encode_chunk_list(list);
  EXPECT_EQ(decode_chunk_list(bytes), list);
  EXPECT_FALSE(decode_chunk_list(bytes + "x"));
  EXPECT_FALSE(decode_chunk_list(encode_chunk_list(ids(most_inline_chunks))));  // belongs into the entry
  EXPECT_FALSE(decode_chunk_list(""));
  EXPECT_FALSE(decode_chunk_list(std::string(largest_object + 32, '\0')));
}

}  // namespace
}  // namespace berth::protocol

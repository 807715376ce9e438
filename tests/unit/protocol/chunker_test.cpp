// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/chunker.hpp"

#include <gmock/gmock.h>

#include <set>
#include <vector>

#include "protocol/object_id.hpp"
#include "tests/unit/protocol/object_bytes.hpp"

namespace berth::protocol {
namespace {

std::vector<std::string_view> chunks_of(std::string_view bytes) {
  std::vector<std::string_view> chunks;
  while (!bytes.empty()) {
    const auto length = first_chunk(bytes);
    chunks.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return chunks;
}

TEST(Chunker, CutsWhereItAlwaysCut) {
  // What is stored is found again by these very cuts: they may never change.
  const auto bytes = random_bytes(1 << 20, 1);
  std::vector<std::size_t> lengths;
  for (const auto chunk : chunks_of(bytes)) lengths.push_back(chunk.size());
  EXPECT_THAT(lengths, testing::ElementsAre(73917, 71914, 128749, 74136, 94600, 135763, 118428, 34161, 40121,
                                            73763, 76369, 85974, 40681));
}

TEST(Chunker, ChunksAreTheBytesAndWithinTheirSizes) {
  const auto bytes = random_bytes(10 << 20, 2);
  const auto chunks = chunks_of(bytes);
  std::string joined;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    EXPECT_LE(chunks[i].size(), largest_chunk);
    if (i + 1 < chunks.size()) {
      EXPECT_GE(chunks[i].size(), smallest_chunk);
    }
    joined += chunks[i];
  }
  EXPECT_EQ(joined, bytes);
}

TEST(Chunker, NormalisedSizesLieAroundTheAverage) {
  const auto bytes = random_bytes(16 << 20, 3);
  const auto chunks = chunks_of(bytes);
  const auto average = bytes.size() / chunks.size();
  EXPECT_GT(average, average_chunk * 3 / 4);
  EXPECT_LT(average, average_chunk * 3 / 2);
  std::size_t cut_off = 0;
  for (const auto chunk : chunks) cut_off += chunk.size() == largest_chunk ? 1 : 0;
  EXPECT_LE(cut_off, chunks.size() / 50);  // by force, not by content
}

TEST(Chunker, AnInsertionMovesOnlyTheCutsAroundIt) {
  const auto before = random_bytes(6 << 20, 4);
  auto after = before;
  after.insert(3'000'000, "inserted");
  std::set<ObjectId> known;
  for (const auto chunk : chunks_of(before)) known.insert(ObjectId::of(chunk));
  std::size_t fresh = 0;
  for (const auto chunk : chunks_of(after)) fresh += known.contains(ObjectId::of(chunk)) ? 0 : 1;
  EXPECT_GE(fresh, 1u);
  EXPECT_LE(fresh, 3u);
}

TEST(Chunker, ShortAndMonotonousStreamsAreCutBySizeAlone) {
  EXPECT_EQ(first_chunk(""), 0u);
  EXPECT_EQ(first_chunk("x"), 1u);
  EXPECT_EQ(first_chunk(std::string(smallest_chunk, 'x')), smallest_chunk);
  EXPECT_EQ(first_chunk(std::string(1 << 20, '\0')), largest_chunk);
}

TEST(Chunker, MoreBytesThanALargestChunkChangeNothing) {
  const auto bytes = random_bytes(2 * largest_chunk, 5);
  EXPECT_EQ(first_chunk(bytes), first_chunk(std::string_view(bytes).substr(0, largest_chunk)));
}

}  // namespace
}  // namespace berth::protocol

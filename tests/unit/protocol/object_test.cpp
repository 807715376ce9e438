// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <zstd.h>

#include <random>

#include "protocol/object_id.hpp"
#include "protocol/stored_object.hpp"
#include "protocol/tree.hpp"
#include "tests/unit/protocol/object_bytes.hpp"

namespace berth::protocol {
namespace {

StoredObject packed(std::string_view object) { return pack_object(ObjectId::of(object), object); }

/// Bytes that compress well and are not one run.
std::string text_of(std::size_t size) {
  std::string text;
  for (int line = 0; text.size() < size; ++line) text += "line " + std::to_string(line) + " of a text\n";
  return text.substr(0, size);
}

TEST(ObjectId, IsBlake2bOf256BitsAndGoesThroughHex) {
  // From the reference implementation: b2sum -l 256 of "abc".
  const auto id = ObjectId::of("abc");
  EXPECT_EQ(id.hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(ObjectId::from_hex(id.hex()), id);
}

TEST(ObjectId, RefusesWhatIsNoId) {
  const auto good = ObjectId::of("abc").hex();
  for (const auto& bad : {std::string(), good.substr(1), good + "0", "B" + good.substr(1),
                          "g" + good.substr(1), good.substr(0, 63) + "/"})
    EXPECT_FALSE(ObjectId::from_hex(bad)) << bad;
}

TEST(StoredObject, CompressesWhatGetsSmallerAndOpensBoth) {
  const auto text = text_of(100'000), noise = random_bytes(100'000, 1);
  EXPECT_TRUE(packed(text).compressed);
  EXPECT_LT(packed(text).bytes.size(), text.size() / 4);
  EXPECT_FALSE(packed(noise).compressed);
  EXPECT_EQ(open_object(packed(text)), text);
  EXPECT_EQ(open_object(packed(noise)), noise);
  EXPECT_EQ(open_object(packed("")), "");
}

TEST(StoredObject, NoChangedByteIsEverOpened) {
  std::mt19937 random(2);
  for (const auto& object : {text_of(5000), random_bytes(700, 3)}) {
    const auto good = packed(object);
    for (int round = 0; round < 500; ++round) {
      auto bad = good;
      bad.bytes[random() % bad.bytes.size()] ^= static_cast<char>(1 << random() % 8);
      const auto opened = open_object(bad);
      // zstd has bits that decide nothing; what opens is the object all the same.
      if (opened) {
        EXPECT_EQ(*opened, object);
      }
    }
    auto other = good;
    other.id.bytes[5] ^= 1;
    EXPECT_EQ(open_object(other).error().code, ErrorCode::invalid_argument);
    auto shorter = good;
    shorter.bytes.pop_back();
    EXPECT_FALSE(open_object(shorter));
    auto longer = good;
    longer.bytes += 'x';
    EXPECT_FALSE(open_object(longer));
  }
}

TEST(StoredObject, RefusesADecompressionBomb) {
  const std::string zeros(100 << 20, '\0');
  std::string bomb(ZSTD_compressBound(zeros.size()), '\0');
  bomb.resize(ZSTD_compress(bomb.data(), bomb.size(), zeros.data(), zeros.size(), 19));
  ASSERT_LT(bomb.size(), 20'000u);
  // A lie about the size, the truth about it, and more of it than one frame.
  const auto small = packed(text_of(4096));
  for (const auto& [bytes, size] : {std::pair{bomb, 4096u}, std::pair{bomb, std::uint32_t{100u << 20}},
                                    std::pair{small.bytes + bomb, 4096u}}) {
    StoredObject stored{small.id, size, true, false, bytes};
    const auto opened = open_object(stored);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
  }
}

TEST(StoredObject, GoneIsNothingToOpen) {
  StoredObject gone;
  gone.gone = true;
  EXPECT_FALSE(open_object(gone));
}

TEST(ObjectReader, TakesAStreamInPiecesOfAnySize) {
  std::vector<StoredObject> objects;
  std::string stream;
  for (std::uint32_t i = 0; i < 40; ++i) {
    objects.push_back(packed(i % 2 == 0 ? text_of(i * 1000) : random_bytes(i * 1500, i)));
    if (i % 7 == 3) objects.back() = {objects.back().id, 0, false, true, {}};
    stream += encode_object(objects.back());
  }
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    ObjectReader reader;
    std::size_t at = 0, taken = 0;
    while (taken < objects.size()) {
      auto next = reader.next();
      ASSERT_TRUE(next);
      if (!*next) {
        ASSERT_LT(at, stream.size());
        const auto piece = 1 + random() % (seed < 10 ? 100 : 100'000);
        reader.append(std::string_view(stream).substr(at, piece));
        at += piece;
        continue;
      }
      const auto& expected = objects[taken++];
      ASSERT_EQ((*next)->id, expected.id);
      ASSERT_EQ((*next)->gone, expected.gone);
      ASSERT_EQ((*next)->compressed, expected.compressed);
      ASSERT_EQ((*next)->bytes, expected.bytes);
    }
    EXPECT_TRUE(reader.empty());
  }
}

TEST(ObjectReader, RefusesWhatNobodyEncodes) {
  const auto good = encode_object(packed(text_of(5000)));
  const auto refuses = [](std::string stream) {
    ObjectReader reader;
    reader.append(stream);
    const auto next = reader.next();
    return !next && next.error().code == ErrorCode::invalid_argument;
  };
  EXPECT_FALSE(refuses(good));
  auto huge = good;
  huge[35] = '\x7f';  // size over largest_object
  EXPECT_TRUE(refuses(huge));
  auto longer = good;
  longer[39] = '\x03';  // 48 MiB of bytes for an object of 5,000
  EXPECT_TRUE(refuses(longer));
  for (const char flags : {'\x03', '\x04', '\xff'}) {
    auto odd = good;
    odd[40] = flags;
    EXPECT_TRUE(refuses(odd)) << int{flags};
  }
  auto gone = good;
  gone[40] = 2;  // gone, and yet with bytes
  EXPECT_TRUE(refuses(gone));
}

TEST(ObjectReader, SaysWhenAStreamEndedInTheMiddle) {
  const auto good = encode_object(packed(text_of(5000)));
  ObjectReader reader;
  reader.append(std::string_view(good).substr(0, good.size() - 1));
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.empty());
}

}  // namespace
}  // namespace berth::protocol

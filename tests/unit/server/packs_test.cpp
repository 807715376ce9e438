// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/packs.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "server/blob_keys.hpp"
#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using testing::stored;

struct Packed {
  std::vector<std::string> contents;
  PackWriter::Finished pack;
};

Packed some_pack(const StorageSealing& sealing, int count = 5) {
  std::mt19937 random(7);
  Packed packed;
  PackWriter writer(sealing);
  for (int i = 0; i < count; ++i) {
    packed.contents.push_back(i % 2 ? std::string(3000, static_cast<char>('a' + i)) + std::to_string(i)
                                    : testing::random_bytes(random, 500));
    const auto object = stored(packed.contents.back());
    writer.add(object, i == 2);
  }
  packed.pack = std::move(writer).finish();
  return packed;
}

StorageSealing sealed(unsigned char secret) {
  return {StorageKey(std::array<unsigned char, 32>{secret}), true};
}

TEST(Packs, AreReadOneByOneAndAsAWhole) {
  for (const auto& sealing : {StorageSealing{}, sealed(1)}) {
    const auto [contents, pack] = some_pack(sealing);
    EXPECT_EQ(pack.pack.size, pack.bytes.size());
    EXPECT_EQ(pack.pack.name, ObjectId::of(pack.bytes).hex());
    const auto whole = read_pack(pack.bytes);
    ASSERT_TRUE(whole) << whole.error().detail;
    EXPECT_EQ(whole->name, pack.pack.name);
    ASSERT_EQ(whole->objects.size(), contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const auto& object = whole->objects[i];
      EXPECT_EQ(object.offset, pack.pack.objects[i].offset);
      EXPECT_EQ(object.length, pack.pack.objects[i].length);
      EXPECT_EQ(object.size, contents[i].size());
      EXPECT_EQ(object.refers, i == 2);
      const auto entry =
          read_entry(std::string_view(pack.bytes).substr(object.offset, object.length), object.id, sealing);
      ASSERT_TRUE(entry) << entry.error().detail;
      EXPECT_EQ(*protocol::open_object(*entry), contents[i]);
    }
  }
}

TEST(Packs, AnEntryWithoutSealingIsWhatTheWireCarries) {
  const auto [contents, pack] = some_pack({});
  protocol::ObjectReader reader;
  reader.append(std::string_view(pack.bytes).substr(24));
  for (const auto& content : contents) EXPECT_EQ(*protocol::open_object(**reader.next()), content);
}

TEST(Packs, OfTheSameObjectsHaveDifferentNames) {
  EXPECT_NE(some_pack({}).pack.pack.name, some_pack({}).pack.pack.name);
}

TEST(Packs, AnyFlippedBitIsFound) {
  for (const auto& sealing : {StorageSealing{}, sealed(1)}) {
    const auto [contents, pack] = some_pack(sealing, 3);
    for (std::size_t at = 0; at < pack.bytes.size(); at += 41) {
      auto bytes = pack.bytes;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      const auto whole = read_pack(bytes);
      EXPECT_TRUE(!whole || whole->name != pack.pack.name) << at;
      for (const auto& object : pack.pack.objects) {
        const auto entry =
            read_entry(std::string_view(bytes).substr(object.offset, object.length), object.id, sealing);
        const bool inside = at >= object.offset && at < object.offset + object.length;
        EXPECT_EQ(entry && protocol::open_object(*entry), !inside) << at;
      }
    }
  }
}

TEST(Packs, CutShortTheyAreRefusedAndTheirBeginningIsSaved) {
  const auto [contents, pack] = some_pack({});
  for (std::size_t length = 0; length < pack.bytes.size(); length += 97)
    EXPECT_FALSE(read_pack(std::string_view(pack.bytes).substr(0, length)));
  const auto& third = pack.pack.objects[2];
  const auto saved = salvage_pack(std::string_view(pack.bytes).substr(0, third.offset + 10), {});
  ASSERT_EQ(saved.objects.size(), 2u);
  EXPECT_EQ(saved.objects[1].id, pack.pack.objects[1].id);
  EXPECT_EQ(saved.objects[1].offset, pack.pack.objects[1].offset);
}

TEST(Packs, AHostileIndexReachesNothingOutside) {
  auto [contents, pack] = some_pack({}, 1);
  // An offset and a length that add up to a small number when they wrap around, under a right checksum.
  auto bytes = pack.bytes;
  const auto row = bytes.size() - 52 - 49;
  for (std::size_t i = 0; i < 12; ++i) bytes[row + 32 + i] = '\xff';
  const auto sum = ObjectId::of(std::string_view(bytes).substr(0, bytes.size() - 40));
  std::copy(sum.bytes.begin(), sum.bytes.end(), bytes.end() - 40);
  const auto whole = read_pack(bytes);
  ASSERT_FALSE(whole);
  EXPECT_NE(whole.error().detail.find("outside"), std::string::npos);
}

TEST(Packs, SealedOnesHideContentsAndNeedTheKey) {
  const auto sealing = sealed(1);
  PackWriter writer(sealing);
  const std::string secret = "the quick brown fox";
  writer.add(stored(secret), false);
  const auto pack = std::move(writer).finish();
  EXPECT_EQ(pack.bytes.find("quick"), std::string::npos);
  const auto& object = pack.pack.objects.front();
  const auto entry = std::string_view(pack.bytes).substr(object.offset, object.length);
  const auto code = [&](const StorageSealing& with) {
    return read_entry(entry, object.id, with).error().code;
  };
  EXPECT_EQ(code({}), ErrorCode::internal);
  EXPECT_EQ(code(sealed(2)), ErrorCode::internal);
  StorageSealing reading = sealing;
  reading.seal = false;  // sealing was turned off since
  EXPECT_EQ(read_entry(entry, object.id, reading)->bytes, secret);
}

TEST(Packs, TreesAndListsMayReferAndOrdinaryFilesDoNot) {
  protocol::TreeEntry entry;
  entry.name = "a";
  entry.type = protocol::TreeEntryType::directory;
  entry.content = {ObjectId::of("b")};
  EXPECT_TRUE(may_refer(stored(protocol::encode_tree({entry}))));
  std::vector<protocol::TreeEntry> many;
  for (int i = 0; i < 200; ++i) {
    entry.name = "folder" + std::to_string(i);
    many.push_back(entry);
  }
  const auto compressed = stored(protocol::encode_tree(many));
  EXPECT_TRUE(compressed.compressed);
  EXPECT_TRUE(may_refer(compressed));
  EXPECT_TRUE(may_refer(stored(protocol::encode_chunk_list(std::vector<ObjectId>(40)))));
  EXPECT_FALSE(may_refer(stored("int main() {}\n")));
  EXPECT_FALSE(may_refer(stored(std::string(5001, 'x'))));
  EXPECT_FALSE(may_refer(stored(std::string("\x01 begins like a tree"))));
  EXPECT_FALSE(may_refer(stored("")));
}

TEST(StorageKey, IsMadeOncePrivateAndKept) {
  const auto folder = std::filesystem::temp_directory_path() / ("berth-test-" + random_id(12));
  std::filesystem::create_directories(folder);
  const auto none = load_storage_sealing(folder, false);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->key);
  EXPECT_FALSE(std::filesystem::exists(folder / "storage.key"));
  const auto made = load_storage_sealing(folder, true);
  ASSERT_TRUE(made && made->key && made->seal);
  struct stat status{};
  ASSERT_EQ(::stat((folder / "storage.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto later = load_storage_sealing(folder, false);
  ASSERT_TRUE(later && later->key);
  EXPECT_FALSE(later->seal) << "turned off: old blobs are still opened, new ones are not sealed";
  EXPECT_EQ(*later->key->open(made->key->seal("text", "here"), "here"), "text");
  EXPECT_FALSE(later->key->open(made->key->seal("text", "here"), "there"));
  ::chmod((folder / "storage.key").c_str(), 0644);
  EXPECT_FALSE(load_storage_sealing(folder, false));
  std::filesystem::remove_all(folder);
}

TEST(BlobKeys, AreTakenApartAsTheyWereMade) {
  const std::string pack(64, 'c');
  const auto one = parse_blob_key(pack_key("ann", pack));
  ASSERT_TRUE(one && one->is_pack);
  EXPECT_EQ(one->owner, "ann");
  EXPECT_EQ(one->pack, pack);
  const auto version = parse_blob_key(version_key("ann", "w1", "v1"));
  ASSERT_TRUE(version && !version->is_pack);
  EXPECT_EQ(version->workspace, "w1");
  EXPECT_EQ(version->version, "v1");
  for (const auto* other :
       {"", "owners/ann", "owners/ann/packs/cc/short", "owners//versions/w/v", "elsewhere/ann/versions/w/v",
        "owners/ann/other/w/v", "owners/ann/versions/w/v/x"})
    EXPECT_FALSE(parse_blob_key(other)) << other;
}

}  // namespace
}  // namespace berth::server

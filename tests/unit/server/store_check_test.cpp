// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store_check.hpp"

#include <gmock/gmock.h>

#include "server/blob_keys.hpp"
#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::StoredObject;
using ::testing::ElementsAre;
using testing::Files;
using ::testing::HasSubstr;

/// The blob store stays with the test while a check has the rest.
class SharedBlobs final : public BlobStore {
 public:
  explicit SharedBlobs(BlobStore& blobs) : blobs_(blobs) {}
  Result<void> put(const std::string& key, std::string_view bytes) override { return blobs_.put(key, bytes); }
  Result<std::string> get(const std::string& key, std::uint64_t offset,
                          std::optional<std::uint64_t> length) override {
    return blobs_.get(key, offset, length);
  }
  Result<std::optional<BlobInfo>> stat(const std::string& key) override { return blobs_.stat(key); }
  Result<std::vector<BlobInfo>> list(const std::string& prefix, const std::string& after,
                                     std::size_t limit) override {
    return blobs_.list(prefix, after, limit);
  }
  Result<void> remove(const std::string& key) override { return blobs_.remove(key); }
  Result<void> check() override { return blobs_.check(); }
  std::string describe() const override { return blobs_.describe(); }

 private:
  BlobStore& blobs_;
};

class StoreCheckTest : public testing::StorageFixture {
 protected:
  VersionRecord must_store(const Files& files, const std::string& workspace = "w") {
    auto version = store_home("ann", workspace, files);
    if (!version) throw std::runtime_error(version.error().message + version.error().detail);
    return *version;
  }
  template <class Work>
  auto with_storage(Work work) {
    close();
    OpenedStorage storage;
    storage.sealing = sealing_;
    storage.store = std::move(*open_sqlite_store(folder_ / "berth.sqlite"));
    storage.blobs = std::make_unique<SharedBlobs>(blobs_);
    storage.objects =
        make_pack_store(*storage.blobs, storage.store->objects(), storage.sealing, system_clock_now, {});
    storage.versions = make_exported_versions(storage.store->versions(), *storage.blobs, storage.sealing, {});
    StoreCheck check(storage);
    auto result = work(check);
    storage.versions.reset();
    storage.objects.reset();
    storage.store.reset();
    open();
    if (!result) throw std::runtime_error(result.error().message + result.error().detail);
    return *result;
  }
  StoreFindings check(bool repair = false) {
    return with_storage([&](StoreCheck& one) { return one.check(repair); });
  }
  RebuiltStore rebuild() {
    return with_storage([](StoreCheck& one) { return one.rebuild(); });
  }
  /// Flips a byte of the object in its pack.
  void damage(const ObjectId& id) {
    const auto place = store_->objects().find("ann", {id})->front();
    blobs_.damage(pack_key("ann", place.pack), [&](std::string& bytes) {
      auto& byte = bytes[place.object.offset + place.object.length - 1];
      byte = static_cast<char>(byte ^ 1);
    });
  }
  static Files files() {
    std::mt19937 random(11);
    return {{"a.txt", "the text of a"},
            {"folder/b.txt", "the text of b"},
            {"folder/large", testing::random_bytes(random, 50'000)},
            {"other/c.txt", "the text of c"}};
  }
};

TEST_F(StoreCheckTest, FindsNothingWrongWithWhatIsWhole) {
  must_store(files());
  auto more = files();
  more["d"] = "d";
  must_store(more);
  const auto findings = check();
  EXPECT_TRUE(findings.clean());
  EXPECT_EQ(findings.packs, 2u);
  EXPECT_EQ(findings.versions, 2u);
  EXPECT_EQ(findings.objects, store_->packs().scan("ann", "", 1000)->size());
  EXPECT_FALSE(*store_->blobs().held(system_clock_now())) << "its hold is gone";
}

TEST_F(StoreCheckTest, NamesTheDamagedFilesOfEveryVersion) {
  const auto first = must_store(files());
  auto changed = files();
  changed["a.txt"] = "another text";
  const auto second = must_store(changed);
  damage(ObjectId::of("the text of a"));
  damage(ObjectId::of(files()["folder/large"].substr(1024, 1024)));
  const auto findings = check();
  EXPECT_EQ(findings.lost_objects, 2u);
  ASSERT_EQ(findings.problems.size(), 1u);
  EXPECT_THAT(findings.problems[0], HasSubstr("is damaged: 2 of"));
  ASSERT_EQ(findings.damaged.size(), 2u);
  std::map<std::string, std::vector<std::string>> paths;
  for (const auto& version : findings.damaged) paths[version.record.id] = version.damage.paths;
  EXPECT_THAT(paths[first.id], ElementsAre("/a.txt", "/folder/large"));
  EXPECT_THAT(paths[second.id], ElementsAre("/folder/large"));
}

TEST_F(StoreCheckTest, TrustsWhatCanBeReadAgainAndNotWhatNamesLostOnes) {
  const auto first = must_store({{"x", "x"}});
  const auto returning = packs().front();
  const auto bytes = testing::must(blobs_.get(returning, 0, {}));
  const auto second = must_store(files());
  blobs_.lose(returning);
  EXPECT_FALSE(check().clean());
  damage(ObjectId::of("the text of b"));
  ASSERT_TRUE(blobs_.put(returning, bytes));
  EXPECT_FALSE(check().clean());
  const auto whole = [this](const ObjectId& id) {
    return store_->objects().find("ann", {id})->front().whole;
  };
  EXPECT_TRUE(whole(first.root));
  EXPECT_TRUE(whole(ObjectId::of("x")));
  EXPECT_FALSE(whole(second.root)) << "a file below it is lost";
  const auto root = *protocol::decode_tree(**objects_->read("ann", {second.root})->begin());
  EXPECT_FALSE(whole(root[1].content.front())) << "folder/";
  EXPECT_TRUE(whole(root[2].content.front())) << "other/";
  check(true);
  EXPECT_TRUE(whole(first.root)) << "a repair leaves what it can't concern";
  EXPECT_FALSE(whole(second.root));
}

TEST_F(StoreCheckTest, ALostPackAndADamagedFolderAreNamed) {
  must_store({{"x", "x"}});
  const auto lost = packs().front();
  auto all = files();
  all["x"] = "x";
  const auto version = must_store(all);
  const auto root = *protocol::decode_tree(**objects_->read("ann", {version.root})->begin());
  damage(root[1].content.front());  // the listing of folder/
  blobs_.lose(lost);
  const auto findings = check();
  EXPECT_EQ(findings.problems.size(), 2u);
  ASSERT_EQ(findings.damaged.size(), 2u);
  for (const auto& one : findings.damaged) {
    if (one.record.id == version.id)
      EXPECT_THAT(one.damage.paths, ElementsAre("/folder/", "/x"));
    else
      EXPECT_THAT(one.damage.paths, ElementsAre("/"));
  }
}

TEST_F(StoreCheckTest, RepairingLetsLostFilesBeStoredAgain) {
  const auto version = must_store(files());
  damage(ObjectId::of("the text of a"));
  EXPECT_FALSE(check(true).clean());
  auto again = testing::HomeMaker().make(files());
  std::vector<ObjectId> ids;
  for (const auto& object : again.objects) ids.push_back(object.id);
  const auto missing = *objects_->missing("ann", ids);
  EXPECT_THAT(missing, ::testing::Contains(ObjectId::of("the text of a")));
  EXPECT_THAT(missing, ::testing::Contains(version.root)) << "a tree above it is asked for again";
  EXPECT_THAT(missing, ::testing::Not(::testing::Contains(ObjectId::of("the text of b"))));
  ASSERT_TRUE(objects_->add("ann", again.objects));
  EXPECT_TRUE(check().clean());
  EXPECT_EQ(read_home("ann", version.root), files());
}

TEST_F(StoreCheckTest, LookingAloneLetsLostFilesBeStoredAgain) {
  const auto version = must_store(files());
  damage(ObjectId::of("the text of a"));
  EXPECT_FALSE(check().clean());
  EXPECT_FALSE(check().clean()) << "it is still there to be named";
  EXPECT_THAT(*objects_->missing("ann", {version.root, ObjectId::of("the text of a")}), ::testing::SizeIs(2));
  must_store(files());
  EXPECT_TRUE(check().clean());
  EXPECT_EQ(read_home("ann", version.root), files());
}

TEST_F(StoreCheckTest, EveryPlaceOfADamagedFolderIsNamedHoweverManyThereAre) {
  // a/ and b/ are the same folder, each of two that are the same, and so on: 2^40 paths to one file.
  ObjectId folder = ObjectId::of("the text");
  std::vector<StoredObject> objects{testing::stored("the text")};
  for (int level = 0; level < 40; ++level) {
    std::vector<protocol::TreeEntry> entries;
    for (const auto* name : {"a", "b"}) {
      protocol::TreeEntry entry;
      entry.name = name;
      entry.type = level == 0 ? protocol::TreeEntryType::file : protocol::TreeEntryType::directory;
      entry.size = level == 0 ? 8 : 0;
      entry.mode = 0644;
      entry.content = {folder};
      entries.push_back(entry);
    }
    objects.push_back(testing::stored(protocol::encode_tree(entries)));
    folder = objects.back().id;
  }
  ASSERT_TRUE(objects_->add("ann", objects));
  VersionRecord version;
  version.id = "deep";
  version.workspace = "w";
  version.owner = "ann";
  version.root = folder;
  version.created = now_;
  ASSERT_TRUE(versions_->insert(version));
  EXPECT_TRUE(check().clean());
  damage(ObjectId::of("the text"));
  const auto findings = check();
  ASSERT_EQ(findings.damaged.size(), 1u);
  EXPECT_EQ(findings.damaged[0].damage.count, 2u + 39u) << "two files, and the other place of each folder";
  EXPECT_THAT(findings.damaged[0].damage.paths, ::testing::Contains("/b/"));
}

TEST_F(StoreCheckTest, ReadsManyFoldersByFewGets) {
  Files many;
  for (int i = 0; i < 300; ++i) many["d" + std::to_string(i) + "/f"] = "content " + std::to_string(i);
  for (int i = 0; i < 20; ++i) {
    many["changing"] = std::to_string(i);
    must_store(many);
  }
  blobs_.gets = 0;
  EXPECT_TRUE(check().clean());
  // 20 packs, 20 descriptions, 20 roots, and a few for the 300 folders of the first version.
  EXPECT_LT(blobs_.gets, 70);
}

TEST_F(StoreCheckTest, SeveralPacksAtOnceAndNoMore) {
  for (int i = 0; i < 30; ++i) must_store({{"f", "content " + std::to_string(i)}});
  blobs_.delay_ms = 5;
  blobs_.most_at_once = 0;
  EXPECT_TRUE(check().clean());
  EXPECT_GT(blobs_.most_at_once, 2);
  EXPECT_LE(blobs_.most_at_once, static_cast<int>(StoreCheckOptions().transfers));
}

TEST_F(StoreCheckTest, RepairingWritesMissingDescriptionsAgain) {
  const auto version = must_store(files());
  const auto key = version_key("ann", "w", version.id);
  blobs_.lose(key);
  EXPECT_THAT(check().problems, ElementsAre(HasSubstr("is missing")));
  EXPECT_THAT(check(true).problems, ElementsAre(HasSubstr("written again")));
  EXPECT_TRUE(check().clean());
}

TEST_F(StoreCheckTest, AnOutageIsNoDamage) {
  must_store(files());
  blobs_.down = true;
  EXPECT_THROW(check(true), std::runtime_error);
  blobs_.down = false;
  EXPECT_TRUE(check().clean());
}

TEST_F(StoreCheckTest, EverythingComesBackFromTheBlobsAlone) {
  const auto first = must_store(files());
  auto changed = files();
  changed["new"] = "new";
  const auto second = must_store(changed);
  const auto other = must_store({{"x", "y"}}, "other");
  ASSERT_TRUE(versions_->rename("w", first.id, "first"));
  ASSERT_TRUE(store_->accounts().insert(
      {.id = "ann", .email = "ann@b", .name = "", .password_hash = {}, .administrator = false, .created = 1},
      0));
  for (const bool lost_database : {false, true}) {
    if (lost_database) {
      close();
      std::filesystem::remove_all(folder_);
      std::filesystem::create_directories(folder_);
      open();
      ASSERT_TRUE(store_->accounts().insert({.id = "ann",
                                             .email = "ann@b",
                                             .name = "",
                                             .password_hash = {},
                                             .administrator = false,
                                             .created = 1},
                                            0));
    }
    const auto rebuilt = rebuild();
    EXPECT_TRUE(rebuilt.problems.empty()) << rebuilt.problems.front();
    EXPECT_EQ(rebuilt.versions, 3u);
    EXPECT_EQ(rebuilt.workspaces, 2u);
    EXPECT_EQ(versions_->list("w", 0, 10)->size(), 2u);
    EXPECT_EQ(versions_->find("w", first.id)->name, "first");
    EXPECT_EQ(read_home("ann", first.root), files());
    EXPECT_EQ(read_home("ann", second.root), changed);
    EXPECT_EQ(read_home("ann", other.root), (Files{{"x", "y"}}));
    EXPECT_TRUE(check().clean());
    for (const auto& record : testing::must(store_->workspaces().list()))
      ASSERT_TRUE(store_->workspaces().remove(record.id));
  }
}

TEST_F(StoreCheckTest, RebuildingSavesWhatADamagedPackStillHolds) {
  const auto version = must_store(files());
  damage(ObjectId::of("the text of b"));
  const auto rebuilt = rebuild();
  EXPECT_THAT(rebuilt.problems, ::testing::Contains(HasSubstr("objects were saved")));
  EXPECT_EQ(rebuilt.versions, 1u);
  auto expected = files();
  expected["folder/b.txt"] = "<lost>";
  EXPECT_EQ(read_home("ann", version.root), expected);
}

}  // namespace
}  // namespace berth::server

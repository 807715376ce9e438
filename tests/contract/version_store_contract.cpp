// SPDX-License-Identifier: GPL-3.0-or-later
// What every VersionStore must do: the rows alone, and with their descriptions in a blob store beside them.
#include "fake_blob_store.hpp"
#include "server/blob_keys.hpp"
#include "server/clock.hpp"
#include "server/exported_versions.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::rest::VersionKind;

class VersionStoreContract : public testing::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    exported_ = make_exported_versions(store_->versions(), blobs_, sealing_,
                                       [this](const std::string& owner) { removed_.push_back(owner); });
    NewPack pack{std::string(64, 'a'), 500, {{root(1), 24, 50, 9, true}, {root(2), 74, 50, 9, true}}};
    ASSERT_TRUE(store_->objects().insert("ann", {pack}, 10, 0));
  }
  void TearDown() override {
    exported_.reset();
    StoreContract::TearDown();
  }
  static ObjectId root(int number) { return ObjectId::of("root " + std::to_string(number)); }
  static VersionRecord version(const std::string& id, std::int64_t created,
                               const std::string& workspace = "w") {
    VersionRecord record;
    record.id = id;
    record.workspace = workspace;
    record.owner = "ann";
    record.root = root(1);
    record.created = created;
    return record;
  }
  static std::vector<std::string> ids(const Result<std::vector<VersionRecord>>& versions) {
    std::vector<std::string> names;
    for (const auto& one : *versions) names.push_back(one.id);
    return names;
  }
  using Names = std::vector<std::string>;

  testing::FakeBlobStore blobs_;
  StorageSealing sealing_;
  std::vector<std::string> removed_;
  std::unique_ptr<VersionStore> exported_;
};

TEST_P(VersionStoreContract, KeepsEveryField) {
  auto one = version("v1", 100);
  one.kind = VersionKind::restored;
  one.name = "n\xC3\xA4me";
  one.author = "Ann";
  one.files = 1;
  one.bytes = 1ull << 40;
  one.added = 3;
  one.modified = 4;
  one.deleted = 5;
  one.problems = 6;
  one.restored_from = "v0";
  ASSERT_TRUE(exported_->insert(one));
  const auto found = exported_->find("w", "v1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->root, root(1));
  EXPECT_EQ(found->kind, VersionKind::restored);
  EXPECT_EQ(found->name, one.name);
  EXPECT_EQ(found->author, "Ann");
  EXPECT_EQ(found->bytes, 1ull << 40);
  EXPECT_EQ((std::array{found->files, found->added, found->modified, found->deleted, found->problems}),
            (std::array<std::uint64_t, 5>{1, 3, 4, 5, 6}));
  EXPECT_EQ(found->restored_from, "v0");
  EXPECT_EQ(code(exported_->find("other", "v1")), ErrorCode::not_found);
  EXPECT_EQ(code(exported_->find("w", "v2")), ErrorCode::not_found);
}

TEST_P(VersionStoreContract, ListsNewestFirstInPages) {
  EXPECT_FALSE(*exported_->latest("w"));
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(exported_->insert(version("v" + std::to_string(i), 100 * i)));
  ASSERT_TRUE(exported_->insert(version("x", 50, "other")));
  EXPECT_EQ(ids(exported_->list("w", 0, 2)), (Names{"v5", "v4"}));
  EXPECT_EQ(ids(exported_->list("w", 400, 10)), (Names{"v3", "v2", "v1"}));
  EXPECT_EQ((*exported_->latest("w"))->id, "v5");
  EXPECT_EQ(*exported_->workspaces("ann"), (Names{"other", "w"}));
}

TEST_P(VersionStoreContract, EachVersionIsLaterThanTheOneBefore) {
  ASSERT_TRUE(exported_->insert(version("v1", 100)));
  EXPECT_EQ(code(exported_->insert(version("v2", 100))), ErrorCode::invalid_argument);
  EXPECT_EQ(code(exported_->insert(version("v3", 99))), ErrorCode::invalid_argument);
  EXPECT_EQ(blobs_.keys(), (Names{version_key("ann", "w", "v1")})) << "refused ones leave no description";
}

TEST_P(VersionStoreContract, AVersionNeedsItsRoot) {
  auto one = version("v1", 100);
  one.root = root(3);
  EXPECT_EQ(code(exported_->insert(one)), ErrorCode::conflict);
  one.root = root(1);
  one.owner = "bob";
  EXPECT_EQ(code(exported_->insert(one)), ErrorCode::conflict) << "another owner's root is none";
  EXPECT_FALSE(*exported_->latest("w"));
  EXPECT_TRUE(blobs_.keys().empty());
}

TEST_P(VersionStoreContract, CommittingTouchesTheRoot) {
  const auto before = system_clock_now();
  ASSERT_TRUE(exported_->insert(version("v1", 100)));
  EXPECT_GE(store_->objects().find("ann", {root(1)})->front().touched, before);
  EXPECT_EQ(store_->objects().find("ann", {root(2)})->front().touched, 10);
}

TEST_P(VersionStoreContract, InsertingTheSameAgainIsASuccess) {
  ASSERT_TRUE(exported_->insert(version("v1", 100)));
  EXPECT_TRUE(exported_->insert(version("v1", 100)));
  EXPECT_EQ(exported_->list("w", 0, 10)->size(), 1u);
  EXPECT_EQ(blobs_.keys().size(), 1u);
}

TEST_P(VersionStoreContract, ANameMakesAVersionNamedAndNoNameAutomatic) {
  ASSERT_TRUE(exported_->insert(version("v1", 100)));
  ASSERT_TRUE(exported_->rename("w", "v1", "first"));
  EXPECT_EQ(exported_->find("w", "v1")->kind, VersionKind::named);
  EXPECT_EQ(exported_->find("w", "v1")->name, "first");
  const auto key = version_key("ann", "w", "v1");
  EXPECT_EQ(decode_version(*blobs_.get(key, 0, {}), key, sealing_)->name, "first");
  ASSERT_TRUE(exported_->rename("w", "v1", ""));
  EXPECT_EQ(exported_->find("w", "v1")->kind, VersionKind::automatic);
  EXPECT_EQ(code(exported_->rename("w", "v9", "x")), ErrorCode::not_found);
  auto restored = version("v2", 200);
  restored.kind = VersionKind::restored;
  ASSERT_TRUE(exported_->insert(restored));
  ASSERT_TRUE(exported_->rename("w", "v2", "kept"));
  EXPECT_EQ(exported_->find("w", "v2")->kind, VersionKind::restored);
}

TEST_P(VersionStoreContract, RemovedVersionsAreGoneWithTheirDescriptions) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(exported_->insert(version("v" + std::to_string(i), 100 * i)));
  ASSERT_TRUE(exported_->insert(version("x", 50, "other")));
  ASSERT_TRUE(exported_->remove("w", {"v1", "v2", "never"}));
  EXPECT_EQ(ids(exported_->list("w", 0, 10)), Names{"v3"});
  ASSERT_TRUE(exported_->remove_all("w"));
  ASSERT_TRUE(exported_->remove_all("w"));
  EXPECT_TRUE(exported_->list("w", 0, 10)->empty());
  EXPECT_EQ(blobs_.keys(), (Names{version_key("ann", "other", "x")}));
  EXPECT_EQ(removed_, (Names{"ann", "ann"}));
}

TEST_P(VersionStoreContract, NothingIsCommittedWhileTheBlobStoreIsDown) {
  blobs_.down = true;
  EXPECT_EQ(code(exported_->insert(version("v1", 100))), ErrorCode::unavailable);
  EXPECT_FALSE(*exported_->latest("w"));
  blobs_.down = false;
  EXPECT_TRUE(exported_->insert(version("v1", 100)));
}

TEST_P(VersionStoreContract, ADescriptionIsReadBackAndBelongsToItsKey) {
  auto one = version("v1", 100);
  one.name = "a name";
  one.kind = VersionKind::named;
  StorageSealing sealed{StorageKey(std::array<unsigned char, 32>{7}), true};
  const auto key = version_key("ann", "w", "v1");
  for (const StorageSealing* sealing : {&sealing_, &sealed}) {
    const auto bytes = encode_version(one, *sealing);
    EXPECT_EQ(bytes.find("a name") == std::string::npos, sealing->seal);
    const auto back = decode_version(bytes, key, *sealing);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(back->name, "a name");
    EXPECT_EQ(back->root, one.root);
    EXPECT_FALSE(decode_version(bytes, version_key("ann", "w", "v2"), *sealing));
    EXPECT_FALSE(decode_version(bytes.substr(0, bytes.size() - 3), key, *sealing));
  }
  EXPECT_EQ(code(decode_version(encode_version(one, sealed), key, sealing_)), ErrorCode::internal)
      << "no key is not the same as damage";
}

INSTANTIATE_TEST_SUITE_P(Stores, VersionStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server

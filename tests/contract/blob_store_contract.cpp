// SPDX-License-Identifier: GPL-3.0-or-later
// What every BlobStore must do (server/blob_store.hpp). A new store is one line in the list at the end.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include "server/blobs/directory_blob_store.hpp"
#include "server/blobs/s3_blob_store.hpp"
#include "server/blobs/store_identity.hpp"
#include "tests/contract/blob_places.hpp"

namespace berth::server {
namespace {

using testing::code_of;
using testing::noise;

struct StorePlace {
  const char* name;
  std::function<std::unique_ptr<BlobStore>(const std::filesystem::path& folder)> open;
};

class BlobStoreContract : public ::testing::TestWithParam<StorePlace> {
 protected:
  void SetUp() override { store_ = GetParam().open(place_.path()); }

  std::vector<BlobInfo> listed(const std::string& prefix, const std::string& after = "",
                               std::size_t limit = 1000) {
    auto found = store_->list(prefix, after, limit);
    EXPECT_TRUE(found) << found.error().message << " " << found.error().detail;
    return found ? *found : std::vector<BlobInfo>{};
  }
  void put(const std::string& key, const std::string& bytes) {
    const auto stored = store_->put(key, bytes);
    ASSERT_TRUE(stored) << key << ": " << stored.error().message << " " << stored.error().detail;
  }

  testing::BlobPlace place_;
  std::unique_ptr<BlobStore> store_;
};

TEST_P(BlobStoreContract, GivesBackWhatWasPut) {
  for (const std::size_t size : {0u, 1u, 4096u, 3u << 20}) {
    const auto bytes = noise(size, static_cast<std::uint32_t>(size));
    const auto key = "owners/ann/packs/ab/size-" + std::to_string(size);
    put(key, bytes);
    const auto back = store_->get(key);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(*back == bytes) << size;
    const auto info = store_->stat(key);
    ASSERT_TRUE(info && *info) << size;
    EXPECT_EQ((*info)->key, key);
    EXPECT_EQ((*info)->size, size);
  }
}

TEST_P(BlobStoreContract, APutReplacesAtOnce) {
  put("a/b", "first and longer");
  put("a/b", "second");
  EXPECT_EQ(store_->get("a/b"), "second");
  EXPECT_EQ(listed("").size(), 1u);
}

TEST_P(BlobStoreContract, RangesAreCutAtTheEnd) {
  put("a", "0123456789");
  EXPECT_EQ(store_->get("a", 3, 4), "3456");
  EXPECT_EQ(store_->get("a", 0, 1), "0");
  EXPECT_EQ(store_->get("a", 9, 1), "9");
  EXPECT_EQ(store_->get("a", 7), "789");
  EXPECT_EQ(store_->get("a", 7, 100), "789");
  EXPECT_EQ(store_->get("a", 2, ~std::uint64_t{0}), "23456789");
  EXPECT_EQ(store_->get("a", 10), "");
  EXPECT_EQ(store_->get("a", 1000, 5), "");
  EXPECT_EQ(store_->get("a", 4, 0), "");
  put("empty", "");
  EXPECT_EQ(store_->get("empty", 0, 5), "");
}

TEST_P(BlobStoreContract, WhatIsNotThereIsSaidSo) {
  put("a/b/c", "x");
  for (const auto* key : {"a/b/d", "a/b", "a", "x/y/z", "a/b/c/d"}) {
    EXPECT_EQ(code_of(store_->get(key)), ErrorCode::not_found) << key;
    EXPECT_EQ(code_of(store_->get(key, 1, 0)), ErrorCode::not_found) << key;
    const auto info = store_->stat(key);
    EXPECT_TRUE(info && !*info) << key;
  }
  EXPECT_TRUE(store_->remove("a/b/d"));
  EXPECT_TRUE(store_->remove("x/y/z"));
}

TEST_P(BlobStoreContract, RemovesOneBlob) {
  put("a/b", "1");
  put("a/c", "2");
  EXPECT_TRUE(store_->remove("a/b"));
  EXPECT_EQ(code_of(store_->get("a/b")), ErrorCode::not_found);
  EXPECT_EQ(store_->get("a/c"), "2");
  ASSERT_EQ(listed("a/").size(), 1u);
}

TEST_P(BlobStoreContract, ListsInTheOrderOfKeysPageByPage) {
  // Neighbours of '/' in ASCII are what sorts wrong when directories are sorted by their names.
  std::map<std::string, std::size_t> expected;
  std::mt19937 random(1);
  for (const std::string key :
       {"a", "b/c", "b-c", "b.c", "b/c-", "b0", "b/0/x", "b/-", "c/d/e/f", "c/d-e", "c/d.e/f"})
    expected[key] = 0;
  while (expected.size() < 40) {
    std::string key = "r";
    for (int i = 0; i < 4; ++i) key += std::string(1, "ab/-._0"[random() % 7]) + "x";
    if (key.find("/.") == key.npos) expected[key] = 0;
  }
  // No key may be a folder of another here: a directory can't hold both.
  for (auto it = expected.begin(); it != expected.end();) {
    const auto below = expected.lower_bound(it->first + "/");
    const bool folder = below != expected.end() && below->first.starts_with(it->first + "/");
    it = folder ? expected.erase(it) : std::next(it);
  }
  for (auto& [key, size] : expected) {
    size = 1 + random() % 50;
    put(key, noise(size, 1));
  }
  for (const std::string prefix : {"", "b", "b/", "b/c", "c/d", "r", "ra", "r/x", "zz", "c/d/e/f"}) {
    std::vector<std::pair<std::string, std::size_t>> wanted, found;
    for (const auto& [key, size] : expected)
      if (key.starts_with(prefix)) wanted.emplace_back(key, size);
    for (std::string after;;) {
      const auto page = listed(prefix, after, 7);
      for (const auto& blob : page) found.emplace_back(blob.key, blob.size);
      if (page.size() < 7) break;
      after = page.back().key;
    }
    EXPECT_EQ(found, wanted) << prefix;
  }
  EXPECT_EQ(listed("", "b", 3).front().key, "b-c");
  EXPECT_TRUE(listed("", "", 0).empty());
  EXPECT_TRUE(listed("b/", "c").empty());
}

TEST_P(BlobStoreContract, RefusesWhatIsNoKey) {
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"), std::string("../a"),
        std::string("a/../b"), std::string("a/./b"), std::string(".new/a"), std::string("a/.b"),
        std::string("A"), std::string("a b"), std::string("a\0b", 3), std::string("ä"), std::string("a?b"),
        std::string(513, 'a')}) {
    EXPECT_EQ(code_of(store_->put(key, "x")), ErrorCode::invalid_argument) << key;
    EXPECT_EQ(code_of(store_->get(key)), ErrorCode::invalid_argument) << key;
    EXPECT_EQ(code_of(store_->stat(key)), ErrorCode::invalid_argument) << key;
    EXPECT_EQ(code_of(store_->remove(key)), ErrorCode::invalid_argument) << key;
  }
  EXPECT_TRUE(listed("").empty());
}

TEST_P(BlobStoreContract, WritersOfOneKeyLeaveOneOfTheirBlobsWhole) {
  const std::vector<std::string> blobs = {noise(300'000, 1), noise(200'000, 2), noise(100'000, 3), ""};
  std::vector<std::jthread> writers;
  std::atomic<int> failures{0};
  for (const auto& blob : blobs)
    writers.emplace_back([&] {
      for (int round = 0; round < 5; ++round)
        if (!store_->put("new/folder/of/all", blob)) ++failures;
    });
  for (int round = 0; round < 10; ++round)
    if (const auto seen = store_->get("new/folder/of/all")) {
      EXPECT_NE(std::ranges::find(blobs, *seen), blobs.end()) << "a torn blob of " << seen->size();
    }
  writers.clear();
  EXPECT_EQ(failures, 0);
  const auto last = store_->get("new/folder/of/all");
  ASSERT_TRUE(last);
  EXPECT_NE(std::ranges::find(blobs, *last), blobs.end());
}

TEST_P(BlobStoreContract, BelongsToTheServerThatClaimedIt) {
  EXPECT_EQ(identity_of(*store_), "");
  // A server that has stored something already is looking at the wrong place.
  EXPECT_EQ(code_of(claim_blob_store(*store_, "ann", true)), ErrorCode::conflict);
  EXPECT_EQ(identity_of(*store_), "");
  EXPECT_TRUE(claim_blob_store(*store_, "ann", false));
  EXPECT_EQ(identity_of(*store_), "ann");
  EXPECT_TRUE(claim_blob_store(*store_, "ann", true));
  EXPECT_TRUE(claim_blob_store(*store_, "ann", false));
  EXPECT_EQ(code_of(claim_blob_store(*store_, "bob", false)), ErrorCode::conflict);
  EXPECT_EQ(code_of(claim_blob_store(*store_, "bob", true)), ErrorCode::conflict);
  EXPECT_EQ(identity_of(*store_), "ann");
}

TEST_P(BlobStoreContract, AWorkingStoreChecksWellAndKeepsNoTrace) {
  const auto checked = store_->check();
  EXPECT_TRUE(checked) << checked.error().message << " " << checked.error().detail;
  EXPECT_TRUE(listed("").empty());
  EXPECT_FALSE(store_->describe().empty());
}

std::unique_ptr<BlobStore> open_directory(const std::filesystem::path& folder) {
  auto store = DirectoryBlobStore::open(folder / "blobs");
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(*store);
}

/// Each test has a prefix of its own in the bucket of the one server.
std::unique_ptr<BlobStore> open_s3(const std::filesystem::path& folder) {
  auto settings = testing::shared_s3_server().settings();
  settings.prefix = "team/" + folder.filename().string();
  return std::make_unique<S3BlobStore>(settings);
}

std::unique_ptr<BlobStore> open_s3_by_host_name(const std::filesystem::path& folder) {
  auto settings = testing::shared_s3_server().settings();
  settings.prefix = folder.filename().string();
  settings.path_style = false;
  settings.endpoint = "http://localhost:" + std::to_string(testing::shared_s3_server().port());
  return std::make_unique<S3BlobStore>(settings);
}

INSTANTIATE_TEST_SUITE_P(Stores, BlobStoreContract,
                         ::testing::Values(StorePlace{"directory", open_directory}, StorePlace{"s3", open_s3},
                                           StorePlace{"s3_virtual_host", open_s3_by_host_name}),
                         [](const auto& place) { return std::string(place.param.name); });

}  // namespace
}  // namespace berth::server

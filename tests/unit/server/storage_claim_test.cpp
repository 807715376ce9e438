// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/storage_claim.hpp"

#include "server/blobs/store_identity.hpp"
#include "tests/unit/server/storage_fixture.hpp"

namespace berth::server {
namespace {

class StorageClaimTest : public testing::StorageFixture {};

TEST_F(StorageClaimTest, ANewStoreIsClaimedAndKnownAgain) {
  ASSERT_TRUE(claim_storage(*store_, blobs_));
  ASSERT_TRUE(store_home("ada", "w", {{"a.txt", "a"}}));
  close();
  open();
  EXPECT_TRUE(claim_storage(*store_, blobs_));
}

TEST_F(StorageClaimTest, ADatabaseWithVersionsRefusesAnEmptyStore) {
  ASSERT_TRUE(claim_storage(*store_, blobs_));
  ASSERT_TRUE(store_home("ada", "w", {{"a.txt", "a"}}));
  testing::FakeBlobStore unmounted;
  const auto claimed = claim_storage(*store_, unmounted);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, ErrorCode::conflict);
}

TEST_F(StorageClaimTest, AnotherServersStoreIsRefusedUntilItIsAdopted) {
  ASSERT_TRUE(blobs_.put(identity_key, "another"));
  const auto claimed = claim_storage(*store_, blobs_);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, ErrorCode::conflict);
  ASSERT_TRUE(adopt_storage(*store_, blobs_));
  EXPECT_TRUE(claim_storage(*store_, blobs_));
}

TEST_F(StorageClaimTest, AStoreThatCannotBeAskedIsNoConflict) {
  blobs_.down = true;
  const auto claimed = claim_storage(*store_, blobs_);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, ErrorCode::unavailable);
  blobs_.down = false;
  EXPECT_TRUE(claim_storage(*store_, blobs_));
}

}  // namespace
}  // namespace berth::server

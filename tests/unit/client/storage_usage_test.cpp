// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/storage_usage.hpp"

#include <gtest/gtest.h>

#include "signed_in_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::StorageUsage;

constexpr std::uint64_t gib = 1ull << 30;

TEST(StorageUsage, KnowsWhenItBecomesTight) {
  EXPECT_EQ(StorageUsage::room_of({5 * gib, 10 * gib}), StorageUsage::Room::plenty);
  EXPECT_EQ(StorageUsage::room_of({9 * gib + 1, 10 * gib}), StorageUsage::Room::scarce);
  EXPECT_EQ(StorageUsage::room_of({10 * gib - 5, 10 * gib}), StorageUsage::Room::none);
  EXPECT_EQ(StorageUsage::room_of({12 * gib, 10 * gib}), StorageUsage::Room::none) << "the limit was lowered";
  EXPECT_EQ(StorageUsage::room_of({500 * gib, 0}), StorageUsage::Room::plenty) << "there is no limit";
}

TEST(StorageUsage, AsksOnceAtATimeAndKeepsTheLastNumbers) {
  SignedInServer server;
  int asked = 0;
  bool refuse = false;
  server.serve = [&](const QString& route, const QByteArray&) -> TinyServer::Answer {
    EXPECT_EQ(route, QStringLiteral("GET /api/v1/me/storage"));
    ++asked;
    if (refuse) return {503, R"({"error":{"code":"unavailable","message":"Not now.","data":{}}})"};
    return {200, R"({"used":7,"limit":100})"};
  };
  StorageUsage usage(&server.connection);
  EXPECT_FALSE(usage.now());
  usage.refresh();
  usage.refresh();
  ASSERT_TRUE(wait_for([&] { return usage.now().has_value(); }));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(usage.now()->used, 7u);
  EXPECT_EQ(usage.now()->limit, 100u);
  refuse = true;
  usage.refresh();
  ASSERT_TRUE(wait_for([&] { return asked == 2; }));
  wait_for([] { return false; }, 50);
  EXPECT_TRUE(usage.now());
}

}  // namespace
}  // namespace berth::test

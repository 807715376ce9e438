// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "harness.hpp"
#include "server/data_folder.hpp"

namespace berth::server {
namespace {

TEST(ServerKeys, AreMadeOncePrivateAndStay) {
  const testing::TemporaryFolder folder;
  const auto first = load_server_keys(folder.path());
  ASSERT_TRUE(first) << first.error().detail;
  struct stat status{};
  ASSERT_EQ(::stat((folder.path() / "server.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto second = load_server_keys(folder.path());
  ASSERT_TRUE(second);
  EXPECT_EQ(first->connect.public_key, second->connect.public_key);
  EXPECT_EQ(first->refresh, second->refresh);
}

TEST(ServerKeys, EachPurposeHasItsOwn) {
  const auto keys = derive_server_keys({7});
  EXPECT_NE(keys.connect.public_key, keys.access.public_key);
  EXPECT_NE(keys.refresh, keys.preview);
}

TEST(ServerKeys, AFileThatOthersCanReadIsRefused) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(load_server_keys(folder.path()));
  ::chmod((folder.path() / "server.key").c_str(), 0644);
  EXPECT_FALSE(load_server_keys(folder.path()));
}

TEST(ServerKeys, AShortFileIsRefusedNotReplaced) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "server.key") << "short";
  ::chmod((folder.path() / "server.key").c_str(), 0600);
  EXPECT_FALSE(load_server_keys(folder.path()));
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "server.key"), 5u);
}

TEST(DataFolder, IsMadePrivateAndHeldByOneServer) {
  const testing::TemporaryFolder folder;
  const auto data = folder.path() / "a" / "data";
  auto lock = take_data_folder(data);
  ASSERT_TRUE(lock) << lock.error().message;
  struct stat status{};
  ASSERT_EQ(::stat(data.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  const auto second = take_data_folder(data);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  lock->reset();
  EXPECT_TRUE(take_data_folder(data));
}

TEST(DataFolder, AnOpenOneIsClosed) {
  const testing::TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  ASSERT_TRUE(take_data_folder(folder.path()));
  struct stat status{};
  ASSERT_EQ(::stat(folder.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

}  // namespace
}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// What a directory store promises beyond the contract: rights, crashes, full disks, what lies about in it.
#include "server/blobs/directory_blob_store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "server/blobs/blob_files.hpp"
#include "tests/contract/blob_places.hpp"

namespace berth::server {
namespace {

namespace fs = std::filesystem;
using testing::code_of;
using testing::noise;

class DirectoryBlobStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<DirectoryBlobStore> open() {
    auto store = DirectoryBlobStore::open(folder());
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }
  fs::path folder() const { return place_.path() / "blobs"; }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  std::size_t drafts() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder() / ".new"), {}));
  }

  testing::BlobPlace place_;
};

TEST_F(DirectoryBlobStoreTest, NobodyElseMayReadIt) {
  const auto before = ::umask(0);
  auto store = open();
  ASSERT_TRUE(store->put("owners/ann/packs/aa/x", "bytes"));
  ::umask(before);
  for (const auto* path : {"", ".new", "owners", "owners/ann", "owners/ann/packs/aa"})
    EXPECT_EQ(mode_of(folder() / path), 0700u) << path;
  EXPECT_EQ(mode_of(folder() / "owners/ann/packs/aa/x"), 0600u);
  store.reset();
  fs::permissions(folder(), fs::perms(0755));
  open();
  EXPECT_EQ(mode_of(folder()), 0700u);
}

TEST_F(DirectoryBlobStoreTest, WhatDeadWritersLeftGoesAndLivingOnesKeepTheirs) {
  open();
  std::ofstream(folder() / ".new/left-behind") << "half a pack";
  const net::FileDescriptor drafts_folder(::open((folder() / ".new").c_str(), O_RDONLY | O_DIRECTORY));
  Draft living(drafts_folder.get());
  ASSERT_TRUE(living.write("of another process"));
  ASSERT_EQ(drafts(), 2u);
  auto store = open();
  EXPECT_EQ(drafts(), 1u);
  const net::FileDescriptor root(::open(folder().c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_TRUE(living.rename_to(root.get(), "blob"));
  EXPECT_EQ(store->get("blob"), "of another process");
  EXPECT_EQ(drafts(), 0u);
}

TEST_F(DirectoryBlobStoreTest, AWriterThatIsKilledLeavesWholeBlobsOnly) {
  const auto big = noise(400'000, 1), other = noise(300'000, 2);
  for (int round = 0; round < 8; ++round) {
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      auto store = DirectoryBlobStore::open(folder());
      for (int i = 0; store; ++i)
        if (!(*store)->put("a/" + std::to_string(i % 5), i % 2 == 0 ? big : other)) ::_exit(1);
      ::_exit(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(7 + 9 * round));
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed by itself";
    auto store = open();
    EXPECT_EQ(drafts(), 0u);
    const auto blobs = store->list("", "", 100);
    ASSERT_TRUE(blobs);
    for (const auto& blob : *blobs) {
      const auto bytes = store->get(blob.key);
      EXPECT_TRUE(bytes && (*bytes == big || *bytes == other)) << blob.key << " of " << blob.size;
    }
  }
}

TEST_F(DirectoryBlobStoreTest, AFullDiskIsToldAndHarmsNothing) {
  // In a namespace of its own, on a file system of 1 MiB. The child answers with the line that failed.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto require = [](bool good, int line) {
      if (!good) ::_exit(line);
    };
    const auto user = std::to_string(::geteuid()), group = std::to_string(::getegid());
    require(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, 1);
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " + user + " 1\n";
    std::ofstream("/proc/self/gid_map") << "0 " + group + " 1\n";
    require(::mount("tmpfs", place_.path().c_str(), "tmpfs", 0, "size=1m,mode=700") == 0, 2);
    auto store = DirectoryBlobStore::open(folder());
    require(store.has_value(), 3);
    require((*store)->put("a/first", noise(600'000, 1)).has_value(), 4);
    const auto full = (*store)->put("a/second", noise(600'000, 2));
    require(!full && full.error().code == ErrorCode::limit_exceeded, 5);
    require(full.error().message.find("full") != std::string::npos, 6);
    require((*store)->get("a/first") == noise(600'000, 1), 7);
    require(!(*store)->stat("a/second")->has_value() && drafts() == 0, 8);
    const auto replaced = (*store)->put("a/first", noise(600'000, 3));
    require(!replaced && (*store)->get("a/first") == noise(600'000, 1), 9);
    require((*store)->remove("a/first").has_value(), 10);
    require((*store)->put("a/second", noise(600'000, 2)).has_value(), 11);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the number of the expectation that failed";
}

TEST_F(DirectoryBlobStoreTest, ForeignFilesAreNoBlobsAndLinksLeadNowhere) {
  auto store = open();
  ASSERT_TRUE(store->put("a/b", "x"));
  std::ofstream(folder() / "a/Readme.TXT") << "of the administrator";
  std::ofstream(place_.path() / "secret") << "outside";
  fs::create_symlink(place_.path() / "secret", folder() / "a/link");
  fs::create_directory_symlink(place_.path(), folder() / "out");
  const auto blobs = store->list("", "", 100);
  ASSERT_TRUE(blobs);
  ASSERT_EQ(blobs->size(), 1u);
  EXPECT_EQ(blobs->front().key, "a/b");
  EXPECT_FALSE(store->get("a/link"));
  EXPECT_FALSE(store->get("out/secret"));
  EXPECT_FALSE(store->put("out/new", "x"));
  EXPECT_FALSE(fs::exists(place_.path() / "new"));
}

TEST_F(DirectoryBlobStoreTest, AFolderRemovedBehindItsBackIsMadeAgain) {
  auto store = open();
  ASSERT_TRUE(store->put("a/b/c", "1"));
  fs::remove_all(folder() / "a");
  ASSERT_TRUE(store->put("a/b/d", "2"));
  EXPECT_EQ(store->get("a/b/d"), "2");
}

TEST_F(DirectoryBlobStoreTest, AStoreThatWentAwaySaysSo) {
  auto store = open();
  fs::remove_all(folder());
  EXPECT_EQ(code_of(store->put("a", "1")), ErrorCode::unavailable);
  EXPECT_EQ(code_of(store->check()), ErrorCode::unavailable);
}

}  // namespace
}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// open_by_steps answers as openat2 does, over a tree with every kind of path, and never leaves its root.
#include "protocol/net/open_by_steps.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "protocol/net/file_descriptor.hpp"

namespace berth::net {

namespace {

namespace fs = std::filesystem;

/// What an open came to: an errno, or which file it is.
std::string outcome(int fd) {
  if (fd < 0) return strerrorname_np(errno);
  const FileDescriptor owner(fd);
  struct stat status{};
  fstat(fd, &status);
  return "inode " + std::to_string(status.st_ino);
}

class OpenBySteps : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/berth-steps-XXXXXX";
    folder_ = mkdtemp(pattern);
    fs::create_directories(folder_ / "root/a/b");
    fs::create_directories(folder_ / "outside");
    for (const char* file : {"root/file", "root/a/file", "root/a/b/file", "outside/secret"})
      std::ofstream(folder_ / file) << file;
    const auto link = [&](const char* to, const char* at) { fs::create_symlink(to, folder_ / "root" / at); };
    link("a/b", "inner");
    link("../file", "a/up");
    link("../../outside/secret", "a/out");
    link("/etc/passwd", "absolute");
    link("../outside", "folder_out");
    link("loop2", "loop1");
    link("loop1", "loop2");
    link("nowhere", "dangling");
    link("inner/../b/file", "a/mixed");
    link(".", "a/self");
    root_.reset(open((folder_ / "root").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  void TearDown() override { fs::remove_all(folder_); }

  int by_kernel(const char* path, int flags, mode_t mode) const {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.mode = flags & O_CREAT ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(syscall(SYS_openat2, root_.get(), path, &how, sizeof how));
  }

  fs::path folder_;
  FileDescriptor root_;
};

TEST_F(OpenBySteps, answers_as_the_kernel_does) {
  for (const char* path : {".",
                           "file",
                           "a",
                           "a/b/file",
                           "a//b/./file",
                           "a/..",
                           "a/../file",
                           "..",
                           "../outside/secret",
                           "a/../../outside/secret",
                           "inner",
                           "inner/file",
                           "inner/../file",
                           "a/up",
                           "a/out",
                           "absolute",
                           "folder_out/secret",
                           "loop1",
                           "loop1/x",
                           "dangling",
                           "dangling/x",
                           "a/mixed",
                           "a/self/self/self/b/file",
                           "missing",
                           "missing/x",
                           "file/x",
                           "a/b/missing",
                           "/etc/passwd",
                           ""})
    for (const int flags :
         {O_RDONLY, O_RDONLY | O_DIRECTORY, O_PATH | O_NOFOLLOW, O_RDONLY | O_NOFOLLOW, O_WRONLY})
      EXPECT_EQ(outcome(open_by_steps(root_.get(), path, flags, 0)), outcome(by_kernel(path, flags, 0)))
          << path << " " << flags;
}

TEST_F(OpenBySteps, makes_files_only_below) {
  for (const char* path : {"new", "a/b/new", "inner/new2"}) {
    const FileDescriptor made(open_by_steps(root_.get(), path, O_WRONLY | O_CREAT | O_EXCL, 0600));
    EXPECT_TRUE(made) << path;
    EXPECT_EQ(outcome(open_by_steps(root_.get(), path, O_WRONLY | O_CREAT | O_EXCL, 0600)), "EEXIST") << path;
  }
  for (const char* path : {"../new", "folder_out/new", "a/out"})
    EXPECT_EQ(outcome(open_by_steps(root_.get(), path, O_WRONLY | O_CREAT, 0600)), "EXDEV");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "outside"), {}), 1);
}

}  // namespace

}  // namespace berth::net

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/directory_blob_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "server/blobs/blob_files.hpp"
#include "server/blobs/blob_key.hpp"
#include "server/blobs/blob_listing.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr const char* drafts = ".new";
constexpr std::size_t most_remembered = 100'000;  // directories known to be durable

/// An opened blob and its size; not_found for anything but a regular file.
struct OpenedBlob {
  net::FileDescriptor fd;
  std::uint64_t size = 0;
};
Result<OpenedBlob> open_blob(const net::ConfinedDirectory& root, const std::string& key) {
  auto fd = open_in(root, key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!fd) return std::unexpected(std::move(fd.error()));
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return disk_error("stat " + key, errno);
  if (!S_ISREG(status.st_mode)) return disk_error("not a file: " + key, ENOENT);
  return OpenedBlob{std::move(*fd), static_cast<std::uint64_t>(status.st_size)};
}

std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

Result<std::unique_ptr<DirectoryBlobStore>> DirectoryBlobStore::open(const std::filesystem::path& folder) {
  const auto refuse = [&](const std::string& why) {
    return failure(ErrorCode::internal, "The folder for stored files " + folder.string() + " " + why);
  };
  const auto absolute = std::filesystem::absolute(folder).lexically_normal();
  std::error_code error;
  std::filesystem::create_directories(absolute.parent_path(), error);
  if (::mkdir(absolute.c_str(), 0700) == 0) {
    const net::FileDescriptor above(
        ::open(absolute.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!above || ::fsync(above.get()) != 0)
      return refuse(std::string("can't be made: ") + std::strerror(errno));
  } else if (errno != EEXIST) {
    return refuse(std::string("can't be made: ") + std::strerror(errno));
  }
  auto root = net::ConfinedDirectory::open(absolute.string());
  if (!root) return refuse("can't be opened: " + root.error().message);
  struct stat status{};
  if (::fstat(root->fd(), &status) != 0 || status.st_uid != ::geteuid())
    return refuse("belongs to another user.");
  if ((status.st_mode & 077) != 0 && ::chmod(absolute.c_str(), 0700) != 0)
    return refuse("must have mode 0700.");
  if (::mkdirat(root->fd(), drafts, 0700) != 0 && errno != EEXIST)
    return refuse(std::string("can't be written to: ") + std::strerror(errno));
  auto store = std::unique_ptr<DirectoryBlobStore>(new DirectoryBlobStore(std::move(*root)));
  store->remove_leftovers();
  return store;
}

void DirectoryBlobStore::remove_leftovers() const {
  auto folder = open_directory(drafts);
  if (!folder) return;
  const auto names = names_in(folder->get());
  if (!names) return;
  for (const auto& name : *names) {
    // A lock that can be had is one whose holder is gone; a living writer of another process keeps its own.
    const net::FileDescriptor fd(
        ::openat(folder->get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder->get(), name.c_str(), 0);
  }
}

Result<net::FileDescriptor> DirectoryBlobStore::open_directory(const std::string& path) const {
  return open_in(root_, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

bool DirectoryBlobStore::is_durable(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return durable_.contains(path);
}

Result<net::FileDescriptor> DirectoryBlobStore::make_durable(const std::string& path) {
  if (path.empty()) return open_directory(path);
  if (is_durable(path)) {
    auto known = open_directory(path);
    if (known || known.error().code != ErrorCode::not_found) return known;
    // Removed by somebody else: made again below.
  }
  const auto [above, name] = split(path);
  auto parent = make_durable(above);
  if (!parent) return parent;
  if (::mkdirat(parent->get(), name.c_str(), 0700) != 0 && errno != EEXIST)
    return disk_error("mkdir " + path, errno);
  // Also when it was there: whoever made it may not have come to this line yet, or may have died before it.
  if (::fsync(parent->get()) != 0) return disk_error("fsync above " + path, errno);
  const std::lock_guard lock(mutex_);
  if (durable_.size() >= most_remembered) durable_.clear();
  durable_.insert(path);
  return open_directory(path);
}

Result<void> DirectoryBlobStore::put(const std::string& key, std::string_view bytes) {
  if (auto good = require_blob_key(key); !good) return good;
  auto folder = open_directory(drafts);
  if (!folder) return disk_error(folder.error().detail, EIO);
  const auto [above, name] = split(key);
  auto parent = make_durable(above);
  if (!parent) {
    if (parent.error().code == ErrorCode::limit_exceeded) return std::unexpected(std::move(parent.error()));
    return disk_error(parent.error().detail, EIO);
  }
  Draft draft(folder->get());
  if (auto written = draft.write(bytes); !written) return written;
  if (auto renamed = draft.rename_to(parent->get(), name); !renamed) return renamed;
  if (::fsync(parent->get()) != 0) return disk_error("fsync " + above, errno);
  return {};
}

Result<std::string> DirectoryBlobStore::get(const std::string& key, std::uint64_t offset,
                                            std::optional<std::uint64_t> length) {
  if (auto good = require_blob_key(key); !good) return std::unexpected(std::move(good.error()));
  auto blob = open_blob(root_, key);
  if (!blob) return std::unexpected(std::move(blob.error()));
  if (offset >= blob->size) return std::string{};
  return read_blob(
      [&](char* into, std::size_t size, off_t at) { return ::pread(blob->fd.get(), into, size, at); }, key,
      offset, std::min(length.value_or(blob->size), blob->size - offset));
}

Result<std::optional<BlobInfo>> DirectoryBlobStore::stat(const std::string& key) {
  if (auto good = require_blob_key(key); !good) return std::unexpected(std::move(good.error()));
  auto blob = open_blob(root_, key);
  if (blob) return BlobInfo{key, blob->size};
  if (blob.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(std::move(blob.error()));
}

Result<std::vector<BlobInfo>> DirectoryBlobStore::list(const std::string& prefix, const std::string& after,
                                                       std::size_t limit) {
  return list_blobs(root_, prefix, after, limit);
}

Result<void> DirectoryBlobStore::remove(const std::string& key) {
  if (auto good = require_blob_key(key); !good) return good;
  const auto [above, name] = split(key);
  auto parent = open_directory(above);
  if (!parent) {
    if (parent.error().code == ErrorCode::not_found) return {};
    return std::unexpected(std::move(parent.error()));
  }
  if (::unlinkat(parent->get(), name.c_str(), 0) != 0) {
    if (errno == ENOENT) return {};
    return disk_error("remove " + key, errno);
  }
  if (::fsync(parent->get()) != 0) return disk_error("fsync " + above, errno);
  return {};
}

Result<void> DirectoryBlobStore::check() {
  auto folder = open_directory(drafts);
  if (!folder) return disk_error(describe(), EIO);
  Draft draft(folder->get());
  const auto probe = random_id(32);
  if (auto written = draft.write(probe); !written) return written;
  std::string back(probe.size(), '\0');
  if (::pread(draft.fd(), back.data(), back.size(), 0) != static_cast<ssize_t>(back.size()) || back != probe)
    return disk_error(describe() + ": other bytes read than written", EIO);
  return {};
}

std::string DirectoryBlobStore::describe() const { return "directory " + root_.path(); }

}  // namespace berth::server

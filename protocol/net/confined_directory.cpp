// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/net/confined_directory.hpp"

#include <linux/openat2.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "protocol/net/open_by_steps.hpp"

namespace berth::net {
namespace {

constexpr std::size_t longest_path = 4000;

int open_beneath(int root, const char* path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | ((flags & O_PATH) ? 0 : O_NOCTTY));
  how.mode = (flags & (O_CREAT | __O_TMPFILE)) ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a rename raced with the resolution; the kernel asks to try again.
  for (int attempt = 0; attempt < 32; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0) return static_cast<int>(fd);
    if (errno == ENOSYS) return open_by_steps(root, path, static_cast<int>(how.flags), mode);
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return -1;
}

}  // namespace

Error error_of_errno(int number, std::string_view path) {
  const std::string name = path.empty() ? std::string("the home directory") : std::string(path);
  const std::string detail =
      name + ": errno " + std::to_string(number) + " (" + ::strerrordesc_np(number) + ")";
  switch (number) {
    case ENOENT:
      return {ErrorCode::not_found, name + " does not exist.", detail};
    case EACCES:
    case EPERM:
    case EROFS:
      return {ErrorCode::permission_denied, "No permission for " + name + ".", detail};
    case EXDEV:
    case ELOOP:
      return {ErrorCode::permission_denied, name + " leads outside of the home directory.", detail};
    case EEXIST:
    case ENOTEMPTY:
      return {ErrorCode::already_exists, name + " is already there.", detail};
    case ENOTDIR:
      return {ErrorCode::invalid_argument, name + " is not a directory.", detail};
    case EISDIR:
      return {ErrorCode::invalid_argument, name + " is a directory.", detail};
    case ENAMETOOLONG:
      return {ErrorCode::invalid_argument, name + ": the name is too long.", detail};
    case EINVAL:
      return {ErrorCode::invalid_argument, name + ": this can't be done.", detail};
    case ENOSPC:
    case EDQUOT:
      return {ErrorCode::limit_exceeded, "The disk is full.", detail};
    case EMFILE:
    case ENFILE:
      return {ErrorCode::limit_exceeded, "Too many files are open.", detail};
    case ENXIO:
    case ENODEV:
      return {ErrorCode::unsupported, name + " is not a regular file.", detail};
    default:
      return {ErrorCode::internal, "Reading or writing " + name + " failed.", detail};
  }
}

Result<std::string> normal_path(std::string_view path) {
  if (path.size() > longest_path) return failure(ErrorCode::invalid_argument, "The path is too long.");
  if (path.find('\0') != path.npos)
    return failure(ErrorCode::invalid_argument, "The path contains a NUL byte.");
  if (path.starts_with('/')) {
    return failure(ErrorCode::permission_denied, "The path must be relative to the home directory.");
  }
  std::string normal;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    const auto part = path.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") return failure(ErrorCode::permission_denied, "The path must not contain '..'.");
    if (!normal.empty()) normal += '/';
    normal += part;
  }
  return normal;
}

Result<ConfinedDirectory> ConfinedDirectory::open(const std::string& absolute) {
  ConfinedDirectory directory;
  directory.root_.reset(::open(absolute.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.root_) return std::unexpected(error_of_errno(errno, absolute));
  directory.path_ = path_of_descriptor(directory.root_.get());
  if (directory.path_.empty()) directory.path_ = absolute;
  return directory;
}

Result<FileDescriptor> ConfinedDirectory::open_at(std::string_view path, int flags, mode_t mode) const {
  auto normal = normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  std::string name = *normal;
  for (int links = 0; links < 8; ++links) {
    FileDescriptor fd(open_beneath(root_.get(), name.empty() ? "." : name.c_str(), flags, mode));
    if (fd) return fd;
    const int number = errno;
    std::string target;
    if (number == EXDEV && !(flags & (O_NOFOLLOW | O_CREAT))) target = target_of_absolute_link(name);
    if (target.empty()) return std::unexpected(error_of_errno(number, *normal));
    name = std::move(target);
  }
  return std::unexpected(error_of_errno(ELOOP, *normal));
}

std::string ConfinedDirectory::target_of_absolute_link(const std::string& path) const {
  const FileDescriptor link(open_beneath(root_.get(), path.c_str(), O_PATH | O_NOFOLLOW, 0));
  if (!link) return {};
  char target[4096];
  const auto length = ::readlinkat(link.get(), "", target, sizeof target);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof target)) return {};
  const std::string_view absolute(target, static_cast<std::size_t>(length));
  if (!absolute.starts_with(path_ + "/")) return {};
  return normal_path(absolute.substr(path_.size() + 1)).value_or("");
}

Result<ConfinedDirectory::Place> ConfinedDirectory::place_of(std::string_view path, bool make_parents) const {
  auto normal = normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  if (normal->empty())
    return failure(ErrorCode::invalid_argument, "The home directory itself can't be changed.");
  const auto slash = normal->rfind('/');
  const std::string parent = slash == normal->npos ? "" : normal->substr(0, slash);
  Place place{{}, slash == normal->npos ? *normal : normal->substr(slash + 1)};
  auto opened = open_at(parent, O_PATH | O_DIRECTORY);
  if (!opened && make_parents && opened.error().code == ErrorCode::not_found) {
    auto above = place_of(parent, true);
    if (!above) return std::unexpected(above.error());
    if (::mkdirat(above->parent.get(), above->name.c_str(), 0777) != 0 && errno != EEXIST)
      return std::unexpected(error_of_errno(errno, parent));
    opened = open_at(parent, O_PATH | O_DIRECTORY);
  }
  if (!opened) return std::unexpected(opened.error());
  place.parent = std::move(*opened);
  return place;
}

Result<std::string> ConfinedDirectory::canonical(std::string_view path) const {
  auto fd = open_at(path, O_PATH);
  if (!fd) return std::unexpected(fd.error());
  const auto absolute = path_of_descriptor(fd->get());
  if (absolute == path_) return std::string();
  const std::string prefix = path_ == "/" ? path_ : path_ + "/";
  if (!absolute.starts_with(prefix)) {
    return failure(ErrorCode::not_found, std::string(path) + " has just been moved or deleted.", absolute);
  }
  return absolute.substr(prefix.size());
}

Result<struct stat> ConfinedDirectory::stat_entry(std::string_view path) const {
  auto fd = open_at(path, O_PATH | O_NOFOLLOW);
  if (!fd) return std::unexpected(fd.error());
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return std::unexpected(error_of_errno(errno, path));
  return status;
}

std::string path_of_descriptor(int fd) {
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  char target[8192];
  const auto length = ::readlink(link.c_str(), target, sizeof target);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof target)) return {};
  std::string path(target, static_cast<std::size_t>(length));
  // The kernel marks deleted files this way; a living file whose name ends so is told apart by asking for it.
  if (path.ends_with(" (deleted)") && ::access(path.c_str(), F_OK) != 0) return {};
  return path;
}

}  // namespace berth::net

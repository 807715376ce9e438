// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/restore_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "runner/fault_points.hpp"
#include "runner/file_chunks.hpp"
#include "runner/home_path.hpp"
#include "runner/home_scan.hpp"

namespace berth::runner {
namespace {

using net::error_of_errno;
using net::FileDescriptor;

constexpr std::string_view restore_prefix = ".berth-write-restore-";
constexpr std::string_view trash = ".local/share/Trash";
constexpr int deepest_restored = 200;
constexpr mode_t plain_permissions = 0777;  // set-id bits only once the content is there

std::array<timespec, 2> times(std::int64_t modified) {
  auto seconds = modified / 1'000'000'000;
  auto rest = modified % 1'000'000'000;
  if (rest < 0) rest += 1'000'000'000, --seconds;
  return {timespec{0, UTIME_OMIT}, timespec{seconds, static_cast<long>(rest)}};
}

bool is_zero(std::string_view bytes) {
  return !bytes.empty() && bytes[0] == '\0' && std::equal(bytes.begin() + 1, bytes.end(), bytes.begin());
}

FileDescriptor step_into(int parent, const std::string& name, int flags) {
  return FileDescriptor(::openat(parent, name.c_str(), flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

std::unexpected<Error> wrong(int number, const std::string& path) {
  return std::unexpected(error_of_errno(number, readable(path)));
}

}  // namespace

void RestoreFiles::begin() {
  close_parent();
  made_.clear();
}

std::string RestoreFiles::temporary_name() {
  if (next_name_ == 0 && ::getrandom(&next_name_, sizeof next_name_, 0) != sizeof next_name_) std::abort();
  return std::string(restore_prefix) + std::to_string(next_name_++);
}

bool RestoreFiles::lies_in_absent(const std::string& directory) const {
  return !absent_.empty() && is_within(directory, absent_);
}

/// One step at a time without following links.
Result<int> RestoreFiles::parent_of(const std::string& path, std::string& name, bool make_parents) {
  const auto slash = path.rfind('/');
  const auto directory = slash == path.npos ? std::string() : path.substr(0, slash);
  name = slash == path.npos ? path : path.substr(slash + 1);
  if (parent_ && parent_path_ == directory) return parent_.get();
  if (!make_parents && lies_in_absent(directory)) return wrong(ENOENT, path);
  FileDescriptor here(::openat(files_.directory().fd(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (std::size_t start = 0; here && start < directory.size();) {
    const auto end = std::min(directory.find('/', start), directory.size());
    const auto step = directory.substr(start, end - start);
    auto next = step_into(here.get(), step, O_PATH);
    if (!next && errno == ENOENT && make_parents) {
      if (::mkdirat(here.get(), step.c_str(), 0777) != 0 && errno != EEXIST) return wrong(errno, path);
      absent_.clear();
      next = step_into(here.get(), step, O_PATH);
    }
    if (!next && errno == ENOENT) {
      absent_ = directory.substr(0, end);
      return wrong(ENOENT, path);
    }
    if (!next && (errno == ELOOP || errno == ENOTDIR))
      return failure(ErrorCode::conflict, readable(directory.substr(0, end)) +
                                              " is a link or a file where the version has a folder.");
    if (!next) return wrong(errno, path);
    here = std::move(next);
    start = end + 1;
  }
  if (!here) return wrong(errno, path);
  parent_ = std::move(here);
  parent_path_ = directory;
  return parent_.get();
}

void RestoreFiles::close_parent() {
  parent_.reset();
  parent_path_.clear();
  absent_.clear();
}

/// What is there and of another kind than `kind` (S_IFDIR, S_IFREG, S_IFLNK) goes to the trash.
Result<void> RestoreFiles::clear_way(int parent, const std::string& name, const std::string& path,
                                     mode_t kind) {
  struct stat status{};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  const bool directory = S_ISDIR(status.st_mode);
  // A file or a link is replaced by a rename.
  if (directory == (kind == S_IFDIR)) return {};
  auto moved = files_.trash(path);
  if (!moved) return std::unexpected(moved.error());
  return {};
}

Result<void> RestoreFiles::put_directory(const WantedEntry& entry) {
  std::string name;
  const auto parent = parent_of(entry.path, name);
  if (!parent) return std::unexpected(parent.error());
  bool made = ::mkdirat(*parent, name.c_str(), 0700) == 0;
  if (!made && errno == EEXIST) {
    if (auto clear = clear_way(*parent, name, entry.path, S_IFDIR); !clear) return clear;
    made = ::mkdirat(*parent, name.c_str(), 0700) == 0;
  }
  if (made) {
    absent_.clear();
    made_.insert(std::hash<std::string>()(entry.path));
    return {};
  }
  if (errno != EEXIST) return wrong(errno, entry.path);
  struct stat status{};
  if (::fstatat(*parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return wrong(errno, entry.path);
  if ((status.st_mode & 0700) == 0700) return {};
  const auto directory = step_into(*parent, name, O_PATH);
  const auto link = "/proc/self/fd/" + std::to_string(directory.get());
  if (!directory || ::chmod(link.c_str(), (status.st_mode | 0700) & 07777) != 0)
    return wrong(errno, entry.path);
  return {};
}

Result<void> RestoreFiles::put_symlink(const WantedEntry& entry) {
  std::string name;
  const auto parent = parent_of(entry.path, name);
  if (!parent) return std::unexpected(parent.error());
  std::string now(protocol::longest_symlink_target + 1, '\0');
  const auto length = ::readlinkat(*parent, name.c_str(), now.data(), now.size());
  now.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  if (now != entry.target) {
    if (auto clear = clear_way(*parent, name, entry.path, S_IFLNK); !clear) return clear;
    const auto temporary = temporary_name();
    if (::symlinkat(entry.target.c_str(), *parent, temporary.c_str()) != 0) return wrong(errno, entry.path);
    if (::renameat(*parent, temporary.c_str(), *parent, name.c_str()) != 0) {
      const int number = errno;
      ::unlinkat(*parent, temporary.c_str(), 0);
      return wrong(number, entry.path);
    }
  }
  if (::utimensat(*parent, name.c_str(), times(entry.modified).data(), AT_SYMLINK_NOFOLLOW) != 0)
    return wrong(errno, entry.path);
  return {};
}

Result<void> RestoreFiles::write_chunks(int fd, const WantedEntry& entry, const ChunkSource& chunk) {
  std::uint64_t offset = 0, written = 0;
  for (const auto& id : entry.chunks) {
    const auto bytes = chunk(id);
    if (bytes.empty())
      return failure(ErrorCode::not_found, "A part of it is missing in the store or damaged there.");
    // Zeros are left as a hole.
    for (std::size_t done = is_zero(bytes) ? bytes.size() : 0; done < bytes.size();) {
      const auto length =
          ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) return wrong(length == 0 ? ENOSPC : errno, entry.path);
      done += static_cast<std::size_t>(length);
      written = offset + done;
    }
    offset += bytes.size();
  }
  if (offset != entry.size)
    return failure(ErrorCode::not_found, "Its parts are not as long as the version says.");
  if (written != offset && ::ftruncate(fd, static_cast<off_t>(offset)) != 0) return wrong(errno, entry.path);
  return {};
}

Result<RestoreFiles::Placed> RestoreFiles::put_file(const WantedEntry& entry, const ChunkSource& chunk) {
  std::string name;
  const auto parent = parent_of(entry.path, name);
  if (!parent) return std::unexpected(parent.error());
  const auto temporary = temporary_name();
  Placed placed{FileDescriptor(::openat(*parent, temporary.c_str(),
                                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                        entry.mode & plain_permissions)),
                {}};
  const int fd = placed.fd.get();
  if (!placed.fd) return wrong(errno, entry.path);
  struct stat written{};
  const auto rename = [&] { return ::renameat(*parent, temporary.c_str(), *parent, name.c_str()) == 0; };
  const auto place = [&]() -> Result<void> {
    if (auto done = write_chunks(fd, entry, chunk); !done) return done;
    fault_point("restore.file_written");
    if (::futimens(fd, times(entry.modified).data()) != 0 || ::fstat(fd, &written) != 0)
      return wrong(errno, entry.path);
    // The mask of new files' permissions may have taken some.
    if ((written.st_mode & 07777) != entry.mode && ::fchmod(fd, entry.mode) != 0)
      return wrong(errno, entry.path);
    // Only once the whole file is there.
    if (!rename()) {
      if (errno != EISDIR && errno != ENOTEMPTY && errno != EEXIST) return wrong(errno, entry.path);
      if (auto clear = clear_way(*parent, name, entry.path, S_IFREG); !clear) return clear;
      if (!rename()) return wrong(errno, entry.path);
    }
    return {};
  };
  if (auto done = place(); !done) {
    ::unlinkat(*parent, temporary.c_str(), 0);
    return std::unexpected(std::move(done.error()));
  }
  if (::fstat(fd, &placed.status) != 0) return wrong(errno, entry.path);
  // Programs may write it since the rename, which set its change time: the other times tell.
  placed.certain = placed.status.st_size == written.st_size &&
                   nanoseconds(placed.status.st_mtim) == nanoseconds(written.st_mtim) &&
                   !is_fresh(nanoseconds(written.st_mtim), nanoseconds(written.st_ctim));
  return placed;
}

Result<FileDescriptor> RestoreFiles::open_file(const std::string& path) {
  std::string name;
  const auto parent = parent_of(path, name, false);
  if (!parent) return std::unexpected(parent.error());
  FileDescriptor fd(::openat(*parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0) return wrong(errno, path);
  if (!S_ISREG(status.st_mode)) return wrong(ENODEV, path);
  return fd;
}

Result<RestoreFiles::Placed> RestoreFiles::touch_file(const WantedEntry& entry, const struct stat& seen) {
  auto fd = open_file(entry.path);
  if (!fd) return std::unexpected(fd.error());
  Placed placed{std::move(*fd), {}};
  const int file = placed.fd.get();
  if (::fstat(file, &placed.status) != 0) return wrong(errno, entry.path);
  placed.certain = same_file(seen, placed.status);
  const bool other_mode = (placed.status.st_mode & 07777) != entry.mode;
  const bool other_time = nanoseconds(placed.status.st_mtim) != entry.modified;
  if (!other_mode && !other_time) return placed;
  if ((other_mode && ::fchmod(file, entry.mode) != 0) ||
      (other_time && ::futimens(file, times(entry.modified).data()) != 0) ||
      ::fstat(file, &placed.status) != 0)
    return wrong(errno, entry.path);
  // A write just before its time was set left no trace; one before its mode was set did.
  placed.certain = placed.certain && !other_time && placed.status.st_size == seen.st_size &&
                   nanoseconds(placed.status.st_mtim) == nanoseconds(seen.st_mtim);
  return placed;
}

/// Children come before their parents here, so that the descriptor of the last one's parent serves the next.
Result<void> RestoreFiles::finish_directory(const WantedEntry& entry) {
  std::string name;
  const auto parent = parent_of(entry.path, name);
  if (!parent) return std::unexpected(parent.error());
  const auto directory = step_into(*parent, name, O_RDONLY);
  if (!directory) return wrong(errno, entry.path);
  if (::futimens(directory.get(), times(entry.modified).data()) != 0 ||
      ::fchmod(directory.get(), entry.mode) != 0)
    return wrong(errno, entry.path);
  return {};
}

Result<void> RestoreFiles::sync_directory(const std::string& path) {
  const auto directory = files_.directory().open_at(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!directory) return std::unexpected(directory.error());
  if (::fsync(directory->get()) != 0) return wrong(errno, path);
  return {};
}

void RestoreFiles::move_others(const std::string& path, const std::unordered_set<std::size_t>& kept,
                               const std::vector<const IgnoreRules*>& rules, const std::string& own_directory,
                               std::vector<protocol::PathProblem>& problems) {
  if (std::ranges::count(path, '/') > deepest_restored) return;
  auto fd = files_.directory().open_at(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  DIR* stream = fd ? ::fdopendir(fd->get()) : nullptr;
  if (!stream) return;
  const int directory = fd->release();
  std::vector<std::pair<std::string, bool>> names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat status{};
    if (entry->d_type == DT_UNKNOWN && ::fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    // Left by a restore that was interrupted.
    if (name.starts_with(restore_prefix))
      ::unlinkat(directory, entry->d_name, 0);
    else
      names.emplace_back(name, entry->d_type == DT_DIR || S_ISDIR(status.st_mode));
  }
  ::closedir(stream);
  for (const auto& [name, is_directory] : names) {
    const auto child = joined(path, name);
    if (child == trash || (!own_directory.empty() && child == own_directory)) continue;
    if (std::ranges::any_of(rules,
                            [&](const auto* rule) { return rule->excludes_entry(child, is_directory); }))
      continue;
    // The trash can't be moved into itself, nor can the runner's own directory.
    const bool holds = is_within(trash, child) || (!own_directory.empty() && is_within(own_directory, child));
    if (kept.contains(std::hash<std::string>()(child)) || holds) {
      if (is_directory && !made(child)) move_others(child, kept, rules, own_directory, problems);
    } else if (auto moved = files_.trash(child); !moved && moved.error().code != ErrorCode::not_found) {
      problems.push_back({readable(child), "It could not be moved to the trash: " + moved.error().message});
    }
  }
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "protocol/net/confined_directory.hpp"
#include "protocol/net/home_files.hpp"
#include "runner/unpack.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_unpacked_name = 255;  // bytes, Linux's own limit
constexpr std::size_t most_folder_times = 100'000;  // kept; later folders have the time of unpacking
constexpr std::int64_t ns_a_second = 1'000'000'000;

/// A path in a sentence: not endless.
std::string short_path(const std::string& path) {
  return path.size() <= 100 ? path : path.substr(0, 100) + "...";
}

std::unexpected<Error> refused_path(const std::string& path, const std::string& why) {
  return failure(ErrorCode::invalid_argument, "its entry \"" + short_path(path) + "\" " + why);
}

std::unexpected<Error> disk_error(int number, const std::string& path) {
  if (number == ENOSPC || number == EDQUOT)
    return failure(ErrorCode::limit_exceeded, "the disk of this workspace is full");
  return failure(ErrorCode::internal,
                 "\"" + short_path(path) + "\" can't be written: " + std::strerror(number));
}

timespec time_of(std::int64_t nanoseconds) {
  auto seconds = nanoseconds / ns_a_second;
  if (nanoseconds % ns_a_second < 0) --seconds;
  return {static_cast<time_t>(seconds), static_cast<long>(nanoseconds - seconds * ns_a_second)};
}

Result<std::vector<std::string>> names_of(const std::string& path) {
  if (path.size() > longest_unpacked_path)
    return refused_path(path, "has a path of more than " + std::to_string(longest_unpacked_path) + " bytes");
  if (path.find('\0') != path.npos) return refused_path(path, "has a zero byte in its name");
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    auto name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == "..") return refused_path(path, "leads out of the archive");
    if (name.size() > longest_unpacked_name)
      return refused_path(path,
                          "has a name of more than " + std::to_string(longest_unpacked_name) + " bytes");
    names.push_back(std::move(name));
  }
  if (names.size() > deepest_unpacked_path)
    return refused_path(path, "lies more than " + std::to_string(deepest_unpacked_path) + " folders deep");
  return names;
}

}  // namespace

std::string readable_size(std::uint64_t bytes) {
  if (bytes < (10u << 20)) return std::to_string(bytes >> 10) + " KiB";
  if (bytes < (10ull << 30)) return std::to_string(bytes >> 20) + " MiB";
  return std::to_string(bytes >> 30) + " GiB";
}

Result<void> UnpackedFolder::count_entry() {
  if (++entries_ > limits_.entries)
    return failure(ErrorCode::limit_exceeded, "it has more than " + std::to_string(limits_.entries) +
                                                  " files and folders, the most allowed");
  return {};
}

Result<void> UnpackedFolder::count_bytes(std::uint64_t more) {
  if (more > limits_.bytes - bytes_)
    return failure(ErrorCode::limit_exceeded, "it unpacks to more than " + readable_size(limits_.bytes) +
                                                  ", the most there is room for");
  bytes_ += more;
  return {};
}

/// Opens (makes, where it lacks) the folder that `names`' last one lies in. Each step is made from the open
/// folder above it and follows no link.
Result<int> UnpackedFolder::parent_of(const std::vector<std::string>& names, const std::string& path) {
  std::size_t same = 0;
  while (same < way_.size() && same + 1 < names.size() && way_[same].name == names[same]) ++same;
  way_.resize(same);
  for (auto i = same; i + 1 < names.size(); ++i) {
    const int above = way_.empty() ? folder_.get() : way_.back().fd.get();
    if (::mkdirat(above, names[i].c_str(), 0755) == 0) {
      if (auto counted = count_entry(); !counted) return std::unexpected(counted.error());
    } else if (errno != EEXIST) {
      return disk_error(errno, path);
    }
    net::FileDescriptor next(
        ::openat(above, names[i].c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next && (errno == ELOOP || errno == ENOTDIR))
      return refused_path(path, "leads through something that is no folder in the archive");
    if (!next) return disk_error(errno, path);
    way_.push_back({names[i], std::move(next)});
  }
  return way_.empty() ? folder_.get() : way_.back().fd.get();
}

Result<UnpackedFolder::Place> UnpackedFolder::place(const std::string& path) {
  auto names = names_of(path);
  if (!names) return std::unexpected(names.error());
  if (names->empty()) return Place{folder_.get(), {}};
  if (names->front().starts_with(net::temporary_prefix))
    return refused_path(path, "has a name that Berth keeps for its own temporary files");
  auto parent = parent_of(*names, path);
  if (!parent) return std::unexpected(parent.error());
  if (auto counted = count_entry(); !counted) return std::unexpected(counted.error());
  return Place{*parent, std::move(names->back())};
}

/// What an earlier entry left there goes, unless it is a folder.
Result<void> UnpackedFolder::remove_older(const Place& place, const std::string& path) {
  if (place.name.empty()) return refused_path(path, "has no name");
  if (::unlinkat(place.parent, place.name.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno == EISDIR || errno == EPERM) return refused_path(path, "is a folder and a file");
  return disk_error(errno, path);
}

Result<void> UnpackedFolder::directory(const std::string& path, std::int64_t modified) {
  auto where = place(path);
  if (!where) return std::unexpected(where.error());
  if (where->name.empty()) return {};
  struct stat status{};
  if (::mkdirat(where->parent, where->name.c_str(), 0755) != 0) {
    if (errno != EEXIST) return disk_error(errno, path);
    if (::fstatat(where->parent, where->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISDIR(status.st_mode))
      return refused_path(path, "is a folder and a file");
  }
  if (times_.size() < most_folder_times) times_.push_back({path, modified});
  return {};
}

Result<void> UnpackedFolder::begin_file(const std::string& path, std::uint32_t mode, std::int64_t modified,
                                        std::uint64_t size) {
  if (size > limits_.bytes - bytes_) return count_bytes(size);
  auto where = place(path);
  if (!where) return std::unexpected(where.error());
  if (auto removed = remove_older(*where, path); !removed) return removed;
  // No setuid, nothing that others may write, always for its owner to read.
  const auto permissions = static_cast<mode_t>((mode & 0755u) | 0400u);
  file_.reset(::openat(where->parent, where->name.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions));
  if (!file_) return disk_error(errno, path);
  file_path_ = path;
  file_modified_ = modified;
  ++files_;
  return {};
}

Result<void> UnpackedFolder::write(std::string_view bytes) {
  if (auto counted = count_bytes(bytes.size()); !counted) return counted;
  while (!bytes.empty()) {
    const auto written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error(errno, file_path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> UnpackedFolder::end_file() {
  const timespec times[2] = {{0, UTIME_NOW}, time_of(file_modified_)};
  (void)::futimens(file_.get(), times);  // a time that the disk can't hold is none that anybody misses
  file_.reset();
  return {};
}

Result<void> UnpackedFolder::symlink(const std::string& path, const std::string& target) {
  if (target.empty() || target.size() > 4095 || target.find('\0') != target.npos)
    return refused_path(path, "is a link to nothing that can be");
  auto where = place(path);
  if (!where) return std::unexpected(where.error());
  if (auto removed = remove_older(*where, path); !removed) return removed;
  if (::symlinkat(target.c_str(), where->parent, where->name.c_str()) != 0) return disk_error(errno, path);
  return {};
}

Result<void> UnpackedFolder::hard_link(const std::string& path, const std::string& target) {
  auto names = names_of(target);
  if (!names) return std::unexpected(names.error());
  if (names->empty()) return refused_path(path, "is a link to nothing that can be");
  // A descriptor of its own: the way to the new name is another one.
  auto from = parent_of(*names, target);
  if (!from) return std::unexpected(from.error());
  const net::FileDescriptor above(::fcntl(*from, F_DUPFD_CLOEXEC, 3));
  struct stat status{};
  if (::fstatat(above.get(), names->back().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode))
    return refused_path(path, "is a hard link to something that is no file in the archive");
  if (auto counted = count_bytes(static_cast<std::uint64_t>(status.st_size)); !counted) return counted;
  auto where = place(path);
  if (!where) return std::unexpected(where.error());
  struct stat older{};
  if (::fstatat(where->parent, where->name.c_str(), &older, AT_SYMLINK_NOFOLLOW) == 0 &&
      older.st_ino == status.st_ino && older.st_dev == status.st_dev)
    return {};  // to itself
  if (auto removed = remove_older(*where, path); !removed) return removed;
  if (::linkat(above.get(), names->back().c_str(), where->parent, where->name.c_str(), 0) != 0)
    return disk_error(errno, path);
  ++files_;
  return {};
}

Result<void> UnpackedFolder::finish() {
  // From the last to the first, so that no time is changed by what is set after it.
  for (auto time = times_.rbegin(); time != times_.rend(); ++time) {
    const auto names = names_of(time->path);
    if (!names || names->empty()) continue;
    auto parent = parent_of(*names, time->path);
    if (!parent) return std::unexpected(parent.error());
    const timespec times[2] = {{0, UTIME_NOW}, time_of(time->modified)};
    (void)::utimensat(*parent, names->back().c_str(), times, AT_SYMLINK_NOFOLLOW);
  }
  return {};
}

}  // namespace berth::runner

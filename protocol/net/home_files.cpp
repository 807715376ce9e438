// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at files and writing one; whole trees are in home_trees.cpp.
#include "protocol/net/home_files.hpp"

#include <dirent.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "protocol/connect_token.hpp"

namespace berth::net {
namespace {

using protocol::EntryType;
using protocol::FileEntry;

EntryType type_of(mode_t mode) {
  if (S_ISREG(mode)) return EntryType::file;
  if (S_ISDIR(mode)) return EntryType::directory;
  if (S_ISLNK(mode)) return EntryType::symlink;
  return EntryType::other;
}

std::int64_t milliseconds(const timespec& time) { return time.tv_sec * 1000 + time.tv_nsec / 1'000'000; }

std::string joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty()) path += '/';
  return path.append(name);
}

/// The order of listings: directories first, then by name without regard to (ASCII) case.
struct SortKey {
  bool directory;
  std::string folded, name;
  explicit SortKey(bool is_directory, std::string entry_name)
      : directory(is_directory), folded(entry_name), name(std::move(entry_name)) {
    for (char& c : folded)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  bool operator<(const SortKey& other) const {
    if (directory != other.directory) return directory;
    if (const int order = folded.compare(other.folded)) return order < 0;
    return name < other.name;
  }
};

std::string cursor_of(const SortKey& key) {
  return (key.directory ? "d" : "f") + protocol::encode_base64url(key.name);
}

Result<SortKey> key_of_cursor(std::string_view cursor) {
  if (cursor.empty() || (cursor[0] != 'd' && cursor[0] != 'f'))
    return failure(ErrorCode::invalid_argument, "file/list.cursor: not a cursor from a page before");
  auto name = protocol::decode_base64url(cursor.substr(1));
  if (!name) return failure(ErrorCode::invalid_argument, "file/list.cursor: not a cursor from a page before");
  return SortKey(cursor[0] == 'd', std::move(*name));
}

Result<std::vector<SortKey>> read_keys(FileDescriptor directory, std::string_view path) {
  DIR* stream = ::fdopendir(directory.get());
  if (!stream) return std::unexpected(error_of_errno(errno, path));
  directory.release();
  std::vector<SortKey> keys;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream);
    if (!entry) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || name.starts_with(temporary_prefix)) continue;
    bool is_directory = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN) {
      struct stat status{};
      is_directory = ::fstatat(::dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                     S_ISDIR(status.st_mode);
    }
    keys.emplace_back(is_directory, std::string(name));
  }
  const int number = errno;
  ::closedir(stream);
  if (number != 0) return std::unexpected(error_of_errno(number, path));
  return keys;
}

std::string random_name() {
  unsigned char bytes[12];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  std::string name(temporary_prefix);
  for (const unsigned char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    name += digits[byte >> 4];
    name += digits[byte & 15];
  }
  return name;
}

Error etag_conflict(std::string_view path, const std::string& expected, const std::string& actual) {
  return {ErrorCode::conflict,
          std::string(path) +
              (actual.empty() ? " has been deleted meanwhile." : " has been changed meanwhile.") +
              " Compare both before writing again.",
          {},
          {{"expected_etag", expected}, {"etag", actual}}};
}

/// "" when nothing is there.
std::string current_etag(int parent, const std::string& name) {
  struct stat status{};
  return ::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 ? etag_of(status) : std::string();
}

}  // namespace

std::string etag_of(const struct stat& status) {
  char text[80];
  std::snprintf(text, sizeof text, "%llx-%llx-%llx", static_cast<unsigned long long>(status.st_ino),
                static_cast<unsigned long long>(status.st_size),
                static_cast<unsigned long long>(status.st_mtim.tv_sec) * 1'000'000'000ull +
                    static_cast<unsigned long long>(status.st_mtim.tv_nsec));
  return text;
}

Result<FileEntry> HomeFiles::entry_at(int directory_fd, std::string_view directory_path,
                                      const std::string& name) const {
  struct stat status{};
  if (::fstatat(directory_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return std::unexpected(error_of_errno(errno, joined(directory_path, name)));
  FileEntry entry{name,
                  type_of(status.st_mode),
                  static_cast<std::uint64_t>(status.st_size),
                  milliseconds(status.st_mtim),
                  status.st_mode & 07777u,
                  std::nullopt,
                  std::nullopt};
  if (entry.type == EntryType::symlink) {
    char target[4096];
    const auto length = ::readlinkat(directory_fd, name.c_str(), target, sizeof target);
    entry.target = std::string(target, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    struct stat behind{};
    if (const auto fd = home_.open_at(joined(directory_path, name), O_PATH);
        fd && ::fstat(fd->get(), &behind) == 0)
      entry.target_type = type_of(behind.st_mode);
  }
  return entry;
}

Result<protocol::FileStat::Result> HomeFiles::stat(std::string_view path) const {
  auto normal = normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  if (normal->empty()) {
    struct stat status{};
    if (::fstat(home_.fd(), &status) != 0) return std::unexpected(error_of_errno(errno, ""));
    return protocol::FileStat::Result{FileEntry{"",
                                                EntryType::directory,
                                                static_cast<std::uint64_t>(status.st_size),
                                                milliseconds(status.st_mtim),
                                                status.st_mode & 07777u,
                                                {},
                                                {}},
                                      etag_of(status)};
  }
  auto place = home_.place_of(*normal);
  if (!place) return std::unexpected(place.error());
  const auto slash = normal->rfind('/');
  auto entry =
      entry_at(place->parent.get(), slash == normal->npos ? "" : normal->substr(0, slash), place->name);
  if (!entry) return std::unexpected(entry.error());
  return protocol::FileStat::Result{std::move(*entry), current_etag(place->parent.get(), place->name)};
}

Result<protocol::FileList::Result> HomeFiles::list(const protocol::FileList::Params& params) const {
  const std::uint32_t limit = params.limit.value_or(500);
  if (limit < 1 || limit > 10000)
    return failure(ErrorCode::invalid_argument, "file/list.limit: not in 1..10000");
  auto normal = normal_path(params.path);
  if (!normal) return std::unexpected(normal.error());
  auto directory = home_.open_at(*normal, O_RDONLY | O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());
  FileDescriptor for_reading(::fcntl(directory->get(), F_DUPFD_CLOEXEC, 0));
  auto keys = read_keys(std::move(for_reading), *normal);
  if (!keys) return std::unexpected(keys.error());

  protocol::FileList::Result result{{}, keys->size(), std::nullopt};
  auto first = keys->begin();
  if (params.cursor) {
    const auto after = key_of_cursor(*params.cursor);
    if (!after) return std::unexpected(after.error());
    first = std::partition(keys->begin(), keys->end(), [&](const SortKey& key) { return !(*after < key); });
  }
  const auto end = keys->end() - first > limit ? first + limit : keys->end();
  std::partial_sort(first, end, keys->end());
  for (auto key = first; key != end; ++key) {
    // An entry that has just gone is simply not in the page.
    if (auto entry = entry_at(directory->get(), *normal, key->name))
      result.entries.push_back(std::move(*entry));
  }
  if (end != keys->end()) result.cursor = cursor_of(*(end - 1));
  return result;
}

Result<OpenedFile> HomeFiles::open_for_reading(std::string_view path) const {
  // O_NONBLOCK: a pipe must not block; it is refused right after.
  auto fd = home_.open_at(path, O_RDONLY | O_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  OpenedFile opened{std::move(*fd), {}, {}};
  if (::fstat(opened.fd.get(), &opened.status) != 0) return std::unexpected(error_of_errno(errno, path));
  if (S_ISDIR(opened.status.st_mode)) return std::unexpected(error_of_errno(EISDIR, path));
  if (!S_ISREG(opened.status.st_mode)) return std::unexpected(error_of_errno(ENODEV, path));
  opened.etag = etag_of(opened.status);
  return opened;
}

Result<PendingWrite> HomeFiles::begin_write(std::string_view path, std::optional<std::string> expected_etag,
                                            std::optional<std::uint32_t> mode) const {
  std::string real(path);
  if (auto canonical = home_.canonical(path)) {
    real = std::move(*canonical);
  } else if (canonical.error().code != ErrorCode::not_found) {
    return std::unexpected(canonical.error());
  } else if (auto entry = home_.stat_entry(path); entry && S_ISLNK(entry->st_mode)) {
    return failure(ErrorCode::not_found, std::string(path) + " is a link to something that does not exist.");
  }
  auto place = home_.place_of(real, true);
  if (!place) return std::unexpected(place.error());

  PendingWrite write;
  write.path_ = std::string(path);
  write.name_ = std::move(place->name);
  write.expected_ = std::move(expected_etag);
  write.parent_.reset(::openat(place->parent.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!write.parent_) return std::unexpected(error_of_errno(errno, path));
  struct stat old{};
  const bool exists = ::fstatat(write.parent_.get(), write.name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0;
  if (exists && S_ISDIR(old.st_mode)) return std::unexpected(error_of_errno(EISDIR, path));
  if (exists && !S_ISREG(old.st_mode)) return std::unexpected(error_of_errno(ENODEV, path));
  if (exists && ::faccessat(write.parent_.get(), write.name_.c_str(), W_OK, AT_EACCESS) != 0)
    return std::unexpected(error_of_errno(errno, path));
  const std::string actual = exists ? etag_of(old) : "";
  if (write.expected_ && *write.expected_ != actual)
    return std::unexpected(etag_conflict(path, *write.expected_, actual));

  write.temporary_.reset(::openat(write.parent_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
  if (!write.temporary_) {  // a file system without unnamed files
    write.temporary_name_ = random_name();
    write.temporary_.reset(::openat(write.parent_.get(), write.temporary_name_.c_str(),
                                    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  }
  if (!write.temporary_) {
    write.temporary_name_.clear();
    return std::unexpected(error_of_errno(errno, path));
  }
  if (exists)
    ::fchmod(write.temporary_.get(), old.st_mode & 07777);
  else if (mode)
    ::fchmod(write.temporary_.get(), *mode & 0777);
  return write;
}

PendingWrite::~PendingWrite() {
  if (parent_ && !temporary_name_.empty()) ::unlinkat(parent_.get(), temporary_name_.c_str(), 0);
}

PendingWrite& PendingWrite::operator=(PendingWrite&& other) noexcept {
  // `other` leaves with this one's temporary file and removes it.
  std::swap(parent_, other.parent_);
  std::swap(temporary_, other.temporary_);
  name_.swap(other.name_);
  temporary_name_.swap(other.temporary_name_);
  path_.swap(other.path_);
  expected_.swap(other.expected_);
  std::swap(size_, other.size_);
  return *this;
}

Result<void> PendingWrite::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(temporary_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(error_of_errno(errno, path_));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<std::string> PendingWrite::sync() {
  struct stat status{};
  if (::fsync(temporary_.get()) != 0 || ::fstat(temporary_.get(), &status) != 0)
    return std::unexpected(error_of_errno(errno, path_));
  return etag_of(status);
}

Result<void> PendingWrite::give_name() {
  if (!temporary_name_.empty()) return {};
  const auto name = random_name();
  const auto link = "/proc/self/fd/" + std::to_string(temporary_.get());
  if (::linkat(AT_FDCWD, link.c_str(), parent_.get(), name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return std::unexpected(error_of_errno(errno, path_));
  temporary_name_ = name;
  return {};
}

Result<void> PendingWrite::put_in_place() {
  const char* from = temporary_name_.c_str();
  const char* to = name_.c_str();
  const int parent = parent_.get();
  if (!expected_) {
    if (::renameat(parent, from, parent, to) != 0) return std::unexpected(error_of_errno(errno, path_));
    temporary_name_.clear();
    return {};
  }
  if (expected_->empty()) {
    if (::renameat2(parent, from, parent, to, RENAME_NOREPLACE) == 0) {
      temporary_name_.clear();
      return {};
    }
    if (errno == EEXIST) return std::unexpected(etag_conflict(path_, "", current_etag(parent, name_)));
    if (errno != EINVAL) return std::unexpected(error_of_errno(errno, path_));
  } else if (::renameat2(parent, from, parent, to, RENAME_EXCHANGE) == 0) {
    // The old file now has the temporary name: what was replaced can be checked without a gap, and put back.
    const auto replaced = current_etag(parent, temporary_name_);
    if (replaced == *expected_) return {};
    ::renameat2(parent, from, parent, to, RENAME_EXCHANGE);
    return std::unexpected(etag_conflict(path_, *expected_, replaced));
  } else if (errno != EINVAL && errno != ENOENT) {
    return std::unexpected(error_of_errno(errno, path_));
  }
  // The file system lacks renameat2's flags, or the file is gone: check, then rename.
  if (const auto actual = current_etag(parent, name_); actual != *expected_)
    return std::unexpected(etag_conflict(path_, *expected_, actual));
  if (::renameat(parent, from, parent, to) != 0) return std::unexpected(error_of_errno(errno, path_));
  temporary_name_.clear();
  return {};
}

Result<std::string> PendingWrite::commit() {
  auto etag = sync();
  if (!etag) return etag;
  if (auto named = give_name(); !named) return std::unexpected(named.error());
  if (auto placed = put_in_place(); !placed) return std::unexpected(placed.error());
  if (!temporary_name_.empty()) ::unlinkat(parent_.get(), temporary_name_.c_str(), 0);
  temporary_name_.clear();
  if (::fsync(parent_.get()) != 0 && errno != EINVAL) return std::unexpected(error_of_errno(errno, path_));
  return etag;
}

}  // namespace berth::net

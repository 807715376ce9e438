// SPDX-License-Identifier: GPL-3.0-or-later
// Directories, moves, copies, deletion and the trash (freedesktop.org Trash specification 1.0, home trash
// only).
#include <dirent.h>
#include <sys/sendfile.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <vector>

#include "protocol/net/directory_names.hpp"
#include "protocol/net/home_files.hpp"

namespace berth::net {
namespace {

constexpr int deepest_tree = 200;
constexpr std::string_view trash_files = ".local/share/Trash/files";
constexpr std::string_view trash_info = ".local/share/Trash/info";

Result<void> remove_at(int parent, const std::string& name, std::string_view path, int depth = 0) {
  if (::unlinkat(parent, name.c_str(), 0) == 0) return {};
  if (errno != EISDIR && errno != EPERM) return std::unexpected(error_of_errno(errno, path));
  if (depth > deepest_tree)
    return failure(ErrorCode::too_large, std::string(path) + " is nested too deeply.");
  // O_NOFOLLOW: a symlink put there meanwhile is not entered.
  const FileDescriptor directory(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return std::unexpected(error_of_errno(errno, path));
  const auto names = names_in(directory.get());
  if (!names) return std::unexpected(error_of_errno(errno, path));
  for (const auto& child : *names)
    if (auto done = remove_at(directory.get(), child, path, depth + 1); !done) return done;
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0)
    return std::unexpected(error_of_errno(errno, path));
  return {};
}

Result<void> copy_bytes(int from, int to, std::string_view path) {
  for (bool by_range = true;;) {
    const auto copied = by_range ? ::copy_file_range(from, nullptr, to, nullptr, 8u << 20, 0)
                                 : ::sendfile(to, from, nullptr, 1u << 20);
    if (copied == 0) return {};
    if (copied > 0 || errno == EINTR) continue;
    if (by_range && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)) {
      by_range = false;
      continue;
    }
    return std::unexpected(error_of_errno(errno, path));
  }
}

Result<void> copy_file_at(int from_parent, const std::string& from, int to_parent, const std::string& to,
                          mode_t mode, std::string_view path) {
  const FileDescriptor source(
      ::openat(from_parent, from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!source) return std::unexpected(error_of_errno(errno, path));
  const FileDescriptor target(::openat(to_parent, to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!target) return std::unexpected(error_of_errno(errno, path));
  if (auto done = copy_bytes(source.get(), target.get(), path); !done) return done;
  if (::fchmod(target.get(), mode & 0777) != 0) return std::unexpected(error_of_errno(errno, path));
  return {};
}

Result<void> copy_at(int from_parent, const std::string& from, int to_parent, const std::string& to,
                     std::string_view path, int depth = 0) {
  struct stat status{};
  if (::fstatat(from_parent, from.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return std::unexpected(error_of_errno(errno, path));
  if (S_ISREG(status.st_mode)) return copy_file_at(from_parent, from, to_parent, to, status.st_mode, path);
  if (S_ISLNK(status.st_mode)) {
    std::array<char, 4097> target{};
    const auto length = ::readlinkat(from_parent, from.c_str(), target.data(), target.size() - 1);
    if (length < 0 || ::symlinkat(target.data(), to_parent, to.c_str()) != 0)
      return std::unexpected(error_of_errno(errno, path));
    return {};
  }
  if (!S_ISDIR(status.st_mode)) return {};
  if (depth > deepest_tree)
    return failure(ErrorCode::too_large, std::string(path) + " is nested too deeply.");
  if (::mkdirat(to_parent, to.c_str(), 0700) != 0) return std::unexpected(error_of_errno(errno, path));
  const FileDescriptor source(
      ::openat(from_parent, from.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const FileDescriptor target(
      ::openat(to_parent, to.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!source || !target) return std::unexpected(error_of_errno(errno, path));
  const auto names = names_in(source.get());
  if (!names) return std::unexpected(error_of_errno(errno, path));
  for (const auto& child : *names)
    if (auto done = copy_at(source.get(), child, target.get(), child, path, depth + 1); !done) return done;
  ::fchmod(target.get(), status.st_mode & 0777);
  return {};
}

bool is_inside(std::string_view path, std::string_view directory) {
  return path == directory || (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

/// Percent-encoding as the Trash specification asks for: of the absolute path, '/' kept.
std::string percent_encoded(std::string_view path) {
  std::string text;
  for (const unsigned char c : path) {
    if (std::isalnum(c) || std::string_view("/-_.~").contains(static_cast<char>(c))) {
      text += static_cast<char>(c);
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", c);
      text += code;
    }
  }
  return text;
}

std::string percent_decoded(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      const char c = text[at];
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                    : -1;
    };
    if (text[i] == '%' && i + 2 < text.size() && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      path += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      path += text[i];
    }
  }
  return path;
}

std::string deletion_date() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::gmtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
  return text;
}

Result<void> write_small(int directory, const std::string& name, std::string_view text,
                         std::string_view path) {
  const FileDescriptor fd(
      ::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return std::unexpected(error_of_errno(errno, path));
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    const auto error = error_of_errno(errno, path);
    ::unlinkat(directory, name.c_str(), 0);
    return std::unexpected(error);
  }
  return {};
}

}  // namespace

Result<void> HomeFiles::create_directory(std::string_view path) const {
  auto place = home_.place_of(path, true);
  if (!place) return std::unexpected(place.error());
  if (::mkdirat(place->parent.get(), place->name.c_str(), 0777) != 0)
    return std::unexpected(error_of_errno(errno, path));
  return {};
}

Result<void> HomeFiles::rename(std::string_view from, std::string_view to, bool overwrite) const {
  auto source = home_.place_of(from);
  if (!source) return std::unexpected(source.error());
  auto target = home_.place_of(to, true);
  if (!target) return std::unexpected(target.error());
  const auto fail = [&](int number) -> Result<void> {
    return std::unexpected(error_of_errno(number, number == EEXIST || number == ENOTEMPTY ? to : from));
  };
  const unsigned flags = overwrite ? 0 : RENAME_NOREPLACE;
  if (::renameat2(source->parent.get(), source->name.c_str(), target->parent.get(), target->name.c_str(),
                  flags) == 0)
    return {};
  if (errno == EINVAL && !overwrite) {  // either "into itself" or a file system without RENAME_NOREPLACE
    struct stat status{};
    if (::fstatat(target->parent.get(), target->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      return fail(EEXIST);
    if (::renameat(source->parent.get(), source->name.c_str(), target->parent.get(), target->name.c_str()) ==
        0)
      return {};
  }
  if (errno != EXDEV) return fail(errno);
  // Another file system is mounted inside home: copy, then delete.
  if (overwrite) {
    struct stat status{};
    if (::fstatat(target->parent.get(), target->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      return failure(ErrorCode::unsupported, std::string(to) + " is on another disk: delete it first.");
  }
  if (auto copied = copy(from, to); !copied) return copied;
  return remove(from);
}

Result<void> HomeFiles::copy(std::string_view from, std::string_view to) const {
  auto from_path = normal_path(from);
  auto to_path = normal_path(to);
  if (!from_path) return std::unexpected(from_path.error());
  if (!to_path) return std::unexpected(to_path.error());
  auto source = home_.place_of(*from_path);
  if (!source) return std::unexpected(source.error());
  auto target = home_.place_of(*to_path, true);
  if (!target) return std::unexpected(target.error());
  // Compared after symlinks are resolved: a copy into itself would never end.
  const auto real_source = home_.canonical(*from_path);
  const auto slash = to_path->rfind('/');
  const auto real_parent = home_.canonical(slash == to_path->npos ? "" : to_path->substr(0, slash));
  if (real_source && real_parent && is_inside(*real_parent, *real_source))
    return failure(ErrorCode::invalid_argument, "A directory can't be copied into itself.");
  struct stat status{};
  if (::fstatat(target->parent.get(), target->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
    return std::unexpected(error_of_errno(EEXIST, to));
  auto done = copy_at(source->parent.get(), source->name, target->parent.get(), target->name, from);
  if (!done && done.error().code != ErrorCode::already_exists)
    (void)remove_at(target->parent.get(), target->name, to);
  return done;
}

Result<void> HomeFiles::remove(std::string_view path) const {
  auto place = home_.place_of(path);
  if (!place) return std::unexpected(place.error());
  return remove_at(place->parent.get(), place->name, path);
}

Result<std::string> HomeFiles::trash(std::string_view path) const {
  auto normal = normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  auto source = home_.place_of(*normal);
  if (!source) return std::unexpected(source.error());
  if (is_inside(trash_files, *normal) || is_inside(*normal, trash_files))
    return failure(ErrorCode::invalid_argument, "The trash itself can only be deleted for good.");
  for (const auto folder : {trash_files, trash_info})
    if (auto made = create_directory(folder); !made && made.error().code != ErrorCode::already_exists)
      return std::unexpected(made.error());
  auto files = home_.open_at(trash_files, O_RDONLY | O_DIRECTORY);
  auto info = home_.open_at(trash_info, O_RDONLY | O_DIRECTORY);
  if (!files) return std::unexpected(files.error());
  if (!info) return std::unexpected(info.error());

  const std::string text = "[Trash Info]\nPath=" + percent_encoded(home_.path() + "/" + *normal) +
                           "\nDeletionDate=" + deletion_date() +
                           "\nX-Berth-Path=" + percent_encoded(*normal) + "\n";
  const std::string base = source->name.substr(0, 200);
  for (int attempt = 1; attempt < 10000; ++attempt) {
    const std::string name = attempt == 1 ? base : base + "." + std::to_string(attempt);
    // The info file claims the name (O_EXCL), as the specification asks.
    auto claimed = write_small(info->get(), name + ".trashinfo", text, path);
    if (!claimed && claimed.error().code == ErrorCode::already_exists) continue;
    if (!claimed) return std::unexpected(claimed.error());
    if (::renameat2(source->parent.get(), source->name.c_str(), files->get(), name.c_str(),
                    RENAME_NOREPLACE) == 0)
      return name;
    const int number = errno;
    ::unlinkat(info->get(), (name + ".trashinfo").c_str(), 0);
    if (number == EEXIST) continue;
    if (number == EXDEV)
      return failure(ErrorCode::unsupported,
                     std::string(path) + " is on another disk than the trash: delete it for good.");
    return std::unexpected(error_of_errno(number, path));
  }
  return failure(ErrorCode::limit_exceeded, "The trash is full of entries of this name: empty it first.");
}

Result<std::string> HomeFiles::undelete(std::string_view trash) const {
  if (trash.empty() || trash.contains('/') || trash.contains('\0') || trash == "." || trash == "..")
    return failure(ErrorCode::invalid_argument, "file/undelete.trash: not a name in the trash");
  const std::string name(trash);
  auto info =
      home_.open_at(std::string(trash_info) + "/" + name + ".trashinfo", O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!info) return failure(ErrorCode::not_found, "This entry is no longer in the trash.");
  std::array<char, 16384> buffer{};
  const auto length = ::read(info->get(), buffer.data(), buffer.size());
  const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  const auto value = [&](std::string_view key) {
    const auto found = text.find(key);
    if (found == text.npos) return std::string();
    const auto start = found + key.size();
    return percent_decoded(text.substr(start, text.find('\n', start) - start));
  };
  // Our own key first: home has another absolute path on the server than inside of the workspace.
  std::string path = value("\nX-Berth-Path=");
  const auto absolute = value("\nPath=");
  if (path.empty() && absolute.starts_with(home_.path() + "/"))
    path = absolute.substr(home_.path().size() + 1);
  if (path.empty())
    return failure(ErrorCode::not_found, "The trash does not say where in home this entry was.");
  if (auto moved = rename(std::string(trash_files) + "/" + name, path, false); !moved)
    return std::unexpected(moved.error());
  auto folder = home_.open_at(trash_info, O_PATH | O_DIRECTORY);
  if (folder) ::unlinkat(folder->get(), (name + ".trashinfo").c_str(), 0);
  return path;
}

}  // namespace berth::net

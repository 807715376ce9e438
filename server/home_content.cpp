// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "protocol/net/directory_names.hpp"
#include "protocol/net/home_files.hpp"
#include "server/archive_content.hpp"

namespace berth::server {
namespace {

using protocol::TreeEntryType;

constexpr std::size_t deepest_folder = 256;  // each open one holds a descriptor

struct ContentFolder {
  net::FileDescriptor fd;
  std::string path;                // with a slash at its end; "" for the top
  std::vector<std::string> names;  // in reverse, taken from the end
};

/// In reverse order, without unfinished writes.
std::optional<std::vector<std::string>> content_names(int fd) {
  auto names = net::names_in(fd);
  if (!names) return std::nullopt;
  std::erase_if(*names, [](const auto& name) { return name.starts_with(net::temporary_prefix); });
  std::ranges::sort(*names, std::greater<>());
  return names;
}

/// Depth first; every step is made from the open folder above, and no symlink is followed.
class HomeContent final : public ArchiveContent {
 public:
  explicit HomeContent(ContentFolder top) { folders_.push_back(std::move(top)); }

  Result<std::optional<ArchiveEntry>> next() override {
    file_.reset(-1);
    while (!folders_.empty()) {
      auto& folder = folders_.back();
      if (folder.names.empty()) {
        folders_.pop_back();
        continue;
      }
      const std::string name = std::move(folder.names.back());
      folder.names.pop_back();
      if (auto entry = entry_of(folder, name)) return entry;
    }
    return std::nullopt;
  }

  Result<std::string> read() override {
    if (left_ == 0) return std::string{};
    std::string bytes(std::min<std::uint64_t>(left_, byte_stream_piece), '\0');
    ssize_t got = 0;
    do got = ::read(file_.get(), bytes.data(), bytes.size());
    while (got < 0 && errno == EINTR);
    if (got <= 0) {
      problems_.push_back({path_, "it changed while it was read; zeros stand in place of the rest"});
      left_ = 0;
      return std::string{};
    }
    bytes.resize(static_cast<std::size_t>(got));
    left_ -= bytes.size();
    return bytes;
  }

  std::vector<protocol::PathProblem> problems() const override { return problems_; }

 private:
  /// nullopt for what is left out.
  std::optional<ArchiveEntry> entry_of(const ContentFolder& folder, const std::string& name) {
    struct stat status{};
    const std::string path = folder.path + name;
    if (::fstatat(folder.fd.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    ArchiveEntry entry{
        .path = path,
        .type = TreeEntryType::file,
        .mode = status.st_mode & 07777u,
        .modified = status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec,
        .size = 0,
        .target = {}};
    if (S_ISDIR(status.st_mode)) {
      entry.type = TreeEntryType::directory;
      open_folder(folder, name, path);
      return entry;
    }
    if (S_ISLNK(status.st_mode)) {
      char target[4096];
      const auto length = ::readlinkat(folder.fd.get(), name.c_str(), target, sizeof target);
      if (length <= 0) return std::nullopt;
      entry.type = TreeEntryType::symlink;
      entry.target.assign(target, static_cast<std::size_t>(length));
      return entry;
    }
    if (!S_ISREG(status.st_mode)) {
      problems_.push_back({path, "it is neither a file, a folder nor a link, and was left out"});
      return std::nullopt;
    }
    // O_NONBLOCK: what was a file a moment ago may be a pipe now.
    file_.reset(::openat(folder.fd.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file_ || ::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
      problems_.push_back({path, std::string("it could not be read: ") + std::strerror(errno)});
      return std::nullopt;
    }
    path_ = path;
    left_ = entry.size = static_cast<std::uint64_t>(status.st_size);
    return entry;
  }

  void open_folder(const ContentFolder& folder, const std::string& name, const std::string& path) {
    net::FileDescriptor fd;
    if (folders_.size() < deepest_folder)
      fd.reset(::openat(folder.fd.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    auto names = fd ? content_names(fd.get()) : std::nullopt;
    if (names)
      folders_.push_back({std::move(fd), path + "/", std::move(*names)});
    else
      problems_.push_back(
          {path, "the folder could not be read or lies too deep, so what is in it is missing here"});
  }

  std::vector<ContentFolder> folders_;
  net::FileDescriptor file_;
  std::string path_;        // of the current file
  std::uint64_t left_ = 0;  // of the current file's bytes
  std::vector<protocol::PathProblem> problems_;
};

}  // namespace

Result<std::unique_ptr<ArchiveContent>> make_home_content(net::ConfinedDirectory home,
                                                          const std::string& path) {
  struct stat status{};
  if (!path.empty()) {
    auto found = home.stat_entry(path);
    if (!found) return std::unexpected(std::move(found.error()));
    status = *found;
  }
  ContentFolder top;
  if (path.empty() || S_ISDIR(status.st_mode)) {
    auto fd = home.open_at(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!fd) return std::unexpected(std::move(fd.error()));
    auto names = content_names(fd->get());
    if (!names) return std::unexpected(net::error_of_errno(errno, path));
    top = {std::move(*fd), "", std::move(*names)};
  } else {
    auto place = home.place_of(path);
    if (!place) return std::unexpected(std::move(place.error()));
    top = {std::move(place->parent), "", {place->name}};
  }
  return std::make_unique<HomeContent>(std::move(top));
}

}  // namespace berth::server

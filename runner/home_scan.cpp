// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/home_scan.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "protocol/codec.hpp"
#include "protocol/net/directory_names.hpp"
#include "protocol/net/home_files.hpp"
#include "runner/file_chunks.hpp"
#include "runner/home_path.hpp"

namespace berth::runner {
namespace {

using net::FileDescriptor;
using protocol::ObjectId;
using protocol::TreeEntryType;

constexpr int deepest_tree = 200;
constexpr int read_attempts = 3;
constexpr std::uint64_t largest_file = 128ull << 30;
constexpr std::chrono::seconds shortest_rest{2};  // for a file that changed while it was read
constexpr char changing[] = "The file changes all the time.";

/// In order; errno says why not.
std::optional<std::vector<std::string>> sorted_names(int directory) {
  auto names = net::names_in(directory);
  if (names) std::ranges::sort(*names);
  return names;
}

FileDescriptor open_directory(int parent, const std::string& name) {
  return FileDescriptor(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

// ---- small objects, names
// ------------------------------------------------------------------------------------------

void SmallObjects::keep(const ObjectId& id, std::string_view bytes) {
  if (bytes.size() > largest || bytes_ + bytes.size() > most_bytes) return;
  if (objects_.try_emplace(id, bytes).second) bytes_ += bytes.size();
}

std::string SmallObjects::find(const ObjectId& id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? std::string() : found->second;
}

void SmallObjects::clear() {
  std::unordered_map<ObjectId, std::string>().swap(objects_);
  bytes_ = 0;
}

std::string readable(std::string_view path) {
  // The codec replaces what is no UTF-8 when it writes; here only whole text is asked for.
  const auto text =
      protocol::Json(std::string(path)).dump(-1, ' ', false, protocol::Json::error_handler_t::replace);
  return protocol::Json::parse(text).get<std::string>();
}

// ---- the walk
// --------------------------------------------------------------------------------------------------------

HomeScan::HomeScan(const net::ConfinedDirectory& home, HomeIndex& index, HomeChanges& changes,
                   SmallObjects& small, std::string own_directory, const std::atomic<bool>& cancelled)
    : home_(home),
      index_(index),
      changes_(changes),
      small_(small),
      own_directory_(std::move(own_directory)),
      cancelled_(cancelled),
      rules_(std::make_shared<const IgnoreRules>(IgnoreRules::parse(""))) {}

Result<ScanResult> HomeScan::run(const HomeChanges::Dirty& dirty, bool patient) {
  dirty_ = dirty;
  busy_.clear();
  std::erase_if(resting_, [&](const auto& entry) {
    return patient || entry.second <= std::chrono::steady_clock::now();
  });
  ScanResult result;
  result.rules_changed = read_rules();
  if (result.rules_changed) dirty_.everything = true;
  FileDescriptor root(::openat(home_.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return std::unexpected(net::error_of_errno(errno, ""));
  auto summary = look(root, "", {});
  index_.flush();
  if (!summary) return std::unexpected(summary.error());
  result.root = summary->tree;
  result.files = summary->files;
  result.directories = summary->directories;
  result.bytes = summary->bytes;
  result.problem_count = problems_.size();
  for (const auto& [path, reason] : problems_) {
    if (result.problems.size() >= most_named_problems) break;
    result.problems.push_back({readable(path), reason});
  }
  result.busy = std::move(busy_);
  return result;
}

bool HomeScan::read_rules() {
  std::string text;
  FileDescriptor fd(::openat(home_.fd(), std::string(IgnoreRules::file_name).c_str(),
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (fd && ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    text.resize(IgnoreRules::longest_text);
    const auto length = ::pread(fd.get(), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  }
  if (text == rules_text_) return false;
  rules_text_ = text;
  rules_ = std::make_shared<const IgnoreRules>(IgnoreRules::parse(text));
  changes_.set_rules(rules_);
  return true;
}

bool HomeScan::left_out(const std::string& path, bool directory) const {
  return rules_->excludes_entry(path, directory) || (!own_directory_.empty() && path == own_directory_);
}

bool HomeScan::is_dirty(const std::string& path) const {
  return dirty_.everything || dirty_.directories.contains(path);
}

bool HomeScan::is_dirty_below(const std::string& path) const {
  if (dirty_.everything) return true;
  const auto next = dirty_.directories.lower_bound(path.empty() ? "" : path + "/");
  return next != dirty_.directories.end() && (path.empty() || next->starts_with(path + "/"));
}

Result<HomeScan::Summary> HomeScan::look(const FileDescriptor& directory, const std::string& path,
                                         Step step) {
  if (cancelled_) return failure(ErrorCode::cancelled, "The workspace stops.");
  auto old = index_.read(path);
  const DirectoryRecord before = old.value_or(DirectoryRecord{});
  DirectoryRecord now;
  if (!old || step.anew || is_dirty(path)) {
    changes_.watch(path, directory.get());
    auto listed = list(directory.get(), path, before, step);
    if (!listed) return std::unexpected(listed.error());
    now = std::move(*listed);
    forget_missing(before, now, path);
  } else {
    now = before;
    std::erase_if(now.entries, [&](RecordEntry& entry) {
      const auto child = joined(path, entry.name);
      if (entry.type != TreeEntryType::directory || !(is_dirty(child) || is_dirty_below(child))) return false;
      struct stat status{};
      const bool there = ::fstatat(directory.get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                         S_ISDIR(status.st_mode);
      const RecordEntry last = entry;
      // Gone by now: this directory's own event is on its way.
      return there && !take_directory(directory.get(), child, status, &last, entry, step);
    });
  }
  if (cancelled_) return failure(ErrorCode::cancelled, "The workspace stops.");
  const auto tree = tree_of(now);
  Summary summary{ObjectId::of(tree), 0, 0, 0};
  for (const auto& entry : now.entries) {
    const bool is_directory = entry.type == TreeEntryType::directory;
    summary.files += is_directory ? entry.files : entry.type == TreeEntryType::file;
    summary.directories += is_directory ? entry.directories + 1 : 0;
    summary.bytes += is_directory ? entry.bytes : entry.size;
  }
  if (!old || !(now == before)) {
    small_.keep(summary.tree, tree);
    index_.put(path, now);
  }
  return summary;
}

Result<DirectoryRecord> HomeScan::list(int directory, const std::string& path, const DirectoryRecord& old,
                                       Step step) {
  const auto names = sorted_names(directory);
  if (!names) return std::unexpected(net::error_of_errno(errno, readable(path)));
  problems_.erase(path);
  DirectoryRecord now;
  for (const auto& name : *names) {
    if (cancelled_) return failure(ErrorCode::cancelled, "The workspace stops.");
    const auto child = joined(path, name);
    struct stat status{};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;
      return std::unexpected(net::error_of_errno(errno, readable(child)));
    }
    if (left_out(child, S_ISDIR(status.st_mode))) continue;
    if (now.entries.size() >= protocol::most_tree_entries) {
      problem(path, "It has too many entries: those behind the first " +
                        std::to_string(protocol::most_tree_entries) + " are left out.");
      break;
    }
    RecordEntry entry;
    entry.name = name;
    entry.mode = status.st_mode & 07777u;
    entry.modified = nanoseconds(status.st_mtim);
    if (take_entry(directory, child, status, old.find(name), entry, step))
      now.entries.push_back(std::move(entry));
  }
  return now;
}

bool HomeScan::take_entry(int directory, const std::string& path, const struct stat& status,
                          const RecordEntry* old, RecordEntry& entry, Step step) {
  if (S_ISREG(status.st_mode)) {
    problems_.erase(path);
    return take_file(directory, path, status, old && old->type == TreeEntryType::file ? old : nullptr, entry);
  }
  if (S_ISDIR(status.st_mode)) {
    // Its own mode and times are the listed directory's business, what lies in it only where that changed.
    const bool known = old && old->type == TreeEntryType::directory && old->inode == status.st_ino;
    if (known && !step.anew && !is_dirty(path) && !is_dirty_below(path) && !problems_.contains(path)) {
      const auto mode = entry.mode;
      const auto modified = entry.modified;
      entry = *old;
      entry.mode = mode;
      entry.modified = modified;
      return true;
    }
    return take_directory(directory, path, status,
                          old && old->type == TreeEntryType::directory ? old : nullptr, entry, step);
  }
  problems_.erase(path);
  if (S_ISLNK(status.st_mode)) return take_symlink(directory, path, entry);
  return false;
}

bool HomeScan::take_directory(int parent, const std::string& path, const struct stat& status,
                              const RecordEntry* old, RecordEntry& entry, Step step) {
  const auto keep_old = [&](const std::string& reason) {
    problem(path, reason + (old ? " What was last stored of it is kept." : ""));
    if (!old) return false;
    const auto mode = status.st_mode & 07777u;
    entry = *old;
    entry.mode = mode;
    return true;
  };
  entry.type = TreeEntryType::directory;
  if (step.depth >= deepest_tree) return keep_old("It is nested too deeply.");
  auto fd = open_directory(parent, entry.name);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return false;
    return keep_old(errno == EACCES ? "The folder can't be read: its permissions forbid it."
                                    : net::error_of_errno(errno, readable(path)).message);
  }
  struct stat opened{};
  if (::fstat(fd.get(), &opened) != 0) opened = status;
  problems_.erase(path);
  auto summary = look(fd, path, {step.depth + 1, step.anew || !old || old->inode != opened.st_ino});
  if (!summary) return keep_old(summary.error().message);
  entry.mode = opened.st_mode & 07777u;
  entry.modified = nanoseconds(opened.st_mtim);
  entry.inode = opened.st_ino;
  entry.tree = summary->tree;
  entry.files = summary->files;
  entry.directories = summary->directories;
  entry.bytes = summary->bytes;
  return true;
}

bool HomeScan::take_symlink(int directory, const std::string& path, RecordEntry& entry) {
  std::array<char, 4097> target{};
  const auto length = ::readlinkat(directory, entry.name.c_str(), target.data(), target.size());
  if (length <= 0) return false;
  entry.type = TreeEntryType::symlink;
  entry.target.assign(target.data(), static_cast<std::size_t>(length));
  if (entry.target.size() > protocol::longest_symlink_target) {
    problem(path, "The link's target is too long.");
    return false;
  }
  return true;
}

// ---- files
// ---------------------------------------------------------------------------------------------------------

bool HomeScan::take_file(int directory, const std::string& path, const struct stat& status,
                         const RecordEntry* old, RecordEntry& entry) {
  entry.type = TreeEntryType::file;
  if (old && is_unchanged(*old, status)) {
    entry = *old;
    entry.mode = status.st_mode & 07777u;
    return true;
  }
  const auto began = std::chrono::steady_clock::now();
  const int attempts = resting_.contains(path) ? 0 : read_attempts;
  Outcome outcome{Outcome::changes, {}};
  for (int attempt = 0; attempt < attempts && outcome.kind == Outcome::changes; ++attempt)
    outcome = read_once(directory, path, entry);
  if (outcome.kind == Outcome::read) return true;
  if (outcome.kind == Outcome::gone) return false;
  if (outcome.kind == Outcome::changes) {
    const auto now = std::chrono::steady_clock::now();
    resting_.try_emplace(path, now + shortest_rest + 10 * (now - began));
    busy_.insert(path.substr(0, path.size() - std::min(path.size(), entry.name.size() + 1)));
    outcome.reason = changing;
  }
  problem(path, outcome.reason + (old ? " Its last stored content is kept." : " It is left out."));
  if (!old) return false;
  entry = *old;
  entry.mode = status.st_mode & 07777u;
  entry.changed = 0;
  return true;
}

HomeScan::Outcome HomeScan::read_once(int directory, const std::string& path, RecordEntry& entry) {
  struct stat status{}, after{};
  const FileDescriptor fd(
      ::openat(directory, entry.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd && (errno == ENOENT || errno == ELOOP)) return {Outcome::gone, {}};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return {Outcome::fails, errno == EACCES ? "The file can't be read: its permissions forbid it."
                                            : net::error_of_errno(errno, readable(path)).message};
  if (!S_ISREG(status.st_mode)) return {Outcome::gone, {}};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > largest_file) return {Outcome::fails, "The file is larger than 128 GiB."};
  const auto started = file_clock_now();
  auto chunks = read_file(fd.get(), size);
  if (!chunks && chunks.error().code == ErrorCode::conflict) return {Outcome::changes, {}};
  if (!chunks) return {Outcome::fails, chunks.error().message};
  if (::fstat(fd.get(), &after) != 0 || !same_file(status, after)) return {Outcome::changes, {}};
  entry.mode = after.st_mode & 07777u;
  entry.modified = nanoseconds(after.st_mtim);
  entry.size = size;
  entry.inode = after.st_ino;
  entry.changed = is_fresh(entry.modified, started) ? 0 : nanoseconds(after.st_ctim);
  entry.chunks = std::move(*chunks);
  return {Outcome::read, {}};
}

Result<std::vector<FileChunk>> HomeScan::read_file(int fd, std::uint64_t size) {
  std::uint64_t total = 0;
  auto chunks = cut_file(fd, [&](const FileChunk& chunk, std::string_view bytes) {
    total += chunk.size;
    if (size <= SmallObjects::largest) small_.keep(chunk.id, bytes);
    // Beyond its size it is another file by now; the caller sees that, too.
    return !cancelled_ && total <= size;
  });
  if (!chunks && chunks.error().code == ErrorCode::cancelled) return failure(ErrorCode::conflict, changing);
  if (chunks && total != size) return failure(ErrorCode::conflict, changing);
  return chunks;
}

void HomeScan::forget_missing(const DirectoryRecord& old, const DirectoryRecord& now,
                              const std::string& path) {
  for (const auto& entry : old.entries) {
    const auto* still = now.find(entry.name);
    const auto child = joined(path, entry.name);
    if (!still) problems_.erase(child);
    if (entry.type != TreeEntryType::directory || (still && still->type == TreeEntryType::directory))
      continue;
    index_.remove(child);
    changes_.forget(child);
    problems_.erase(problems_.lower_bound(child + "/"), problems_.lower_bound(child + "0"));
  }
}

void HomeScan::problem(const std::string& path, std::string reason) { problems_[path] = std::move(reason); }

// ---- looking without reading
// ---------------------------------------------------------------------------------------

std::set<std::string> HomeScan::differing(const std::set<std::string>& directories) {
  std::set<std::string> found;
  for (const auto& path : directories) {
    if (cancelled_) break;
    const auto record = index_.read(path);
    const auto fd = home_.open_at(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    const auto names = fd ? net::names_in(fd->get()) : std::nullopt;
    if (!record || !names) {
      found.insert(path);
      continue;
    }
    std::size_t known = 0;
    for (const auto& name : *names) {
      struct stat status{};
      if (::fstatat(fd->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (left_out(joined(path, name), S_ISDIR(status.st_mode))) continue;
      const auto* entry = record->find(name);
      const bool special = !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode);
      if (entry) ++known;
      const bool same =
          special || (entry && entry->mode == (status.st_mode & 07777u) &&
                      (entry->type == TreeEntryType::file ? is_unchanged(*entry, status)
                                                          : entry->modified == nanoseconds(status.st_mtim)));
      if (!same && !problems_.contains(joined(path, name))) found.insert(path);
    }
    if (known != record->entries.size()) found.insert(path);
  }
  return found;
}

}  // namespace berth::runner

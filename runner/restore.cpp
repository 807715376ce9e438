// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "runner/file_chunks.hpp"
#include "runner/home_scan.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::PathProblem;
using protocol::TreeEntryType;

constexpr std::size_t most_open_files = 1000;  // that a page reads from
constexpr std::size_t most_synced_files = 50;  // one by one; of more the whole disk is synced at the end

std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool same_chunks(const std::vector<FileChunk>& have, const WantedEntry& wanted) {
  return std::ranges::equal(have, wanted.chunks, {}, &FileChunk::id);
}

std::unexpected<Error> not_begun() {
  return failure(ErrorCode::conflict, "No restore is under way: restore/begin comes first.");
}

std::int64_t unix_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Restore::Restore(const net::HomeFiles& files, HomeIndex& index, SyncMarks& marks,
                 const std::string& state_directory, std::string own_directory)
    : files_(files),
      index_(index),
      marks_(marks),
      own_directory_(std::move(own_directory)),
      incoming_(state_directory + "/incoming"),
      places_(files),
      rules_(IgnoreRules::parse("")) {}

Result<void> Restore::begin(const protocol::RestoreBegin::Params& params, const IgnoreRules& rules) {
  auto path = net::normal_path(params.path);
  if (!path) return std::unexpected(path.error());
  if (params.version.empty() || params.version.size() > 200)
    return failure(ErrorCode::invalid_argument, "restore/begin.version: not of 1..200 characters");
  if (auto done = marks_.set_restoring(RestoringMark{{}, params.version, *path}); !done) return done;
  if (auto opened = incoming_.open(); !opened) return opened;
  path_ = *path;
  rules_ = rules;
  page_ = {};
  looked_at_ = 0;
  local_.clear();
  open_files_ = 0;
  incoming_problem_.clear();
  directories_.clear();
  kept_.clear();
  files_put_ = 0;
  begun_ = true;
  return {};
}

// ---- what is needed
// ------------------------------------------------------------------------------------------------

bool Restore::take_entry(const protocol::RestoreEntry& entry) {
  auto wanted = check_entry(entry, path_);
  if (wanted && !page_.entries.empty() && page_.entries.back().more) {
    auto continued = continue_entry(page_.entries.back(), std::move(*wanted));
    if (continued) return true;
    page_.entries.pop_back();
    wanted = std::unexpected(continued.error());
  }
  if (!wanted) {
    page_.problems.push_back({readable(entry.path), wanted.error().message});
    return false;
  }
  page_.chunks += wanted->chunks.size();
  kept_.insert(std::hash<std::string>()(wanted->path));
  page_.entries.push_back(std::move(*wanted));
  return true;
}

Result<protocol::RestoreEntries::Result> Restore::entries(const protocol::RestoreEntries::Params& params) {
  if (!begun_) return not_begun();
  if (params.entries.size() > most_entries || page_.entries.size() > most_waiting_entries ||
      page_.chunks > most_chunks)
    return failure(ErrorCode::too_large, "restore/entries: too many entries for one page");
  for (const auto& entry : params.entries) (void)take_entry(entry);
  // One whose chunks go on in the next message is looked at then.
  const auto whole = page_.entries.size() - (!page_.entries.empty() && page_.entries.back().more ? 1 : 0);
  const auto first = std::min(looked_at_, whole);
  for (auto i = first; i < whole; ++i) look_at(page_.entries[i]);
  std::unordered_set<ObjectId> missing;
  const auto is_missing = [&](const ObjectId& id) { return !incoming_.has(id) && !local_.contains(id); };
  for (auto i = first; i < whole; ++i) {
    if (page_.right.contains(page_.entries[i].path)) continue;
    for (const auto& id : page_.entries[i].chunks)
      if (is_missing(id)) missing.insert(id);
  }
  look_elsewhere(missing);
  protocol::RestoreEntries::Result result;
  // In the files' order, so that what is stored together is read together.
  for (auto i = first; i < whole; ++i)
    for (const auto& id : page_.entries[i].chunks)
      if (missing.erase(id) != 0) result.needed.push_back(id.hex());
  looked_at_ = whole;
  places_.close_parent();
  return result;
}

void Restore::look_at(const WantedEntry& entry) {
  if (entry.type != TreeEntryType::file || entry.chunks.empty()) return;
  auto file = places_.open_file(entry.path);
  struct stat status{};
  if (!file || ::fstat(file->get(), &status) != 0 || status.st_size == 0) return;
  const auto [directory, name] = split(entry.path);
  const auto record = index_.read(directory);
  const auto* known = record ? record->find(name) : nullptr;
  std::vector<FileChunk> chunks;
  if (known && known->type == TreeEntryType::file && is_unchanged(*known, status)) {
    chunks = known->chunks;
  } else {
    auto cut = cut_file(file->get());
    if (!cut) return;
    chunks = std::move(*cut);
  }
  if (same_chunks(chunks, entry)) {
    page_.right.insert(entry.path);
    for (const auto& chunk : chunks) sizes_[chunk.id] = chunk.size;
  } else {
    offer(std::make_shared<net::FileDescriptor>(std::move(*file)), chunks);
  }
}

void Restore::offer(const std::shared_ptr<net::FileDescriptor>& file, const std::vector<FileChunk>& chunks) {
  if (open_files_ >= most_open_files) return;
  ++open_files_;
  std::uint64_t offset = 0;
  for (const auto& chunk : chunks) {
    local_.try_emplace(chunk.id, LocalChunk{file, offset, chunk.size});
    offset += chunk.size;
  }
}

/// Moved and copied files: whatever the index knows to hold a chunk.
void Restore::look_elsewhere(std::unordered_set<ObjectId>& missing) {
  if (missing.empty()) return;
  index_.for_each([&](const std::string& directory, const DirectoryRecord& record) {
    for (const auto& entry : record.entries) {
      if (std::ranges::none_of(entry.chunks, [&](const auto& chunk) { return missing.contains(chunk.id); }))
        continue;
      auto file = files_.directory().open_at(directory.empty() ? entry.name : directory + "/" + entry.name,
                                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      struct stat status{};
      if (!file || ::fstat(file->get(), &status) != 0 || !is_unchanged(entry, status)) continue;
      offer(std::make_shared<net::FileDescriptor>(std::move(*file)), entry.chunks);
      for (const auto& chunk : entry.chunks)
        if (local_.contains(chunk.id)) missing.erase(chunk.id);
    }
    return !missing.empty() && open_files_ < most_open_files;
  });
}

void Restore::add(const protocol::StoredObject& object) {
  if (!begun_ || !incoming_problem_.empty()) return;
  if (auto added = incoming_.add(object); !added) incoming_problem_ = added.error().message;
}

// ---- putting in place
// ----------------------------------------------------------------------------------------------

std::string Restore::chunk(const ObjectId& id) {
  auto bytes = incoming_.get(id);
  if (const auto found = local_.find(id); bytes.empty() && found != local_.end())
    bytes = read_chunk(found->second.file->get(), found->second.offset, {id, found->second.size});
  if (!bytes.empty()) sizes_[id] = static_cast<std::uint32_t>(bytes.size());
  return bytes;
}

Result<void> Restore::put(const WantedEntry& entry, Written& written) {
  if (entry.type == TreeEntryType::directory) {
    directories_.push_back(entry);
    return places_.put_directory(entry);
  }
  if (entry.type == TreeEntryType::symlink) return places_.put_symlink(entry);
  if (entry.more) return failure(ErrorCode::invalid_argument, "The rest of its parts was not announced.");
  auto status =
      page_.right.contains(entry.path)
          ? places_.touch_file(entry)
          : places_.put_file(
                entry, [this](const ObjectId& id) { return chunk(id); }, ++files_put_ <= most_synced_files);
  if (!status) {
    if (status.error().code == ErrorCode::not_found && !incoming_problem_.empty())
      return failure(ErrorCode::limit_exceeded, incoming_problem_);
    return std::unexpected(status.error());
  }
  note_in_index(entry, *status);
  written.paths.push_back(entry.path);
  return {};
}

Result<Restore::Written> Restore::write() {
  if (!begun_) return not_begun();
  Written written;
  written.problems = std::move(page_.problems);
  for (const auto& entry : page_.entries)
    if (auto done = put(entry, written); !done)
      written.problems.push_back({readable(entry.path), done.error().message});
  places_.close_parent();
  page_ = {};
  looked_at_ = 0;
  local_.clear();
  open_files_ = 0;
  finish_index();
  // Not synced yet: should the machine die, whoever goes on compares what is there and asks for the rest.
  incoming_.clear();
  incoming_problem_.clear();
  return written;
}

/// So that the next snapshot need not read what was just written.
void Restore::note_in_index(const WantedEntry& entry, const struct stat& status) {
  auto [directory, name] = split(entry.path);
  RecordEntry record;
  record.name = std::move(name);
  record.mode = status.st_mode & 07777u;
  record.modified = nanoseconds(status.st_mtim);
  record.size = static_cast<std::uint64_t>(status.st_size);
  record.inode = status.st_ino;
  record.changed = nanoseconds(status.st_ctim);
  // The entry does not say how long chunks are; what was used does.
  std::uint64_t total = 0;
  for (const auto& id : entry.chunks) {
    const auto size = sizes_.find(id);
    if (size == sizes_.end()) return;
    record.chunks.push_back({id, size->second});
    total += size->second;
  }
  if (total == record.size) written_records_[directory].push_back(std::move(record));
}

void Restore::finish_index() {
  for (auto& [directory, entries] : written_records_) {
    auto record = index_.read(directory).value_or(DirectoryRecord{});
    for (auto& entry : entries) {
      const auto at = std::ranges::lower_bound(record.entries, entry.name, {}, &RecordEntry::name);
      if (at != record.entries.end() && at->name == entry.name)
        *at = std::move(entry);
      else
        record.entries.insert(at, std::move(entry));
    }
    index_.put(directory, record);
  }
  written_records_.clear();
  sizes_.clear();
  index_.flush();
}

Result<protocol::RestoreEnd::Result> Restore::end(const protocol::RestoreEnd::Params& params,
                                                  const IgnoreRules& rules) {
  if (!begun_) return not_begun();
  if (!page_.entries.empty())
    return failure(ErrorCode::conflict, "restore/end: restore/write has not put the last entries in place");
  if (!params.root.empty() && !ObjectId::from_hex(params.root))
    return failure(ErrorCode::invalid_argument, "restore/end.root: not an object's id");
  protocol::RestoreEnd::Result result;
  if (params.remove_others)
    places_.move_others(path_, kept_, {&rules_, &rules}, own_directory_, result.problems);
  // Children first: a directory that becomes read-only can't be entered to set its children's times.
  for (auto entry = directories_.rbegin(); entry != directories_.rend(); ++entry)
    if (auto done = places_.finish_directory(*entry); !done)
      result.problems.push_back({readable(entry->path), done.error().message});
  places_.close_parent();
  // A few files have been synced by themselves: the disk may be busy with what others write.
  const int home = files_.directory().fd();
  if ((files_put_ > most_synced_files ? ::syncfs(home) : ::fsync(home)) != 0)
    return std::unexpected(net::error_of_errno(errno, "The home directory"));
  if (!params.root.empty())
    if (auto done = marks_.set_stored({{}, params.version, params.root, unix_milliseconds()}); !done)
      return std::unexpected(done.error());
  if (auto done = marks_.set_restoring(std::nullopt); !done) return std::unexpected(done.error());
  incoming_.remove();
  begun_ = false;
  directories_.clear();
  kept_.clear();
  return result;
}

}  // namespace berth::runner

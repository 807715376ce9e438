// SPDX-License-Identifier: GPL-3.0-or-later
// Announced entries and the end; what is here already is looked for in restore_looking.cpp.
#include "runner/restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "runner/fault_points.hpp"
#include "runner/file_chunks.hpp"
#include "runner/home_path.hpp"
#include "runner/home_scan.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

constexpr std::size_t most_synced_files = 50;     // one by one; of more the whole disk is synced
constexpr std::size_t most_noted_entries = 4000;  // before the index is written

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
      places_(files),
      rules_(IgnoreRules::parse("")),
      incoming_(state_directory + "/incoming") {}

Result<void> Restore::begin(const protocol::RestoreBegin::Params& params, const IgnoreRules& rules) {
  auto path = net::normal_path(params.path);
  if (!path) return std::unexpected(path.error());
  if (params.version.empty() || params.version.size() > 200)
    return failure(ErrorCode::invalid_argument, "restore/begin.version: not of 1..200 characters");
  // What an earlier life put in place counts as right now, and may not be on the disk.
  sync_everything_ = marks_.restoring().has_value();
  if (auto done = marks_.set_restoring(RestoringMark{{}, params.version, *path}); !done) return done;
  if (auto opened = incoming_.open(); !opened) return opened;
  fault_point("restore.begun");
  path_ = *path;
  rules_ = rules;
  places_.begin();
  (void)waiting_.take_all();
  partial_.reset();
  local_.clear();
  lost_.clear();
  waiting_again_ = 0;
  known_.reset();
  incoming_problem_.clear();
  written_ = {};
  unreported_ = false;
  directories_.clear();
  kept_.clear();
  unsynced_.clear();
  unsynced_directories_.clear();
  begun_ = true;
  return {};
}

// ---- announced entries
// -----------------------------------------------------------------------------------------------

void Restore::take_entry(const protocol::RestoreEntry& entry, std::vector<Announced>& announced) {
  auto wanted = check_entry(entry, path_);
  if (wanted && partial_) {
    auto continued = continue_entry(*partial_, std::move(*wanted));
    if (continued && !partial_->more) announced.push_back({std::move(*partial_)});
    if (!continued || !partial_->more) partial_.reset();
    if (continued) return;
    wanted = std::unexpected(std::move(continued.error()));
  }
  if (!wanted) {
    written_.problems.push_back({readable(entry.path), std::move(wanted.error().message)});
    return;
  }
  kept_.insert(std::hash<std::string>()(wanted->path));
  if (wanted->more)
    partial_ = std::move(*wanted);
  else
    announced.push_back({std::move(*wanted)});
}

Result<protocol::RestoreEntries::Result> Restore::entries(const protocol::RestoreEntries::Params& params) {
  if (!begun_) return not_begun();
  const auto chunks = waiting_.chunks() + (partial_ ? partial_->chunks.size() : 0);
  if (params.entries.size() > most_entries || waiting_.size() > most_waiting_entries || chunks > most_chunks)
    return failure(ErrorCode::too_large, "restore/entries: too many entries for one page");
  unreported_ = true;
  // One whose chunks go on in the next message is looked at then.
  std::vector<Announced> announced;
  announced.reserve(params.entries.size());
  for (const auto& entry : params.entries) take_entry(entry, announced);
  for (auto& one : announced) look_at(one);
  std::unordered_set<ObjectId> missing;
  const auto for_each_missing = [&](const auto& visit) {
    for (const auto& one : announced)
      if (!one.right)
        for (const auto& id : one.entry.chunks) visit(id);
  };
  for_each_missing([&](const ObjectId& id) {
    if (!is_here(id)) missing.insert(id);
  });
  look_elsewhere(missing);
  protocol::RestoreEntries::Result result;
  result.needed.reserve(missing.size());
  // In the files' order, so that what is stored together is read together.
  for_each_missing([&](const ObjectId& id) {
    if (missing.erase(id) == 0) return;
    result.needed.push_back(id.hex());
    if (const auto lost = lost_.find(id); lost != lost_.end()) lost->second = true;
  });
  place_or_wait(std::move(announced));
  ask_for_lost(result.needed);
  places_.close_parent();
  last_record_ = {};
  return result;
}

void Restore::place_or_wait(std::vector<Announced> announced) {
  std::vector<WaitingEntries::Number> complete;
  for (auto& [entry, right] : announced) {
    if (right || entry.chunks.empty()) {
      place(entry, std::move(right));
      continue;
    }
    std::vector<ObjectId> lacking;
    std::unordered_set<ObjectId> seen;
    for (const auto& id : entry.chunks)
      if (!is_here(id) && (entry.chunks.size() == 1 || seen.insert(id).second)) lacking.push_back(id);
    const auto number = waiting_.add(std::move(entry), lacking);
    if (lacking.empty()) complete.push_back(number);
  }
  // When all of them are known to use it: what one replaces may hold what another needs.
  for (const auto number : complete) place_waiting({waiting_.take(number)});
  // Nothing more is taken until the next write: what waits would only use up the room of what is announced.
  if (!incoming_problem_.empty())
    for (const auto& entry : waiting_.take_all()) place(entry);
  std::erase_if(local_, [&](const auto& chunk) { return !waiting_.uses(chunk.first); });
}

void Restore::add(protocol::StoredObject object) {
  if (!begun_ || !incoming_problem_.empty() || !waiting_.uses(object.id)) return;
  const auto id = object.id;
  lost_.erase(id);
  if (auto added = incoming_.add(std::move(object)); !added) {
    incoming_problem_ = added.error().message;
    return;
  }
  place_waiting(waiting_.take_complete(id));
}

// ---- putting in place
// ----------------------------------------------------------------------------------------------

std::string Restore::chunk(const ObjectId& id) {
  auto bytes = incoming_.get(id);
  const auto found = local_.find(id);
  if (!bytes.empty() || found == local_.end()) return bytes;
  bytes = read_chunk(found->second.file->fd.get(), found->second.offset, {id, found->second.size});
  if (!bytes.empty()) return bytes;
  // It was written since it was looked at: nothing else that was seen in it is believed either.
  const auto file = found->second.file;
  std::erase_if(local_, [&](const auto& local) {
    return local.second.file == file && (lost_.insert_or_assign(local.first, false), true);
  });
  return bytes;
}

bool Restore::wait_again(const WantedEntry& entry, const Error& error) {
  if (error.code != ErrorCode::not_found || waiting_again_ >= most_waiting_again) return false;
  std::vector<ObjectId> lacking;
  std::unordered_set<ObjectId> seen;
  for (const auto& id : entry.chunks)
    if (!is_here(id) && seen.insert(id).second) lacking.push_back(id);
  if (lacking.empty() || !std::ranges::all_of(lacking, [&](const auto& id) { return lost_.contains(id); }))
    return false;
  ++waiting_again_;
  waiting_.add(entry, lacking);
  return true;
}

void Restore::ask_for_lost(std::vector<std::string>& needed) {
  for (auto& [id, asked] : lost_)
    if (!asked && !is_here(id) && waiting_.uses(id)) {
      asked = true;
      needed.push_back(id.hex());
    }
}

Error Restore::why_not_placed(const WantedEntry& entry, Error error) const {
  if (error.code != ErrorCode::not_found) return error;
  if (!incoming_problem_.empty()) return {ErrorCode::limit_exceeded, incoming_problem_};
  const bool changed = std::ranges::any_of(entry.chunks, [&](const auto& id) {
    const auto lost = lost_.find(id);
    return lost != lost_.end() && !lost->second && !is_here(id);
  });
  if (changed) error.message = "A file that held a part of it was changed meanwhile: restore it once more.";
  return error;
}

void Restore::place_waiting(const std::vector<WantedEntry>& entries) {
  for (const auto& entry : entries)
    if (auto done = put(entry, {}); !done && !wait_again(entry, done.error()))
      written_.problems.push_back({readable(entry.path), std::move(done.error().message)});
  // Only now: several of them may be made of the same chunk.
  for (const auto& entry : entries)
    for (const auto& id : entry.chunks) {
      if (waiting_.uses(id)) continue;
      incoming_.forget(id);
      local_.erase(id);
    }
}

void Restore::place(const WantedEntry& entry, std::optional<RightFile> right) {
  if (auto done = put(entry, std::move(right)); !done)
    written_.problems.push_back({readable(entry.path), std::move(done.error().message)});
}

/// `right`: of the file at the path, when its content is right.
Result<void> Restore::put(const WantedEntry& entry, std::optional<RightFile> right) {
  if (entry.type == TreeEntryType::directory) {
    directories_.push_back(entry);
    return places_.put_directory(entry);
  }
  if (entry.type == TreeEntryType::symlink) return places_.put_symlink(entry);
  std::vector<FileChunk> chunks;
  auto placed =
      right ? places_.touch_file(entry, right->seen) : places_.put_file(entry, [&](const ObjectId& id) {
        auto bytes = chunk(id);
        chunks.push_back({id, static_cast<std::uint32_t>(bytes.size())});
        return bytes;
      });
  if (!placed) return std::unexpected(why_not_placed(entry, std::move(placed.error())));
  if (right && right->fresh) placed->certain = false;
  note_in_index(entry, *placed, right ? std::move(right->chunks) : std::move(chunks));
  if (!right) remember_to_sync(entry.path, std::move(placed->fd));
  written_.paths.push_back(entry.path);
  return {};
}

Result<Restore::Written> Restore::write() {
  if (!begun_) return not_begun();
  // What lacks a chunk now will not get it any more.
  for (const auto& entry : waiting_.take_all()) place(entry);
  if (partial_)
    written_.problems.push_back({readable(partial_->path), "The rest of its parts was not announced."});
  partial_.reset();
  places_.close_parent();
  local_.clear();
  lost_.clear();
  waiting_again_ = 0;
  finish_index();
  fault_point("restore.page_written");
  // Not synced yet: should the machine die, whoever goes on compares what is there and asks for the rest.
  incoming_.clear();
  incoming_problem_.clear();
  unreported_ = false;
  return std::exchange(written_, {});
}

/// So that the next snapshot need not read what was just written. An entry does not say how long its chunks
/// are; what was used does. What a program may have written since is read all the same.
void Restore::note_in_index(const WantedEntry& entry, const RestoreFiles::Placed& placed,
                            std::vector<FileChunk> chunks) {
  const auto& status = placed.status;
  auto [directory, name] = split(entry.path);
  RecordEntry record;
  record.name = std::move(name);
  record.mode = status.st_mode & 07777u;
  record.modified = nanoseconds(status.st_mtim);
  record.size = static_cast<std::uint64_t>(status.st_size);
  record.inode = status.st_ino;
  record.changed = placed.certain ? nanoseconds(status.st_ctim) : 0;
  record.chunks = std::move(chunks);
  written_records_[directory].push_back(std::move(record));
  if (++written_entries_ >= most_noted_entries) finish_index();
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
  written_entries_ = 0;
  index_.flush();
}

// ---- the end
// -------------------------------------------------------------------------------------------------------

void Restore::remember_to_sync(const std::string& path, net::FileDescriptor fd) {
  if (sync_everything_) return;
  unsynced_.push_back(std::move(fd));
  unsynced_directories_.insert(split(path).first);
  if (unsynced_.size() <= most_synced_files) return;
  sync_everything_ = true;
  unsynced_.clear();
  unsynced_directories_.clear();
}

/// A few files are synced by themselves: the disk may be busy with what others write.
Result<void> Restore::sync() {
  const auto failed = [] { return std::unexpected(net::error_of_errno(errno, "The home directory")); };
  const int home = files_.directory().fd();
  if (sync_everything_) return ::syncfs(home) == 0 ? Result<void>() : failed();
  // All are on their way before the first is waited for: the disk's journal is then written once.
  for (const auto& fd : unsynced_) (void)::sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  for (const auto& fd : unsynced_)
    if (::fsync(fd.get()) != 0) return failed();
  for (const auto& directory : unsynced_directories_)
    if (auto done = places_.sync_directory(directory); !done) return done;
  return ::fsync(home) == 0 ? Result<void>() : failed();
}

Result<protocol::RestoreEnd::Result> Restore::end(const protocol::RestoreEnd::Params& params,
                                                  const IgnoreRules& rules) {
  if (!begun_) return not_begun();
  if (unreported_)
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
  if (auto done = sync(); !done) return std::unexpected(std::move(done.error()));
  fault_point("restore.synced");
  if (!params.root.empty())
    if (auto done = marks_.set_stored({{}, params.version, params.root, unix_milliseconds()}); !done)
      return std::unexpected(done.error());
  fault_point("restore.marked");
  if (auto done = marks_.set_restoring(std::nullopt); !done) return std::unexpected(done.error());
  incoming_.remove();
  begun_ = false;
  places_.begin();
  directories_.clear();
  kept_.clear();
  unsynced_.clear();
  unsynced_directories_.clear();
  known_.reset();
  return result;
}

}  // namespace berth::runner

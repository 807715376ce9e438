// SPDX-License-Identifier: GPL-3.0-or-later
// Bringing a backup back.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "protocol/object_id.hpp"
#include "server/backup.hpp"
#include "server/backup_archive.hpp"
#include "server/blob_keys.hpp"
#include "server/bounded_parallel.hpp"
#include "server/data_folder.hpp"
#include "server/metadata_copy.hpp"
#include "server/opened_metadata.hpp"
#include "server/storage_claim.hpp"
#include "server/stores/sql_database.hpp"
#include "server/stores/sqlite_database.hpp"
#include "server/stores/sqlite_store.hpp"

namespace berth::server {
namespace {

constexpr std::size_t restore_piece = 1u << 20;  // bytes
constexpr int newest_format = 1;
constexpr std::size_t blobs_together = 64, bytes_together = 32u << 20;  // read before they are put
constexpr std::size_t puts_at_once = 4;

/// More than what a restore that did not end left behind.
bool holds_something(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (const auto name = entry.path().filename();
        name != "lock" && name != "blobs" && entry.path().extension() != ".restored")
      return true;
  return false;
}

std::unexpected<Error> write_failure(const std::filesystem::path& what) {
  return failure(ErrorCode::unavailable, what.string() + " can't be written: " + std::strerror(errno) + ".");
}

class BackupRestore {
 public:
  /// `postgresql`: to fill, where the metadata lies there; else null.
  BackupRestore(const Config& config, BlobStore& blobs, SqlDatabase* postgresql, bool replace)
      : config_(config), blobs_(blobs), postgresql_(postgresql), replace_(replace) {}
  ~BackupRestore() {
    for (const auto& name : drafts_) ::unlink(draft(name).c_str());
  }

  Result<void> take(const BackupEntry& entry) {
    if (entry.name == backup_description) return take_description(entry);
    if (entry.name == backup_database || entry.name == "server.key" || entry.name == "storage.key")
      return take_file(entry);
    if (!entry.name.starts_with(backup_blobs))
      return failure(ErrorCode::invalid_argument, "The backup holds something unknown: " + entry.name + ".");
    return take_blob(entry);
  }

  /// All or, as far as renames go, nothing: the database last, since it is what makes a data folder.
  Result<BackupSummary> finish() {
    if (auto put = put_waiting(); !put) return std::unexpected(put.error());
    for (const auto* name : {backup_database, "server.key"})
      if (std::ranges::find(drafts_, name) == drafts_.end())
        return failure(ErrorCode::invalid_argument,
                       std::string("The backup is not complete: ") + name + " is missing.");
    if (auto sound = try_database(); !sound) return std::unexpected(sound.error());
    if (postgresql_ != nullptr) {
      if (auto filled = fill_postgresql(); !filled) return std::unexpected(filled.error());
    } else {
      for (const auto* beside : {"-wal", "-shm"})
        ::unlink((config_.data / (std::string(backup_database) + beside)).c_str());
    }
    for (const auto* name : {"storage.key", "server.key", backup_database})
      if (std::erase(drafts_, name) > 0 && ::rename(draft(name).c_str(), (config_.data / name).c_str()) != 0)
        return write_failure(config_.data / name);
    const net::FileDescriptor folder(::open(config_.data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) return write_failure(config_.data);
    return summary_;
  }

 private:
  std::filesystem::path draft(const std::string& name) const { return config_.data / (name + ".restored"); }

  Result<void> take_description(const BackupEntry& entry) {
    const auto text = entry.all();
    if (!text) return std::unexpected(text.error());
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object() || !json.contains("berth_backup") || !json["berth_backup"].is_number_integer())
      return failure(ErrorCode::invalid_argument, "This is no backup of Berth.");
    if (json["berth_backup"].get<int>() > newest_format)
      return failure(ErrorCode::unsupported, "The backup was made by a newer berthd; install that release.");
    return {};
  }

  Result<void> take_file(const BackupEntry& entry) {
    const auto path = draft(entry.name);
    const net::FileDescriptor fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return write_failure(path);
    drafts_.push_back(entry.name);
    std::uint64_t written = 0;
    for (;;) {
      const auto bytes = entry.read(restore_piece);
      if (!bytes) return std::unexpected(bytes.error());
      if (bytes->empty()) break;
      for (std::size_t done = 0; done < bytes->size();) {
        const auto some = ::write(fd.get(), bytes->data() + done, bytes->size() - done);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) return write_failure(path);
        done += static_cast<std::size_t>(some);
      }
      written += bytes->size();
    }
    if (written != entry.size)
      return failure(ErrorCode::invalid_argument,
                     "The backup is damaged: " + entry.name + " is not complete.");
    if (::fsync(fd.get()) != 0) return write_failure(path);
    return {};
  }

  Result<void> take_blob(const BackupEntry& entry) {
    const auto key = entry.name.substr(std::string_view(backup_blobs).size());
    const auto name = parse_blob_key(key);
    if (!name)
      return failure(ErrorCode::invalid_argument, "The backup holds something unknown: " + entry.name + ".");
    auto bytes = entry.all();
    if (!bytes) return std::unexpected(bytes.error());
    if (name->is_pack) {
      ++summary_.packs;
      summary_.bytes += bytes->size();
      if (protocol::ObjectId::of(*bytes).hex() != name->pack) {
        summary_.problems.push_back("pack " + key + " is damaged in the backup");
        // What is left of it is better than nothing, but not than the one that may lie there.
        const auto there = blobs_.stat(key);
        if (!there) return std::unexpected(there.error());
        if (*there) return {};
      }
    } else {
      ++summary_.versions;
    }
    ++summary_.copied;
    waiting_.emplace_back(key, std::move(*bytes));
    waiting_bytes_ += waiting_.back().second.size();
    return waiting_.size() < blobs_together && waiting_bytes_ < bytes_together ? Result<void>()
                                                                               : put_waiting();
  }

  Result<void> put_waiting() {
    const auto blobs = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    return in_parallel(blobs.size(), puts_at_once,
                       [&](std::size_t i) { return blobs_.put(blobs[i].first, blobs[i].second); });
  }

  /// A database that this release can't open must not replace one that it can.
  Result<void> try_database() {
    auto store = open_sqlite_store(draft(backup_database));
    if (!store) return std::unexpected(store.error());
    if (auto good = (*store)->check(); !good) return good;
    if (auto known = adopt_storage(**store, blobs_); !known) return known;
    store->reset();
    for (const auto* beside : {"-wal", "-shm"}) ::unlink((draft(backup_database).string() + beside).c_str());
    return {};
  }

  /// The rows go where the metadata lies, in one transaction; the draft is removed with the others.
  Result<void> fill_postgresql() {
    auto from = SqliteDatabase::open(draft(backup_database));
    if (!from) return std::unexpected(from.error());
    const auto copied = copy_metadata(**from, *postgresql_, replace_);
    if (!copied) return std::unexpected(copied.error());
    std::erase(drafts_, backup_database);
    from->reset();
    for (const auto* ending : {"", "-wal", "-shm"})
      ::unlink((draft(backup_database).string() + ending).c_str());
    return {};
  }

  const Config& config_;
  BlobStore& blobs_;
  SqlDatabase* const postgresql_;
  const bool replace_;
  std::vector<std::string> drafts_;
  std::vector<std::pair<std::string, std::string>> waiting_;  // blobs, to be put together
  std::size_t waiting_bytes_ = 0;
  BackupSummary summary_;
};

/// The database to fill, for nobody else from now on; null where the metadata is a file. Asked for before
/// anything is put anywhere.
Result<std::unique_ptr<SqlDatabase>> hold_postgresql(const Config& config, bool replace) {
  if (!uses_postgresql(config)) return nullptr;
  auto database = open_metadata_database(config, MetadataUse::alone);
  if (!database || replace) return database;
  if (auto empty = require_empty(**database); !empty) return std::unexpected(empty.error());
  return database;
}

}  // namespace

Result<BackupSummary> restore_backup(const Config& config, const std::filesystem::path& source,
                                     bool replace) {
  std::error_code ignored;
  if (!std::filesystem::exists(source, ignored))
    return failure(ErrorCode::not_found, "There is no backup at " + source.string() + ".");
  auto lock = take_data_folder(config.data);
  if (!lock) return std::unexpected(lock.error());
  if (!replace && holds_something(config.data))
    return failure(ErrorCode::conflict, "The data folder " + config.data.string() +
                                            " is not empty; name another with --data, or replace what is in "
                                            "it with --replace.");
  const auto postgresql = hold_postgresql(config, replace);
  if (!postgresql) return std::unexpected(postgresql.error());
  auto blobs = make_blob_store(config.storage, config.data);
  if (!blobs) return std::unexpected(blobs.error());
  if (auto good = (*blobs)->check(); !good) return std::unexpected(good.error());
  BackupRestore restore(config, **blobs, postgresql->get(), replace);
  if (auto read = read_backup(source, [&](const BackupEntry& entry) { return restore.take(entry); }); !read)
    return std::unexpected(read.error());
  return restore.finish();
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backup.hpp"

#include <sqlite3.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "protocol/object_id.hpp"
#include "protocol/version.hpp"
#include "server/backup_archive.hpp"
#include "server/blob_keys.hpp"
#include "server/bounded_parallel.hpp"
#include "server/clock.hpp"
#include "server/exported_versions.hpp"
#include "server/fault_points.hpp"
#include "server/metadata_copy.hpp"
#include "server/random_id.hpp"
#include "server/stores/sqlite_database.hpp"
#include "server/stores/sqlite_store.hpp"

namespace berth::server {
namespace {

constexpr int format = 1;
constexpr std::int64_t backup_hold = 600'000;  // ms; renewed with every few packs
constexpr std::size_t backup_versions_page = 500;
constexpr std::size_t packs_at_once = 4;  // in memory, some 9 MiB each

/// A folder inside the data folder for the copy of the database; gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& data) {
    remove_old(data);
    std::string name = data / "backup-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  /// Of backups that were killed.
  static void remove_old(const std::filesystem::path& data) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(data, error)) {
      const auto age = std::filesystem::file_time_type::clock::now() - entry.last_write_time(error);
      if (entry.path().filename().string().starts_with("backup-") && age > std::chrono::hours(24))
        std::filesystem::remove_all(entry.path(), error);
    }
  }

  std::filesystem::path path_;
};

Result<std::string> small_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return failure(ErrorCode::internal, path.string() + " can't be read.");
  return text.str();
}

std::string description() {
  return nlohmann::json{{"berth_backup", format},
                        {"release", std::string(protocol::release)},
                        {"made", readable_time(system_clock_now())}}
             .dump() +
         "\n";
}

class Backup {
 public:
  Backup(OpenedStorage& live, MetadataStore& snapshot, BackupWriter& writer, const std::string& hold)
      : live_(live), snapshot_(snapshot), writer_(writer), hold_(hold) {}

  Result<BackupSummary> copy_blobs() {
    const auto owners = snapshot_.packs().owners();
    if (!owners) return std::unexpected(owners.error());
    for (const auto& owner : *owners) {
      const auto packs = snapshot_.packs().settle(owner, system_clock_now());
      if (!packs) return std::unexpected(packs.error());
      if (auto done = copy_packs(*packs); !done) return std::unexpected(done.error());
      if (auto done = copy_versions(owner); !done) return std::unexpected(done.error());
    }
    return summary_;
  }

 private:
  Result<void> copy_packs(const std::vector<PackRecord>& packs) {
    std::vector<const PackRecord*> some;
    for (const auto& pack : packs) {
      if (pack.doomed != 0) continue;
      ++summary_.packs;
      summary_.bytes += pack.size;
      const auto there = writer_.has(pack_key(pack.owner, pack.name), pack.size);
      if (!there) return std::unexpected(there.error());
      if (!*there) some.push_back(&pack);
      if (some.size() < packs_at_once) continue;
      if (auto copied = copy_some(std::exchange(some, {})); !copied) return copied;
    }
    return copy_some(some);
  }

  /// Read together, written one after the other.
  Result<void> copy_some(const std::vector<const PackRecord*>& packs) {
    if (packs.empty()) return {};
    if (auto held = live_.store->blobs().hold(hold_, system_clock_now() + backup_hold); !held) return held;
    std::vector<Result<std::string>> found(packs.size());
    auto read = in_parallel(packs.size(), packs.size(), [&](std::size_t i) -> Result<void> {
      found[i] = live_.blobs->get(pack_key(packs[i]->owner, packs[i]->name));
      if (found[i] || found[i].error().code == ErrorCode::not_found) return {};
      return std::unexpected(found[i].error());
    });
    if (!read) return read;
    for (std::size_t i = 0; i < packs.size(); ++i) {
      fault_point("backup.pack");
      const auto key = pack_key(packs[i]->owner, packs[i]->name);
      const auto& bytes = found[i];
      if (!bytes || protocol::ObjectId::of(*bytes).hex() != packs[i]->name)
        summary_.problems.push_back("pack " + key + (bytes ? " is damaged" : " is missing"));
      if (!bytes) continue;
      ++summary_.copied;
      if (auto put = writer_.put_blob(key, *bytes); !put) return put;
    }
    return {};
  }

  /// Written from the rows, so that database and descriptions agree.
  Result<void> copy_versions(const std::string& owner) {
    const auto workspaces = snapshot_.versions().workspaces(owner);
    if (!workspaces) return std::unexpected(workspaces.error());
    for (const auto& workspace : *workspaces) {
      for (std::int64_t before = 0;;) {
        const auto page = snapshot_.versions().list(workspace, before, backup_versions_page);
        if (!page) return std::unexpected(page.error());
        if (page->empty()) break;
        before = page->back().created;
        for (const auto& version : *page) {
          const auto bytes = encode_version(version, live_.sealing);
          if (auto put = writer_.put_blob(version_key(owner, workspace, version.id), bytes); !put) return put;
          ++summary_.versions;
        }
      }
    }
    return {};
  }

  OpenedStorage& live_;
  MetadataStore& snapshot_;
  BackupWriter& writer_;
  const std::string& hold_;
  BackupSummary summary_;
};

/// A backup holds an SQLite file, wherever the metadata lies.
Result<void> copy_live_database(const Config& config, const std::filesystem::path& copy) {
  if (!uses_postgresql(config)) return copy_database(config.data / backup_database, copy);
  auto live = open_metadata_database(config, MetadataUse::shared);
  if (!live) return std::unexpected(live.error());
  auto target = SqliteDatabase::open(copy);
  if (!target) return std::unexpected(target.error());
  auto copied = copy_metadata(**live, **target);
  if (!copied) return std::unexpected(copied.error());
  return {};
}

Result<BackupSummary> write_backup(const Config& config, OpenedStorage& live, BackupWriter& writer,
                                   const std::string& hold) {
  if (auto put = writer.put(backup_description, description()); !put) return std::unexpected(put.error());
  const Scratch scratch(config.data);
  if (scratch.path().empty())
    return failure(ErrorCode::unavailable, "The data folder has no room for a copy of the database.");
  const auto copy = scratch.path() / backup_database;
  if (auto copied = copy_live_database(config, copy); !copied) return std::unexpected(copied.error());
  if (auto put = writer.put_file(backup_database, copy); !put) return std::unexpected(put.error());
  for (const auto* name : {"server.key", "storage.key"}) {
    const auto& mounted =
        name == std::string_view("server.key") ? config.server_key_file : config.storage_key_file;
    const auto file = mounted.empty() ? config.data / name : mounted;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) continue;
    const auto key = small_file(file);
    if (!key) return std::unexpected(key.error());
    if (auto put = writer.put(name, *key); !put) return std::unexpected(put.error());
  }
  auto snapshot = open_sqlite_store(copy);
  if (!snapshot) return std::unexpected(snapshot.error());
  auto summary = Backup(live, **snapshot, writer, hold).copy_blobs();
  if (!summary) return summary;
  if (auto finished = writer.finish(); !finished) return std::unexpected(finished.error());
  return summary;
}

}  // namespace

Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  using Database = std::unique_ptr<sqlite3, decltype(&::sqlite3_close)>;
  const auto open = [](const std::filesystem::path& file, int flags) {
    sqlite3* raw = nullptr;
    const int opened = ::sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
    Database database(raw, &::sqlite3_close);
    if (opened != SQLITE_OK) database.reset();
    return database;
  };
  const auto source = open(from, SQLITE_OPEN_READWRITE);  // also a reader writes to the shared index of a WAL
  const auto target = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!source || !target)
    return failure(ErrorCode::internal, "The database " + from.string() + " can't be copied.");
  ::sqlite3_busy_timeout(source.get(), 10'000);
  auto* backup = ::sqlite3_backup_init(target.get(), "main", source.get(), "main");
  // All in one step: a step holds a snapshot and nobody up; between steps others' writes would start it anew.
  const int copied = backup ? ::sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
  const int ended = backup ? ::sqlite3_backup_finish(backup) : SQLITE_ERROR;
  if (copied != SQLITE_DONE || ended != SQLITE_OK)
    return failure(ErrorCode::internal, "The database " + from.string() + " can't be copied.",
                   ::sqlite3_errmsg(target.get()));
  return {};
}

Result<BackupSummary> make_backup(const Config& config, const std::filesystem::path& target) {
  auto live = open_storage(config);
  if (!live) return std::unexpected(live.error());
  auto writer = open_backup_writer(target);
  if (!writer) return std::unexpected(writer.error());
  // Before the database is copied: what its rows name may not leave the blob store until it is copied, too.
  const auto hold = "backup " + random_id(8);
  if (auto held = (*live)->store->blobs().hold(hold, system_clock_now() + backup_hold); !held)
    return std::unexpected(held.error());
  auto summary = write_backup(config, **live, **writer, hold);
  const auto released = (*live)->store->blobs().hold(hold, 0);
  if (summary && !released) return std::unexpected(released.error());
  return summary;
}

}  // namespace berth::server

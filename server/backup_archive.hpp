// SPDX-License-Identifier: GPL-3.0-or-later
// What a backup is written to and read from: a folder, which the next backup completes instead of copying all
// again, or one tar file. Entries: backup.json (what it is), berth.sqlite, server.key, storage.key where
// there is one, and blobs/<key>.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "protocol/error.hpp"

namespace berth::server {

inline constexpr const char* backup_description = "backup.json";
inline constexpr const char* backup_database = "berth.sqlite";
inline constexpr const char* backup_blobs = "blobs/";

/// Nothing of a backup that was there before is lost until finish().
class BackupWriter {
 public:
  virtual ~BackupWriter() = default;
  /// Whether an earlier backup into the same place left this blob already.
  virtual Result<bool> has(const std::string& blob_key, std::uint64_t size) = 0;
  virtual Result<void> put_blob(const std::string& blob_key, const std::string& bytes) = 0;
  /// A small file, or a large one that lies on this machine; readable by its owner alone.
  virtual Result<void> put(const std::string& name, const std::string& bytes) = 0;
  virtual Result<void> put_file(const std::string& name, const std::filesystem::path& file) = 0;
  /// Durable, and the backup that counts, when it returns.
  virtual Result<void> finish() = 0;
};

/// A folder; or a tar file where the name ends in .tar. The place above must be there.
Result<std::unique_ptr<BackupWriter>> open_backup_writer(const std::filesystem::path& target);

struct BackupEntry {
  std::string name;
  std::uint64_t size = 0;
  /// The next bytes, at most `most`; "" at the end.
  std::function<Result<std::string>(std::size_t most)> read;
  /// All of it.
  Result<std::string> all() const;
};

/// Calls `each` with every entry of the backup in `source`, in no particular order but backup.json first.
/// invalid_argument when it is none.
Result<void> read_backup(const std::filesystem::path& source,
                         const std::function<Result<void>(const BackupEntry&)>& each);

}  // namespace berth::server

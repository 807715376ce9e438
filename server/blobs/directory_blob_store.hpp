// SPDX-License-Identifier: GPL-3.0-or-later
// Blobs as files below a folder: the store of an embedded server. A blob is written to `.new/`, synced,
// renamed to its key and its directory synced, so it is there whole and for good or not at all. Folders are
// 0700, files 0600. Several processes may use one folder at a time.
#pragma once

#include <filesystem>
#include <mutex>
#include <set>

#include "protocol/net/confined_directory.hpp"
#include "server/blob_store.hpp"

namespace berth::server {

class DirectoryBlobStore final : public BlobStore {
 public:
  /// Makes the folder where it is missing and removes what writers that died left behind.
  static Result<std::unique_ptr<DirectoryBlobStore>> open(const std::filesystem::path& folder);

  Result<void> put(const std::string& key, std::string_view bytes) override;
  Result<std::string> get(const std::string& key, std::uint64_t offset = 0,
                          std::optional<std::uint64_t> length = {}) override;
  Result<std::optional<BlobInfo>> stat(const std::string& key) override;
  Result<std::vector<BlobInfo>> list(const std::string& prefix, const std::string& after,
                                     std::size_t limit) override;
  Result<void> remove(const std::string& key) override;
  Result<void> check() override;
  std::string describe() const override;

 private:
  explicit DirectoryBlobStore(net::ConfinedDirectory root) : root_(std::move(root)) {}

  /// The directory `path` ("" is the root), made and durable, together with those above it.
  Result<net::FileDescriptor> make_durable(const std::string& path);
  bool is_durable(const std::string& path);
  Result<net::FileDescriptor> open_directory(const std::string& path) const;
  void remove_leftovers() const;

  net::ConfinedDirectory root_;
  std::mutex mutex_;
  std::set<std::string> durable_;  // directories whose own entry is known to be on the disk
};

}  // namespace berth::server

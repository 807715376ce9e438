// SPDX-License-Identifier: GPL-3.0-or-later
// What the maintenance commands (fsck, backup, restore) open of a server's storage, without serving.
#pragma once

#include <memory>

#include "server/blob_store.hpp"
#include "server/config.hpp"
#include "server/metadata_store.hpp"
#include "server/object_store.hpp"
#include "server/opened_metadata.hpp"
#include "server/storage_key.hpp"

namespace berth::server {

struct OpenedStorage {
  StorageSealing sealing;
  std::unique_ptr<MetadataStore> store;
  std::unique_ptr<BlobStore> blobs;
  std::unique_ptr<ObjectStore> objects;
  std::unique_ptr<VersionStore> versions;  // with their blobs
};

/// not_found when the data folder has no database (and metadata is not in PostgreSQL), unless `make` says to
/// make an empty one.
Result<std::unique_ptr<OpenedStorage>> open_storage(const Config& config, bool make = false,
                                                    MetadataUse use = MetadataUse::shared);

/// "2026-11-21 15:04:05 UTC", for the person.
std::string readable_time(std::int64_t unix_ms);

}  // namespace berth::server

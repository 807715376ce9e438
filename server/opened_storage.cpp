// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/opened_storage.hpp"

#include <ctime>

#include "server/exported_versions.hpp"
#include "server/pack_store.hpp"
#include "server/shared_keys.hpp"
#include "server/storage_claim.hpp"

namespace berth::server {

Result<std::unique_ptr<OpenedStorage>> open_storage(const Config& config, bool make, MetadataUse use) {
  const auto file = config.data / sqlite_file_name;
  std::error_code ignored;
  if (!make && !uses_postgresql(config) && !std::filesystem::exists(file, ignored))
    return failure(ErrorCode::not_found,
                   "There is no " + file.string() + "; name the data folder with --data.");
  auto storage = std::make_unique<OpenedStorage>();
  auto sealing = load_sealing(config, nullptr);
  if (!sealing) return std::unexpected(sealing.error());
  storage->sealing = std::move(*sealing);
  auto store = open_metadata(config, use);
  if (!store) return std::unexpected(store.error());
  storage->store = std::move(*store);
  auto blobs = make_blob_store(config.storage, config.data);
  if (!blobs) return std::unexpected(blobs.error());
  storage->blobs = std::move(*blobs);
  const auto known = make ? adopt_storage(*storage->store, *storage->blobs)
                          : claim_storage(*storage->store, *storage->blobs);
  if (!known && known.error().code == ErrorCode::conflict) return std::unexpected(known.error());
  storage->objects = make_pack_store(*storage->blobs, storage->store->objects(), storage->sealing,
                                     system_clock_now, PackStoreOptions{});
  storage->versions =
      make_exported_versions(storage->store->versions(), *storage->blobs, storage->sealing, {});
  return storage;
}

std::string readable_time(std::int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text;
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// The ObjectStore: objects in packs (packs.hpp) in a blob store, found by the index in the metadata store.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "server/blob_store.hpp"
#include "server/clock.hpp"
#include "server/object_index.hpp"
#include "server/object_store.hpp"
#include "server/storage_key.hpp"

namespace berth::server {

/// How long an object that was added, or that `missing` did not name, is safe from the collection though
/// nothing names it yet: a day as object_store.hpp promises, and what a touch may be late.
inline constexpr std::int64_t touch_slack = 6 * 3'600'000;
inline constexpr std::int64_t touch_protection = 24 * 3'600'000 + touch_slack;

/// Bytes for the person: "1.5 GB".
std::string readable_bytes(std::uint64_t bytes);

struct PackStoreOptions {
  std::size_t transfers = 4;  // blobs put or read at once by one call
  /// Told, on any thread, when something of the owner's was found missing or damaged that had been taken for
  /// whole: `missing` names it from now on, so that it is stored again where a home still has it. May be
  /// empty.
  std::function<void(const std::string& owner, const std::vector<protocol::ObjectId>& ids)> doubted;
  /// Bytes an account may store, 0: no limit; blocks. Empty: none.
  std::function<std::uint64_t(const std::string& owner)> quota;
  std::chrono::milliseconds longest_add{
      12 * 3'600'000};  // far below a day, after which a blob without a row is a stray
};

/// Everything given outlives the store.
std::unique_ptr<ObjectStore> make_pack_store(BlobStore& blobs, ObjectIndex& index,
                                             const StorageSealing& sealing, Clock clock,
                                             PackStoreOptions options);

}  // namespace berth::server

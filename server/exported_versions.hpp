// SPDX-License-Identifier: GPL-3.0-or-later
// A VersionStore that keeps a small blob beside each row, so that versions come back when the database is
// lost (berthd fsck --rebuild). The blob is there before its version is acknowledged and gone after it.
#pragma once

#include <functional>
#include <memory>

#include "server/blob_store.hpp"
#include "server/storage_key.hpp"
#include "server/version_store.hpp"

namespace berth::server {

/// `rows`, `blobs` and `sealing` outlive it; `removed` is told the owner whenever versions went.
std::unique_ptr<VersionStore> make_exported_versions(VersionStore& rows, BlobStore& blobs,
                                                     const StorageSealing& sealing,
                                                     std::function<void(const std::string& owner)> removed);

std::string encode_version(const VersionRecord& version, const StorageSealing& sealing);
/// invalid_argument when it is no such blob or not the one of this key; internal when it is sealed and the
/// key is missing or another.
Result<VersionRecord> decode_version(const std::string& bytes, const std::string& key,
                                     const StorageSealing& sealing);

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// Whose a blob store is: a name that lies in the store and is remembered with the metadata. Without it, a
// server with a new or foreign database would take everything in the store for garbage, and one with an
// unmounted disk or another bucket would take everything for lost.
#pragma once

#include <string>

#include "server/blob_store.hpp"

namespace berth::server {

inline constexpr const char* identity_key = "storage-id";

/// What the store says about itself; "" when it says nothing.
Result<std::string> identity_of(BlobStore& blobs);

/// Success when the store is the one that `remembered` (not empty) names, or is unclaimed while the metadata
/// names nothing in it (`in_use` false): then it is claimed. Remember the name durably before this call, so
/// that a crash after it leaves no store that nobody knows. conflict says what does not fit.
Result<void> claim_blob_store(BlobStore& blobs, const std::string& remembered, bool in_use);

}  // namespace berth::server

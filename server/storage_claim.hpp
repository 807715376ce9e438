// SPDX-License-Identifier: GPL-3.0-or-later
// Ties the database and the blob store together by a name that both remember, so that a server never takes
// another's packs for garbage, nor its own for lost while a disk is not mounted (blobs/store_identity.hpp).
#pragma once

#include "server/blob_store.hpp"
#include "server/metadata_store.hpp"

namespace berth::server {

/// Success when the blob store is the one that this database knows; a new store is claimed. conflict when it
/// is not: nothing may be stored or collected then. unavailable when the store can't be asked.
/// `shared`: other servers may store at the same time, so that a database that ever had a store knows it even
/// while nothing is stored: two empty folders are not taken for one. The first claims must not meet then.
Result<void> claim_storage(MetadataStore& store, BlobStore& blobs, bool shared = false);

/// For a database that was made anew from the store (fsck --rebuild) or brought back beside it (restore):
/// from now on it knows this one; a store without a name gets one.
Result<void> adopt_storage(MetadataStore& store, BlobStore& blobs);

}  // namespace berth::server

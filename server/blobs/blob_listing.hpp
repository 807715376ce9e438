// SPDX-License-Identifier: GPL-3.0-or-later
// The blobs of a directory store in the order of their keys, a page at a time, with one directory's names in
// memory for each level of the tree.
#pragma once

#include "protocol/net/confined_directory.hpp"
#include "server/blob_store.hpp"

namespace berth::server {

/// As BlobStore::list. What is no blob (foreign files, links, drafts) is left out; what vanishes meanwhile,
/// too.
Result<std::vector<BlobInfo>> list_blobs(const net::ConfinedDirectory& root, const std::string& prefix,
                                         const std::string& after, std::size_t limit);

}  // namespace berth::server

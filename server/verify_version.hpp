// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a version lies whole in the store, asked before its home is given up.
#pragma once

#include "server/object_store.hpp"

namespace berth::server {

/// Success when everything that `root` reaches is in the store's index and its packs are there. Otherwise the
/// store has forgotten what it lost, so that it is named as missing and the home is stored again. Blocks;
/// takes a look at every folder of the version.
Result<void> verify_version(ObjectStore& objects, const std::string& owner, const protocol::ObjectId& root);

}  // namespace berth::server

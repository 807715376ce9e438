// SPDX-License-Identifier: GPL-3.0-or-later
// Taking doubts back: what could not be read once and can be now need not be stored again.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>

#include "server/object_index.hpp"
#include "server/object_store.hpp"

namespace berth::server {

struct DoubtedStore {  // all outlive the call
  ObjectIndex& index;
  PackLedger& packs;
  ObjectStore& objects;
};

/// Reads all that is doubted of the owner's, but for `lost`, of which that is known to be in vain. What opens
/// and names nothing is whole again; so is a tree or list once all that it names is there and whole. Before
/// each page of rows `going_on` is asked; its error ends it.
Result<void> clear_doubts(const DoubtedStore& store, const std::string& owner,
                          std::unordered_set<protocol::ObjectId> lost,
                          const std::function<Result<void>()>& going_on);

}  // namespace berth::server

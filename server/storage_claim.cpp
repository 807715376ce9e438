// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/storage_claim.hpp"

#include "server/blobs/store_identity.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr const char* setting = "storage_id";
constexpr const char* claimed_setting = "storage_claimed";

Result<void> remember(MetadataStore& store, const std::string& id) {
  return store.settings().put({{setting, id}});
}

}  // namespace

Result<void> claim_storage(MetadataStore& store, BlobStore& blobs, bool shared) {
  auto settings = store.settings().all();
  if (!settings) return std::unexpected(std::move(settings.error()));
  const auto owners = store.packs().owners();
  if (!owners) return std::unexpected(owners.error());
  auto& id = (*settings)[setting];
  if (id.empty()) {
    // Two replicas that start together on a new database must mean the same one.
    auto stored = store.settings().put_once(setting, random_id(20));
    if (!stored) return std::unexpected(stored.error());
    id = *stored;
  }
  const bool known = shared && (*settings)[claimed_setting] == id;
  auto claimed = claim_blob_store(blobs, id, !owners->empty() || known);
  if (claimed && shared && !known) return store.settings().put({{claimed_setting, id}});
  return claimed;
}

Result<void> adopt_storage(MetadataStore& store, BlobStore& blobs) {
  auto id = identity_of(blobs);
  if (!id) return std::unexpected(std::move(id.error()));
  const bool unnamed = id->empty();
  if (unnamed) *id = random_id(20);
  if (auto stored = remember(store, *id); !stored) return stored;
  return unnamed ? claim_blob_store(blobs, *id, false) : Result<void>();
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/store_identity.hpp"

namespace berth::server {

Result<std::string> identity_of(BlobStore& blobs) {
  constexpr std::uint64_t longest = 100;  // bytes
  auto said = blobs.get(identity_key, 0, longest);
  if (!said && said.error().code == ErrorCode::not_found) return std::string{};
  return said;
}

Result<void> claim_blob_store(BlobStore& blobs, const std::string& remembered, bool in_use) {
  const auto said = identity_of(blobs);
  if (!said) return std::unexpected(said.error());
  if (*said == remembered) return {};
  if (said->empty() && !in_use) return blobs.put(identity_key, remembered);
  if (said->empty())
    return failure(
        ErrorCode::conflict,
        "The " + blobs.describe() +
            " is not where this server's versions are stored. Check that the disk is mounted and the "
            "storage options are right; nothing was changed.");
  return failure(
      ErrorCode::conflict,
      "The " + blobs.describe() +
          " belongs to another Berth or to an earlier database. Give this server a bucket, prefix or "
          "folder of its own, or bring the versions back with berthd fsck --rebuild; nothing was "
          "changed.");
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// Where packs lie: the narrow interface of a directory (blobs/directory_blob_store) or an S3 bucket
// (blobs/s3_blob_store); tests/contract/blob_store_contract.cpp says what each must do. Calls block and may
// be made from any thread. Keys are the server's own: [a-z0-9/._-], no empty parts, no part that begins with
// '.', at most 512 bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

struct BlobInfo {
  std::string key;
  std::uint64_t size = 0;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  /// Stores the whole blob or nothing; durable and checked by the store when it returns. An existing blob is
  /// replaced at once. unavailable: try again later; limit_exceeded: the store is full.
  virtual Result<void> put(const std::string& key, std::string_view bytes) = 0;

  /// `length` bytes from `offset`, to the end when absent; not_found; an offset past the end gives no bytes.
  /// Bytes come checked as far as the store can check them.
  virtual Result<std::string> get(const std::string& key, std::uint64_t offset = 0,
                                  std::optional<std::uint64_t> length = {}) = 0;

  /// nullopt when there is none.
  virtual Result<std::optional<BlobInfo>> stat(const std::string& key) = 0;

  /// Every blob whose key begins with `prefix`, in the order of keys, a page at a time after `after`; fewer
  /// than `limit` at the end.
  virtual Result<std::vector<BlobInfo>> list(const std::string& prefix, const std::string& after,
                                             std::size_t limit) = 0;

  /// Unknown keys are a success.
  virtual Result<void> remove(const std::string& key) = 0;

  /// Success when the store takes and gives bytes now; otherwise what is wrong, for the person and the
  /// administrator.
  virtual Result<void> check() = 0;

  /// For the log: "directory /var/lib/berth/blobs".
  virtual std::string describe() const = 0;
};

}  // namespace berth::server

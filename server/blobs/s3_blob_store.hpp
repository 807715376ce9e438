// SPDX-License-Identifier: GPL-3.0-or-later
// Blobs as objects of an S3 bucket: AWS, MinIO, Backblaze B2, Ceph and what else speaks it (README.md).
#pragma once

#include <atomic>

#include "server/blob_store.hpp"
#include "server/blobs/s3_client.hpp"

namespace berth::server {

class S3BlobStore final : public BlobStore {
 public:
  explicit S3BlobStore(S3Settings settings) : client_(std::move(settings)) {}

  Result<void> put(const std::string& key, std::string_view bytes) override;
  Result<std::string> get(const std::string& key, std::uint64_t offset = 0,
                          std::optional<std::uint64_t> length = {}) override;
  Result<std::optional<BlobInfo>> stat(const std::string& key) override;
  Result<std::vector<BlobInfo>> list(const std::string& prefix, const std::string& after,
                                     std::size_t limit) override;
  Result<void> remove(const std::string& key) override;
  Result<void> check() override;
  std::string describe() const override;

 private:
  Result<void> put_whole(const std::string& key, std::string_view bytes);
  Result<void> put_in_parts(const std::string& key, std::string_view bytes);
  Result<void> complete_upload(const std::string& key, const std::string& upload, std::string_view bytes,
                               const std::vector<std::string>& etags);
  /// Success when the store has exactly `bytes` under `key`.
  Result<void> compare(const std::string& key, std::string_view bytes);
  /// Aborts uploads of more than a day ago: their writers died, and what they left is paid for.
  void abort_stale_uploads();

  S3Client client_;
  std::atomic<bool> etags_are_md5_{true};  // until the server proved that its are something else
  std::atomic<bool> looked_for_stale_uploads_{false};
};

}  // namespace berth::server

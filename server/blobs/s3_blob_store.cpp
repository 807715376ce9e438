// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/s3_blob_store.hpp"

#include <algorithm>

#include "server/blobs/blob_key.hpp"
#include "server/blobs/checksums.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr std::size_t largest_page = 1000;          // S3's own limit
constexpr std::uint64_t largest_blob = 2ull << 30;  // bytes that one get() may bring into memory

/// Whether the answer's ETag can be the MD5 of the object's bytes: not of one that the server encrypted with
/// a key service, nor of one that came in parts ("…-2").
bool tells_md5(const S3Answer& answer) {
  const bool plain = answer.encryption.empty() || answer.encryption == "AES256";
  return plain && answer.etag.size() == 32 && answer.etag.find('-') == std::string::npos;
}

std::unexpected<Error> absent(const std::string& key) {
  return failure(ErrorCode::not_found, "This is not stored here (any more).", key);
}

std::unexpected<Error> refused(const S3Answer& answer, const std::string& key) {
  return failure(ErrorCode::unavailable, "The object store does not find what was sent to it.",
                 key + ": HTTP " + std::to_string(answer.status) + " " + answer.fault.code);
}

}  // namespace

Result<void> S3BlobStore::put(const std::string& key, std::string_view bytes) {
  if (auto good = require_blob_key(key); !good) return good;
  return bytes.size() > client_.settings().part_size ? put_in_parts(key, bytes) : put_whole(key, bytes);
}

Result<void> S3BlobStore::put_whole(const std::string& key, std::string_view bytes) {
  auto answer = client_.send({.method = "PUT", .key = key, .body = bytes});
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (answer->status != 200) return refused(*answer, key);
  const auto sum = md5_of(bytes);
  if (!etags_are_md5_ || !sum || !tells_md5(*answer) || answer->etag == hex_of(*sum)) return {};
  // Other bytes arrived, or this server's ETags are no MD5s: only the bytes themselves can tell.
  if (auto same = compare(key, bytes); !same) return same;
  etags_are_md5_ = false;
  return {};
}

Result<void> S3BlobStore::compare(const std::string& key, std::string_view bytes) {
  auto answer = client_.send({.key = key, .largest_answer = bytes.size()});
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (answer->status == 200 && answer->body == bytes) return {};
  return failure(ErrorCode::unavailable, "The object store did not keep what was sent to it; try again.",
                 key);
}

Result<std::string> S3BlobStore::get(const std::string& key, std::uint64_t offset,
                                     std::optional<std::uint64_t> length) {
  if (auto good = require_blob_key(key); !good) return std::unexpected(std::move(good.error()));
  S3Request request{.key = key, .largest_answer = largest_blob};
  if (length && *length > ~offset) length.reset();  // past every end
  const bool whole = offset == 0 && !length;
  if (length == 0u) {
    request.method = "HEAD";  // a range can't be empty
  } else if (!whole) {
    const auto last = length ? std::to_string(offset + *length - 1) : std::string();
    request.headers.push_back("Range: bytes=" + std::to_string(offset) + "-" + last);
  }
  // A whole blob whose ETag does not fit is read once more. What then comes again is what lies there: it is
  // the reader's checksums that decide what of it is good.
  for (bool second = false;; second = true) {
    auto answer = client_.send(request);
    if (!answer) return std::unexpected(std::move(answer.error()));
    if (answer->status == 404) return absent(key);
    if (answer->status == 416 || length == 0u) return std::string{};
    if (!whole && answer->status == 200) {  // the server does not know ranges
      if (offset >= answer->body.size()) return std::string{};
      return answer->body.substr(offset, length.value_or(std::string::npos));
    }
    if (length && answer->body.size() > *length)
      return failure(ErrorCode::unavailable, "The object store sent more than it was asked for.", key);
    const auto sum = whole && etags_are_md5_ && tells_md5(*answer) ? md5_of(answer->body) : std::nullopt;
    if (!sum || answer->etag == hex_of(*sum) || second) return std::move(answer->body);
  }
}

Result<std::optional<BlobInfo>> S3BlobStore::stat(const std::string& key) {
  if (auto good = require_blob_key(key); !good) return std::unexpected(std::move(good.error()));
  auto answer = client_.send({.method = "HEAD", .key = key});
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (answer->status == 404) return std::nullopt;
  return BlobInfo{key, answer->length};
}

Result<std::vector<BlobInfo>> S3BlobStore::list(const std::string& prefix, const std::string& after,
                                                std::size_t limit) {
  const auto own = client_.full_key("");  // "" or the prefix with its '/'
  std::vector<BlobInfo> found;
  std::string continuation;
  while (found.size() < limit) {
    S3Request request{.query = {{"list-type", "2"},
                                {"encoding-type", "url"},
                                {"max-keys", std::to_string(std::min(limit - found.size(), largest_page))},
                                {"prefix", own + prefix}}};
    if (!after.empty()) request.query.emplace_back("start-after", own + after);
    if (!continuation.empty()) request.query.emplace_back("continuation-token", continuation);
    auto answer = client_.send(request);
    if (!answer) return std::unexpected(std::move(answer.error()));
    if (answer->status != 200) return refused(*answer, "list");
    auto page = parse_s3_page(answer->body);
    if (!page) return std::unexpected(std::move(page.error()));
    for (auto& blob : page->blobs) {
      if (!blob.key.starts_with(own)) continue;
      blob.key.erase(0, own.size());
      if (blob.key > after && blob.key.starts_with(prefix) && is_blob_key(blob.key) && found.size() < limit)
        found.push_back(std::move(blob));
    }
    if (!page->more) break;
    continuation = page->continuation;
  }
  return found;
}

Result<void> S3BlobStore::remove(const std::string& key) {
  if (auto good = require_blob_key(key); !good) return good;
  auto answer = client_.send({.method = "DELETE", .key = key});
  if (!answer) return std::unexpected(std::move(answer.error()));
  return {};
}

Result<void> S3BlobStore::check() {
  // No key of a blob (a part begins with '.'), so no list shows it.
  const auto key = ".check/" + random_id(20);
  const auto probe = random_id(32);
  if (auto put = put_whole(key, probe); !put) return put;
  auto same = compare(key, probe);
  auto removed = client_.send({.method = "DELETE", .key = key});
  if (!same) return same;
  if (!removed) return std::unexpected(std::move(removed.error()));
  return {};
}

std::string S3BlobStore::describe() const {
  const auto& settings = client_.settings();
  return "S3 bucket " + settings.bucket + " at " + settings.endpoint +
         (settings.prefix.empty() ? "" : ", below " + settings.prefix + "/");
}

}  // namespace berth::server

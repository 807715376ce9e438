// SPDX-License-Identifier: GPL-3.0-or-later
// S3BlobStore's large blobs: they go up in parts and appear at once when the last request completes them.
#include <ctime>

#include "server/blobs/blob_key.hpp"
#include "server/blobs/s3_blob_store.hpp"

namespace berth::server {
namespace {

/// The time `seconds` ago as S3 writes it, to the second.
std::string time_ago(std::time_t seconds) {
  const std::time_t then = std::time(nullptr) - seconds;
  std::tm parts{};
  ::gmtime_r(&then, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return text;
}

constexpr std::time_t stale_after = 24 * 60 * 60;  // s: longer than any upload takes

std::unexpected<Error> multipart_failure(const std::string& key, const S3Answer& answer) {
  const auto fault = parse_s3_fault(answer.body);
  return failure(ErrorCode::unavailable, "The object store did not complete an upload; try again.",
                 key + ": HTTP " + std::to_string(answer.status) + " " + fault.code + " " + fault.message);
}

}  // namespace

Result<void> S3BlobStore::put_in_parts(const std::string& key, std::string_view bytes) {
  if (!looked_for_stale_uploads_.exchange(true)) abort_stale_uploads();
  auto begun = client_.send({.method = "POST", .key = key, .query = {{"uploads", ""}}});
  if (!begun) return std::unexpected(std::move(begun.error()));
  if (begun->status != 200) return multipart_failure(key, *begun);
  auto upload = parse_s3_upload(begun->body);
  if (!upload) return std::unexpected(std::move(upload.error()));
  const auto send_all = [&]() -> Result<void> {
    std::vector<std::string> etags;
    for (std::size_t at = 0; at < bytes.size(); at += client_.settings().part_size) {
      const auto part = bytes.substr(at, client_.settings().part_size);
      auto sent =
          client_.send({.method = "PUT",
                        .key = key,
                        .query = {{"partNumber", std::to_string(etags.size() + 1)}, {"uploadId", *upload}},
                        .body = part});
      if (!sent) return std::unexpected(std::move(sent.error()));
      if (sent->status != 200 || sent->etag.empty()) return multipart_failure(key, *sent);
      etags.push_back(sent->etag);
    }
    return complete_upload(key, *upload, bytes, etags);
  };
  auto sent = send_all();
  // As well as that goes now; what stays is found a day later.
  if (!sent)
    static_cast<void>(client_.send({.method = "DELETE", .key = key, .query = {{"uploadId", *upload}}}));
  return sent;
}

Result<void> S3BlobStore::complete_upload(const std::string& key, const std::string& upload,
                                          std::string_view bytes, const std::vector<std::string>& etags) {
  const auto xml = complete_upload_xml(etags);
  auto done = client_.send({.method = "POST", .key = key, .query = {{"uploadId", upload}}, .body = xml});
  if (!done) return std::unexpected(std::move(done.error()));
  // A fault may come after a 200 here. And when an earlier attempt had completed the upload but its answer
  // was lost, the upload is unknown now: the blob itself tells.
  const bool completed = done->status == 200 && parse_s3_fault(done->body).code.empty();
  if (!completed && done->attempts == 1) return multipart_failure(key, *done);
  auto there = stat(key);
  if (!there) return std::unexpected(std::move(there.error()));
  if (!*there || (*there)->size != bytes.size()) return multipart_failure(key, *done);
  return completed ? Result<void>{} : compare(key, bytes);
}

void S3BlobStore::abort_stale_uploads() {
  auto answer = client_.send({.query = {{"uploads", ""}, {"prefix", client_.full_key("")}}});
  if (!answer || answer->status != 200) return;
  const auto uploads = parse_s3_uploads(answer->body);
  if (!uploads) return;
  const auto oldest = time_ago(stale_after), own = client_.full_key("");
  for (const auto& upload : *uploads)
    if (upload.initiated < oldest && upload.key.starts_with(own) &&
        is_blob_key(upload.key.substr(own.size())) && !upload.id.empty())
      static_cast<void>(client_.send(
          {.method = "DELETE", .key = upload.key.substr(own.size()), .query = {{"uploadId", upload.id}}}));
}

}  // namespace berth::server

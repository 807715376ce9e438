// SPDX-License-Identifier: GPL-3.0-or-later
// The XML of S3's answers as values. Answers come from outside: what does not fit is invalid_argument. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/blob_store.hpp"

namespace berth::server {

/// What an error answer says; empty where the body is no such XML.
struct S3Fault {
  std::string code;     // "NoSuchKey"
  std::string message;  // for the log
};
S3Fault parse_s3_fault(std::string_view xml);

/// A page of ListObjectsV2, asked for with encoding-type=url.
struct S3Page {
  std::vector<BlobInfo> blobs;  // whole keys, in the server's order
  bool more = false;
  std::string continuation;  // for the next page
};
Result<S3Page> parse_s3_page(std::string_view xml);

/// The id of a new multipart upload.
Result<std::string> parse_s3_upload(std::string_view xml);

/// A multipart upload that nobody completed or aborted.
struct S3Upload {
  std::string key;
  std::string id;
  std::string initiated;  // "2026-11-21T14:00:00.000Z", which sorts as time does
};
Result<std::vector<S3Upload>> parse_s3_uploads(std::string_view xml);

/// The XML that completes an upload of parts with these ETags, in order.
std::string complete_upload_xml(const std::vector<std::string>& etags);

/// Reads percent_encoded(); '+' stays '+'.
std::string percent_decoded(std::string_view text);

}  // namespace berth::server

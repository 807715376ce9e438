// SPDX-License-Identifier: GPL-3.0-or-later
// Signed requests to an S3 server (AWS Signature Version 4, by libcurl), tried again as long as that can
// help. Knows HTTP and what S3's faults mean, nothing of blobs. May be used from any thread; calls block.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/error.hpp"
#include "server/blobs/s3_answers.hpp"
#include "server/blobs/s3_settings.hpp"

namespace berth::server {

struct S3Request {
  std::string method = "GET";
  std::string key = {};                                         // below the prefix; "": the bucket itself
  std::vector<std::pair<std::string, std::string>> query = {};  // not encoded yet
  std::vector<std::string> headers = {};                        // "Name: value"; signed
  std::string_view body = {};
  std::size_t largest_answer = 8u << 20;  // bytes
};

/// An answer worth reading: 2xx, 404 or 416.
struct S3Answer {
  long status = 0;
  std::string body;
  std::string etag;          // without quotes
  std::string encryption;    // x-amz-server-side-encryption
  std::uint64_t length = 0;  // as announced; of a HEAD, too
  S3Fault fault;             // of a 404 or 416
  int attempts = 1;
};

class S3Client {
 public:
  explicit S3Client(S3Settings settings);
  ~S3Client();

  /// unavailable: does not answer, refused the credentials, or is set up wrongly (the message says which);
  /// limit_exceeded: full. Connection faults, stalls, 408, 429 and 5xx are tried again with back-off.
  Result<S3Answer> send(const S3Request& request);

  const S3Settings& settings() const { return settings_; }
  /// The key on the server for a blob's: with the prefix.
  std::string full_key(const std::string& key) const;

 private:
  struct Exchange;  // what came of one attempt
  using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

  void attempt(const S3Request& request, std::chrono::milliseconds most, Exchange& exchange);
  void prepare(CURL* handle, const S3Request& request, Exchange& exchange,
               std::chrono::milliseconds most) const;
  std::string url_of(const S3Request& request) const;
  Error error_of(const Exchange& exchange, const S3Request& request) const;
  Handle take_handle();
  void give_back(Handle handle);

  const S3Settings settings_;
  std::mutex mutex_;
  std::vector<Handle> idle_;  // with their open connections
};

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// How an S3-compatible server is reached, with which credentials, and how patiently.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace berth::server {

struct S3Settings {
  std::string endpoint;  // scheme, host and port, without a path: "https://s3.eu-central-1.amazonaws.com"
  std::string region = "us-east-1";
  std::string bucket;
  std::string prefix;  // of every key, without '/' at its ends; may be empty
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // of temporary credentials, else empty
  bool path_style = false;    // https://host/bucket/key instead of https://bucket.host/key
  std::string ca;             // file with the certificates to trust; empty: the system's

  // Blobs above this go up in parts of this size; S3 takes parts of 5 MiB and more.
  std::size_t part_size = 32u << 20;  // bytes

  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::seconds stall_timeout{20};       // without a kilobyte a second in either direction
  std::chrono::milliseconds retry_for{20'000};  // no new attempt of a request begins after this
  std::chrono::milliseconds first_delay{100};   // between attempts; doubles, with jitter
  std::chrono::milliseconds longest_delay{5'000};
};

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of blob stores share: folders that go away, bytes, and one S3 server for all.
#pragma once

#include <filesystem>
#include <random>
#include <string>

#include "server/blob_store.hpp"
#include "server/random_id.hpp"
#include "tests/contract/s3_server_process.hpp"

namespace berth::server::testing {

class BlobPlace {
 public:
  BlobPlace() { std::filesystem::create_directories(path_); }
  ~BlobPlace() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BlobPlace(const BlobPlace&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("berth-blobs-" + random_id(12));
};

/// The same incompressible bytes for the same seed.
inline std::string noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; at += 3) {
    const auto number = static_cast<std::uint32_t>(random());
    for (std::size_t i = at; i < at + 3 && i < size; ++i)
      bytes[i] = static_cast<char>(number >> 8 * (i - at));
  }
  return bytes;
}

template <class T>
ErrorCode code_of(const Result<T>& result) {
  return result ? ErrorCode::internal : result.error().code;
}

/// Started by the first test that needs it, stopped when the program ends. It lists few names at once, so
/// that every longer listing takes several answers.
inline S3ServerProcess& shared_s3_server() {
  static S3ServerProcess server({.list_page = 5});
  return server;
}

}  // namespace berth::server::testing

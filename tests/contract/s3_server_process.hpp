// SPDX-License-Identifier: GPL-3.0-or-later
// The real S3 server of tests/tools/s3_server as a child process, for every suite that stores to S3.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "server/blobs/s3_settings.hpp"

namespace berth::server::testing {

class S3ServerProcess {
 public:
  struct Options {
    bool tls = false;
    std::filesystem::path folder = {};  // kept; empty: one that goes away with the server
    std::uint16_t port = 0;
    std::string secret_key = {};   // empty: a random one
    std::string fault_point = {};  // "put.synced:2": where it kills itself (s3_server says which there are)
    int list_page = 1000;          // the most names that one answer lists
  };
  /// Starts it and waits until it serves; throws when it does not within 60 s.
  explicit S3ServerProcess(const Options& options);
  S3ServerProcess() : S3ServerProcess(Options{}) {}
  ~S3ServerProcess();
  S3ServerProcess(const S3ServerProcess&) = delete;

  /// For its bucket, path style, little patience.
  const S3Settings& settings() const { return settings_; }
  std::uint16_t port() const { return port_; }
  /// False once it has met its fault point, too.
  bool lives() const;
  /// SIGTERM; the exit status, or -1 when it did not end by itself within 20 s.
  int terminate();
  /// SIGKILL, as a crash does.
  void crash();

 private:
  void read_announcement(int from);

  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  S3Settings settings_;
};

}  // namespace berth::server::testing

// SPDX-License-Identifier: GPL-3.0-or-later
// The blob store of a test's server: a directory, or a bucket of a real S3 server that can be killed at any
// moment or at a fault point and started again over the same data.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/contract/s3_server_process.hpp"

namespace berth::test {

enum class StoreKind { directory, s3 };

class StorePlace {
 public:
  /// `folder`: of the whole test; a directory store is made there by the server itself.
  StorePlace(StoreKind kind, const std::filesystem::path& folder);
  ~StorePlace();
  StorePlace(const StorePlace&) = delete;

  StoreKind kind() const { return kind_; }
  /// How berthd is told of it; the secret goes by the environment of this process.
  std::vector<std::string> arguments() const;

  /// Everything asked of it fails until bring_back().
  void take_away();
  void bring_back();

  /// SIGKILL of the S3 server. A directory has no process of its own: there the server's fault points kill.
  void kill();
  /// Starts it again; on the thread that lives as long as the test, which the S3 server ends with.
  void start(const std::string& fault_point = {});
  bool lives() const { return kind_ == StoreKind::directory || (server_ && server_->lives()); }

 private:
  const StoreKind kind_;
  const std::filesystem::path folder_;
  server::testing::S3ServerProcess::Options options_;
  std::unique_ptr<server::testing::S3ServerProcess> server_;
};

/// "directory" or "s3", for the names of tests.
std::string name_of(StoreKind kind);

}  // namespace berth::test

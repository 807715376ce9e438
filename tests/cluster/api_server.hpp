// SPDX-License-Identifier: GPL-3.0-or-later
// A real cluster for the tests of one process: an API server alone, or a whole node. Started by the scripts
// beside.
#pragma once

#include <string>

#include "server/backends/kubernetes/kube_client.hpp"

namespace berth::test {

enum class ClusterParts { api_alone, whole_node };

/// Starts it at the first use and ends it with the process. Throws where it can't be started.
class TestCluster {
 public:
  static TestCluster& get(ClusterParts parts);
  ~TestCluster();
  TestCluster(const TestCluster&) = delete;
  TestCluster& operator=(const TestCluster&) = delete;

  /// The administrator's access.
  server::kubernetes::KubeClientSettings client_settings() const;
  /// A namespace that no other test of this process uses, with the account that pods want.
  std::string new_namespace();
  const std::string& state() const { return state_; }
  /// Ends the API server's process and starts it again with the same data.
  void restart_api() const;

 private:
  explicit TestCluster(ClusterParts parts);
  std::string state_;
  int namespaces_ = 0;
};

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// A real cluster for the tests of one process: an API server alone, or a whole node. Started by the scripts
// beside.
#pragma once

#include <cstdint>
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
  std::uint16_t api_port() const;
  /// Ends a part's process ("kube-apiserver", "kubelet"), or starts it again with the same data. Throws where
  /// that fails.
  void end_part(const std::string& name) const;
  void start_part(const std::string& name) const;
  /// What a shell says to this, with `kubectl` as the administrator and `ctr` on the node's containers.
  std::string shell(const std::string& command) const;

 private:
  explicit TestCluster(ClusterParts parts);
  std::string state_;
  int namespaces_ = 0;
};

}  // namespace berth::test

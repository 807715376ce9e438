// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on the real node shares: a namespace of its own, a backend in it with berth-runner itself, and
// ways to look at pods from the outside.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api_server.hpp"
#include "runner_client.hpp"
#include "server/backends/kubernetes/kubernetes_backend.hpp"

namespace berth::test {

class KubernetesGround {
 public:
  /// A new namespace of the node, which gets its images once, and a backend that speaks as berthd's own
  /// account. Throws.
  KubernetesGround();
  /// Stops and forgets whatever is left.
  ~KubernetesGround();
  KubernetesGround(const KubernetesGround&) = delete;
  KubernetesGround& operator=(const KubernetesGround&) = delete;

  TestCluster& cluster() const { return cluster_; }
  const std::string& place() const { return place_; }
  server::kubernetes::KubernetesBackend& backend() const { return *backend_; }
  /// Of every workspace; it has a shell and little else.
  static constexpr const char* image = "localhost/berth-workspace:test";

  server::kubernetes::KubernetesBackendOptions options() const;
  /// Another server's backend. Throws.
  static std::unique_ptr<server::kubernetes::KubernetesBackend> open(
      const server::kubernetes::KubernetesBackendOptions& options);

  server::StartRequest request(const std::string& id) const;
  /// Starts it with this much memory; throws where that fails.
  server::RunnerAddress start(const std::string& id, std::uint64_t memory = 512ull << 20) const;

  void kill_runner(const std::string& id) const;
  /// Which pod that is: one made anew under its name has another.
  std::string pod_uid(const std::string& id) const;
  /// Paths in the workspace's home, in order.
  std::vector<std::string> home_files(const std::string& id) const;
  RunnerPlace runner_at(const std::string& id, const server::RunnerAddress& address) const;
  /// How many of the workspaces' objects the namespace has.
  std::size_t count(const server::kubernetes::Resource& resource) const;
  /// Containers that the node itself has of this namespace's pods, whatever the API says of them.
  std::size_t containers_on_node() const;

 protected:
  TestCluster& cluster_;
  const std::string place_;
  const server::kubernetes::KubeClientSettings account_;  // berthd's own, with its rights and no others
  const protocol::KeyPair keys_ = protocol::generate_key_pair();
  std::unique_ptr<server::kubernetes::KubernetesBackend> backend_;
};

}  // namespace berth::test

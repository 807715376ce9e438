// SPDX-License-Identifier: GPL-3.0-or-later
// Berth as k8s/overlays/dev installs it, on the real node: two berthd, PostgreSQL, an S3 server; what a
// person asks of it through its service, and what a test may see of it and do to it from the outside.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "api_server.hpp"
#include "runner_client.hpp"
#include "tests/integration/gateway/wire.hpp"

namespace berth::test {

/// A pod of berthd's that is to stay.
struct ReplicaPod {
  std::string name;
  std::string address;  // of IPv4
  bool ready = false;
  int restarts = 0;
};

class Installation {
 public:
  /// Installed at the first use, with an administrator who has signed in. Throws.
  static Installation& get();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  TestCluster& cluster() const { return cluster_; }
  /// The service's address, on whose port 80 any replica answers.
  const std::string& address() const { return address_; }
  /// The administrator's, by a connection of its own. Throws where nobody answers.
  Reply call(std::string_view method, const std::string& path, const protocol::Json& body = {}) const;
  /// The same, but throws unless it succeeds.
  protocol::Json good(std::string_view method, const std::string& path,
                      const protocol::Json& body = {}) const;
  /// A file's bytes, or why there are none.
  std::string file(const std::string& workspace, const std::string& path) const;
  std::string state(const std::string& workspace) const;
  bool becomes(const std::string& workspace, const std::string& state) const;
  /// A new one of the template that runs. Throws.
  std::string make_workspace(const std::string& template_id) const;
  /// What a browser gets that looks at a preview: the name in the URL is told, and the service dialled.
  Reply visit(const std::string& url, const std::string& cookie = {}) const;
  /// For a RunnerClient, which then is a window of the administrator's.
  RunnerPlace window(const std::string& workspace) const;

  std::vector<ReplicaPod> replicas() const;
  /// Waits until there are so many, all of them ready, and no others.
  bool has_replicas(std::size_t count) const;
  /// Of workspaces, that are spliced through it now.
  int windows(const ReplicaPod& replica) const;
  /// SIGKILL of its berthd.
  void kill(const ReplicaPod& replica) const;
  /// Address and port of the living replica that looks after the workspace; "" while there is none.
  std::string holder(const std::string& workspace) const;

  /// Names in the workspaces' namespace ("pods", "secrets", "persistentvolumeclaims") that are this one's.
  std::vector<std::string> objects(const server::kubernetes::Resource& resource,
                                   const std::string& workspace) const;
  /// The pod's uid; "" while there is none.
  std::string pod_uid(const std::string& workspace) const;
  /// Where its home lies on this machine.
  std::filesystem::path home(const std::string& workspace) const;

  /// As TestCluster::shell, but throws where it fails.
  std::string run(const std::string& command) const;
  /// Pods, what befell them, and what berthd wrote: for whoever has to find out.
  std::string story() const;

 private:
  Installation();
  void install();
  void set_up();
  server::kubernetes::KubeClient client() const;

  TestCluster& cluster_;
  std::string address_, token_;
};

}  // namespace berth::test

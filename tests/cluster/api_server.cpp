// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace berth::test {

namespace k8s = server::kubernetes;

namespace {

void run_script(const std::string& name, const std::string& arguments) {
  const auto command = std::string(BERTH_CLUSTER_SCRIPTS) + "/" + name + " " + arguments;
  if (const int status = std::system(command.c_str()); status != 0)
    throw std::runtime_error(command + " ended with " + std::to_string(status));
}

std::string cluster_programs() {
  const char* folder = std::getenv("BERTH_KUBE_PROGRAMS");
  if (!folder || !std::filesystem::exists(std::string(folder) + "/kube-apiserver"))
    throw std::runtime_error(
        "BERTH_KUBE_PROGRAMS names no folder with Kubernetes' programs: run `packaging/dev test cluster`, "
        "which "
        "makes them");
  return folder;
}

}  // namespace

TestCluster& TestCluster::get(ClusterParts parts) {
  static TestCluster cluster(parts);
  return cluster;
}

TestCluster::TestCluster(ClusterParts parts) {
  const auto programs = cluster_programs();
  std::string pattern = std::filesystem::temp_directory_path() / "berth-cluster-XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no folder for the cluster");
  state_ = pattern;
  run_script(parts == ClusterParts::whole_node ? "up" : "api_up", programs + " " + state_);
}

TestCluster::~TestCluster() {
  static_cast<void>(std::system((std::string(BERTH_CLUSTER_SCRIPTS) + "/down " + state_).c_str()));
  std::error_code ignored;
  std::filesystem::remove_all(state_, ignored);
}

k8s::KubeClientSettings TestCluster::client_settings() const {
  auto access = k8s::read_kubeconfig(state_ + "/admin.conf", {});
  if (!access) throw std::runtime_error(access.error().message);
  k8s::KubeClientSettings settings;
  settings.access = std::move(*access);
  return settings;
}

std::string TestCluster::new_namespace() {
  const auto name = "test-" + std::to_string(getpid()) + "-" + std::to_string(++namespaces_);
  k8s::KubeClient client(client_settings());
  const auto made = client.apply(
      k8s::namespaces, "", {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  if (!made) throw std::runtime_error(made.error().message + " " + made.error().detail);
  return name;
}

std::uint16_t TestCluster::api_port() const {
  const auto server = client_settings().access.server;
  return static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)));
}

void TestCluster::end_part(const std::string& name) const {
  run_script("part", state_ + " " + name + " end");
}

void TestCluster::start_part(const std::string& name) const {
  run_script("part", state_ + " " + name + " start");
}

std::string TestCluster::shell(const std::string& command) const {
  const auto whole =
      "(export PATH=\"$PATH:" + cluster_programs() + "\" KUBECONFIG=" + state_ +
      "/admin.conf CONTAINERD_ADDRESS=" + state_ +
      "/containerd.sock CONTAINERD_NAMESPACE=k8s.io CONTAINERD_SUPPRESS_DEPRECATION_WARNINGS=1; " + command +
      ") 2>&1";
  std::string output;
  FILE* pipe = popen(whole.c_str(), "r");
  if (!pipe) throw std::runtime_error("no shell: " + command);
  char part[4096];
  while (const auto got = fread(part, 1, sizeof part, pipe)) output.append(part, got);
  pclose(pipe);
  return output;
}

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// reconcile [--json] [--quick]: what it costs a server to know that 1,000 and 10,000 workspaces are as they
// should be: time and requests of a look at all of them, and the first list. The cluster is simulated at the
// API; its pods do nothing.
#include <iostream>

#include "bench/figure.hpp"
#include "server/backends/kubernetes/kubernetes_backend.hpp"
#include "server/reconcile.hpp"
#include "tests/unit/server/kubernetes/simulated_cluster.hpp"

namespace berth::bench {
namespace {

namespace k8s = server::kubernetes;
using protocol::rest::WorkspaceState;

std::vector<std::string> ids(std::size_t count) {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) {
    std::string id(10, 'a');
    for (std::size_t at = 0, rest = i; at < id.size(); ++at, rest /= 32) id[at] = letters[rest % 32];
    all.push_back(std::move(id));
  }
  return all;
}

k8s::KubernetesBackendOptions options_for(const test::SimulatedCluster& cluster) {
  k8s::KubernetesBackendOptions options;
  options.client.access.server = cluster.url();
  options.client.access.direct = true;
  options.pods.name_space = "team";
  options.pods.runner_image = "berth-runner:1";
  options.templates = "/nonexistent";
  return options;
}

void measure(std::size_t count, int rounds, Report& report) {
  test::SimulatedCluster cluster;
  const auto workspaces = ids(count);
  cluster.add_running(workspaces);
  const auto begin = Clock::now();
  auto backend = k8s::KubernetesBackend::open(options_for(cluster));
  if (!backend) throw Failure(backend.error().message);
  const auto name = "reconcile." + std::to_string(count) + ".";
  report.add({.name = name + "first_list", .value = milliseconds_since(begin), .unit = "ms"});
  std::map<std::string, server::DesiredWorkspace> desired;
  const auto first = (*backend)->seen();
  if (!first || !*first || (*first)->size() != count) throw Failure("not all workspaces are seen");
  for (const auto& [id, status] : **first)
    desired[id] = {.state = WorkspaceState::running,
                   .home = server::HomeState::ahead,
                   .runner = status.address->runner_key};
  server::ReconcileMemory memory;
  std::vector<double> samples;
  const auto before = cluster.requests();
  for (int round = 0; round < rounds; ++round) {
    const auto look = Clock::now();
    const auto seen = (*backend)->seen();
    if (!seen || !*seen) throw Failure("nothing is seen");
    if (!server::reconcile(desired, **seen, {}, round, memory).empty())
      throw Failure("all is well, and yet something is to be done");
    samples.push_back(milliseconds_since(look));
  }
  report.add({.name = name + "look.p50", .value = median(samples), .unit = "ms"});
  report.add({.name = name + "requests",
              .value = static_cast<double>(cluster.requests() - before) / rounds,
              .unit = "a look"});
}

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  bool json = false, quick = false;
  for (int i = 1; i < argc; ++i) {
    json = json || std::string_view(argv[i]) == "--json";
    quick = quick || std::string_view(argv[i]) == "--quick";
  }
  try {
    berth::bench::Report report(json, !quick);
    // A build without optimisation takes half a minute to read 10,000 pods.
    for (const std::size_t count : {quick ? 100u : 1'000u, quick ? 1'000u : 10'000u})
      berth::bench::measure(count, quick ? 5 : 100, report);
  } catch (const std::exception& error) {
    std::cerr << "reconcile: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

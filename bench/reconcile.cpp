// SPDX-License-Identifier: GPL-3.0-or-later
// reconcile [--json] [--quick]: what it costs a server to know that 1,000 and 10,000 workspaces are as they
// should be: time and requests of a look at all of them, the first list, and the requests of an hour for each
// workspace; beside it what one start and one stop ask. The cluster is simulated at the API; its pods do
// nothing.
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

/// Requests of a server that knows `count` workspaces and has nothing to do, in an hour for each of them.
/// That hour is short: watches live for `life` instead of what they usually do, and it has as many of them.
void measure_hour(std::size_t count, const test::SimulatedCluster& cluster, const std::string& name,
                  int lives, Report& report) {
  constexpr std::chrono::seconds life{3};
  auto options = options_for(cluster);
  // A watch is asked for up to a quarter less, so that not all end together.
  const auto usual = options.client.watch_life * 7 / 8;
  options.client.watch_life = life;
  auto backend = k8s::KubernetesBackend::open(std::move(options));
  if (!backend) throw Failure(backend.error().message);
  const auto before = cluster.requests();
  const auto begin = Clock::now();
  while (Clock::now() - begin < lives * life) {
    const auto seen = (*backend)->seen();  // as the server's loop does
    if (!seen || !*seen || (*seen)->size() != count) throw Failure("not all workspaces are seen");
    k8s::pause_for(std::chrono::milliseconds(100), {});
  }
  const auto lived = std::chrono::duration<double>(Clock::now() - begin) / life;
  const auto of_a_life = static_cast<double>(cluster.requests() - before) / lived;
  const auto lives_of_an_hour = std::chrono::duration<double>(std::chrono::hours(1)) / usual;
  report.add({.name = name + "requests_hour",
              .value = of_a_life * lives_of_an_hour / static_cast<double>(count),
              .unit = "a workspace"});
}

/// Requests of one start and one stop of a new workspace whose claim is bound and whose pod runs at once.
void measure_start_and_stop(Report& report) {
  test::SimulatedCluster cluster;
  auto options = options_for(cluster);
  options.pods.runner_port = cluster.runner_port();
  options.templates = BERTH_TEMPLATES;
  options.default_image = "workspace:1";
  auto backend = k8s::KubernetesBackend::open(std::move(options));
  if (!backend) throw Failure(backend.error().message);
  const auto id = ids(1).front();
  const auto before = cluster.requests();
  const auto started = (*backend)->start(
      {.workspace = id, .template_id = "empty", .person_name = "bench", .limits = {}, .server_key = {}});
  if (!started) throw Failure(started.error().message);
  const auto between = cluster.requests();
  if (auto stopped = (*backend)->stop(id, 1'000); !stopped) throw Failure(stopped.error().message);
  const auto add = [&](const char* name, std::size_t requests) {
    report.add({.name = name, .value = static_cast<double>(requests), .unit = "requests"});
  };
  add("reconcile.start", between - before);
  add("reconcile.stop", cluster.requests() - between);
}

void measure(std::size_t count, int rounds, int lives, Report& report) {
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
  backend->reset();
  measure_hour(count, cluster, name, lives, report);
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
      berth::bench::measure(count, quick ? 5 : 100, quick ? 1 : 10, report);
    berth::bench::measure_start_and_stop(report);
  } catch (const std::exception& error) {
    std::cerr << "reconcile: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// bench_pods [NAME] [--json] [--quick] --programs DIR --work DIR: measures pod_ready, warm_claim, or both.
// Started by bench/run within tests/cluster/alone, for it needs Kubernetes' programs and root.
#include <iostream>

#include "bench/options.hpp"
#include "bench/pods.hpp"

namespace berth::bench {
namespace {

struct PodSubject {
  std::string_view name;
  void (*measure)(PodSetup&);
};
constexpr PodSubject pod_subjects[] = {{"pod_ready", measure_pod_ready}, {"warm_claim", measure_warm_claim}};

int run_pods(Options options) {
  auto report = make_report(options);
  test::KubernetesGround ground;
  options.places.templates = ground.options().templates;
  bool known = false;
  for (const auto& subject : pod_subjects) {
    if (!options.name.empty() && subject.name != options.name) continue;
    known = true;
    PodSetup setup{ground, report, options.places, options.quick};
    setup.places.work /= subject.name;
    std::filesystem::create_directories(setup.places.work);
    std::filesystem::permissions(setup.places.work, std::filesystem::perms(0755));
    subject.measure(setup);
  }
  if (!known) throw Failure("there is no subject '" + options.name + "'");
  return 0;
}

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  try {
    return berth::bench::run_pods(berth::bench::parse_options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << std::endl;
    return 1;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// bench_pods [NAME] [--json] [--quick] --programs DIR --work DIR: measures pod_ready, warm_claim, or both.
// Started by bench/run within tests/cluster/alone, for it needs Kubernetes' programs and root.
#include <iostream>

#include "bench/pods.hpp"

namespace berth::bench {
namespace {

struct PodSubject {
  std::string_view name;
  void (*measure)(PodSetup&);
};
constexpr PodSubject pod_subjects[] = {{"pod_ready", measure_pod_ready}, {"warm_claim", measure_warm_claim}};

struct PodOptions {
  std::string name;  // "" for all
  bool json = false;
  bool quick = false;
  Places places;
};

PodOptions parse_pod_options(int argc, char** argv) {
  PodOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool last = i + 1 >= argc;
    if (word == "--json") {
      options.json = true;
    } else if (word == "--quick") {
      options.quick = true;
    } else if (word == "--programs" && !last) {
      options.places.programs = argv[++i];
    } else if (word == "--work" && !last) {
      options.places.work = argv[++i];
    } else if (!word.starts_with("-") && options.name.empty()) {
      options.name = word;
    } else {
      throw Failure("'" + word + "' is not understood");
    }
  }
  if (options.places.work.empty() || options.places.programs.empty())
    throw Failure("bench/run starts this program");
  return options;
}

int run_pods(PodOptions options) {
  Report report(options.json, !options.quick);
  if (!options.quick && load_average() > 0.7)
    report.note("the machine is busy (load " + std::to_string(load_average()) +
                "): figures will be worse than they are");
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
    return berth::bench::run_pods(berth::bench::parse_pod_options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << std::endl;
    return 1;
  }
}

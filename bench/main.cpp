// SPDX-License-Identifier: GPL-3.0-or-later
// berth_bench [NAME] [--json] [--quick] --programs DIR --templates DIR --work DIR [--node DIR]: measures one
// subject, or all. Started by bench/run, which installs the peers.
#include <unistd.h>

#include <iostream>

#include "bench/options.hpp"
#include "bench/setup.hpp"

namespace berth::bench {
namespace {

struct Subject {
  std::string_view name;
  void (*measure)(Setup&);
};
constexpr Subject subjects[] = {
    {"echo", measure_echo},
    {"echo_paced", measure_echo_paced},
    {"echo_flood", measure_echo_flood},
    {"throughput", measure_throughput},
    {"interrupt", measure_interrupt},
    {"memory", measure_memory},
    {"start", measure_start},
    {"edit", measure_edit},
    {"save", measure_save},
    {"list", measure_list},
    {"converge", measure_converge},
    {"resume", measure_resume},
    {"stored", measure_stored},
    {"dedup", measure_dedup},
    {"restore", measure_restore},
};

// Every subject gets fresh servers in a fresh folder, so that none is measured in another's wake.
bool measure(const Subject& subject, const Options& options, Report& report) {
  Places places = options.places;
  places.work /= std::string(subject.name);
  try {
    std::filesystem::create_directories(places.work);
    std::filesystem::permissions(places.work, std::filesystem::perms(0755));
    Setup setup(places, report, options.quick);
    subject.measure(setup);
    return true;
  } catch (const std::exception& error) {
    report.note(std::string(subject.name) + " was not measured: " + error.what());
    return false;
  }
}

int run(const Options& options) {
  auto report = make_report(options);
  bool known = false;
  bool good = true;
  for (const auto& subject : subjects) {
    if (!options.name.empty() && options.name != subject.name) continue;
    known = true;
    good = measure(subject, options, report) && good;
  }
  if (known) return good ? 0 : 1;
  std::cerr << "bench: there is no '" << options.name << "'; there are";
  for (const auto& subject : subjects) std::cerr << ' ' << subject.name;
  std::cerr << std::endl;
  return 2;
}

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  try {
    return berth::bench::run(berth::bench::parse_options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << std::endl;
    return 2;
  }
}

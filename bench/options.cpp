// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/options.hpp"

namespace berth::bench {

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string {
      if (++i >= argc) throw Failure(word + " needs a value");
      return argv[i];
    };
    if (word == "--json") {
      options.json = true;
    } else if (word == "--quick") {
      options.quick = true;
    } else if (word == "--programs") {
      options.places.programs = value();
    } else if (word == "--templates") {
      options.places.templates = value();
    } else if (word == "--work") {
      options.places.work = value();
    } else if (word == "--node") {
      options.places.node = value();
    } else if (word == "--ttyd") {
      options.places.ttyd = value();
    } else if (word == "--editor") {
      const auto name = value();
      options.places.editors[name] = value();
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

Report make_report(const Options& options) {
  Report report(options.json, !options.quick);
  if (!options.quick && load_average() > 0.7)
    report.note("the machine is busy (load " + std::to_string(load_average()) +
                "): figures will be worse than they are");
  return report;
}

}  // namespace berth::bench

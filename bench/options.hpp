// SPDX-License-Identifier: GPL-3.0-or-later
// The command line that bench/run gives the programs which measure.
#pragma once

#include <string>

#include "bench/figure.hpp"
#include "bench/peer.hpp"

namespace berth::bench {

struct Options {
  std::string name;  // of a subject; "" for all
  bool json = false;
  bool quick = false;
  Places places;
};

/// Throws Failure where a word is not understood, or what only bench/run knows is missing.
Options parse_options(int argc, char** argv);

/// What figures are printed by; it begins with a note where the machine is too busy for good ones.
Report make_report(const Options& options);

}  // namespace berth::bench

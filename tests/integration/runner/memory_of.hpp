// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory a process has to itself.
#pragma once

#include <sys/types.h>

#include <fstream>
#include <string>

namespace berth::test {

/// KiB (Pss_Anon): its own. What it shares with other processes of the same program is counted by how many
/// there are.
inline long memory_of(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/smaps_rollup");
  long total = 0;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("Pss_Anon:")) total = std::stol(line.substr(9));
  return total;
}

}  // namespace berth::test

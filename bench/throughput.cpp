// SPDX-License-Identifier: GPL-3.0-or-later
// 100 MiB of output: MB/s as a fast client sees it, and the CPU time of the server's processes.
#include <format>

#include "bench/setup.hpp"

namespace berth::bench {

void measure_throughput(Setup& setup) {
  std::map<std::string, std::vector<double>> rates;
  std::map<std::string, std::vector<double>> cpu;
  const int size = setup.times(100, 4) << 20;
  const auto file = std::format("bench-output-{}", size);
  for (int run = 0; run < setup.times(6, 1); ++run)
    for (auto* peer : setup.rotated(run)) {
      const auto processes = peer->processes();
      auto desk = peer->open(1);
      Screen screen(*desk.terminals[0]);
      prepare_shell(desk, screen);
      run_command(desk, screen,
                  std::format("[ -f {0} ] || {1} | head -c {2} > {0}; cat {0} > /dev/null", file,
                              flood_command, size));
      const auto cpu_before = cpu_seconds(processes);
      const auto shown_before = screen.shown();
      const auto begin = Clock::now();
      run_command(desk, screen, "cat " + file, std::chrono::seconds(120));
      const auto elapsed = milliseconds_since(begin);
      rates[peer->name()].push_back(static_cast<double>(screen.shown() - shown_before) / 1000 / elapsed);
      if (!processes.empty()) cpu[peer->name()].push_back(cpu_seconds(processes) - cpu_before);
    }
  const int runs = static_cast<int>(rates.at("berth").size());
  for (const auto& [peer, values] : rates)
    if (peer != "berth")
      setup.report().add({"throughput.rate", median(rates.at("berth")), "MB/s", peer, median(values), runs});
  for (const auto& [peer, values] : cpu)
    if (peer != "berth")
      setup.report().add({"throughput.server_cpu", median(cpu.at("berth")), "s", peer, median(values), runs});
}

}  // namespace berth::bench

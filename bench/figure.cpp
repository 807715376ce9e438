// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <format>
#include <iostream>
#include <nlohmann/json.hpp>

namespace berth::bench {
namespace {

enum class Kind { ratio_at_most, ratio_at_least, value_at_most };

struct Bar {
  std::string_view figure;
  std::string_view peer;  // "" for a bar on the value itself
  std::string_view name;
  Kind kind;
  double limit;
};

// The bars P1-P13.
constexpr Bar bars[] = {
    {"echo.p50", "floor", "P1", Kind::ratio_at_most, 2.0},
    {"echo.p50", "socket.io", "P1", Kind::ratio_at_most, 0.9},
    {"echo_paced.p50", "ttyd", "P2", Kind::ratio_at_most, 1.3},
    {"echo_flood.p99", "ttyd", "P2", Kind::ratio_at_most, 1.0},
    {"throughput.rate", "ttyd", "P3", Kind::ratio_at_least, 0.9},
    {"throughput.server_cpu", "ttyd", "P3", Kind::ratio_at_most, 1.5},
    {"interrupt.slow.p50", "", "P4", Kind::value_at_most, 20},
    {"interrupt.slow_queue", "", "P4", Kind::value_at_most, 1024},
    {"start.workspace.p50", "", "P5", Kind::value_at_most, 150},
    {"start.server.p50", "", "P6", Kind::value_at_most, 100},
    {"memory.server_idle", "", "P7", Kind::value_at_most, 20},
    {"memory.window", "", "P7", Kind::value_at_most, 30},
    {"memory.runner_idle", "", "P7", Kind::value_at_most, 6},
    {"memory.runner_10_terminals", "", "P7", Kind::value_at_most, 12},
    {"edit.small_payload", "", "P8", Kind::value_at_most, 200},
    {"edit.large_payload", "", "P8", Kind::value_at_most, 200},
    {"edit.small.p50", "fdatasync", "P8", Kind::ratio_at_most, 2.0},
    {"edit.large.p50", "fdatasync", "P8", Kind::ratio_at_most, 2.0},
    {"stored.p50", "", "P9", Kind::value_at_most, 500},
    {"stored.p99", "", "P9", Kind::value_at_most, 2'000},
    {"dedup.stored", "", "P10", Kind::value_at_most, 1'024},
    {"restore.p50", "tar x", "P10", Kind::ratio_at_most, 2.0},
    {"restore.p50", "restic", "P10", Kind::ratio_at_most, 1.0},
    {"list.first_page.p50", "", "P11", Kind::value_at_most, 10},
    {"pod_ready.p50", "kubectl run", "P12", Kind::ratio_at_most, 1.15},
    {"warm_claim.p50", "", "P12", Kind::value_at_most, 500},
    {"warm_claim.p99", "", "P12", Kind::value_at_most, 500},
    {"desktop_start.p50", "", "P13", Kind::value_at_most, 250},
    {"desktop_key.p50", "", "P13", Kind::value_at_most, 12},
    {"desktop_memory.p50", "", "P13", Kind::value_at_most, 110},
    {"desktop_large.p50", "", "P13", Kind::value_at_most, 1'000},
};

std::string number(double value) {
  if (value == 0) return "0";
  if (std::abs(value) >= 100) return std::format("{:.0f}", value);
  return std::format("{:.3g}", value);
}

}  // namespace

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double quantile(std::vector<double> samples, double q) {
  if (samples.empty()) throw Failure("there are no samples");
  const auto index =
      std::min(samples.size() - 1, static_cast<std::size_t>(q * static_cast<double>(samples.size())));
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(index), samples.end());
  return samples[index];
}

void Runs::add_run(std::vector<double> samples) {
  p50_.push_back(quantile(samples, 0.5));
  p99_.push_back(quantile(std::move(samples), 0.99));
}

std::vector<Verdict> judge(const Figure& figure) {
  std::vector<Verdict> verdicts;
  for (const auto& bar : bars) {
    if (bar.figure != figure.name || (!bar.peer.empty() && bar.peer != figure.peer)) continue;
    const double ratio = figure.peer_value != 0 ? figure.value / figure.peer_value : 0;
    switch (bar.kind) {
      case Kind::ratio_at_most:
        verdicts.push_back(
            {std::format("{} ≤ {:.3g} × {}", bar.name, bar.limit, bar.peer), ratio <= bar.limit});
        break;
      case Kind::ratio_at_least:
        verdicts.push_back(
            {std::format("{} ≥ {:.3g} × {}", bar.name, bar.limit, bar.peer), ratio >= bar.limit});
        break;
      case Kind::value_at_most:
        verdicts.push_back(
            {std::format("{} ≤ {:.4g} {}", bar.name, bar.limit, figure.unit), figure.value <= bar.limit});
        break;
    }
  }
  return verdicts;
}

void Report::add(const Figure& figure) {
  ++printed_;
  const auto verdicts = judge_ ? judge(figure) : std::vector<Verdict>{};
  const bool compared = !figure.peer.empty() && figure.peer_value != 0;
  if (json_) {
    nlohmann::ordered_json line{{"name", figure.name}, {"value", figure.value}, {"unit", figure.unit}};
    line["peer"] = figure.peer.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(figure.peer);
    line["peer_value"] = compared ? nlohmann::ordered_json(figure.peer_value) : nlohmann::ordered_json();
    line["ratio"] =
        compared ? nlohmann::ordered_json(figure.value / figure.peer_value) : nlohmann::ordered_json();
    line["runs"] = figure.runs;
    for (const auto& verdict : verdicts) line["bars"].push_back({{"bar", verdict.bar}, {"met", verdict.met}});
    std::cout << line.dump() << std::endl;
    return;
  }
  std::string line = std::format("{:<26} {:>8} {:<8}", figure.name, number(figure.value), figure.unit);
  if (compared)
    line += std::format(" {:<12} {:>8}   × {:<6}", figure.peer, number(figure.peer_value),
                        number(figure.value / figure.peer_value));
  else
    line += std::format(" {:<12} {:>8}   {:<8}", "", "", "");
  line += std::format(" runs {:<3}", figure.runs);
  for (const auto& verdict : verdicts)
    line += std::format(" {}: {}", verdict.bar, verdict.met ? "met" : "NOT MET");
  std::cout << line << std::endl;
}

void Report::note(const std::string& text) const { std::cerr << "bench: " << text << std::endl; }

}  // namespace berth::bench

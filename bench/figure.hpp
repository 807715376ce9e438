// SPDX-License-Identifier: GPL-3.0-or-later
// A measured figure, the bar it must reach, and the line it is printed as; and what figures are made of:
// samples.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace berth::bench {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start);

/// A measurement that can't be made; the message says why. Caught where a subject is run.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

double quantile(std::vector<double> samples, double q);
inline double median(std::vector<double> samples) { return quantile(std::move(samples), 0.5); }

/// One quantity over several runs: each run gives its own p50 and p99, what counts is their median.
class Runs {
 public:
  void add_run(std::vector<double> samples);
  double p50() const { return median(p50_); }
  double p99() const { return median(p99_); }
  int count() const { return static_cast<int>(p50_.size()); }

 private:
  std::vector<double> p50_;
  std::vector<double> p99_;
};

struct Figure {
  std::string name;  // "echo.p50"
  double value = 0;
  std::string unit;
  std::string peer = {};  // "" when there is none: a bar alone
  double peer_value = 0;
  int runs = 1;
};

class Report {
 public:
  Report(bool json, bool judge) : json_(json), judge_(judge) {}
  void add(const Figure& figure);
  /// A remark for the person; never on stdout.
  void note(const std::string& text) const;
  int printed() const { return printed_; }

 private:
  bool json_;
  bool judge_;  // false for quick runs, whose figures say nothing
  int printed_ = 0;
};

/// A bar that this figure is judged by (design/numbers.md), in words, and whether it is met.
struct Verdict {
  std::string bar;  // "P1 ≤ 2 × floor"
  bool met = false;
};
std::vector<Verdict> judge(const Figure& figure);

}  // namespace berth::bench

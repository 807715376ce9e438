// SPDX-License-Identifier: GPL-3.0-or-later
// How long a soak test goes on and with which luck. Short forms run in the suites with a fixed seed; with
// BERTH_SOAK=1 they go on for long with a new one, with BERTH_SOAK=N for N rounds. BERTH_SEED repeats a seed.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace berth::test {

class Soak {
 public:
  Soak(int short_rounds, int long_rounds) {
    const char* soak = std::getenv("BERTH_SOAK");
    const int asked = soak ? std::atoi(soak) : 0;
    rounds_ = asked == 0 ? short_rounds : asked == 1 ? long_rounds : asked;
    const char* seed = std::getenv("BERTH_SEED");
    seed_ = seed ? std::strtoull(seed, nullptr, 10) : asked == 0 ? 1 : std::random_device{}();
    luck_.seed(seed_);
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::cout << test->name() << ": " << rounds_ << " rounds, BERTH_SEED=" << seed_ << std::endl;
  }

  int rounds() const { return rounds_; }
  /// Luck of its own for another thread or for a part that may draw more or less often; drawn from this
  /// one's.
  Soak fork() {
    auto other = *this;
    other.luck_.seed(luck_());
    return other;
  }
  /// For the trace of a failure.
  std::string where(int round) const {
    return "round " + std::to_string(round) + " of BERTH_SEED=" + std::to_string(seed_);
  }
  /// Tells now and then that it goes on, in the long form.
  void tell(int round) const {
    if (rounds_ >= 200 && round % 100 == 0) std::cout << "  round " << round << std::endl;
  }
  /// At least 0 and less than `end`.
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(luck_); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  std::chrono::microseconds time_below(std::chrono::microseconds end) {
    return std::chrono::microseconds(below(static_cast<std::size_t>(end.count())));
  }

 private:
  int rounds_ = 0;
  std::uint64_t seed_ = 0;
  std::mt19937_64 luck_;
};

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// Bounds on time that hold however busy the machine is. What is measured to compare is the bench's.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>

namespace berth::test {

/// What this thread worked since this was made. Unlike a clock on the wall it does not go on while others
/// have the processor.
class ThreadTime {
 public:
  std::chrono::nanoseconds elapsed() const { return now() - begin_; }

 private:
  static std::chrono::nanoseconds now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
  std::chrono::nanoseconds begin_ = now();
};

/// How long the fastest of up to five runs took; none is made after one that took less than `enough`. A busy
/// machine is slow now and then, a fault always.
template <class Run>
std::chrono::nanoseconds fastest(std::chrono::nanoseconds enough, Run run) {
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 5 && best >= enough; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    best = std::min(best, std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin));
  }
  return best;
}

}  // namespace berth::test

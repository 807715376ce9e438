// SPDX-License-Identifier: GPL-3.0-or-later
// Several blocking transfers at once, few enough for the store and the machine.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

/// Runs `work(0)` … `work(count - 1)`, at most `bound` at once, one of them on the caller's thread. After the
/// first failure no further one begins; that failure is the answer. What one throws is thrown here, once all
/// have ended.
template <class Work>
Result<void> in_parallel(std::size_t count, std::size_t bound, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex;
  Result<void> outcome;
  std::exception_ptr thrown;
  const auto run = [&] {
    for (std::size_t i; !failed && (i = next++) < count;) {
      try {
        Result<void> done = work(i);
        if (done) continue;
        const std::lock_guard lock(mutex);
        if (!failed.exchange(true)) outcome = std::move(done);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failed = true;
        thrown = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(count, bound); ++i) others.emplace_back(run);
    run();
  }
  if (thrown) std::rethrow_exception(thrown);
  return outcome;
}

}  // namespace berth::server

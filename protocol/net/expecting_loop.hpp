// SPDX-License-Identifier: GPL-3.0-or-later
// An io_context's loop that does not go to sleep in the moment after a key was passed on: its echo or its
// acknowledgement is on the way, and waking a sleeping thread (in a virtual machine a halted processor) takes
// longer than the answer. The processor is offered to others all the while; without keys the loop is
// io_context::run().
#pragma once

#include <sched.h>

#include <boost/asio/io_context.hpp>
#include <chrono>

namespace berth::net {

/// At most this many bytes are typing (a terminal's key, a key's edit) rather than data.
inline constexpr std::size_t keystroke_size = 256;

namespace detail {
inline constexpr std::chrono::microseconds longest_expectation{500};  // an edit waits for the disk
inline thread_local std::chrono::steady_clock::time_point expected_until{};
}  // namespace detail

/// The thread's loop stays awake until answer_came(), but not for long.
inline void expect_answer() {
  detail::expected_until = std::chrono::steady_clock::now() + detail::longest_expectation;
}
inline void answer_came() { detail::expected_until = {}; }

/// io.run() with expect_answer() heeded.
inline void run_expecting(boost::asio::io_context& io) {
  constexpr std::chrono::steady_clock::time_point never{};
  while (!io.stopped()) {
    if (detail::expected_until == never) {
      io.run_one();
    } else if (io.poll_one() == 0) {
      if (std::chrono::steady_clock::now() < detail::expected_until)
        ::sched_yield();
      else
        detail::expected_until = never;
    }
  }
}

}  // namespace berth::net

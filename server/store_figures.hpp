// SPDX-License-Identifier: GPL-3.0-or-later
// Live figures of what is stored, for /metrics.
#pragma once

#include <atomic>
#include <cstdint>

namespace berth::server {

/// Since the server's start.
struct StoreFigures {
  std::atomic<std::uint64_t> damaged_objects = 0;  // found missing or damaged, by whoever read them
  std::atomic<std::uint64_t> scrubbed_packs = 0;
  std::atomic<std::uint64_t> scrubbed_bytes = 0;
  std::atomic<std::int64_t> scrub_ended = 0;  // Unix ms: when every pack had been looked at; 0: not yet
};

}  // namespace berth::server

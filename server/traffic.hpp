// SPDX-License-Identifier: GPL-3.0-or-later
// Live figures of what the gateway and the previews carry.
#pragma once

#include <atomic>
#include <cstdint>

namespace berth::server {

/// Of all splices of a kind.
struct SpliceCounters {
  std::atomic<std::uint64_t> opened = 0;
  std::atomic<std::uint64_t> active = 0;
  std::atomic<std::uint64_t> bytes_from_client = 0;
  std::atomic<std::uint64_t> bytes_to_client = 0;
};

struct Traffic {
  SpliceCounters gateway;                   // windows connected to their workspaces
  SpliceCounters preview;                   // WebSockets and the like of previews; not their plain requests
  SpliceCounters forwarded;                 // requests that another server answers
  std::atomic<std::uint64_t> requests = 0;  // of the API, that this one answered
  std::atomic<std::uint64_t> failed_requests = 0;  // answered with 5xx
};

}  // namespace berth::server

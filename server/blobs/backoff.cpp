// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/backoff.hpp"

#include <algorithm>

namespace berth::server {

std::optional<Backoff::Duration> Backoff::next(Duration elapsed, std::uint32_t random, Duration wish) {
  const auto half = next_ / 2;
  auto pause = half + Duration(half.count() > 0 ? random % (half.count() + 1) : 0);
  pause = std::max(pause, std::min(wish, longest_));
  next_ = std::min(next_ * 2, longest_);
  if (elapsed + pause >= total_) return std::nullopt;
  return pause;
}

}  // namespace berth::server

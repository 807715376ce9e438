// SPDX-License-Identifier: GPL-3.0-or-later
// How long a start has taken so far, phase by phase. Pure: times are passed in, Unix milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/rest.hpp"

namespace berth::server {

class StartSteps {
 public:
  /// A start begins, with room being made for it; what an earlier one took is forgotten.
  void begin(std::int64_t now);
  /// The start has come to this phase, and what it did before is done. One that comes again goes on counting.
  /// After end(): nothing.
  void enter(protocol::rest::StartPhase phase, std::int64_t now);
  /// It runs, or came to nothing.
  void end(std::int64_t now);
  void clear();

  /// Nothing where no start is known of.
  std::optional<std::vector<protocol::rest::StartStep>> seen(std::int64_t now) const;

 private:
  std::vector<protocol::rest::StartStep> steps_;
  std::optional<std::size_t> at_;  // the one under way
  std::int64_t entered_ = 0;
};

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/start_steps.hpp"

#include <algorithm>

namespace berth::server {

using protocol::rest::StartPhase;
using protocol::rest::StartStep;

void StartSteps::begin(std::int64_t now) {
  steps_.clear();
  steps_.push_back({StartPhase::place, 0, false});
  at_ = 0;
  entered_ = now;
}

void StartSteps::enter(StartPhase phase, std::int64_t now) {
  if (!at_ || steps_[*at_].phase == phase) return;
  end(now);
  auto known = std::ranges::find(steps_, phase, &StartStep::phase);
  if (known == steps_.end()) known = steps_.insert(known, {phase, 0, true});
  known->done = false;
  at_ = static_cast<std::size_t>(known - steps_.begin());
  entered_ = now;
}

void StartSteps::end(std::int64_t now) {
  if (!at_) return;
  auto& step = steps_[*at_];
  step.took += std::max<std::int64_t>(0, now - entered_);  // clocks are set back
  step.done = true;
  at_.reset();
}

void StartSteps::clear() {
  steps_.clear();
  at_.reset();
}

std::optional<std::vector<StartStep>> StartSteps::seen(std::int64_t now) const {
  if (steps_.empty()) return std::nullopt;
  auto seen = steps_;
  if (at_) seen[*at_].took += std::max<std::int64_t>(0, now - entered_);
  return seen;
}

}  // namespace berth::server

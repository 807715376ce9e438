// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/position_map.hpp"

#include <algorithm>

namespace berth::runner {

PositionMap::PositionMap(const protocol::TextOperation& operation) {
  std::int64_t start = 0, after = 0, inserted = 0;
  for (const auto& run : operation.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      inserted += static_cast<std::int64_t>(protocol::utf16_length(*text));
      continue;
    }
    const auto units = std::get<std::int64_t>(run);
    parts_.push_back({start, after, after + inserted, units > 0});
    after += inserted + std::max<std::int64_t>(units, 0);
    start += units > 0 ? units : -units;
    inserted = 0;
  }
  parts_.push_back({start, after, after + inserted, false});
}

std::int64_t PositionMap::map(std::int64_t position, protocol::Bias bias) const {
  position = std::clamp<std::int64_t>(position, 0, parts_.back().start);
  // The first part starts at 0, so there is one before.
  const auto& part = *std::prev(std::ranges::upper_bound(parts_, position, {}, &Part::start));
  if (part.start == position) return bias == protocol::Bias::before ? part.before : part.behind;
  return part.kept ? part.behind + (position - part.start) : part.behind;
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// Where positions of a text are after an operation, for many positions at once: what the operation inserts is
// counted once, however many there are. No I/O.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::runner {

class PositionMap {
 public:
  explicit PositionMap(const protocol::TextOperation& operation);

  /// As TextOperation::map_position; a position outside of the text counts as the end that it lies beyond.
  std::int64_t map(std::int64_t position, protocol::Bias bias) const;

 private:
  /// A place of the text before from which on it is kept, or deleted.
  struct Part {
    std::int64_t start;
    std::int64_t before, behind;  // where that is afterwards: before and behind what is inserted there
    bool kept;
  };
  std::vector<Part> parts_;  // the last one is the end of the text
};

}  // namespace berth::runner

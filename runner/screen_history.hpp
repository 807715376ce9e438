// SPDX-License-Identifier: GPL-3.0-or-later
// The rows that have left a terminal's screen at its top: packed as text and runs of styles in blocks, the
// oldest dropped first. A copy shares the blocks and does not change.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/screen_cells.hpp"

namespace berth::runner {

class ScreenHistory {
 public:
  static constexpr std::size_t block_size = 16u << 10;
  static constexpr std::size_t bytes_a_row = 512;  // the most kept on average

  /// Keeps at most `rows` rows and `rows` × bytes_a_row bytes (at least a few blocks); 0 rows: nothing.
  explicit ScreenHistory(std::size_t rows);

  void push(const RowText& row);
  /// A row of ASCII in the default style.
  void push_plain(std::string_view text, bool wrapped);
  /// Takes the newest row back; only when size() > 0.
  RowText pop();
  void clear();

  std::size_t size() const { return size_; }
  std::size_t limit() const { return limit_; }
  bool last_is_wrapped() const;
  /// Where reading goes on. Holds while nothing is pushed, popped or cleared: read from a copy.
  struct Place {
    std::size_t block = 0, row = 0;
  };
  /// Number 0 is the oldest.
  Place place(std::size_t number) const;
  /// The row at the place, which moves on to the next one.
  void read(Place& place, RowText& row) const;
  /// Bytes held, with what blocks have free.
  std::size_t allocated() const;

 private:
  struct Block {
    std::string bytes;
    std::vector<std::uint32_t> starts;
  };
  Block& block_to_grow(std::size_t bytes);
  void added(std::size_t bytes);
  void drop_oldest();

  std::size_t limit_, most_bytes_;
  std::deque<std::shared_ptr<Block>> blocks_;
  std::size_t dropped_ = 0;  // rows of the first block that are gone
  std::size_t size_ = 0, bytes_ = 0;
};

}  // namespace berth::runner

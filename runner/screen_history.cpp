// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/screen_history.hpp"

#include <algorithm>
#include <cstring>

namespace berth::runner {
namespace {

constexpr std::size_t least_history_bytes = 256u << 10;
constexpr std::size_t first_block_bytes = 512;
constexpr unsigned char row_wrapped = 1, row_has_runs = 2, row_has_fill = 4, row_has_marks = 8;

void append_number(std::string& out, std::size_t number) {
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

std::size_t take_number(const char*& at) {
  std::size_t number = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    number |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
}

template <class T>
void append_plain(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T take_plain(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

void pack(const RowText& row, std::string& out) {
  unsigned char flags = row.wrapped ? row_wrapped : 0;
  if (!row.runs.empty()) flags |= row_has_runs;
  if (row.fill != 0) flags |= row_has_fill;
  if (!row.marks.empty()) flags |= row_has_marks;
  out += static_cast<char>(flags);
  append_number(out, row.text.size());
  if (!row.runs.empty()) {
    append_number(out, row.runs.size());
    for (const auto& run : row.runs) {
      append_number(out, run.bytes);
      append_plain(out, run.style);
    }
  }
  if (row.fill != 0) append_plain(out, row.fill);
  if (!row.marks.empty()) {
    append_number(out, row.marks.size());
    for (const auto& mark : row.marks) {
      append_number(out, mark.at);
      append_number(out, mark.what.size());
      out += mark.what;
    }
  }
  out += row.text;
}

void unpack_row(const char* at, RowText& row) {
  row.clear();
  const auto flags = static_cast<unsigned char>(*at++);
  row.wrapped = flags & row_wrapped;
  const auto size = take_number(at);
  if (flags & row_has_runs)
    for (auto count = take_number(at); count > 0; --count) {
      const auto bytes = take_number(at);
      row.runs.push_back({bytes, take_plain<Style>(at)});
    }
  if (flags & row_has_fill) row.fill = take_plain<Color>(at);
  if (flags & row_has_marks)
    for (auto count = take_number(at); count > 0; --count) {
      const auto position = take_number(at);
      const auto length = take_number(at);
      row.marks.push_back({position, std::string(at, length)});
      at += length;
    }
  row.text.assign(at, size);
}

}  // namespace

ScreenHistory::ScreenHistory(std::size_t rows)
    : limit_(rows), most_bytes_(std::max(least_history_bytes, rows * bytes_a_row)) {}

/// The last block, not shared with a copy, with room for so many bytes more.
ScreenHistory::Block& ScreenHistory::block_to_grow(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back()->bytes.size() + bytes > block_size) {
    auto block = std::make_shared<Block>();
    // The first one grows as it is used: many terminals have only a few rows.
    block->bytes.reserve(blocks_.empty() ? first_block_bytes : std::max(block_size, bytes));
    blocks_.push_back(std::move(block));
  } else if (blocks_.back().use_count() > 1) {
    blocks_.back() = std::make_shared<Block>(*blocks_.back());
  }
  return *blocks_.back();
}

void ScreenHistory::added(std::size_t bytes) {
  bytes_ += bytes;
  ++size_;
  while (size_ > limit_ || (bytes_ > most_bytes_ && size_ > 1)) drop_oldest();
}

void ScreenHistory::push(const RowText& row) {
  if (limit_ == 0) return;
  std::string packed;
  pack(row, packed);
  auto& block = block_to_grow(packed.size());
  block.starts.push_back(static_cast<std::uint32_t>(block.bytes.size()));
  block.bytes += packed;
  added(packed.size());
}

void ScreenHistory::push_plain(std::string_view text, bool wrapped) {
  if (limit_ == 0) return;
  auto& block = block_to_grow(text.size() + 4);
  const auto before = block.bytes.size();
  block.starts.push_back(static_cast<std::uint32_t>(before));
  block.bytes += static_cast<char>(wrapped ? row_wrapped : 0);
  append_number(block.bytes, text.size());
  block.bytes += text;
  added(block.bytes.size() - before);
}

void ScreenHistory::drop_oldest() {
  auto& block = *blocks_.front();
  const auto end = dropped_ + 1 < block.starts.size() ? block.starts[dropped_ + 1] : block.bytes.size();
  bytes_ -= end - block.starts[dropped_];
  --size_;
  if (++dropped_ < block.starts.size()) return;
  blocks_.pop_front();
  dropped_ = 0;
}

RowText ScreenHistory::pop() {
  if (blocks_.back().use_count() > 1) blocks_.back() = std::make_shared<Block>(*blocks_.back());
  auto& block = *blocks_.back();
  RowText row;
  const auto start = block.starts.back();
  unpack_row(block.bytes.data() + start, row);
  bytes_ -= block.bytes.size() - start;
  block.bytes.resize(start);
  block.starts.pop_back();
  --size_;
  const auto gone = blocks_.size() == 1 ? dropped_ : 0;
  if (block.starts.size() == gone) {
    blocks_.pop_back();
    if (blocks_.empty()) dropped_ = 0;
  }
  return row;
}

void ScreenHistory::clear() {
  blocks_.clear();
  dropped_ = size_ = bytes_ = 0;
}

bool ScreenHistory::last_is_wrapped() const {
  if (size_ == 0) return false;
  const auto& block = *blocks_.back();
  return static_cast<unsigned char>(block.bytes[block.starts.back()]) & row_wrapped;
}

ScreenHistory::Place ScreenHistory::place(std::size_t number) const {
  Place place{0, number + dropped_};
  while (place.block < blocks_.size() && place.row >= blocks_[place.block]->starts.size())
    place.row -= blocks_[place.block++]->starts.size();
  return place;
}

void ScreenHistory::read(Place& place, RowText& row) const {
  row.clear();
  if (place.block >= blocks_.size()) return;
  const auto& block = *blocks_[place.block];
  unpack_row(block.bytes.data() + block.starts[place.row], row);
  if (++place.row < block.starts.size()) return;
  ++place.block;
  place.row = 0;
}

std::size_t ScreenHistory::allocated() const {
  std::size_t total = 0;
  for (const auto& block : blocks_)
    total += block->bytes.capacity() + block->starts.capacity() * sizeof(std::uint32_t);
  return total;
}

}  // namespace berth::runner

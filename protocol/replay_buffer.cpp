// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/replay_buffer.hpp"

#include <algorithm>
#include <bit>

namespace berth::protocol {

void ReplayBuffer::append(std::string_view bytes) {
  end_ += bytes.size();
  if (bytes.size() >= capacity_) {
    bytes.remove_prefix(bytes.size() - capacity_);
    head_ = size_ = 0;
  }
  grow(std::min(capacity_, size_ + bytes.size()));
  const auto overflow = size_ + bytes.size() > ring_.size() ? size_ + bytes.size() - ring_.size() : 0;
  head_ = ring_.empty() ? 0 : (head_ + overflow) % ring_.size();
  size_ -= overflow;
  while (!bytes.empty()) {
    const auto tail = (head_ + size_) % ring_.size();
    const auto run = std::min(bytes.size(), ring_.size() - tail);
    ring_.replace(tail, run, bytes.substr(0, run));
    size_ += run;
    bytes.remove_prefix(run);
  }
}

std::string ReplayBuffer::read(std::uint64_t offset, std::size_t limit) const {
  if (offset < begin() || offset >= end_) return {};
  const auto skip = static_cast<std::size_t>(offset - begin());
  auto wanted = std::min(limit, size_ - skip);
  std::string out;
  out.reserve(wanted);
  for (auto at = (head_ + skip) % ring_.size(); wanted > 0; at = 0) {
    const auto run = std::min(wanted, ring_.size() - at);
    out.append(ring_, at, run);
    wanted -= run;
  }
  return out;
}

// Doubles from 4 KiB up to the capacity, so an idle terminal costs little.
void ReplayBuffer::grow(std::size_t needed) {
  if (needed <= ring_.size()) return;
  const auto size = std::min(capacity_, std::max<std::size_t>(4096, std::bit_ceil(needed)));
  std::string larger = read(begin(), size_);
  larger.resize(size);
  ring_ = std::move(larger);
  head_ = 0;
}

}  // namespace berth::protocol

// SPDX-License-Identifier: GPL-3.0-or-later
// One direction of a connection over a bad road: what is put in comes out later, in order, as if it had
// crossed a network with that delay, width and loss. No clock and no socket: the time is passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace berth::test {

/// What a road does to each direction.
struct RoadQuality {
  std::chrono::milliseconds each_way{0};
  std::uint64_t bytes_per_second = 0;  // 0: as fast as it gets
  double loss = 0;  // of packets; what TCP makes of it is a stall of everything that comes behind
  std::uint64_t seed = 1;
};

class SlowRoad {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t packet = 1'448;           // bytes
  static constexpr std::size_t most_on_way = 256 << 10;  // bytes: what two kernels keep for a slow reader

  SlowRoad() : SlowRoad(RoadQuality{}) {}
  explicit SlowRoad(const RoadQuality& quality) : quality_(quality), luck_(quality.seed) {}

  /// From now on; what is on its way arrives as it would have.
  void set(const RoadQuality& quality) {
    quality_ = quality;
    luck_.seed(quality.seed);
  }
  bool has_room() const { return on_way_bytes_ < most_on_way; }
  bool empty() const { return on_way_.empty(); }
  std::optional<Clock::time_point> next_arrival() const {
    return on_way_.empty() ? std::nullopt : std::optional(on_way_.front().arrives);
  }

  void put(std::string_view bytes, Clock::time_point now) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(packet, bytes.size()))) {
      const auto piece = bytes.substr(0, packet);
      sent_ = std::max(sent_, now);
      if (quality_.bytes_per_second > 0)
        sent_ += std::chrono::nanoseconds(piece.size() * 1'000'000'000 / quality_.bytes_per_second);
      last_ = std::max(last_, sent_ + quality_.each_way + stall());
      on_way_.push_back({last_, std::string(piece)});
      on_way_bytes_ += piece.size();
    }
  }
  /// All that has arrived.
  std::string take(Clock::time_point now) {
    std::string arrived;
    for (; !on_way_.empty() && on_way_.front().arrives <= now; on_way_.pop_front())
      arrived += on_way_.front().bytes;
    on_way_bytes_ -= arrived.size();
    return arrived;
  }

 private:
  struct Piece {
    Clock::time_point arrives;
    std::string bytes;
  };

  /// A lost packet comes again when the retransmission timer (RFC 6298: 200 ms in Linux, and the round trip)
  /// has run out, which doubles when that is lost too.
  std::chrono::milliseconds stall() {
    std::chrono::milliseconds waited{0};
    auto timer = std::chrono::milliseconds(200) + 2 * quality_.each_way;
    for (int again = 0; again < 4 && quality_.loss > 0; ++again, timer *= 2) {
      if (std::uniform_real_distribution<double>(0, 1)(luck_) >= quality_.loss) break;
      waited += timer;
    }
    return waited;
  }

  RoadQuality quality_;
  std::mt19937_64 luck_;
  std::deque<Piece> on_way_;
  std::size_t on_way_bytes_ = 0;
  Clock::time_point sent_{}, last_{};
};

}  // namespace berth::test

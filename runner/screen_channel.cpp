// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/screen_channel.hpp"

#include <algorithm>
#include <utility>

namespace berth::runner {
namespace {

constexpr std::size_t screen_piece = 32u << 10;

}  // namespace

ScreenChannel::ScreenChannel(ChannelOwner& owner, std::uint32_t channel, ScreenPaint paint,
                             std::uint64_t credit, bool deflate, std::function<void()> on_over)
    : owner_(owner),
      channel_(channel),
      paint_(std::move(paint)),
      window_(0, std::min(credit, std::uint64_t{1} << 40)),
      deflate_(deflate),
      on_over_(std::move(on_over)) {}

void ScreenChannel::on_credit(std::uint64_t limit) {
  window_.on_credit(limit);
  pump();
}

void ScreenChannel::pump() {
  if (!on_over_) return;
  auto& link = owner_.link_speed();
  while (!paint_.done()) {
    const auto room = std::min<std::uint64_t>({screen_piece, window_.available(), owner_.terminal_room()});
    if (room == 0) return link.on_waiting(std::chrono::steady_clock::now());
    const auto bytes = paint_.take(static_cast<std::size_t>(room));
    const auto offset = window_.sent();
    window_.on_sent(bytes.size());
    // As long as nothing is known of the link it is taken for a slow one: a screen is large and comes seldom.
    if (deflate_ && link.maybe_slow()) {
      link.on_sent(owner_.send_deflated(channel_, offset, bytes));
    } else {
      owner_.send_data(channel_, offset, bytes);
      link.on_sent(bytes.size());
    }
  }
  link.on_idle();
  const auto length = window_.sent();
  const auto over = std::exchange(on_over_, nullptr);
  owner_.end_channel(channel_, length);
  over();
}

void ScreenChannel::over() {
  if (const auto told = std::exchange(on_over_, nullptr)) told();
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// The channel that carries a terminal's screen to a viewer that lacks the bytes before: sent by credit, then
// ended.
#pragma once

#include <functional>

#include "protocol/flow_window.hpp"
#include "runner/channel.hpp"
#include "runner/screen_paint.hpp"

namespace berth::runner {

class ScreenChannel : public Channel {
 public:
  /// `on_over` is called once: when all was sent, or the client wants no more of it.
  ScreenChannel(ChannelOwner& owner, std::uint32_t channel, ScreenPaint paint, std::uint64_t credit,
                bool deflate, std::function<void()> on_over);
  ~ScreenChannel() override { over(); }

  bool on_data(std::uint64_t, std::string_view) override { return false; }  // nothing is typed here
  void on_credit(std::uint64_t limit) override;
  void on_end(std::uint64_t) override {}
  void pump() override;
  void on_gone() override { over(); }
  bool urgent() const override { return true; }

 private:
  void over();

  ChannelOwner& owner_;
  std::uint32_t channel_;
  ScreenPaint paint_;
  protocol::SendWindow window_;
  bool deflate_;
  std::function<void()> on_over_;
};

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// A session's channel to a terminal, and the session's place in the terminal's input, which outlives the
// channel.
#pragma once

#include <memory>

#include "protocol/flow_window.hpp"
#include "runner/channel.hpp"
#include "runner/terminal.hpp"

namespace berth::runner {

/// How far one session's keys have come in one terminal: kept across drops, so that each byte is typed once.
class TerminalInput : public TerminalInputSource, public std::enable_shared_from_this<TerminalInput> {
 public:
  static constexpr std::uint64_t window = 64u << 10;
  explicit TerminalInput(std::weak_ptr<ChannelOwner> owner) : owner_(std::move(owner)) {}

  /// Bytes not seen before go to the terminal; repeated ones are dropped. False: a gap, or more than the
  /// credit.
  bool accept(Terminal& terminal, std::uint64_t offset, std::string_view bytes);
  void on_input_written(std::size_t bytes) override;
  std::uint64_t offset() const { return window_.received(); }
  std::uint64_t limit() const { return window_.limit(); }
  /// The channel that credit is granted on; 0 while there is none.
  void set_channel(std::uint32_t channel) { channel_ = channel; }

 private:
  std::weak_ptr<ChannelOwner> owner_;
  protocol::ReceiveWindow window_{window};
  std::uint32_t channel_ = 0;
};

class TerminalChannel : public Channel, public TerminalViewer {
 public:
  /// `input` is null for a viewer: any byte it sends aborts the channel.
  TerminalChannel(ChannelOwner& owner, std::uint32_t channel, std::shared_ptr<Terminal> terminal,
                  std::shared_ptr<TerminalInput> input, std::string session, bool deflate,
                  std::function<void()> on_person_input);
  ~TerminalChannel() override { on_gone(); }

  bool on_data(std::uint64_t offset, std::string_view bytes) override;
  void on_credit(std::uint64_t limit) override { terminal_->on_credit(viewer_, limit); }
  void on_end(std::uint64_t) override {}  // a client has nothing more to type; output goes on
  void pump() override { terminal_->pump(viewer_); }
  void on_gone() override;

  bool urgent() const override { return true; }

  /// Nothing goes out before the screen, which this viewer gets first on that channel, is over.
  void hold(std::uint32_t screen_channel) {
    held_ = true;
    screen_channel_ = screen_channel;
  }
  void release();
  bool held() const override { return held_; }

  std::size_t room() const override { return held_ ? 0 : owner_.terminal_room(); }
  void on_output(std::uint64_t offset, std::string_view bytes) override;
  void on_waiting(bool waits) override;
  void on_finished(std::uint64_t length) override { owner_.end_channel(channel_, length); }
  void on_dropped() override { owner_.abort_channel(channel_); }

  ViewerId viewer() const { return viewer_; }
  const Terminal& terminal() const { return *terminal_; }

 private:
  ChannelOwner& owner_;
  std::uint32_t channel_, screen_channel_ = 0;
  bool gone_ = false, held_ = false;
  ViewerId viewer_;
  std::shared_ptr<Terminal> terminal_;
  std::shared_ptr<TerminalInput> input_;
  const std::string session_;
  const bool deflate_;
  std::function<void()> on_person_input_;
};

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_channel.hpp"

#include <algorithm>
#include <utility>

namespace berth::runner {

bool TerminalInput::accept(Terminal& terminal, std::uint64_t offset, std::string_view bytes) {
  const auto expected = window_.received();
  if (offset > expected) return false;
  const auto repeated = std::min<std::uint64_t>(expected - offset, bytes.size());
  bytes.remove_prefix(repeated);
  if (!window_.on_data(expected, bytes.size())) return false;
  terminal.write(weak_from_this(), bytes);
  return true;
}

void TerminalInput::on_input_written(std::size_t bytes) {
  const auto limit = window_.on_consumed(bytes);
  if (!limit || channel_ == 0) return;
  if (const auto owner = owner_.lock()) owner->send_credit(channel_, *limit);
}

TerminalChannel::TerminalChannel(ChannelOwner& owner, std::uint32_t channel,
                                 std::shared_ptr<Terminal> terminal, std::shared_ptr<TerminalInput> input,
                                 std::string session, bool deflate, std::function<void()> on_person_input)
    : owner_(owner),
      channel_(channel),
      terminal_(std::move(terminal)),
      input_(std::move(input)),
      session_(std::move(session)),
      deflate_(deflate),
      on_person_input_(std::move(on_person_input)) {
  static ViewerId next_viewer = 1;
  viewer_ = next_viewer++;
  if (input_) input_->set_channel(channel_);
}

bool TerminalChannel::on_data(std::uint64_t offset, std::string_view bytes) {
  if (!input_ || !input_->accept(*terminal_, offset, bytes)) return false;
  on_person_input_();
  return true;
}

void TerminalChannel::on_output(std::uint64_t offset, std::string_view bytes) {
  auto& link = owner_.link_speed();
  if (deflate_ && link.slow()) {
    link.on_sent(owner_.send_deflated(channel_, offset, bytes));
  } else {
    owner_.send_data(channel_, offset, bytes);
    link.on_sent(bytes.size());
  }
}

void TerminalChannel::on_waiting(bool waits) {
  auto& link = owner_.link_speed();
  // While the screen goes out first, that is what is measured.
  if (held_) return;
  if (waits)
    link.on_waiting(std::chrono::steady_clock::now());
  else if (link.measuring())
    link.on_idle();
}

void TerminalChannel::release() {
  if (!std::exchange(held_, false) || gone_) return;
  terminal_->release(viewer_);
}

void TerminalChannel::on_gone() {
  if (std::exchange(gone_, true)) return;
  terminal_->detach(viewer_);
  terminal_->stand_up(session_, false);
  // Nobody waits for the screen any more.
  if (held_) owner_.abort_channel(screen_channel_);
  if (input_) input_->set_channel(0);
}

}  // namespace berth::runner

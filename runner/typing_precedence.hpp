// SPDX-License-Identifier: GPL-3.0-or-later
// A key goes before a flood: until its echo has come, but not for long, the other terminals are not read.
// Their programs wait in `write` meanwhile, so the processors and the connection are the key's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

namespace berth::runner {

namespace asio = boost::asio;

class TypingPrecedence {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// A program that does not answer its key holds nobody up for longer.
  static constexpr std::chrono::milliseconds longest{4};
  using Terminal = const void*;

  explicit TypingPrecedence(asio::io_context& io) : timer_(io) {}

  /// A key was typed at `terminal`. Whoever waited for the one before has at least as long for itself first.
  void on_key(Terminal terminal, TimePoint now) {
    if (terminal_ != nullptr && now >= since_ + longest) end(since_ + longest);
    if (terminal_ != nullptr || now < rest_ends_) return;
    terminal_ = terminal;
    since_ = now;
    timer_.expires_at(now + longest);
  }

  /// `terminal` has written something: to its viewers it goes first.
  void on_output(Terminal terminal, TimePoint now) {
    if (terminal == terminal_ && terminal_ != nullptr) end(now);
  }

  /// Whether `terminal` is read later, and then `again` is called.
  bool puts_off(Terminal terminal, TimePoint now, std::function<void()> again) {
    if (terminal_ == nullptr || terminal_ == terminal) return false;
    if (now >= since_ + longest) {
      end(since_ + longest);
      return false;
    }
    timer_.async_wait([again = std::move(again)](const boost::system::error_code&) { again(); });
    return true;
  }

 private:
  void end(TimePoint now) {
    terminal_ = nullptr;
    rest_ends_ = now + (now - since_);
    timer_.cancel();
  }

  asio::steady_timer timer_;
  Terminal terminal_ = nullptr;  // the one whose echo is awaited
  TimePoint since_{};
  TimePoint rest_ends_{};
};

}  // namespace berth::runner

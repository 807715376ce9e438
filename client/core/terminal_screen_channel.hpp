// SPDX-License-Identifier: GPL-3.0-or-later
// The channel on which a terminal's screen and scrollback come before its output goes on: bytes that paint
// them, then `end`.
#pragma once

#include <QByteArray>
#include <deque>
#include <functional>

#include "client/core/channel_sink.hpp"
#include "protocol/flow_window.hpp"

namespace berth::client {

class WorkspaceConnection;

class TerminalScreenChannel : public ChannelSink {
 public:
  struct Events {
    std::function<void(qsizetype before)> received;  // bytes that waited before these
    std::function<void()> ended;                     // all is received
    std::function<void()> broken;                    // before its end
  };
  TerminalScreenChannel(WorkspaceConnection* connection, std::uint32_t channel, std::uint64_t credit,
                        Events events);
  ~TerminalScreenChannel() override;
  TerminalScreenChannel(const TerminalScreenChannel&) = delete;

  /// Nothing more is wanted; no event comes after.
  void close();
  QByteArray take(qsizetype limit);
  /// `bytes` of those taken were shown.
  void drained(qsizetype bytes, std::uint64_t window);
  qsizetype size() const { return size_; }    // bytes that wait to be taken
  qsizetype taken() const { return taken_; }  // bytes taken and not yet shown
  bool isComplete() const { return ended_; }  // all was received
  bool isShown() const { return ended_ && size_ == 0 && taken_ == 0; }

 private:
  void onData(std::uint64_t offset, QByteArray payload) override;
  void onCredit(std::uint64_t) override {}
  void onEnd(std::uint64_t length) override;
  void onAbort() override;
  void onLost() override;

  WorkspaceConnection* connection_;
  std::uint32_t channel_;  // 0: nothing more comes
  Events events_;
  std::deque<QByteArray> bytes_;
  qsizetype size_ = 0;
  qsizetype taken_ = 0;
  bool ended_ = false;
  protocol::ReceiveWindow receive_;
};

/// Takes at most `limit` bytes off the front.
QByteArray take_front(std::deque<QByteArray>& bytes, qsizetype limit);

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's output between the PTY and its viewers: the ring, each viewer's credit and place, and the
// decision whether the PTY may be read. No I/O, no clock of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/flow_window.hpp"
#include "protocol/replay_buffer.hpp"

namespace berth::runner {

using ViewerId = std::uint64_t;

class TerminalOutput {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::size_t ring_capacity = 1u << 20;
  /// A viewer this far behind pauses the PTY, so that what Ctrl-C has to overtake stays small.
  static constexpr std::size_t backlog_limit = 16u << 10;
  /// A viewer that took nothing for this long no longer holds up the others and the program.
  static constexpr std::chrono::seconds patience{10};

  /// From an offset that the ring has(). `held`: until release() the viewer gets something else first, and
  /// the program does not wait for it before half the ring is full.
  void attach(ViewerId viewer, std::uint64_t from, std::uint64_t credit, TimePoint now, bool held = false);
  void release(ViewerId viewer, TimePoint now);
  void detach(ViewerId viewer) { viewers_.erase(viewer); }
  bool attached(ViewerId viewer) const { return viewers_.contains(viewer); }

  void append(std::string_view bytes, TimePoint now);
  void on_credit(ViewerId viewer, std::uint64_t limit);

  struct Chunk {
    std::uint64_t offset;
    std::string bytes;
  };
  /// What may be sent to the viewer now, at most `room` bytes, counted as sent; nullopt: no credit, nothing
  /// new, or lost.
  std::optional<Chunk> next(ViewerId viewer, std::size_t room, TimePoint now);
  /// The same without a copy: true (counted as sent) when exactly the last `size` bytes are what the viewer
  /// lacks and may get.
  bool take_newest(ViewerId viewer, std::size_t size, std::size_t room, TimePoint now);

  /// The ring has dropped bytes that the viewer had not got.
  bool lost(ViewerId viewer) const;
  bool sent_all(ViewerId viewer) const;
  /// It takes no more now: more waits for it, or would.
  bool starved(ViewerId viewer) const;
  /// Whether the PTY may be read: no viewer that still takes bytes is far behind.
  bool may_read(TimePoint now) const;
  /// How much to read at once while may_read(): what the viewers' credit covers, and the backlog.
  std::size_t read_room() const;
  /// When may_read() can become true by time alone; only sensible while it is false.
  TimePoint patience_ends() const;

  std::uint64_t end() const { return ring_.end(); }
  /// Whether a viewer that has the bytes before can go on here.
  bool has(std::uint64_t offset) const { return offset >= ring_.begin() && offset <= ring_.end(); }
  std::string bytes(std::uint64_t offset, std::size_t limit) const { return ring_.read(offset, limit); }

 private:
  struct Viewer {
    protocol::SendWindow window;
    TimePoint progress;  // when it last took bytes, or when it began to lag
    bool held = false;
  };
  std::uint64_t behind(const Viewer& viewer) const { return ring_.end() - viewer.window.sent(); }
  static std::size_t allowance(const Viewer& viewer) {
    return viewer.held ? ring_capacity / 2 : backlog_limit;
  }
  bool lags(const Viewer& viewer) const { return behind(viewer) >= allowance(viewer); }

  protocol::ReplayBuffer ring_{ring_capacity};
  std::map<ViewerId, Viewer> viewers_;
};

}  // namespace berth::runner

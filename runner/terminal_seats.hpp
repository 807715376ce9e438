// SPDX-License-Identifier: GPL-3.0-or-later
// Who shows a terminal and how large it therefore is: the leader's size, else the smallest columns and rows
// of those who may type. No I/O, no clock of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::runner {

class TerminalSeats {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// So long a session that lost its connection keeps its place: it usually comes back.
  static constexpr std::chrono::seconds kept{5};

  struct Size {
    int columns, rows;
    bool operator==(const Size&) const = default;
  };

  /// The session is attached; only those who may type have a size.
  void sit_down(const std::string& session, std::optional<Size> size, TimePoint now, bool may_type = true);
  /// It is attached no more: for good, or its place is kept for a while.
  void stand_up(const std::string& session, bool for_good, TimePoint now);
  /// Of a session that is not attached, the size counts for a while: it is about to attach.
  void resize(const std::string& session, Size size, TimePoint now);
  /// Takes or gives up the lead. One that has no place, or may not type, can't lead.
  void lead(const std::string& session, bool lead);

  /// nullopt: nobody makes a size; it stays as it is. Forgets the places whose time is over.
  std::optional<Size> size(TimePoint now);
  /// The leader, then who may type, then who watches; each in the order in which they came. The first one's
  /// emulator is the one to answer what programs ask their terminal.
  std::vector<std::string> attached() const;
  const std::optional<std::string>& leader() const { return leader_; }
  /// When size() can change by time alone.
  std::optional<TimePoint> next_change() const;

 private:
  struct Seat {
    std::optional<Size> size;
    bool attached = false, may_type = true;
    TimePoint left{};          // when it was attached last
    std::uint64_t number = 0;  // in the order of coming
  };
  std::map<std::string, Seat> seats_;
  std::optional<std::string> leader_;
  std::uint64_t next_number_ = 1;
};

}  // namespace berth::runner

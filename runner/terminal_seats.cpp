// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_seats.hpp"

#include <algorithm>
#include <tuple>

namespace berth::runner {

void TerminalSeats::sit_down(const std::string& session, std::optional<Size> size, TimePoint now,
                             bool may_type) {
  auto& seat = seats_[session];
  if (seat.number == 0) seat.number = next_number_++;
  seat.may_type = may_type;
  if (!may_type && leader_ == session) leader_.reset();
  // One that attaches without saying how large it is keeps the size that it had.
  if (size || !may_type) seat.size = may_type ? size : std::nullopt;
  seat.attached = true;
  seat.left = now;
}

void TerminalSeats::stand_up(const std::string& session, bool for_good, TimePoint now) {
  const auto found = seats_.find(session);
  if (found == seats_.end()) return;
  found->second.attached = false;
  found->second.left = now;
  if (!for_good) return;
  seats_.erase(found);
  if (leader_ == session) leader_.reset();
}

void TerminalSeats::resize(const std::string& session, Size size, TimePoint now) {
  auto& seat = seats_[session];
  if (seat.may_type) seat.size = size;
  if (!seat.attached) seat.left = now;
}

void TerminalSeats::lead(const std::string& session, bool lead) {
  const auto seat = seats_.find(session);
  if (lead && seat != seats_.end() && seat->second.may_type)
    leader_ = session;
  else if (!lead && leader_ == session)
    leader_.reset();
}

std::optional<TerminalSeats::Size> TerminalSeats::size(TimePoint now) {
  std::erase_if(seats_,
                [&](const auto& entry) { return !entry.second.attached && now >= entry.second.left + kept; });
  if (leader_ && !seats_.contains(*leader_)) leader_.reset();
  if (leader_)
    if (const auto& size = seats_.at(*leader_).size) return size;
  std::optional<Size> smallest;
  for (const auto& [session, seat] : seats_)
    if (seat.size)
      smallest = smallest ? Size{std::min(smallest->columns, seat.size->columns),
                                 std::min(smallest->rows, seat.size->rows)}
                          : *seat.size;
  return smallest;
}

std::vector<std::string> TerminalSeats::attached() const {
  std::vector<std::string> sessions;
  for (const auto& [session, seat] : seats_)
    if (seat.attached) sessions.push_back(session);
  std::ranges::sort(sessions, {}, [&](const std::string& session) {
    const auto& seat = seats_.at(session);
    return std::tuple(leader_ != session, !seat.may_type, seat.number);
  });
  return sessions;
}

std::optional<TerminalSeats::TimePoint> TerminalSeats::next_change() const {
  std::optional<TimePoint> next;
  for (const auto& [session, seat] : seats_)
    if (!seat.attached && (!next || seat.left + kept < *next)) next = seat.left + kept;
  return next;
}

}  // namespace berth::runner

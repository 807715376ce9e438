// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_output.hpp"

#include <algorithm>

namespace berth::runner {

void TerminalOutput::attach(ViewerId viewer, std::uint64_t from, std::uint64_t credit, TimePoint now,
                            bool held) {
  const auto limit = from + std::min(credit, std::uint64_t{1} << 40);
  viewers_.insert_or_assign(viewer, Viewer{protocol::SendWindow(from, limit), now, held});
}

void TerminalOutput::release(ViewerId id, TimePoint now) {
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  found->second.held = false;
  found->second.progress = now;
}

void TerminalOutput::append(std::string_view bytes, TimePoint now) {
  for (auto& [id, viewer] : viewers_)
    if (viewer.window.sent() == ring_.end()) viewer.progress = now;
  ring_.append(bytes);
}

void TerminalOutput::on_credit(ViewerId viewer, std::uint64_t limit) {
  if (const auto found = viewers_.find(viewer); found != viewers_.end())
    found->second.window.on_credit(limit);
}

std::optional<TerminalOutput::Chunk> TerminalOutput::next(ViewerId id, std::size_t room, TimePoint now) {
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return std::nullopt;
  Viewer& viewer = found->second;
  const auto limit = std::min<std::uint64_t>(room, viewer.window.available());
  if (limit == 0 || viewer.window.sent() < ring_.begin()) return std::nullopt;
  Chunk chunk{viewer.window.sent(), ring_.read(viewer.window.sent(), limit)};
  if (chunk.bytes.empty()) return std::nullopt;
  viewer.window.on_sent(chunk.bytes.size());
  viewer.progress = now;
  return chunk;
}

bool TerminalOutput::take_newest(ViewerId id, std::size_t size, std::size_t room, TimePoint now) {
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return false;
  Viewer& viewer = found->second;
  if (viewer.window.sent() + size != ring_.end() || viewer.window.available() < size || room < size)
    return false;
  viewer.window.on_sent(size);
  viewer.progress = now;
  return true;
}

bool TerminalOutput::lost(ViewerId id) const {
  const auto found = viewers_.find(id);
  return found != viewers_.end() && found->second.window.sent() < ring_.begin();
}

bool TerminalOutput::sent_all(ViewerId id) const {
  const auto found = viewers_.find(id);
  return found != viewers_.end() && found->second.window.sent() == ring_.end();
}

bool TerminalOutput::starved(ViewerId id) const {
  const auto found = viewers_.find(id);
  return found != viewers_.end() &&
         (found->second.window.available() == 0 || found->second.window.sent() < ring_.end());
}

bool TerminalOutput::may_read(TimePoint now) const {
  return std::ranges::none_of(viewers_, [&](const auto& entry) {
    return lags(entry.second) && now < entry.second.progress + patience;
  });
}

std::size_t TerminalOutput::read_room() const {
  std::uint64_t room = ring_capacity;
  for (const auto& [id, viewer] : viewers_)
    if (!lags(viewer))
      room = std::min(room, std::min<std::uint64_t>(viewer.window.available(), ring_capacity) +
                                allowance(viewer) - behind(viewer));
  return static_cast<std::size_t>(room);
}

TerminalOutput::TimePoint TerminalOutput::patience_ends() const {
  auto latest = TimePoint::min();
  for (const auto& [id, viewer] : viewers_)
    if (lags(viewer)) latest = std::max(latest, viewer.progress + patience);
  return latest;
}

}  // namespace berth::runner

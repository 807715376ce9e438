// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_output.hpp"

#include <algorithm>

#include "protocol/text_operation.hpp"

namespace berth::runner {

TerminalOutput::Attachment TerminalOutput::attach(ViewerId viewer, std::optional<std::uint64_t> from,
                                                  std::uint64_t credit, TimePoint now) {
  Attachment attachment{0, false};
  if (from && *from >= ring_.begin() && *from <= ring_.end()) {
    attachment.offset = *from;
  } else {
    attachment = {first_whole_line(), from.has_value() || ring_.begin() > 0};
  }
  const auto limit = attachment.offset + std::min(credit, std::uint64_t{1} << 40);
  viewers_.insert_or_assign(viewer, Viewer{protocol::SendWindow(attachment.offset, limit), now});
  return attachment;
}

std::uint64_t TerminalOutput::first_whole_line() const {
  if (ring_.begin() == 0) return 0;
  // The ring's first bytes may be the rest of an escape sequence or of a character.
  const auto head = ring_.read(ring_.begin(), 4096);
  const auto newline = head.find('\n');
  return ring_.begin() + (newline == head.npos ? 0 : newline + 1);
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
                                backlog_limit - (ring_.end() - viewer.window.sent()));
  return static_cast<std::size_t>(room);
}

TerminalOutput::TimePoint TerminalOutput::patience_ends() const {
  auto latest = TimePoint::min();
  for (const auto& [id, viewer] : viewers_)
    if (lags(viewer)) latest = std::max(latest, viewer.progress + patience);
  return latest;
}

std::optional<std::string> TitleScanner::feed(std::string_view bytes) {
  constexpr std::size_t longest = 200;
  std::optional<std::string> newest;
  const auto finish = [&] {
    while (!title_.empty() && !protocol::is_valid_utf8(title_)) title_.pop_back();
    newest = std::move(title_);
    title_.clear();
    state_ = State::text;
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    switch (state_) {
      case State::text:
        i = bytes.find('\x1b', i);
        if (i == bytes.npos) return newest;
        state_ = State::escape;
        break;
      case State::escape:
        state_ = c == ']' ? State::number : c == '\x1b' ? State::escape : State::text;
        number_.clear();
        title_.clear();
        break;
      case State::number:
        if (c == ';' && (number_ == "0" || number_ == "2"))
          state_ = State::title;
        else if (c >= '0' && c <= '9' && number_.size() < 4)
          number_ += c;
        else
          state_ = c == '\x1b' ? State::escape : State::text;
        break;
      case State::title:
        if (c == '\a')
          finish();
        else if (c == '\x1b')
          state_ = State::title_escape;
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && title_.size() < longest)
          title_ += c;
        break;
      case State::title_escape:
        if (c == '\\')
          finish();
        else
          state_ = c == '\x1b' ? State::escape : State::text;
        break;
    }
  }
  return newest;
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_notes.hpp"

#include <utility>

#include "protocol/text_operation.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_note = 4096, longest_shown_title = 200;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The path of file://host/path, decoded; nullopt for anything else.
std::optional<std::string> path_of_url(std::string_view url) {
  constexpr std::string_view scheme = "file://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto slash = url.find('/');
  if (slash == url.npos) return std::nullopt;
  url.remove_prefix(slash);
  std::string path;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] != '%') {
      path += url[i];
      continue;
    }
    if (i + 2 >= url.size() || digit_of(url[i + 1]) < 0 || digit_of(url[i + 2]) < 0) return std::nullopt;
    path += static_cast<char>(digit_of(url[i + 1]) * 16 + digit_of(url[i + 2]));
    i += 2;
  }
  if (path.contains('\0') || !protocol::is_valid_utf8(path)) return std::nullopt;
  return path;
}

}  // namespace

bool TerminalNotes::feed(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    switch (state_) {
      case State::text:
        i = bytes.find('\x1b', i);
        if (i == bytes.npos) return title_ || directory_;
        state_ = State::escape;
        break;
      case State::escape:
        state_ = c == ']' ? State::number : c == '\x1b' ? State::escape : State::text;
        number_.clear();
        string_.clear();
        too_long_ = false;
        break;
      case State::number:
        if (c == ';' && (number_ == "0" || number_ == "2" || number_ == "7"))
          state_ = State::string;
        else if (c >= '0' && c <= '9' && number_.size() < 4)
          number_ += c;
        else
          state_ = c == '\x1b' ? State::escape : State::text;
        break;
      case State::string:
        if (c == '\a')
          finish();
        else if (c == '\x1b')
          state_ = State::string_escape;
        else if (string_.size() >= longest_note)
          too_long_ = true;
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
          string_ += c;
        break;
      case State::string_escape:
        if (c == '\\')
          finish();
        else
          state_ = c == '\x1b' ? State::escape : State::text;
        break;
    }
  }
  return title_ || directory_;
}

void TerminalNotes::finish() {
  state_ = State::text;
  auto text = std::exchange(string_, {});
  if (number_ == "7") {
    if (auto path = path_of_url(text); path && !too_long_) directory_ = std::move(path);
    return;
  }
  if (text.size() > longest_shown_title) text.resize(longest_shown_title);
  while (!text.empty() && !protocol::is_valid_utf8(text)) text.pop_back();
  title_ = std::move(text);
}

std::optional<std::string> TerminalNotes::take_title() { return std::exchange(title_, std::nullopt); }

std::optional<std::string> TerminalNotes::take_directory() { return std::exchange(directory_, std::nullopt); }

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// What a program tells about its terminal in its output: the title (OSC 0 and 2) and its directory (OSC 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::runner {

/// Looks at every byte of output as it comes, quickly where there are no escape sequences.
class TerminalNotes {
 public:
  /// True when there is something to take.
  bool feed(std::string_view bytes);
  /// The newest whole title since the last call; control characters removed, at most 200 bytes.
  std::optional<std::string> take_title();
  /// The newest directory, absolute, of a URL whose host is not looked at.
  std::optional<std::string> take_directory();

 private:
  enum class State { text, escape, number, string, string_escape } state_ = State::text;
  void finish();
  std::string number_, string_;
  bool too_long_ = false;
  std::optional<std::string> title_, directory_;
};

}  // namespace berth::runner

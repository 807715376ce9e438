// SPDX-License-Identifier: GPL-3.0-or-later
// What berthctl says: tables for people, JSON for programs, and its exit codes. Names come from others: what
// would steer a terminal is never printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"

namespace berth::cli {

/// What berthctl itself ends with (README.md); `exec` and `shell` end with the command's.
enum ExitCode : int {
  exit_good = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_unauthenticated = 3,
  exit_permission_denied = 4,
  exit_not_found = 5,
  exit_conflict = 6,
  exit_unavailable = 7,
  exit_limit = 8,
  exit_interrupted = 130,
  exit_exec_failed = 255,  // of exec and shell, where berthctl failed and not the command
};
int exit_code_of(ErrorCode code);

/// Without control characters, which become U+FFFD; line breaks and tabs become spaces.
std::string plain(std::string_view text);
/// "2026-11-22 15:04" here; "-" for 0.
std::string local_time(std::int64_t unix_ms);
/// "1.5 GiB".
std::string size_text(std::uint64_t bytes);

class Table {
 public:
  explicit Table(std::vector<std::string> heads) : rows_{std::move(heads)} {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  /// To standard output, columns aligned as terminals count them.
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

class Output {
 public:
  bool json = false;
  bool quiet = false;

  /// An answer of the server, as JSON. True when JSON is wanted: nothing else is to be printed then.
  template <class T>
  bool answer(const T& value) const {
    if (json) print_json(protocol::encode(value));
    return json;
  }
  static void print_json(const protocol::Json& value);
  /// A line for people on standard output; nothing with --json or --quiet.
  void say(const std::string& line) const;
  /// A line on standard error; nothing with --quiet.
  void note(const std::string& line) const;
  /// Says what went wrong on standard error; the exit code.
  int fail(const Error& error) const;
};

}  // namespace berth::cli

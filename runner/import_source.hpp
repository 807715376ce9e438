// SPDX-License-Identifier: GPL-3.0-or-later
// What a project is made of at first: a git URL or an archive. Which program does it, and what its output
// means. No I/O but for looking which programs there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"

namespace berth::runner {

/// invalid_argument unless it is an http, https, ssh or git URL of a host, in printable ASCII.
Result<void> check_git_url(std::string_view url);

/// A program with its arguments (argv[0] too), run in the folder that is to be filled.
struct ImportProgram {
  std::string file;  // absolute
  std::vector<std::string> arguments;
};

/// unavailable, with what is missing, when the workspace has no program for it.
Result<ImportProgram> git_program(const std::string& url);
/// This program itself, as unpack.hpp says. `archive` is absolute; `format` "zip" or "tar".
Result<ImportProgram> archive_program(const std::string& archive, const std::string& format,
                                      std::uint64_t most_bytes);

/// The lines of a program's output, also those that it overwrites by "\r"; without control characters and
/// without what stands before "@" in a URL.
class ImportOutput {
 public:
  /// Returns whether there is a new line.
  bool append(std::string_view bytes);
  const std::string& last() const { return last_; }
  /// The line that tells why it failed: git's "fatal: …", what unpacking says, else the last one.
  const std::string& reason() const { return fatal_.empty() ? last_ : fatal_; }
  /// 0..100 where the last line says.
  std::optional<double> percent() const;

 private:
  void take_line();
  std::string line_, last_, fatal_;
};

}  // namespace berth::runner

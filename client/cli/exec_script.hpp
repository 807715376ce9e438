// SPDX-License-Identifier: GPL-3.0-or-later
// What `exec` has a shell of the workspace do, so that a command's standard output and error come apart and
// unchanged over terminals, and its input ends. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

/// Environment variable that brings a script past the person's login shell, whichever it is.
inline constexpr const char* script_variable = "BERTHCTL_SCRIPT";
/// What the login shell is told to run.
inline constexpr const char* script_start = "exec /bin/sh -c \"$BERTHCTL_SCRIPT\"";

/// One word for a POSIX shell.
std::string shell_word(std::string_view text);
std::string shell_words(const std::vector<std::string>& words);

struct ExecScripts {
  std::string errors;   // first: makes the pipes, then copies the command's standard error
  std::string command;  // then: waits for a line of input, runs the command, ends as it did
};
/// `name`: hexadecimal digits that nobody can guess. Each script prints ready_mark(name) once it is ready;
/// what came before is the login shell's own talk.
ExecScripts exec_scripts(const std::vector<std::string>& command, const std::string& name);
std::string ready_mark(const std::string& name);

/// Input bytes as the command's terminal passes them on unchanged, and its end.
std::string typed_input(std::string_view bytes);
inline constexpr std::string_view typed_end = "\x04";
inline constexpr std::string_view typed_interrupt = "\x03";

}  // namespace berth::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/exec_script.hpp"

#include <algorithm>

namespace berth::cli {
namespace {

// Of a line that a terminal hands on at a time; Linux takes at most 4,095.
constexpr std::size_t longest_line = 1024;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// Output leaves the terminal as it was written; only then is the mark printed.
constexpr std::string_view errors_script = R"sh(unset BERTHCTL_SCRIPT
stty -opost -echo || exit 125
umask 077
mkdir "@folder@" && mkfifo "@folder@/e" "@folder@/i" || exit 125
printf %s @mark@
exec cat "@folder@/e"
)sh";

// Descriptor 3 is the command's standard error, 4 tells its status past the copy of its output (a program
// whose output is no terminal behaves as in a pipe), 5 the terminal's output, 6 its input. Once both pipes
// have been opened their folder goes, so that a kill leaves nothing behind. Ctrl-C ends the command; the
// copies live to bring what it says last.
constexpr std::string_view command_script = R"sh(unset BERTHCTL_SCRIPT
stty icanon isig iexten -echo -opost -ixon -ixoff -icrnl -inlcr -igncr -istrip intr '^C' eof '^D' lnext '^V' || exit 125
printf %s @mark@
read -r berthctl_go
unset berthctl_go
exec 3>"@folder@/e" 5>&1 6<&0
(trap '' INT; exec cat <&6 >"@folder@/i" 3>&- 5>&-) &
copy=$!
exec 7<"@folder@/i"
rm -rf "@folder@"
trap : INT
status=$( trap : INT; { { trap : INT; (exec @command@ <&7 2>&3 3>&- 4>&- 5>&- 6<&- 7<&-); echo "$?" >&4; } 2>/dev/null |
  (trap '' INT; exec cat >&5 3>&- 4>&- 6<&- 7<&-); } 4>&1 )
exec 3>&- 7<&-
kill "$copy" 2>/dev/null
exit "${status:-130}"
)sh";

}  // namespace

std::string shell_word(std::string_view text) {
  return "'" + replaced(std::string(text), "'", "'\\''") + "'";
}

std::string shell_words(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

std::string ready_mark(const std::string& name) { return "berthctl:" + name + ":ready"; }

ExecScripts exec_scripts(const std::vector<std::string>& command, const std::string& name) {
  // In two parts, so that the mark is never what a shell echoes of its own script.
  const auto mark = "'berthctl:''" + name + "'':ready'";
  const auto filled = [&](std::string_view script) {
    return replaced(replaced(std::string(script), "@folder@", "/tmp/.berthctl-" + name), "@mark@", mark);
  };
  const auto whole = filled(command_script);
  const auto at = whole.find("@command@");
  return {filled(errors_script), whole.substr(0, at) + shell_words(command) + whole.substr(at + 9)};
}

std::string typed_input(std::string_view bytes) {
  std::string typed;
  typed.reserve(bytes.size() + bytes.size() / 8 + 8);
  for (std::size_t begin = 0; begin < bytes.size(); begin += longest_line) {
    const auto line = bytes.substr(begin, longest_line);
    for (const char byte : line) {
      const auto code = static_cast<unsigned char>(byte);
      if (code < 0x20 || code == 0x7f) typed += '\x16';  // taken as it is (lnext)
      typed += byte;
    }
    typed += '\x04';  // behind a begun line: hands it on
  }
  return typed;
}

}  // namespace berth::cli

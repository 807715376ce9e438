// SPDX-License-Identifier: GPL-3.0-or-later
#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace berth::test {

Child::Child(const char* const* arguments, const std::string& input) {
  int lines[2];
  int text[2];
  if (pipe2(lines, O_CLOEXEC) != 0 || pipe2(text, O_CLOEXEC) != 0) std::abort();
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed test leaves nothing behind
    const int nowhere = open("/dev/null", O_RDWR);
    // 3 may be one of the pipes' own: it is taken last.
    if (dup2(text[0], 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0 || dup2(lines[1], 3) < 0)
      _exit(126);
    if (lines[1] == 3) fcntl(3, F_SETFD, 0);
    execvp(arguments[0], const_cast<char* const*>(arguments));
    _exit(127);
  }
  close(lines[1]);
  close(text[0]);
  lines_ = lines[0];
  if (write(text[1], input.data(), input.size()) != static_cast<ssize_t>(input.size())) std::abort();
  close(text[1]);
}

Child::Child(Child&& other) noexcept
    : process_(std::exchange(other.process_, -1)), lines_(std::exchange(other.lines_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(lines_, other.lines_);
  return *this;
}

std::string Child::line() {
  std::string text;
  pollfd wait{lines_, POLLIN, 0};
  while (text.find('\n') == std::string::npos && poll(&wait, 1, 15'000) > 0) {
    char buffer[64];
    const auto got = read(lines_, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text.substr(0, text.find('\n'));
}

void Child::end() {
  if (lines_ >= 0) close(std::exchange(lines_, -1));
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  waitpid(std::exchange(process_, -1), nullptr, 0);
}

void Child::kill() {
  if (process_ > 0) ::kill(process_, SIGKILL);
  end();
}

}  // namespace berth::test

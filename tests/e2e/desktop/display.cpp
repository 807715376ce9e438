// SPDX-License-Identifier: GPL-3.0-or-later
#include "display.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace berth::test {
namespace {

template <class Run>
pid_t spawn(Run run) {
  const auto child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed test leaves nothing behind
  run();
  _exit(127);
}

void end(pid_t child) {
  if (child <= 0) return;
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
}

}  // namespace

Display::Display() {
  int number[2];
  if (pipe(number) != 0) std::abort();
  server_ = spawn([&] {
    close(number[0]);
    const auto fd = std::to_string(number[1]);
    if (!std::freopen("/dev/null", "w", stderr)) _exit(126);
    execlp("Xvfb", "Xvfb", "-displayfd", fd.c_str(), "-screen", "0", "1600x1000x24", "-nolisten", "tcp",
           "-dpi", "96", nullptr);
  });
  close(number[1]);
  std::string text;
  pollfd wait{number[0], POLLIN, 0};
  while (text.find('\n') == std::string::npos && poll(&wait, 1, 15'000) > 0) {
    char buffer[16];
    const auto got = read(number[0], buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  close(number[0]);
  if (text.empty()) {
    std::fprintf(stderr, "Xvfb did not start.\n");
    std::exit(2);
  }
  text.pop_back();
  setenv("DISPLAY", (":" + text).c_str(), 1);
  setenv("QT_QPA_PLATFORM", "xcb", 1);
  manager_ = spawn([] {
    if (!std::freopen("/dev/null", "w", stderr)) _exit(126);
    execlp("openbox", "openbox", nullptr);
  });
}

Display::~Display() {
  end(manager_);
  end(server_);
}

}  // namespace berth::test

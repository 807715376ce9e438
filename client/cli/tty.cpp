// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/tty.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

namespace berth::cli {
namespace {

int signal_pipe[2] = {-1, -1};

void on_signal(int number) {
  const auto before = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = ::write(signal_pipe[1], &byte, 1);
  errno = before;
}

std::string read_line(std::size_t most) {
  std::string line;
  char byte = 0;
  while (line.size() < most && ::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

}  // namespace

bool has_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

QSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {80, 24};
  return {std::min<int>(size.ws_col, 1000), std::min<int>(size.ws_row, 1000)};
}

std::string read_secret(const std::string& prompt, std::size_t most) {
  termios before{};
  const bool terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    std::fputs(prompt.c_str(), stderr);
    auto silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  auto line = read_line(most);
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputs("\n", stderr);
  }
  return line;
}

bool agreed(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) return false;
  std::fprintf(stderr, "%s [y/N] ", question.c_str());
  const auto line = read_line(16);
  return line == "y" || line == "Y" || line == "yes";
}

struct RawTerminal::State {
  termios attributes{};
};

RawTerminal::RawTerminal() {
  auto state = std::make_unique<State>();
  if (::tcgetattr(STDIN_FILENO, &state->attributes) != 0) return;
  auto raw = state->attributes;
  ::cfmakeraw(&raw);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  before_ = std::move(state);
}

RawTerminal::~RawTerminal() {
  if (before_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_->attributes);
}

Signals::Signals(std::initializer_list<int> signals, QObject* parent) : QObject(parent), signals_(signals) {
  if (::pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
  notifier_ = std::make_unique<QSocketNotifier>(signal_pipe[0], QSocketNotifier::Read);
  connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
    unsigned char byte = 0;
    while (::read(signal_pipe[0], &byte, 1) == 1) Q_EMIT caught(byte);
  });
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : signals_) ::sigaction(number, &action, nullptr);
}

Signals::~Signals() {
  for (const int number : signals_) ::signal(number, SIG_DFL);
  notifier_.reset();
  for (auto& end : signal_pipe)
    if (end >= 0) ::close(std::exchange(end, -1));
}

}  // namespace berth::cli

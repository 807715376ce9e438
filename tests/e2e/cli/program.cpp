// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace berth::test {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds patience{120};

/// In the child.
[[noreturn]] void become(const Machine& machine, std::vector<std::string> arguments) {
  std::vector<std::string> environment{"HOME=" + machine.home().string(),
                                       "XDG_CONFIG_HOME=" + (machine.home() / ".config").string(),
                                       "PATH=" + std::string(std::getenv("PATH")),
                                       "LANG=C.UTF-8",
                                       "TERM=xterm-256color",
                                       "BERTH_SECRET_STORE=file",
                                       "TZ=UTC"};
  for (const auto& [name, value] : machine.environment) environment.push_back(name + "=" + value);
  arguments.insert(arguments.begin(), BERTHCTL);
  std::vector<char*> words, variables;
  for (auto& one : arguments) words.push_back(one.data());
  for (auto& one : environment) variables.push_back(one.data());
  words.push_back(nullptr);
  variables.push_back(nullptr);
  if (::chdir(machine.home().c_str()) == 0) ::execve(words[0], words.data(), variables.data());
  ::_exit(126);
}

int wait_for_end(pid_t pid, steady_clock::time_point until) {
  int status = 0;
  while (steady_clock::now() < until) {
    if (::waitpid(pid, &status, WNOHANG) == pid)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ::poll(nullptr, 0, 5);
  }
  ::kill(pid, SIGKILL);
  ::waitpid(pid, &status, 0);
  return -1;
}

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

/// False at the end.
bool read_into(int& descriptor, std::string& text) {
  char bytes[1 << 16];
  const auto size = ::read(descriptor, bytes, sizeof bytes);
  if (size > 0) text.append(bytes, static_cast<std::size_t>(size));
  if (size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN)) close_descriptor(descriptor);
  return size > 0;
}

}  // namespace

Machine::Machine() {
  std::string name = std::filesystem::temp_directory_path() / "berthctl-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  home_ = name;
}

Machine::~Machine() {
  std::error_code ignored;
  std::filesystem::remove_all(home_, ignored);
}

Program::Program(const Machine& machine, std::vector<std::string> arguments) {
  int in[2], out[2], error[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(error, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(error[1], 2);
    become(machine, std::move(arguments));
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(error[1]);
  input_ = in[1];
  output_ = out[0];
  error_ = error[0];
  ::fcntl(input_, F_SETFL, O_NONBLOCK);
}

Program::~Program() {
  for (auto* descriptor : {&input_, &output_, &error_}) close_descriptor(*descriptor);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Program::read_some(int timeout_ms) {
  pollfd ready[2]{{output_, POLLIN, 0}, {error_, POLLIN, 0}};
  if (::poll(ready, 2, timeout_ms) < 1) return false;
  if (ready[0].revents) read_into(output_, out_);
  if (ready[1].revents) read_into(error_, error_text_);
  return true;
}

void Program::write(std::string_view bytes) {
  const auto until = steady_clock::now() + patience;
  while (!bytes.empty()) {
    const auto written = ::write(input_, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno == EPIPE) return;
    if (steady_clock::now() > until) throw std::runtime_error("it reads nothing: " + error_text_);
    if (written < 0) read_some(5);
  }
}

void Program::close_input() { close_descriptor(input_); }
void Program::close_output() { close_descriptor(output_); }
void Program::signal(int number) { ::kill(pid_, number); }

const std::string& Program::wait_for(std::string& text, const std::string& part) {
  const auto until = steady_clock::now() + patience;
  while (text.find(part) == text.npos) {
    if (steady_clock::now() > until || (output_ < 0 && error_ < 0))
      throw std::runtime_error("“" + part + "” did not come: " + out_ + error_text_);
    read_some(100);
  }
  return text;
}

const std::string& Program::wait_for_output(const std::string& text) { return wait_for(out_, text); }
const std::string& Program::wait_for_error(const std::string& text) { return wait_for(error_text_, text); }

Ended Program::end(std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  close_input();
  while ((output_ >= 0 || error_ >= 0) && steady_clock::now() < until) read_some(100);
  Ended ended{wait_for_end(std::exchange(pid_, -1), until), out_, error_text_};
  return ended;
}

Ended run(const Machine& machine, std::vector<std::string> arguments, std::string_view input) {
  Program program(machine, std::move(arguments));
  program.write(input);
  return program.end();
}

TerminalProgram::TerminalProgram(const Machine& machine, std::vector<std::string> arguments, int columns,
                                 int rows) {
  winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("no terminal");
  if (pid_ == 0) become(machine, std::move(arguments));
  ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
}

TerminalProgram::~TerminalProgram() {
  close_descriptor(terminal_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void TerminalProgram::type(std::string_view keys) {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("the terminal takes no keys");
}

void TerminalProgram::resize(int columns, int rows) {
  winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  ::ioctl(terminal_, TIOCSWINSZ, &size);
}

bool TerminalProgram::read_some(int timeout_ms) {
  pollfd ready{terminal_, POLLIN, 0};
  if (terminal_ < 0 || ::poll(&ready, 1, timeout_ms) != 1) return false;
  return read_into(terminal_, shown_);
}

const std::string& TerminalProgram::wait_for(const std::string& text, std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  while (shown_.find(text) == shown_.npos) {
    if (steady_clock::now() > until || terminal_ < 0)
      throw std::runtime_error("“" + text + "” was not shown, but: " + shown_);
    read_some(100);
  }
  return shown_;
}

bool TerminalProgram::is_cooked() const {
  termios now{};
  return ::tcgetattr(terminal_, &now) == 0 && (now.c_lflag & ICANON) && (now.c_lflag & ECHO);
}

int TerminalProgram::end(std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  // The last output is there before its end is seen; Linux tells the end by an error.
  while (terminal_ >= 0 && steady_clock::now() < until) read_some(100);
  return wait_for_end(std::exchange(pid_, -1), until);
}

}  // namespace berth::test

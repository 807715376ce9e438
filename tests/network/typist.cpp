// SPDX-License-Identifier: GPL-3.0-or-later
#include "typist.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <format>
#include <stdexcept>

namespace berth::test {

using protocol::Json;
using std::chrono::steady_clock;

namespace {
constexpr std::chrono::seconds report_patience{30};
constexpr std::size_t story_length = 40;  // lines

/// The clock that all processes of a machine share.
std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch());
}

}  // namespace

Typist::Typist(Start start, Facts facts) : start_(std::move(start)), facts_(std::move(facts)), began_(now()) {
  std::filesystem::create_directories(facts_.folder);
}

Typist::~Typist() { kill(); }

void Typist::start() {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  process_ =
      start_({BERTH_TYPING_CLIENT, facts_.server, facts_.workspace, facts_.document,
              std::string(1, facts_.person), std::to_string(facts_.seed + lives_++), facts_.folder.string()},
             in[0], out[1]);
  ::close(in[0]);
  ::close(out[1]);
  mouth_.reset(in[1]);
  ears_.reset(out[0]);
  ::fcntl(ears_.get(), F_SETFL, O_NONBLOCK);
  unread_.clear();
  note("-- started", now());
  if (!terminal_.empty()) say(terminal_);
}

void Typist::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
  hear(0);
  mouth_.reset();
  ears_.reset();
  note("-- killed", now());
}

void Typist::sleep() {
  ::kill(process_, SIGSTOP);
  note("-- sleeps", now());
}

void Typist::wake() {
  ::kill(process_, SIGCONT);
  note("-- wakes", now());
}

bool Typist::lives() {
  siginfo_t ended{};
  return process_ > 0 &&
         ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

void Typist::use_terminal(const std::string& name, std::size_t keys) {
  terminal_ = "terminal " + name + " " + std::to_string(keys);
  if (process_ > 0) say(terminal_);
}

void Typist::say(const std::string& command) {
  const auto line = command + "\n";
  if (::write(mouth_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error(std::string("typist ") + facts_.person + " hears nothing\n" + story());
}

bool Typist::hear(int milliseconds) {
  pollfd ready{ears_.get(), POLLIN, 0};
  if (::poll(&ready, 1, milliseconds) <= 0) return true;
  char bytes[65536];
  for (;;) {
    const auto got = ::read(ears_.get(), bytes, sizeof bytes);
    if (got == 0) return false;
    if (got < 0) return true;
    unread_.append(bytes, static_cast<std::size_t>(got));
    for (auto end = unread_.find('\n'); end != unread_.npos; end = unread_.find('\n')) {
      take(unread_.substr(0, end));
      unread_.erase(0, end + 1);
    }
  }
}

void Typist::note(const std::string& line, std::chrono::milliseconds when) {
  const std::chrono::duration<double> since = when - began_;
  told_.push_back(std::format("{:.2f} s {}", since.count(), line));
}

void Typist::take(const std::string& line) {
  const auto json = protocol::parse_json(line);
  if (!json) throw std::runtime_error("typing_client told nonsense: " + line);
  const auto event = json->value("event", "");
  if (event == "report") {
    reports_.push_back(*json);
    return;
  }
  if (event == "acknowledged") acknowledged_ = json->at("typed");
  if (event == "online") {
    ++connections_;
    if (json->value("resumed", false)) ++resumptions_;
  }
  if (event == "broken") broken_ = json->value("why", "");
  note(line, std::chrono::milliseconds(json->value("clock", std::int64_t{0})));
}

Json Typist::report() {
  say("report");
  const auto until = steady_clock::now() + report_patience;
  while (reports_.empty()) {
    if (!hear(100) || steady_clock::now() > until)
      throw std::runtime_error(std::string("typist ") + facts_.person + " does not answer\n" + story());
  }
  auto report = std::move(reports_.front());
  reports_.erase(reports_.begin());
  return report;
}

std::size_t Typist::acknowledged() {
  if (process_ > 0) hear(0);
  return acknowledged_;
}

std::string Typist::broken() {
  if (process_ > 0) hear(0);
  return broken_;
}

int Typist::connections() {
  if (process_ > 0) hear(0);
  return connections_;
}

int Typist::resumptions() {
  if (process_ > 0) hear(0);
  return resumptions_;
}

std::string Typist::story() const {
  std::string text;
  const auto from = told_.size() > story_length ? told_.size() - story_length : 0;
  for (auto at = from; at < told_.size(); ++at)
    text += std::string(1, facts_.person) + ": " + told_[at] + "\n";
  return text;
}

pid_t start_beside_test(const std::vector<std::string>& command, int in, int out) {
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0) ::execv(words[0], words.data());
  ::_exit(127);
}

}  // namespace berth::test

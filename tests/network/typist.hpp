// SPDX-License-Identifier: GPL-3.0-or-later
// A typing_client as the test holds it: told to type, asked what it has, stopped, killed and started again
// over the same folder.
//
// It is told: "type MEAN_MS", "rest", "hurry", "terminal NAME KEYS", "report", "quit". It tells, as JSON
// lines: online {resumed}, lost, ended, loaded {typed}, acknowledged {typed}, broken {why}, trouble, failed,
// report {…}.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::test {

class Typist {
 public:
  struct Facts {
    std::string server;  // an origin
    std::string workspace;
    std::string document;  // a path in its home
    char person;           // 'A' or 'B'
    std::uint64_t seed;
    std::filesystem::path folder;  // what it keeps
  };

  /// Starts a program whose standard input and output are these; it ends with the test.
  using Start = std::function<pid_t(const std::vector<std::string>& command, int in, int out)>;

  /// `start`: in the network that it is to be in.
  Typist(Start start, Facts facts);
  ~Typist();
  Typist(const Typist&) = delete;

  char person() const { return facts_.person; }
  void start();
  /// SIGKILL; what it told before is read.
  void kill();
  /// SIGSTOP, SIGCONT: a laptop that is closed and opened.
  void sleep();
  void wake();
  bool lives();

  void type(int mean_milliseconds) { say("type " + std::to_string(mean_milliseconds)); }
  void rest() { say("rest"); }
  /// A person who sees that all is there again and presses "Try now".
  void hurry() { say("hurry"); }
  /// From now on it types in this terminal too, after `keys` of its own that are in it already.
  void use_terminal(const std::string& name, std::size_t keys);
  /// All that it has; throws when it has ended or does not answer within 30 s.
  protocol::Json report();
  /// Keys of its numbers that it was told are safe, in all its lives; what it has told so far.
  std::size_t acknowledged();
  /// "" or why what it has seen can't be.
  std::string broken();
  /// How often it has been online, and how often of these its session of before went on.
  int connections();
  int resumptions();
  /// What it told last, for whoever has to find out.
  std::string story() const;

 private:
  void say(const std::string& command);
  /// Reads what came, waiting at most so long for the first of it; false when it has ended.
  bool hear(int milliseconds);
  void take(const std::string& line);
  /// For the story, with the time.
  void note(const std::string& line, std::chrono::milliseconds when);

  const Start start_;
  const Facts facts_;
  pid_t process_ = -1;
  net::FileDescriptor mouth_, ears_;  // of the test
  std::string unread_;
  std::chrono::milliseconds began_;
  std::vector<std::string> told_;  // without reports
  std::vector<protocol::Json> reports_;
  std::size_t acknowledged_ = 0;
  int connections_ = 0, resumptions_ = 0;
  std::string broken_;
  std::string terminal_;
  int lives_ = 0;
};

/// In the network that the test itself is in (Typist::Start).
pid_t start_beside_test(const std::vector<std::string>& command, int in, int out);

}  // namespace berth::test

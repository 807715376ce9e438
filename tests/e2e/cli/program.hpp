// SPDX-License-Identifier: GPL-3.0-or-later
// berthctl as a person or a script runs it: with pipes, or in a terminal of its own (a real PTY).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace berth::test {

/// A person's machine: a home in which berthctl keeps its sign-ins.
class Machine {
 public:
  Machine();
  ~Machine();
  Machine(const Machine&) = delete;
  const std::filesystem::path& home() const { return home_; }
  /// Where sign-ins are kept.
  std::filesystem::path secrets() const { return home_ / ".config/berth/berthctl/secrets.json"; }
  std::map<std::string, std::string> environment;  // beside HOME and PATH

 private:
  std::filesystem::path home_;
};

struct Ended {
  int code = -1;  // 128 + n for a signal; -1: it did not end in time and was killed
  std::string out, error;
};

/// berthctl under way, with pipes. Everything has a deadline; running into one throws.
class Program {
 public:
  Program(const Machine& machine, std::vector<std::string> arguments);
  ~Program();
  Program(const Program&) = delete;
  pid_t pid() const { return pid_; }
  void write(std::string_view bytes);
  void close_input();
  /// Nobody reads its output any more.
  void close_output();
  /// Reads until `text` is in what came so far; gives all of it.
  const std::string& wait_for_output(const std::string& text);
  const std::string& wait_for_error(const std::string& text);
  void signal(int number);
  /// Closes its input and waits for its end.
  Ended end(std::chrono::seconds limit = std::chrono::seconds(120));

 private:
  bool read_some(int timeout_ms);
  const std::string& wait_for(std::string& text, const std::string& part);

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, error_ = -1;
  std::string out_, error_text_;
};

/// From begin to end, with `input`.
Ended run(const Machine& machine, std::vector<std::string> arguments, std::string_view input = {});

/// berthctl in a terminal.
class TerminalProgram {
 public:
  TerminalProgram(const Machine& machine, std::vector<std::string> arguments, int columns = 80,
                  int rows = 24);
  ~TerminalProgram();
  TerminalProgram(const TerminalProgram&) = delete;
  void type(std::string_view keys);
  void resize(int columns, int rows);
  /// Until `text` is in what was printed since the last forget().
  const std::string& wait_for(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(60));
  const std::string& shown() const { return shown_; }
  void forget() { shown_.clear(); }
  /// Keys are echoed and come by lines, as before.
  bool is_cooked() const;
  int end(std::chrono::seconds limit = std::chrono::seconds(60));

 private:
  bool read_some(int timeout_ms);
  pid_t pid_ = -1;
  int terminal_ = -1;
  std::string shown_;
};

}  // namespace berth::test

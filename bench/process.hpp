// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that the bench starts, and what /proc tells about processes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace berth::bench {

/// A started program: its standard output is read here, its standard error goes to `log`. Ended by the
/// destructor.
class Process {
 public:
  struct Start {
    std::vector<std::string> command;
    std::filesystem::path folder;
    std::filesystem::path log;
    std::map<std::string, std::string> environment = {};  // added to the bench's own
  };
  explicit Process(const Start& start);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  /// What follows `words` on the first line of standard output that has them at its beginning, or anywhere;
  /// earlier lines are looked at, too.
  enum class Place { beginning, anywhere };
  std::string wait_for_line(const std::string& words, std::chrono::milliseconds deadline,
                            Place place = Place::beginning);
  /// SIGTERM, then SIGKILL after 10 s; the exit status.
  int stop();

 private:
  bool read_more(int timeout_ms);
  std::string name_;
  std::filesystem::path log_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string text_;
};

/// CPU seconds used by all threads of a process so far, its children not counted.
double cpu_seconds(pid_t pid);
double cpu_seconds(const std::vector<pid_t>& processes);

/// Proportional set size in KiB.
double memory_kib(pid_t pid);
double memory_kib(const std::vector<pid_t>& processes);

/// The process whose command line contains `text`, -1 when there is none (the bench itself is not looked at).
pid_t find_process(const std::string& text);
/// The nearest ancestor of that name, -1 when there is none.
pid_t find_ancestor(pid_t pid, const std::string& name);

/// The first number of /proc/loadavg.
double load_average();

}  // namespace berth::bench

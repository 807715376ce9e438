// SPDX-License-Identifier: GPL-3.0-or-later
// Running a program to its end, in other namespaces when asked: what the local backend needs of newuidmap,
// the OCI runtime, nft and pasta. Blocking; for worker threads.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server::local {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

struct Command {
  std::vector<std::string> arguments;     // the first is an absolute path
  std::vector<std::string> environment;   // "NAME=value"; nothing else is inherited
  std::string input = {};                 // what the program reads on its standard input
  std::vector<int> descriptors = {};      // become its descriptors 3, 4, …; all others are closed
  std::vector<int> namespaces = {};       // of /proc/PID/ns; joined in this order before it starts
  std::vector<std::string> cgroups = {};  // cgroup.procs files of the folders that it starts in
  bool new_network = false;               // then a network namespace of its own
  bool as_namespace_root = false;         // then uid and gid 0 of the joined user namespace
  int output = -1;                        // where standard output and error go; -1: into CommandEnd::output
  std::chrono::milliseconds deadline{15'000};
};

struct CommandEnd {
  int status = 0;      // exit status, 128 + signal when killed
  std::string output;  // the first 64 KiB of standard output and error
};

/// Starts the program and waits for its end; KILL at the deadline. Fails when it can't be started or is too
/// slow; a non-zero status is no failure of this function.
Result<CommandEnd> run_command(const Command& command);

/// The same, and a non-zero status is an internal error whose detail has the output. `what` is for that
/// detail.
Result<std::string> run_checked(const Command& command, const std::string& what);

/// Absolute path of a program in PATH and the usual system folders; "" when there is none.
std::string find_program(const std::string& name);

/// An anonymous file with this content, read from its beginning.
Descriptor memory_file(const char* name, const std::string& content);

/// Content of a file, at most `limit` bytes; "" when unreadable (what /proc and cgroup files need).
std::string read_small_file(const std::string& path, std::size_t limit = 65'536);

/// Replaces a file in one step (temporary name and rename).
Result<void> write_whole_file(const std::string& path, const std::string& content, unsigned mode);

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
// Starting a person's program: on a PTY of its own, or as a filter between descriptors.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {

struct ProgramStart {
  std::string file;                    // absolute path of the program
  std::vector<std::string> arguments;  // with argv[0]
  std::map<std::string, std::string> environment;
  int directory_fd = -1;  // working directory
  int columns = 80;
  int rows = 24;
  std::uint32_t person_uid = 0;
};

struct StartedProgram {
  pid_t pid;                   // also its session and process group
  net::FileDescriptor master;  // non-blocking
  net::FileDescriptor
      slave;  // held, so that the master never reports "nobody has it open" while the program lives
};

/// The limit of open files that programs get, where the runner has raised its own.
void remember_descriptor_limit(const rlimit& limit);

/// Forks, makes the child the leader of a session on a new PTY, becomes the person and executes. Returns once
/// the program runs; unavailable with the reason when it could not be executed.
Result<StartedProgram> start_on_pty(const ProgramStart& start);

/// A program that reads one descriptor and writes two others, without a terminal.
struct FilterStart {
  std::string file;                    // absolute path of the program
  std::vector<std::string> arguments;  // with argv[0]
  std::map<std::string, std::string> environment;
  int directory_fd = -1;  // working directory
  int input_fd = -1, output_fd = -1, error_fd = -1;
  int niceness = 0;
  std::uint64_t most_memory = 0;  // bytes of its own that it may have; 0: as many as it likes
  std::uint32_t person_uid = 0;
};

/// The same for a filter; returns its process, which is also its session, and which ends with the runner.
Result<pid_t> start_filter(const FilterStart& start);

/// Sets the PTY's size (and so sends SIGWINCH).
void resize_pty(int master, int columns, int rows);

/// Kills every process of the session, also those that moved to other process groups.
void signal_session(pid_t session, int signal);

}  // namespace berth::runner

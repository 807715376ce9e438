// SPDX-License-Identifier: GPL-3.0-or-later
// One certain process: its number alone is not enough, since the kernel gives numbers out again.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace berth::server::local {

struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot

  /// nullopt when no such process runs (one that ended and waits to be reaped does not run).
  static std::optional<ProcessIdentity> of(pid_t pid);

  bool runs() const;
  /// Sends a signal to this process and no other; false when it does not run any more.
  bool signal(int number) const;
  /// True when it has ended within `deadline`.
  bool wait_for_end(std::chrono::milliseconds deadline) const;
};

/// Takes the exit status of an ended child; nullopt when it still runs or is no child of this server.
/// In words: "ended with status 3", "was killed by signal 9".
std::optional<std::string> reap(pid_t pid);

/// Reaps ended children of this server by the name of their program. gVisor leaves many behind, none of which
/// it told of.
void reap_named(const std::string& name);

/// Different after each boot of the machine.
std::string boot_id();

}  // namespace berth::server::local

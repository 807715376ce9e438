// SPDX-License-Identifier: GPL-3.0-or-later
// Named places at which a test kills the server: BERTH_FAULT_POINT="pack.put:3" ends the process with SIGKILL
// when it passes "pack.put" for the third time, as if the power had gone. They stand between writing,
// syncing, uploading, committing and acknowledging; without the variable each costs one relaxed load.
//
//   blob.written blob.synced blob.named        a file of the directory store: before its fsync, before its
//                                              rename, before the folder's fsync
//   pack.built pack.put                        before and after a pack's upload
//   index.insert index.committed               before and after the commit of the packs' objects
//   version.put version.insert version.committed   a version: its blob is there, before and after its commit
//   collect.marked collect.swept collect.settled collect.packed collect.moved collect.removed
//                                              the steps of the garbage collection
//   backup.pack                                before a pack is copied into a backup
//   sync.fetched sync.added                    a snapshot's objects have come; they are in the store
//   stored.acknowledge                         before a runner is told that its files are stored
//   import.begin import.begun                  an import: before the runner is told of it, before that is
//                                              forgotten here
//   restore.begun restore.brought              a restore: the runner knows of it; all its pages are written
#pragma once

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

namespace berth::server {

namespace fault_points {

/// Called at every place while it is set. For tests in one process: it may throw what nobody catches.
using Hook = void (*)(std::string_view name);
inline std::atomic<Hook> hook = nullptr;

/// What BERTH_FAULT_POINT says, read once.
struct Wanted {
  std::string name;
  std::atomic<long> left = 1;
  Wanted() {
    const char* value = std::getenv("BERTH_FAULT_POINT");
    if (!value) return;
    name = value;
    if (const auto colon = name.rfind(':'); colon != name.npos) {
      left = std::atol(name.c_str() + colon + 1);
      name.resize(colon);
    }
  }
};

inline void pass_wanted(std::string_view name) {
  static Wanted wanted;
  if (name == wanted.name && wanted.left.fetch_sub(1) == 1) ::kill(::getpid(), SIGKILL);
}

inline const bool armed_by_environment = [] {
  if (!std::getenv("BERTH_FAULT_POINT")) return false;
  hook.store(&pass_wanted);
  return true;
}();

}  // namespace fault_points

inline void fault_point(std::string_view name) {
  if (const auto hook = fault_points::hook.load(std::memory_order_relaxed)) hook(name);
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory the workspace holds: of its control group, where it has one of its own, else of its
// processes, added up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::runner {

/// Bytes; 0 where it can't be told. Pages of files that nobody used for a while count for nothing: the kernel
/// takes those back when it needs them. Reads some files of /proc for each process: call from the pool.
std::int64_t memory_use();

// Pure, of the kernel's texts.

/// The folder of this process' group below the mount of the memory controller's hierarchy, from
/// /proc/self/cgroup. nullopt where there is none. `version` is 1 or 2.
struct MemoryGroup {
  int version = 2;
  std::string path;  // "/" or "/a/b"
};
std::optional<MemoryGroup> memory_group(std::string_view own_groups);

/// Whether all of a group's processes (cgroup.procs) are ones that this process sees: those of other places
/// are called 0.
bool holds_only_visible(std::string_view processes);

/// The number behind `name` in lines of "name number" (memory.stat) or "name: number kB" (smaps_rollup, there
/// in kB); nullopt when absent.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view name);

/// Pages that are a process' own, by its /proc/PID/statm.
std::optional<std::int64_t> own_pages(std::string_view statm);

}  // namespace berth::runner

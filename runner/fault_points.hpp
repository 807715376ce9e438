// SPDX-License-Identifier: GPL-3.0-or-later
// Named places at which a test ends the runner as if it had been killed: a start whose `fault_point` is
// "journal.written:3" ends the process where it passes "journal.written" for the third time. Only who starts
// the runner can ask for it (RunnerStart comes over a descriptor, berthd takes it from its own environment's
// BERTH_RUNNER_FAULT_POINT); without it each costs one relaxed load.
//
//   edit.accepted edit.appended edit.journalled edit.told
//       an edit: in memory, handed to the journal, on disk but nobody knows it, others and the editor
//       told
//   journal.begun journal.replaced journal.written journal.synced
//       the journal of edits: before and after a new file's rename (the first time at the start),
//       before and after the fdatasync of records
//   save.written save.synced save.recorded save.placed save.noted
//       a document's file: before its fsync, before the journal knows its etag, before its rename,
//       before the journal knows that, before people are told
//   merge.computed merge.applied merge.recorded
//       a change on disk: brought into the text, in memory, on its way to the journal (told and written
//       follow: edit.* and save.*)
//   recovery.noted recovery.written
//       after a death, a document's file: before its rename, after
//   snapshot.scanned snapshot.offered
//       a version's root: known, remembered as offered
//   objects.read
//       before an object is sent
//   index.written index.compacted
//       the index of the home: appended to; before its rename
//   mark.written mark.named
//       what is remembered of storing: before the fsync, after the rename
//   stored.heard stored.marked
//       a version is stored: told by the server, remembered
//   restore.begun restore.chunk restore.file_written restore.page_written restore.synced restore.marked
//       a restore: remembered, a chunk, before a file's rename, after a page, on disk, remembered as
//       stored
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

namespace berth::runner {

namespace fault_points {

inline std::atomic<bool> armed = false;
inline std::string wanted;
inline std::atomic<long> passes_left = 1;

/// `text`: "name" or "name:times". Before there are threads.
inline void arm(const std::string& text) {
  const auto colon = text.rfind(':');
  wanted = text.substr(0, colon);
  passes_left = colon == text.npos ? 1 : std::atol(text.c_str() + colon + 1);
  armed = true;
}

/// Not by a signal: the first process of a container can't kill itself. Nothing is written or closed either.
inline void pass(std::string_view name) {
  if (name == wanted && passes_left.fetch_sub(1) == 1) ::_exit(137);
}

}  // namespace fault_points

inline void fault_point(std::string_view name) {
  if (fault_points::armed.load(std::memory_order_relaxed)) fault_points::pass(name);
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// After a crash: brings acknowledged edits that had not reached their files there. Blocks; runs before anyone
// connects.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/net/home_files.hpp"
#include "runner/journal_records.hpp"

namespace berth::runner {

/// A text that could not be written to its file.
struct RescuedText {
  std::string path;    // of the document
  std::string copy;    // the file that has it instead, in the home; "": none, the journal was kept
  std::string reason;  // for people
};

/// What the next journal says of it until somebody was told, so that this survives another death.
std::vector<std::string> untold_records(const RescuedText& rescued);
/// Behind those: somebody was.
std::string told_record(const RescuedText& rescued);

struct RecoveredDocuments {
  std::vector<KnownOperation> known;  // the edits to remember
  std::vector<RescuedText> rescued;
};

/// Replays the journal at `path` onto the files. Nothing that was acknowledged is lost, nor what another
/// program wrote: the file's etag says which version it holds, or which change leads from there to the
/// newest. A file that somebody changed since is merged with what it held before, as far as that is known;
/// else it is kept as a conflict copy beside the recovered text, and what can't be replayed as "(recovered
/// edits …)". So is the text of a file that can't be written: beside it, in the nearest folder above that
/// can, or in the trash of the home.
RecoveredDocuments recover_documents(const std::string& path, const net::HomeFiles& files,
                                     const std::function<void(const std::string&)>& log);

}  // namespace berth::runner

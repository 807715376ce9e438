// SPDX-License-Identifier: GPL-3.0-or-later
// A file that another program wrote, brought into the document's text: a three-way merge against what disk
// and document last agreed on. A program that read the file, worked on it for a moment and writes it back may
// have read an older text than the file's last: then what was typed in between is missing from what it wrote,
// and comparing with the last text would delete it. So the texts of the last two seconds are compared, too.
// Costs what reading the texts costs: for a worker thread. No I/O.
#pragma once

#include <optional>
#include <vector>

#include "protocol/text_operation.hpp"
#include "runner/document.hpp"

namespace berth::runner {

struct DiskMergeRequest {
  struct Base {
    DocumentText text;  // that the file held
    /// What led from it to the text now; nullopt where that is not remembered.
    std::optional<std::vector<protocol::TextOperation>> since;
  };
  std::vector<Base> bases;  // what the file held, the newest first
  DocumentText text;        // as it is now
  DocumentText disk;        // what the file holds
};

struct DiskMerge {
  protocol::TextOperation change;  // leads from the text now to `merged`
  DocumentText merged;
  /// Leads from the disk's text to `merged`; nullopt when they are the same.
  std::optional<protocol::TextOperation> rest;
  bool against_older = false;  // the other program had read an older text than the file's last
  bool removes = false;        // of the text now
  bool unchanged = false;      // the disk has the text that it had
};

/// Which of the texts the other program had read is told by what it would have changed: the least change
/// counts, the newest text where two are alike. invalid_argument when what is given does not fit together.
Result<DiskMerge> merge_disk(const DiskMergeRequest& request);

/// Brings a merge made at `version` around what `document` took since. False when that is not remembered.
bool merge_typed_meanwhile(const DocumentMerge& document, std::uint64_t version, DiskMerge& merge);

/// What `document` has for that. `newest_only`: what the file held until now is the only base.
DiskMergeRequest disk_merge_request(const Document& document, DocumentText disk, bool newest_only);

}  // namespace berth::runner

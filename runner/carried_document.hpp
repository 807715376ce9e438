// SPDX-License-Identifier: GPL-3.0-or-later
// A document whose file lacks something, as a journal that begins anew must know it: what the file held and
// may hold, and what leads from there to the text. No I/O.
#pragma once

#include <vector>

#include "runner/document.hpp"
#include "runner/journal_records.hpp"

namespace berth::runner {

/// Keeps its texts as they are now; from any thread.
struct CarriedDocument {
  explicit CarriedDocument(const Document& document);
  /// A base and what leads to the newest version: about as large as what was changed since the file was
  /// written, and what it held where that is small.
  std::vector<JournalRecord> records() const;

  std::string id, path;
  Encoding encoding;
  LineEnding line_ending;
  std::uint64_t version;
  DocumentText text;
  Document::Agreed agreed;
  std::optional<Document::Writing> writing;
  bool gone;  // its file
};

}  // namespace berth::runner

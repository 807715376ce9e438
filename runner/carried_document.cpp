// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/carried_document.hpp"

#include "protocol/frame.hpp"

namespace berth::runner {

CarriedDocument::CarriedDocument(const Document& document)
    : id(document.id()),
      path(document.path),
      encoding(document.encoding),
      line_ending(document.line_ending),
      version(document.version()),
      text(document.text()),
      agreed(document.agreed().back()),
      writing(document.writing),
      gone(document.deleted) {}

std::vector<JournalRecord> CarriedDocument::records() const {
  // What the file holds is of a version, or of none: then it gets the number before the next that is told
  // here, which no later record can mean.
  const auto next = writing ? writing->version : version;
  const auto begin = agreed.version && *agreed.version <= next ? *agreed.version : next - 1;
  std::vector<JournalRecord> records;
  auto& base =
      records.emplace_back(JournalRecord{.kind = "base", .document = id, .path = path, .version = begin});
  if (!agreed.etag.empty()) base.etag = agreed.etag;
  base.encoding = agreed.encoding;
  base.line_ending = line_ending;
  if (agreed.text.bytes() <= protocol::inline_document_limit || gone || agreed.etag.empty())
    base.text = agreed.text.str();
  // Converted, and not written since.
  if (agreed.encoding != encoding)
    records.push_back({.kind = "format", .document = id, .encoding = encoding, .line_ending = line_ending});
  auto at = begin;
  const DocumentText* before = &agreed.text;
  const auto go_on_to = [&](std::uint64_t to, const DocumentText& after) {
    if (to == at) return;
    records.push_back({.kind = "edits", .document = id, .version = to, .operation = before->edits_to(after)});
    at = to;
    before = &after;
  };
  if (writing) {
    go_on_to(writing->version, writing->text);
    if (writing->etag)
      records.push_back({.kind = "saving",
                         .document = id,
                         .version = at,
                         .etag = writing->etag,
                         .encoding = writing->encoding});
  }
  go_on_to(version, text);
  return records;
}

}  // namespace berth::runner

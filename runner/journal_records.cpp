// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/journal_records.hpp"

namespace berth::runner {
namespace {

void apply_record(const JournalRecord& record, std::map<std::string, JournalledDocument>& documents,
                  std::vector<KnownOperation>& known) {
  if (record.kind == "start") {
    if (record.known) known = *record.known;
    return;
  }
  if (!record.document) return;
  if (record.kind == "base") {
    if (!record.path || !record.version) return;
    JournalledDocument document;
    document.path = *record.path;
    document.base_version = *record.version;
    document.encoding = record.encoding.value_or(protocol::Encoding::utf8);
    document.line_ending = record.line_ending.value_or(protocol::LineEnding::lf);
    document.base_text = record.text;
    if (record.etag) document.etags[*record.etag] = *record.version;
    documents[*record.document] = std::move(document);
    return;
  }
  const auto found = documents.find(*record.document);
  if (found == documents.end()) return;
  JournalledDocument& document = found->second;
  if (record.kind == "edit" && record.operation && record.version == document.version() + 1) {
    document.operations.push_back(*record.operation);
    if (record.operation_id) known.push_back({*record.operation_id, document.path, *record.version});
  } else if (record.kind == "saving" && record.etag && record.version &&
             *record.version <= document.version()) {
    document.etags[*record.etag] = *record.version;
  } else if (record.kind == "format") {
    document.encoding = record.encoding.value_or(document.encoding);
    document.line_ending = record.line_ending.value_or(document.line_ending);
  } else if (record.kind == "moved" && record.path) {
    document.path = *record.path;
  }
}

}  // namespace

JournalContents understand_journal(const std::vector<std::string>& records) {
  JournalContents contents;
  std::map<std::string, JournalledDocument> documents;
  for (const auto& text : records) {
    const auto json = protocol::parse_json(text);
    if (!json) continue;
    if (const auto record = protocol::decode<JournalRecord>(*json, "journal"))
      apply_record(*record, documents, contents.known);
  }
  for (auto& [id, document] : documents) contents.documents.push_back(std::move(document));
  return contents;
}

}  // namespace berth::runner

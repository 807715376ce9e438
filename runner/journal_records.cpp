// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/journal_records.hpp"

namespace berth::runner {
namespace {

void begin_document(const JournalRecord& record, JournalledDocument& document) {
  document = {};
  document.path = *record.path;
  document.base_version = *record.version;
  document.encoding = record.encoding.value_or(protocol::Encoding::utf8);
  document.line_ending = record.line_ending.value_or(protocol::LineEnding::lf);
  document.base_text = record.text;
  if (!record.etag) return;
  document.etags[*record.etag] = {*record.version, {}, document.encoding};
  document.agreed_version = *record.version;
}

/// Where the record speaks of what the file holds.
void note_file(const JournalRecord& record, JournalledDocument& document) {
  if (!record.etag || !record.version) return;
  // Announced only, the file may hold this or what it held before.
  document.agreed_version.reset();
  if (!document.has(*record.version)) return;
  const auto announced = document.etags.find(*record.etag);
  const auto otherwise = announced == document.etags.end() ? document.encoding : announced->second.encoding;
  document.etags[*record.etag] = {*record.version, record.operation, record.encoding.value_or(otherwise)};
  if (record.kind == "saved") document.agreed_version = *record.version;
}

void apply_record(const JournalRecord& record, std::map<std::string, JournalledDocument>& documents,
                  KnownEdits& known) {
  if (record.kind == "start") {
    for (const auto& edit : record.known.value_or(std::vector<KnownRecord>()))
      if (record.paths && edit.path < record.paths->size())
        known.remember({edit.id, (*record.paths)[edit.path], edit.version});
    return;
  }
  if (record.kind == "moved" && record.from && record.path)
    known.move(*record.from, *record.path,
               record.version.value_or(std::numeric_limits<std::uint64_t>::max()));
  if (!record.document) return;
  if (record.kind == "base") {
    if (record.path && record.version) begin_document(record, documents[*record.document]);
    return;
  }
  const auto found = documents.find(*record.document);
  if (found == documents.end()) return;
  JournalledDocument& document = found->second;
  if (record.kind == "edit" && record.operation && record.version == document.version() + 1) {
    document.operations[*record.version] = *record.operation;
    if (record.operation_id) known.remember({*record.operation_id, document.path, *record.version});
  } else if (record.kind == "edits" && record.operation && record.version > document.version()) {
    document.operations[*record.version] = *record.operation;
  } else if (record.kind == "saving" || record.kind == "saved") {
    note_file(record, document);
  } else if (record.kind == "format") {
    document.encoding = record.encoding.value_or(document.encoding);
    document.line_ending = record.line_ending.value_or(document.line_ending);
  } else if (record.kind == "moved" && record.path) {
    document.path = *record.path;
  } else if (record.kind == "rescued") {
    document.rescued = {record.path.value_or(""), record.text.value_or(""), record.version.has_value()};
  }
}

}  // namespace

JournalRecord start_record(const std::vector<KnownOperation>& known) {
  JournalRecord record{.kind = "start"};
  record.known.emplace();
  record.paths.emplace();
  std::map<std::string, std::uint64_t> places;
  for (const auto& edit : known) {
    const auto [place, added] = places.try_emplace(edit.path, record.paths->size());
    if (added) record.paths->push_back(edit.path);
    record.known->push_back({edit.id, place->second, edit.version});
  }
  return record;
}

JournalContents understand_journal(const std::vector<std::string>& records) {
  JournalContents contents;
  std::map<std::string, JournalledDocument> documents;
  for (const auto& text : records) {
    const auto json = protocol::parse_json(text);
    if (!json) continue;
    if (const auto record = protocol::decode<JournalRecord>(*json, "journal"))
      apply_record(*record, documents, contents.known);
  }
  for (auto& [id, document] : documents) {
    document.id = id;
    contents.documents.push_back(std::move(document));
  }
  return contents;
}

}  // namespace berth::runner

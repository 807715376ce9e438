// SPDX-License-Identifier: GPL-3.0-or-later
// What the journal's records say, as JSON, and what they amount to after a crash. No I/O.
#pragma once

#include <boost/describe/class.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/messages.hpp"

namespace berth::runner {

/// An operation that was applied once and must not be again.
struct KnownOperation {
  std::string id;
  std::string path;
  std::uint64_t version;
};
BOOST_DESCRIBE_STRUCT(KnownOperation, (), (id, path, version))

/// One record; which fields are there depends on `kind`.
///   start   known                              the first of a file
///   base    document path version etag encoding line_ending [text]   a document's state before its first
///   edit here edit    document version [operation_id] operation saving  document version etag the file will
///   have this etag when it holds this version format  document encoding line_ending moved   document path
struct JournalRecord {
  std::string kind;
  std::optional<std::string> document = {};
  std::optional<std::string> path = {};
  std::optional<std::uint64_t> version = {};
  std::optional<std::string> etag = {};
  std::optional<protocol::Encoding> encoding = {};
  std::optional<protocol::LineEnding> line_ending = {};
  std::optional<std::string> text = {};
  std::optional<std::string> operation_id = {};
  std::optional<protocol::TextOperation> operation = {};
  std::optional<std::vector<KnownOperation>> known = {};
};
BOOST_DESCRIBE_STRUCT(JournalRecord, (),
                      (kind, document, path, version, etag, encoding, line_ending, text, operation_id,
                       operation, known))

inline std::string to_record(const JournalRecord& record) {
  return protocol::to_text(protocol::encode(record));
}

/// A document as the journal tells it.
struct JournalledDocument {
  std::string path;
  std::uint64_t base_version = 0;
  protocol::Encoding encoding = protocol::Encoding::utf8;
  protocol::LineEnding line_ending = protocol::LineEnding::lf;
  std::optional<std::string> base_text;             // small documents carry it
  std::map<std::string, std::uint64_t> etags;       // what the file may look like → the version it then holds
  std::vector<protocol::TextOperation> operations;  // [i] leads from base_version + i to the next
  std::uint64_t version() const { return base_version + operations.size(); }
};

struct JournalContents {
  std::vector<JournalledDocument> documents;
  std::vector<KnownOperation> known;
};
/// Damaged or contradictory records end the reading of that document, not of the others.
JournalContents understand_journal(const std::vector<std::string>& records);

}  // namespace berth::runner

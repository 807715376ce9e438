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
#include "runner/known_edits.hpp"

namespace berth::runner {

/// A KnownOperation in a record: its path is paths[path].
struct KnownRecord {
  std::string id;
  std::uint64_t path;
  std::uint64_t version;
};
BOOST_DESCRIBE_STRUCT(KnownRecord, (), (id, path, version))

/// One record; which fields are there depends on `kind`.
///   start   known paths                        the first of a file
///   base    document path version etag encoding line_ending [text]
///                                              a document's state before its first edit here
///   edit    document version [operation_id] operation
///   edits   document version operation         many at once: from the version that was told last to this one
///   saving  document version etag [operation] [encoding]
///                                              the file will have, or has, this etag when it holds this
///                                              version, in this encoding; with an operation: a text that
///                                              this leads from to that version
///   saved   document version etag [encoding]   that has happened
///   format  document encoding line_ending      how it is to be written from now on
///   moved   path [document] [from] [version]   from: a file or directory that edits are known of; up to this
///                                              version, as a later one is of another file
///   rescued document [path] text [version]     by a recovery, which could not write its file because of
///                                              `text`: it lies in `path` (none: nowhere in the home); with a
///                                              version: somebody was told
struct JournalRecord {
  std::string kind;
  std::optional<std::string> document = {};
  std::optional<std::string> path = {};
  std::optional<std::string> from = {};
  std::optional<std::uint64_t> version = {};
  std::optional<std::string> etag = {};
  std::optional<protocol::Encoding> encoding = {};
  std::optional<protocol::LineEnding> line_ending = {};
  std::optional<std::string> text = {};
  std::optional<std::string> operation_id = {};
  std::optional<protocol::TextOperation> operation = {};
  std::optional<std::vector<KnownRecord>> known = {};
  std::optional<std::vector<std::string>> paths = {};
};
BOOST_DESCRIBE_STRUCT(JournalRecord, (),
                      (kind, document, path, from, version, etag, encoding, line_ending, text, operation_id,
                       operation, known, paths))

inline std::string to_record(const JournalRecord& record) {
  return protocol::to_text(protocol::encode(record));
}
JournalRecord start_record(const std::vector<KnownOperation>& known);

/// A document as the journal tells it.
struct JournalledDocument {
  /// What the file holds when it has a certain etag: a version, or a text that `rest` leads from to it; and
  /// the encoding that it holds it in.
  struct OnDisk {
    std::uint64_t version;
    std::optional<protocol::TextOperation> rest;
    protocol::Encoding encoding;
  };
  std::string id;
  std::string path;
  std::uint64_t base_version = 0;
  // As it is to be written; the file may still have others.
  protocol::Encoding encoding = protocol::Encoding::utf8;
  protocol::LineEnding line_ending = protocol::LineEnding::lf;
  std::optional<std::string> base_text;         // small documents carry it
  std::map<std::string, OnDisk> etags;          // what the file may look like
  std::optional<std::uint64_t> agreed_version;  // the file held this one at last, for sure
  /// By the version that each leads to, from the one before or the base.
  std::map<std::uint64_t, protocol::TextOperation> operations;
  /// An earlier recovery could not write it to its file.
  struct Rescued {
    std::string copy, reason;
    bool told;
  };
  std::optional<Rescued> rescued;
  std::uint64_t version() const { return operations.empty() ? base_version : operations.rbegin()->first; }
  /// Its text can be told.
  bool has(std::uint64_t version) const { return version == base_version || operations.contains(version); }
};

struct JournalContents {
  std::vector<JournalledDocument> documents;
  KnownEdits known;
};
/// Damaged or contradictory records end the reading of that document, not of the others.
JournalContents understand_journal(const std::vector<std::string>& records);

}  // namespace berth::runner

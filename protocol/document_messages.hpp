// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about open documents.
// Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"
#include "protocol/text_operation.hpp"

namespace berth::protocol {

enum class Encoding { utf8, utf8_bom, utf16le, utf16be, latin1, windows1252, unknown };
BOOST_DESCRIBE_ENUM(Encoding, utf8, utf8_bom, utf16le, utf16be, latin1, windows1252, unknown)

/// Texts travel with \n alone; this says what stands on disk. `mixed` opens
/// read-only until converted.
enum class LineEnding { lf, crlf, mixed };
BOOST_DESCRIBE_ENUM(LineEnding, lf, crlf, mixed)

enum class ReadOnlyReason { role, size, encoding, line_ending, permission, outside_home };
BOOST_DESCRIBE_ENUM(ReadOnlyReason, role, size, encoding, line_ending, permission, outside_home)

/// One accepted operation, as it applies to the version before.
struct DocumentChange {
  std::uint64_t version;  // after the operation
  TextOperation operation;
  std::string origin;                       // a session id, or "disk"
  std::optional<std::string> operation_id;  // of the edit that it was; none for what the disk changed
};
BOOST_DESCRIBE_STRUCT(DocumentChange, (), (version, operation, origin, operation_id))

struct DocumentOpen {
  static constexpr std::string_view method = "document/open";
  static constexpr std::string_view summary =
      "Opens a text file as a document that the runner owns; every session "
      "that opens the path shares it. "
      "Binary files are "
      "`unsupported` (offer to download them). A client that comes back says what it has and gets the "
      "changes "
      "since, as far as they are remembered, else the text.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::optional<bool> create;           // make an empty file when there is none
    std::optional<Encoding> encoding;     // read it as this instead of guessing
    std::optional<std::uint64_t> credit;  // first credit for a text that comes
                                          // on a channel; 1 MiB when absent
    // A client that had it open: the id and version that it has, and its edit whose answer did not come.
    std::optional<std::string> known_document;
    std::optional<std::uint64_t> known_version;
    std::optional<std::string> operation_id;
  };
  struct Result {
    std::string document;  // id
    std::string path;
    std::uint64_t version;
    std::optional<std::string> text;       // up to Limits::inline_document
    std::optional<std::uint32_t> channel;  // otherwise: UTF-8 bytes, then `end`
    std::uint64_t length;                  // UTF-8 bytes of the text
    Encoding encoding;
    LineEnding line_ending;
    bool read_only;
    std::optional<ReadOnlyReason> reason;
    std::uint64_t disk_version;  // the version that stands in the file
    std::string etag;
    // From known_version to `version`, oldest first; then neither `text` nor `channel` is there.
    std::optional<std::vector<DocumentChange>> changes;
    // The version that the edit `operation_id` made: it is in the text (or among the changes). Absent: it was
    // not applied, send it again.
    std::optional<std::uint64_t> operation_version;
    std::optional<bool> paged;  // too large for a document: read it by document/page
  };
};
BOOST_DESCRIBE_STRUCT(DocumentOpen::Params, (),
                      (path, create, encoding, credit, known_document, known_version, operation_id))
BOOST_DESCRIBE_STRUCT(DocumentOpen::Result, (),
                      (document, path, version, text, channel, length, encoding, line_ending, read_only,
                       reason, disk_version, etag, changes, operation_version, paged))

struct DocumentPage {
  static constexpr std::string_view method = "document/page";
  static constexpr std::string_view summary =
      "A piece of a file that is too large to be a document, decoded to whole lines as far as a page holds "
      "them. "
      "Reads the file as it is now; a changed etag says that earlier pages may not fit any more.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::uint64_t offset;  // byte of the file; moved back to the start of its line, at most a page
    std::optional<std::uint64_t> length;  // bytes, 1..1 MiB; 256 KiB when absent
    std::optional<Encoding> encoding;     // of the first page's answer
  };
  struct Result {
    std::string text;      // UTF-8, \n alone
    std::uint64_t offset;  // where the text begins in the file
    std::uint64_t next;    // where the next page begins; `size` at the end
    std::uint64_t size;
    Encoding encoding;
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentPage::Params, (), (path, offset, length, encoding))
BOOST_DESCRIBE_STRUCT(DocumentPage::Result, (), (text, offset, next, size, encoding, etag))

struct DocumentEdit {
  static constexpr std::string_view method = "document/edit";
  static constexpr std::string_view summary =
      "Applies one operation. The answer means: journalled (fsynced). An older base is brought around what "
      "was "
      "accepted since; what was accepted first stands first where both insert at one place. A client has one "
      "edit of a document in flight. A repeated operation_id is answered again, not applied again. A base "
      "that "
      "is no longer remembered is refused as stale_base: open the document again and bring the person's text "
      "there. The answer and every document/changed of a document come in the order of versions.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
    std::uint64_t base_version;
    // author "-" number, ≤ 64 characters: the author is random, of one client and one document, the number
    // grows. The runner remembers each author's last edit.
    std::string operation_id;
    TextOperation operation;
  };
  struct Result {
    std::uint64_t version;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentEdit::Params, (), (document, base_version, operation_id, operation))
BOOST_DESCRIBE_STRUCT(DocumentEdit::Result, (), (version))

struct DocumentSave {
  static constexpr std::string_view method = "document/save";
  static constexpr std::string_view summary =
      "Writes the document to its file now instead of within autosave's "
      "second.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
  };
  struct Result {
    std::uint64_t disk_version;
    std::string etag;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentSave::Params, (), (document))
BOOST_DESCRIBE_STRUCT(DocumentSave::Result, (), (disk_version, etag))

struct DocumentConvert {
  static constexpr std::string_view method = "document/convert";
  static constexpr std::string_view summary =
      "Changes how the document is written to disk: its encoding, its line "
      "ending, or both.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
    std::optional<Encoding> encoding;
    std::optional<LineEnding> line_ending;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(DocumentConvert::Params, (), (document, encoding, line_ending))

struct DocumentClose {
  static constexpr std::string_view method = "document/close";
  static constexpr std::string_view summary =
      "This session no longer shows the document; the last one to close it has "
      "it written and forgotten.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string document;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(DocumentClose::Params, (), (document))

struct DocumentChanged {
  static constexpr std::string_view method = "document/changed";
  static constexpr std::string_view summary =
      "Another session or the disk changed the document; apply it to the version before. Sent once it is "
      "journalled.";
  struct Params {
    std::string document;
    std::uint64_t version;  // after the operation
    TextOperation operation;
    std::string origin;  // a session id, or "disk"
    // Of a change on disk that removed text: where the text before it was kept, when no stored version has
    // it.
    std::optional<std::string> kept;
  };
};
BOOST_DESCRIBE_STRUCT(DocumentChanged::Params, (), (document, version, operation, origin, kept))

struct DocumentState {
  static constexpr std::string_view method = "document/state";
  static constexpr std::string_view summary =
      "How safe the text is, after each step: journalled (survives any "
      "process's death), on disk, and stored "
      "(survives the loss of the disk). Also sent when the file is moved, "
      "deleted, converted, or can't be "
      "written.";
  struct Params {
    std::string document;
    std::string path;
    std::uint64_t journalled_version;
    std::uint64_t disk_version;
    Encoding encoding;
    LineEnding line_ending;
    bool read_only;
    bool deleted;                                 // the file is gone from disk; the text is still here
    std::optional<std::string> problem;           // why it can't be written to disk, for the person
    std::optional<std::string> conflict_copy;     // where the disk's differing text was kept
    std::optional<std::uint64_t> stored_version;  // absent: none of this opening is stored yet
  };
};
BOOST_DESCRIBE_STRUCT(DocumentState::Params, (),
                      (document, path, journalled_version, disk_version, encoding, line_ending, read_only,
                       deleted, problem, conflict_copy, stored_version))

}  // namespace berth::protocol

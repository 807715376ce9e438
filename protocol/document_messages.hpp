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

struct DocumentOpen {
  static constexpr std::string_view method = "document/open";
  static constexpr std::string_view summary =
      "Opens a text file as a document that the runner owns; every session "
      "that opens the path shares it. "
      "Binary files are "
      "`unsupported` (offer to download them).";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string path;
    std::optional<bool> create;           // make an empty file when there is none
    std::optional<Encoding> encoding;     // read it as this instead of guessing
    std::optional<std::uint64_t> credit;  // first credit for a text that comes
                                          // on a channel; 1 MiB when absent
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
  };
};
BOOST_DESCRIBE_STRUCT(DocumentOpen::Params, (), (path, create, encoding, credit))
BOOST_DESCRIBE_STRUCT(DocumentOpen::Result, (),
                      (document, path, version, text, channel, length, encoding, line_ending, read_only,
                       reason, disk_version, etag))

struct DocumentEdit {
  static constexpr std::string_view method = "document/edit";
  static constexpr std::string_view summary =
      "Applies one operation. The answer means: journalled (fsynced). A "
      "repeated operation_id is answered "
      "again, not applied "
      "again. A base that is not the newest version is refused as stale_base; "
      "open the document again and "
      "keep the person's text.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string document;
    std::uint64_t base_version;
    std::string operation_id;  // unique in the workspace, ≤ 64 characters
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
      "Another session or the disk changed the document; apply it to the "
      "version before.";
  struct Params {
    std::string document;
    std::uint64_t version;  // after the operation
    TextOperation operation;
    std::string origin;  // a session id, or "disk"
  };
};
BOOST_DESCRIBE_STRUCT(DocumentChanged::Params, (), (document, version, operation, origin))

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

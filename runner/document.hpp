// SPDX-License-Identifier: GPL-3.0-or-later
// One open document: its text, versions and the rules by which it changes. No I/O; documents.cpp moves it to
// and from disk.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "protocol/messages.hpp"
#include "protocol/net/file_descriptor.hpp"
#include "runner/document_text.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {

class Document {
 public:
  Document(std::string id, std::string path, std::uint64_t version, DocumentText text)
      : path(std::move(path)),
        disk_version(version),
        journalled_version(version),
        id_(std::move(id)),
        text_(std::move(text)),
        version_(version) {}

  const std::string& id() const { return id_; }
  const DocumentText& text() const { return text_; }
  std::uint64_t version() const { return version_; }
  bool dirty() const { return version_ != disk_version || needs_rewrite; }

  /// Applies an operation to the newest version: stale_base, permission_denied (read-only), invalid_argument
  /// (it does not fit the text, or inserts "\r"). Returns the new version.
  Result<std::uint64_t> edit(std::uint64_t base_version, const protocol::TextOperation& operation);
  /// Takes what the disk has: the operation that leads there, nullopt when it is the same text. Only while
  /// not dirty.
  std::optional<protocol::TextOperation> adopt(DocumentText disk);
  protocol::DocumentState::Params state() const;

  // What stands on disk, kept by documents.cpp.
  std::string path;
  std::string etag;            // "" when the file is gone
  std::uint64_t disk_version;  // the version the file holds
  std::uint64_t journalled_version;
  std::optional<std::uint64_t> stored_version;  // the newest one that survives the loss of the disk
  Encoding encoding = Encoding::utf8;
  LineEnding line_ending = LineEnding::lf;
  std::optional<protocol::ReadOnlyReason> read_only;
  bool needs_rewrite = false;  // the same text must be written differently (converted, or after a conflict)
  bool deleted = false;
  bool paged = false;  // too large to be held: read by document/page
  std::uint64_t paged_size = 0;
  std::optional<std::string> problem, conflict_copy;
  net::FileDescriptor marker;  // O_PATH on the file: where it was moved to

  // Who shows it and what is going on with it.
  std::set<std::string> sessions;
  bool based = false;  // the journal has its base
  bool saving = false, checking = false, check_again = false, autosave_set = false;
  std::uint64_t watch = 0;  // the watcher's id for the file's directory

 private:
  std::string id_;
  DocumentText text_;
  std::uint64_t version_;
};

}  // namespace berth::runner

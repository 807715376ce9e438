// SPDX-License-Identifier: GPL-3.0-or-later
// A document's file: reading it as text and writing text to it. Calls block; any thread may make them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocol/frame.hpp"
#include "protocol/net/home_files.hpp"
#include "runner/document_text.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {

struct LoadedDocument {
  std::string path;  // canonical, relative to home; absolute outside of it
  std::string etag;
  Encoding encoding = Encoding::utf8;
  LineEnding line_ending = LineEnding::lf;
  std::optional<protocol::ReadOnlyReason> read_only;
  DocumentText text;
  std::uint64_t length = 0;  // UTF-8 bytes of the text
  bool paged = false;  // too large to be held: `text` is empty, `length` the file's size (document_pages.hpp)
  bool settled = true;         // nobody wrote to it while it was read
  bool fresh = false;          // as new as the clock can tell: a later state may have the same etag
  net::FileDescriptor marker;  // O_PATH: tells where the file is after it was moved
};

/// not_found, unsupported (binary, or no regular file). Of a file that is too large to be held only the
/// beginning is looked at.
Result<LoadedDocument> load_document(const net::HomeFiles& files, const std::string& path,
                                     std::optional<Encoding> encoding,
                                     std::uint64_t largest = protocol::editable_document_limit);

/// A file below home, or one of the system's libraries and headers by its absolute path.
Result<net::FileDescriptor> open_document_file(const net::HomeFiles& files, const std::string& path);

struct DocumentSaveRequest {
  std::string path;
  DocumentText text;
  Encoding encoding;
  LineEnding line_ending;
  std::string expected_etag;  // "": the file must not exist
};

/// Writes and fsyncs beside the file; nothing is changed before commit(). unsupported when the encoding lacks
/// a character.
struct PreparedSave {
  net::PendingWrite write;
  std::string etag;  // that the file will have
};
Result<PreparedSave> prepare_save(const net::HomeFiles& files, const DocumentSaveRequest& request);

/// A name beside `path` that is free: "main (conflict 2026-11-21 12.30.05).py".
std::string name_beside(const net::HomeFiles& files, const std::string& path, std::string_view what);

/// Writes the text to a file beside `request.path`, in UTF-8 where the encoding lacks a character; returns
/// its path.
Result<std::string> write_beside(const net::HomeFiles& files, DocumentSaveRequest request);

}  // namespace berth::runner

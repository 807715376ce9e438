// SPDX-License-Identifier: GPL-3.0-or-later
// One open document: its text, versions and the rules by which it changes. No I/O; documents*.cpp move it to
// and from disk. A version is accepted (in memory), then journalled and told to everybody at once: nobody
// sees what a crash could take back. What the journal could not take is taken back here.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/messages.hpp"
#include "protocol/net/file_descriptor.hpp"
#include "runner/authors.hpp"
#include "runner/document_merge.hpp"
#include "runner/document_text.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {

class Document {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using OnTold = std::function<void(Result<std::uint64_t>)>;

  Document(std::string id, std::string path, std::uint64_t version, DocumentText text);

  const std::string& id() const { return id_; }
  /// Of the newest accepted version.
  const DocumentText& text() const { return text_; }
  std::uint64_t version() const { return merge_.version(); }
  const DocumentMerge& merge() const { return merge_; }
  bool dirty() const { return version() != disk_version || needs_rewrite; }

  /// An accepted version that is not journalled yet.
  struct Accepted {
    std::uint64_t version;
    protocol::TextOperation operation;
    std::string id, origin;
    std::optional<std::string> kept;
    protocol::TextOperation inverse;              // of an edit
    std::optional<DocumentText> before;           // of a change on disk, in place of the inverse
    std::optional<std::string> etag_before = {};  // of a change on disk
    std::vector<OnTold> waiting = {};             // called once it is told, or taken back
  };
  /// Applies an operation that was made at `base_version`, brought to the newest: stale_base (not remembered
  /// any more), permission_denied (read-only), invalid_argument (it does not fit the text, or inserts "\r").
  /// It waits in accepted() from then on.
  Result<Accepted*> edit(std::uint64_t base_version, protocol::TextOperation operation, const std::string& id,
                         const std::string& session);
  /// The disk changed the text to `after` by `operation`. Waits in accepted(), unless `at_once`: nothing else
  /// waits there, and the disk has it.
  Accepted* change_by_disk(protocol::TextOperation operation, DocumentText after, bool at_once);

  std::deque<Accepted>& accepted() { return accepted_; }
  const std::deque<Accepted>& accepted() const { return accepted_; }
  /// The oldest accepted one is journalled.
  Accepted take_journalled();
  /// All accepted ones are undone; returns them, the oldest first.
  std::deque<Accepted> take_back();

  /// The file holds `text`, which is that of `version` (nullopt: of none) from now on.
  void agree(DocumentText text, std::optional<std::uint64_t> version, std::string etag, bool by_disk);
  /// A text that the file held.
  struct Agreed {
    DocumentText text;
    std::optional<std::uint64_t> version;
    bool by_disk = false;                    // another program wrote it
    std::optional<TimePoint> replaced = {};  // when the next one came; nullopt: it is what the file holds
    std::string etag = {};
    Encoding encoding = Encoding::utf8;  // of its bytes
  };
  /// The file holds what it held, and is known by this now.
  void found_unchanged(std::string etag);
  /// What the file holds is in this encoding; `encoding` is the one that it is to be written in.
  void found_in(Encoding file_encoding) { agreed_.back().encoding = file_encoding; }
  /// What is being written to the file, or could not be at last.
  struct Writing {
    std::uint64_t version;
    DocumentText text;
    std::optional<std::string> etag = {};  // that the file has once it is there; nullopt: it is not so far
    Encoding encoding = Encoding::utf8;
  };
  std::optional<Writing> writing;
  /// A text larger than this has no history of what the file held.
  static constexpr std::uint64_t largest_with_history = 2u << 20;
  /// What the file held of late, the newest last. Never empty.
  const std::deque<Agreed>& agreed() const { return agreed_; }

  /// Where positions of `version` are in the version that everybody has been told of (journalled_version):
  /// see DocumentMerge::map_forward.
  Result<std::vector<std::int64_t>> positions_now(std::uint64_t version, std::vector<std::int64_t> positions,
                                                  protocol::Bias bias) const {
    return merge_.map_forward(version, journalled_version, std::move(positions), bias);
  }

  /// UTF-16 units of that version.
  std::int64_t told_units() const {
    return accepted_.empty() ? text_.units() : accepted_.front().operation.base_length();
  }

  protocol::DocumentState::Params state() const;

  // What stands on disk, kept by documents*.cpp.
  std::string path;
  std::string etag;                             // "" when the file is gone
  std::uint64_t disk_version;                   // the version the file holds, or held last
  std::uint64_t journalled_version;             // everybody was told of the versions up to it
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
  /// A session's newest opening of it.
  struct Opening {
    std::uint64_t version;  // up to which its answer tells
    std::uint64_t number;   // counts the openings
  };
  std::map<std::string, Opening> sessions;
  Authors authors;
  bool based = false;           // the journal has its base
  std::uint64_t chain = 0;      // counts what the journal could not take
  bool journal_failed = false;  // `problem` tells of it
  bool saving = false, checking = false, check_again = false, autosave_set = false;
  bool being_written = false;                        // by a program that has not closed it yet
  std::optional<TimePoint> check_wanted, check_due;  // a change was seen at; it is looked at
  std::vector<std::string> watched;                  // its directory and those above
  bool etag_fresh = false;     // the file was as new as the clock can tell: another state may have this etag
  bool written_whole = false;  // a client wrote the whole file, and nobody typed since
  int rescues = 0;             // of typing from a program with an older text, since somebody typed
  bool edited_since_kept = true;  // somebody typed since a text was kept in the trash
  std::optional<TimePoint> kept_at;

 private:
  std::string id_;
  DocumentText text_;
  DocumentMerge merge_;
  std::deque<Accepted> accepted_;
  std::deque<Agreed> agreed_;
};

}  // namespace berth::runner

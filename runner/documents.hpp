// SPDX-License-Identifier: GPL-3.0-or-later
// The open documents: opening and closing (documents.cpp), editing with the journal (documents_edits.cpp),
// saving within a second (documents_disk.cpp), taking in what other programs do to their files
// (documents_changes.cpp). Runs on the runner's thread; files are touched on the pool, the journal on its own
// thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "runner/disk_merge.hpp"
#include "runner/document.hpp"
#include "runner/document_files.hpp"
#include "runner/document_recovery.hpp"
#include "runner/forgotten_documents.hpp"
#include "runner/journal.hpp"
#include "runner/kept_texts.hpp"
#include "runner/known_edits.hpp"
#include "runner/watcher.hpp"

namespace berth::runner {

/// What Documents needs of the rest.
struct DocumentsContext {
  boost::asio::io_context& io;
  boost::asio::thread_pool& pool;
  net::TaskGroup& tasks;
  const net::HomeFiles& files;
  Watcher& watcher;
  /// A version is journalled: tells the sessions in `document.sessions` whose opening does not tell them,
  /// without `except`. Once for each version, in their order.
  std::function<void(const Document& document, const protocol::DocumentChanged::Params&,
                     const std::string& except)>
      on_changed;
  std::function<void(const Document& document)> on_state;
  std::function<void(const std::string&)> log;
};

using DocumentPointer = std::shared_ptr<Document>;

/// A document as a session gets it: of one version, everything up to which is journalled.
struct OpenedDocument {
  DocumentPointer document;
  std::uint64_t version;
  DocumentText text;
  std::optional<std::vector<protocol::DocumentChange>> changes;  // from what the client has, instead of text
  std::optional<std::uint64_t> operation_version;                // that the client's unanswered edit made
};

/// What a document's file holds.
struct DocumentOnDisk {
  std::string id, path, etag;
  std::uint64_t version;
};

class Documents {
 public:
  static constexpr std::size_t most_documents = 1000;
  /// `recovered` from the journal that `journal` replaces.
  Documents(DocumentsContext context, std::unique_ptr<Journal> journal, RecoveredDocuments recovered);
  ~Documents();

  /// `may_edit`: edits of the author who is asked about come from this opening from now on.
  net::Task<Result<OpenedDocument>> open(std::string session, protocol::DocumentOpen::Params params,
                                         bool may_edit);
  Result<DocumentPointer> find(const std::string& id, const std::string& session) const;

  /// Answers once the edit is journalled, right after the others were told.
  net::Task<Result<std::uint64_t>> edit(std::string session, protocol::DocumentEdit::Params params);
  net::Task<Result<void>> save(DocumentPointer document);
  net::Task<Result<void>> convert(DocumentPointer document, std::optional<Encoding> encoding,
                                  std::optional<LineEnding> line_ending);
  net::Task<Result<void>> close(std::string session, std::string id);
  /// A session is gone for good.
  void release(const std::string& session, const std::set<std::string>& documents);

  /// A file or directory was moved: open documents and what is known of edits follow.
  void on_renamed(const std::string& from, const std::string& to);
  /// Until all that was handed to the journal before is on disk, or can't be.
  net::Task<void> settle_journal();
  /// A file was written by a client: look at it now.
  void on_written(const std::string& path);
  /// Files are about to be brought back by a person, for a moment from now on: what they hold is meant, and
  /// no program's rewriting of an older text.
  void expect_restored();
  std::vector<DocumentOnDisk> on_disk() const;
  /// Files' texts that are not in the files yet, by path.
  std::vector<std::pair<std::string, DocumentText>> unsaved() const;
  /// A change that nobody typed, made of this version, and brought around what came since; told to every
  /// window. Applied at once, as far as this thread is concerned; answers when it is journalled.
  net::Task<Result<std::uint64_t>> change(DocumentPointer document, std::uint64_t base_version,
                                          protocol::TextOperation operation, std::string origin);
  /// This version of it is stored.
  void on_stored(const std::string& id, std::uint64_t version);

  /// What a recovery could not write to its file and nobody has seen to since, for this person; once.
  std::optional<std::string> rescued_news(const std::string& user);
  /// A person has seen what was said of this file, and has it written again or left as it is.
  void rescued_seen(const DocumentPointer& document);

  /// Writes every document; the sentences say which could not be.
  net::Task<std::vector<std::string>> flush();

 private:
  using Milliseconds = std::chrono::milliseconds;
  using Timer = std::shared_ptr<boost::asio::steady_timer>;
  // Programs that replace a file by deleting it, or by moving it aside, are this quick.
  static constexpr Milliseconds replacing_step{40};
  static constexpr int replacing_steps = 4;
  struct Listened {
    std::uint64_t watch;
    std::size_t documents;
  };

  // opening
  net::Task<Result<DocumentPointer>> find_or_load(protocol::DocumentOpen::Params params);
  net::Task<Result<LoadedDocument>> load(protocol::DocumentOpen::Params params);
  net::Task<Result<LoadedDocument>> load_forgotten(std::string id, protocol::DocumentOpen::Params params);
  net::Task<Result<LoadedDocument>> read(std::string path, std::optional<Encoding> encoding);
  net::Task<Result<LoadedDocument>> make_and_read(std::string path, std::optional<Encoding> encoding);
  DocumentPointer find_open(const protocol::DocumentOpen::Params& params) const;
  std::string forgotten_path(const std::string& id, const std::string& asked);
  net::Task<Result<void>> follow_forgotten(std::string id, std::string path);
  net::Task<void> let_go_forgotten();
  DocumentPointer adopt_loaded(LoadedDocument loaded);
  OpenedDocument snapshot(const DocumentPointer& document,
                          const protocol::DocumentOpen::Params& params) const;
  void forget_if_unused(const DocumentPointer& document);
  void forget(const DocumentPointer& document);

  // editing and the journal
  net::Task<Result<std::uint64_t>> wait_until_told(DocumentPointer document, std::uint64_t version);
  void journal_base(const DocumentPointer& document);
  static JournalRecord format_record(const Document& document);
  void journal_format(const DocumentPointer& document);
  void journal(const DocumentPointer& document, const JournalRecord& record,
               std::function<void(Result<void>)> on_done = nullptr);
  net::Task<Result<void>> journal_durably(DocumentPointer document, JournalRecord record);
  net::Task<Result<void>> append_durably(JournalRecord record);
  void journal_accepted(const DocumentPointer& document, const Document::Accepted& accepted);
  void on_journalled(const DocumentPointer& document);
  void on_journal_failed(const DocumentPointer& document, const Error& error);
  void tell(const DocumentPointer& document, Document::Accepted change);
  void rotate_if_long();
  void begin_new_journal(std::uint64_t failures);

  // saving
  void autosave(const DocumentPointer& document, Milliseconds delay);
  net::Task<Result<void>> write_once(DocumentPointer document);
  void on_written_out(const DocumentPointer& document, const DocumentSaveRequest& request,
                      std::uint64_t version, const std::string& etag);
  net::Task<void> finish_saving(DocumentPointer document);
  net::Task<Result<void>> wait_until_saved(DocumentPointer document);

  // what other programs do
  void watch(const DocumentPointer& document);
  void unwatch(const DocumentPointer& document);
  void on_sign(const std::string& directory, const std::string& name, Watcher::Sign sign);
  void check_soon(const DocumentPointer& document, Watcher::Sign sign);
  void check_after(const DocumentPointer& document, Milliseconds delay);
  void check_at(const DocumentPointer& document, Document::TimePoint due);
  net::Task<void> check_when_due(DocumentPointer document, Timer timer);
  net::Task<void> pause(Milliseconds time);
  void check(const DocumentPointer& document);
  net::Task<void> check_once(DocumentPointer document);
  void finish_check(const DocumentPointer& document);
  net::Task<void> look_at_file(DocumentPointer document);
  void on_file_gone(const DocumentPointer& document);
  std::string path_of_marker(const net::FileDescriptor& marker) const;
  net::Task<void> take_from_disk(DocumentPointer document, LoadedDocument loaded);
  net::Task<void> take_text(DocumentPointer document, LoadedDocument loaded);
  net::Task<std::optional<std::string>> keep_text(DocumentPointer document, DocumentText text);
  bool apply_from_disk(const DocumentPointer& document, DiskMerge merge, std::uint64_t merged_at,
                       const LoadedDocument& loaded, std::optional<std::string> kept);
  bool take_format(Document& document, const LoadedDocument& loaded) const;
  net::Task<void> keep_disk_beside(DocumentPointer document, LoadedDocument loaded);
  net::Task<void> leave_to_disk(DocumentPointer document, std::string disk_etag,
                                protocol::ReadOnlyReason reason, std::string problem);

  DocumentsContext context_;
  std::unique_ptr<Journal> journal_;
  std::map<std::string, DocumentPointer> by_id_;
  std::map<std::string, DocumentPointer> by_path_;
  KnownEdits known_;
  bool rotating_ = false;                 // a new journal is being begun
  bool carries_ = false;                  // the journal begins with documents, not only with the known edits
  Document::TimePoint rotate_after_{};    // one could not be: not again before
  Document::TimePoint restored_until_{};  // see expect_restored()
  std::map<std::string, std::uint64_t> last_versions_;  // path → version, of documents that were open before
  ForgottenDocuments forgotten_;
  std::map<std::string, RescuedText> rescued_;  // by path, until that file is written again
  std::set<std::string> told_of_rescued_;       // accounts
  std::map<std::string, Timer> timers_;         // autosave, by document
  std::map<std::string, Timer> check_timers_;   // by document, while a look at its file is due
  std::map<std::string, Listened> listened_;    // directories of documents
  std::shared_ptr<KeptTexts> kept_texts_;
  boost::asio::steady_timer progress_;  // cancelled whenever a save or check has ended
  std::string id_prefix_;
  std::uint64_t next_ = 1;
};

}  // namespace berth::runner

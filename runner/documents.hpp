// SPDX-License-Identifier: GPL-3.0-or-later
// The open documents: opening, editing (journalled before it is acknowledged), saving within a second,
// following what happens to their files. Runs on the runner's thread; files are touched on the pool, the
// journal on its own thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "runner/document.hpp"
#include "runner/document_files.hpp"
#include "runner/document_recovery.hpp"
#include "runner/journal.hpp"
#include "runner/watcher.hpp"

namespace berth::runner {

/// What Documents needs of the rest.
struct DocumentsContext {
  boost::asio::io_context& io;
  boost::asio::thread_pool& pool;
  net::TaskGroup& tasks;
  const net::HomeFiles& files;
  Watcher& watcher;
  /// Tells the sessions in `document.sessions`, without `except`.
  std::function<void(const Document& document, const protocol::DocumentChanged::Params&,
                     const std::string& except)>
      on_changed;
  std::function<void(const Document& document)> on_state;
  std::function<void(const std::string&)> log;
};

using DocumentPointer = std::shared_ptr<Document>;

/// What a document's file holds.
struct DocumentOnDisk {
  std::string id, path, etag;
  std::uint64_t version;
};

class Documents {
 public:
  static constexpr std::size_t most_documents = 1000;
  Documents(DocumentsContext context, std::unique_ptr<Journal> journal, std::vector<KnownOperation> known);
  ~Documents();

  net::Task<Result<DocumentPointer>> open(std::string session, protocol::DocumentOpen::Params params);
  Result<DocumentPointer> find(const std::string& id, const std::string& session) const;

  /// Answers once the edit is journalled.
  net::Task<Result<std::uint64_t>> edit(std::string session, protocol::DocumentEdit::Params params);
  net::Task<Result<void>> save(DocumentPointer document);
  net::Task<Result<void>> convert(DocumentPointer document, std::optional<Encoding> encoding,
                                  std::optional<LineEnding> line_ending);
  net::Task<Result<void>> close(std::string session, std::string id);
  /// A session is gone for good.
  void release(const std::string& session, const std::set<std::string>& documents);

  /// A file or directory was moved by a client: open documents follow.
  void on_renamed(const std::string& from, const std::string& to);
  /// A file was written by a client: look at it now.
  void on_written(const std::string& path);
  std::vector<DocumentOnDisk> on_disk() const;
  /// This version of it is stored.
  void on_stored(const std::string& id, std::uint64_t version);

  /// Writes every document; the sentences say which could not be.
  net::Task<std::vector<std::string>> flush();

 private:
  net::Task<Result<LoadedDocument>> load(std::string path, std::optional<Encoding> encoding, bool create);
  DocumentPointer adopt_loaded(LoadedDocument loaded);
  void journal_base(Document& document);
  void journal_quietly(const JournalRecord& record);
  net::Task<Result<void>> journal_durably(JournalRecord record);
  void remember(KnownOperation operation);
  void autosave(const DocumentPointer& document, std::chrono::milliseconds delay);
  net::Task<Result<void>> write_once(DocumentPointer document);
  net::Task<void> finish_saving(DocumentPointer document);
  net::Task<Result<void>> wait_until_saved(DocumentPointer document);
  void watch(const DocumentPointer& document);
  void on_directory_changed(const protocol::FileChanged::Params& changes);
  void check(const DocumentPointer& document);
  net::Task<void> check_once(DocumentPointer document);
  void on_file_gone(const DocumentPointer& document);
  net::Task<void> take_from_disk(DocumentPointer document, LoadedDocument loaded);
  void forget_if_unused(const DocumentPointer& document);
  void forget(const DocumentPointer& document);
  void rotate_if_quiet();

  DocumentsContext context_;
  std::unique_ptr<Journal> journal_;
  std::map<std::string, DocumentPointer> by_id_;
  std::map<std::string, DocumentPointer> by_path_;
  std::deque<KnownOperation> known_;                     // oldest first
  std::map<std::string, std::uint64_t> known_versions_;  // operation id → version
  std::map<std::string, std::uint64_t> last_versions_;   // path → version, of documents that were open before
  std::map<std::string, std::shared_ptr<boost::asio::steady_timer>> timers_;  // autosave, by document
  boost::asio::steady_timer progress_;  // cancelled whenever a save or check has ended
  std::string id_prefix_;
  std::uint64_t next_ = 1;
};

}  // namespace berth::runner

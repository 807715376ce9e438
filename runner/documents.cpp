// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, editing, journalling, closing; saving and following the disk are in documents_disk.cpp.
#include "runner/documents.hpp"

#include <sys/random.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include "protocol/connect_token.hpp"
#include "protocol/frame.hpp"
#include "runner/document_recovery.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds autosave_delay{400};
constexpr std::size_t longest_operation_id = 64;
constexpr std::uint64_t quiet_journal_size = 1u << 20;

std::string random_prefix() {
  char bytes[3];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  return protocol::encode_base64url({bytes, sizeof bytes}) + "-";
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

}  // namespace

Documents::Documents(DocumentsContext context, std::unique_ptr<Journal> journal,
                     std::vector<KnownOperation> known)
    : context_(std::move(context)),
      journal_(std::move(journal)),
      progress_(context_.io, asio::steady_timer::time_point::max()),
      id_prefix_(random_prefix()) {
  for (auto& operation : known) remember(std::move(operation));
}

Documents::~Documents() = default;

// ---- opening and closing
// -------------------------------------------------------------------------------------------

net::Task<Result<LoadedDocument>> Documents::load(std::string path, std::optional<Encoding> encoding,
                                                  bool create) {
  co_return co_await net::offload(
      context_.pool, [&files = context_.files, path, encoding, create]() -> Result<LoadedDocument> {
        auto loaded = load_document(files, path, encoding);
        if (loaded || !create || loaded.error().code != ErrorCode::not_found) return loaded;
        auto write = files.begin_write(path, "", std::nullopt);
        if (!write) return std::unexpected(write.error());
        // Somebody else may have made it meanwhile: then that one is opened.
        if (auto made = write->commit(); !made && made.error().code != ErrorCode::conflict)
          return std::unexpected(made.error());
        return load_document(files, path, encoding);
      });
}

net::Task<Result<DocumentPointer>> Documents::open(std::string session,
                                                   protocol::DocumentOpen::Params params) {
  auto known_path = by_path_.find(net::normal_path(params.path).value_or(""));
  DocumentPointer document = known_path == by_path_.end() ? nullptr : known_path->second;
  if (document && params.encoding && *params.encoding != document->encoding) {
    if (document->dirty())
      co_return failure(ErrorCode::conflict, document->path + " has edits that are not in the file yet.");
    document = nullptr;
  }
  if (!document) {
    auto loaded = co_await load(params.path, params.encoding, params.create.value_or(false));
    if (!loaded) co_return std::unexpected(loaded.error());
    // The path may have led, by a link or meanwhile, to one that is open.
    const auto again = by_path_.find(loaded->path);
    if (again != by_path_.end() && (!params.encoding || again->second->encoding == *params.encoding)) {
      document = again->second;
    } else if (again != by_path_.end()) {
      document = again->second;
      document->encoding = loaded->encoding;
      document->read_only = loaded->read_only;
      co_await take_from_disk(document, std::move(*loaded));
    } else {
      if (by_id_.size() >= most_documents)
        co_return failure(ErrorCode::limit_exceeded, "Too many documents are open: close some of them.");
      document = adopt_loaded(std::move(*loaded));
    }
  }
  document->sessions.insert(session);
  co_return document;
}

DocumentPointer Documents::adopt_loaded(LoadedDocument loaded) {
  const auto last = last_versions_.find(loaded.path);
  const std::uint64_t version = last == last_versions_.end() ? 1 : last->second + 1;
  auto document = std::make_shared<Document>(id_prefix_ + std::to_string(next_++), loaded.path, version,
                                             std::move(loaded.text));
  document->etag = loaded.etag;
  document->encoding = loaded.encoding;
  document->line_ending = loaded.line_ending;
  document->read_only = loaded.read_only;
  document->paged = loaded.paged;
  document->paged_size = loaded.length;
  document->marker = std::move(loaded.marker);
  by_id_[document->id()] = document;
  by_path_[document->path] = document;
  if (!document->paged && !document->path.starts_with('/')) watch(document);
  return document;
}

void Documents::watch(const DocumentPointer& document) {
  if (document->watch != 0) context_.watcher.unwatch(std::exchange(document->watch, 0));
  const auto watch = context_.watcher.watch(
      directory_of(document->path),
      [this](const protocol::FileChanged::Params& changes) { on_directory_changed(changes); });
  if (watch) document->watch = watch->id;
}

Result<DocumentPointer> Documents::find(const std::string& id, const std::string& session) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || !found->second->sessions.contains(session))
    return failure(ErrorCode::not_found, "This document is not open: open it again.");
  return found->second;
}

net::Task<Result<void>> Documents::close(std::string session, std::string id) {
  auto document = find(id, session);
  if (!document) co_return std::unexpected(document.error());
  auto& sessions = (*document)->sessions;
  sessions.erase(session);
  if (!sessions.empty()) co_return Result<void>();
  auto saved = co_await save(*document);
  forget_if_unused(*document);
  co_return saved;
}

void Documents::release(const std::string& session, const std::set<std::string>& documents) {
  for (const auto& id : documents) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) continue;
    const auto document = found->second;
    document->sessions.erase(session);
    if (document->dirty())
      autosave(document, std::chrono::milliseconds(0));
    else
      forget_if_unused(document);
  }
}

void Documents::forget_if_unused(const DocumentPointer& document) {
  // One that can't be written stays, so that its text is not lost.
  if (!document->sessions.empty() || document->dirty() || document->saving || document->checking) return;
  forget(document);
  rotate_if_quiet();
}

void Documents::forget(const DocumentPointer& document) {
  if (document->watch != 0) context_.watcher.unwatch(std::exchange(document->watch, 0));
  if (const auto timer = timers_.find(document->id()); timer != timers_.end()) {
    timer->second->cancel();
    timers_.erase(timer);
  }
  last_versions_[document->path] = document->version();
  by_id_.erase(document->id());
  if (const auto found = by_path_.find(document->path); found != by_path_.end() && found->second == document)
    by_path_.erase(found);
}

// ---- editing and the journal
// ---------------------------------------------------------------------------------------

net::Task<Result<std::uint64_t>> Documents::edit(std::string session, protocol::DocumentEdit::Params params) {
  if (params.operation_id.empty() || params.operation_id.size() > longest_operation_id)
    co_return failure(ErrorCode::invalid_argument, "document/edit.operation_id: not of 1..64 characters");
  if (const auto known = known_versions_.find(params.operation_id); known != known_versions_.end()) {
    const auto version = known->second;
    // It may still be on its way to the journal, or the journal failed: a record behind it tells.
    if (const auto open = by_id_.find(params.document);
        open != by_id_.end() && !open->second->based && open->second->dirty())
      journal_base(*open->second);
    if (auto done = co_await journal_durably({.kind = "again"}); !done)
      co_return std::unexpected(done.error());
    co_return version;
  }
  auto found = find(params.document, session);
  if (!found) co_return std::unexpected(found.error());
  const DocumentPointer document = *found;
  if (!document->based && !document->read_only) journal_base(*document);
  auto version = document->edit(params.base_version, params.operation);
  if (!version) co_return version;
  remember({params.operation_id, document->path, *version});
  autosave(document, autosave_delay);
  const protocol::DocumentChanged::Params changed{document->id(), *version, params.operation, session, {}};
  JournalRecord record{.kind = "edit", .document = document->id(), .version = *version};
  record.operation_id = std::move(params.operation_id);
  record.operation = std::move(params.operation);
  auto done = co_await journal_durably(std::move(record));
  // Told only now: so every session hears of its own edit before it hears of what others built on it.
  context_.on_changed(*document, changed, session);
  if (!done) {
    document->based = false;  // the journal's chain is broken: the next edit begins a new one
    document->problem = done.error().message;
    context_.on_state(*document);
    co_return std::unexpected(done.error());
  }
  document->journalled_version = std::max(document->journalled_version, *version);
  co_return *version;
}

void Documents::journal_base(Document& document) {
  JournalRecord record{
      .kind = "base", .document = document.id(), .path = document.path, .version = document.version()};
  // A dirty one differs from its file: then the text alone says what the base is.
  if (!document.dirty()) record.etag = document.etag;
  record.encoding = document.encoding;
  record.line_ending = document.line_ending;
  if (document.text().bytes() <= protocol::inline_document_limit || document.dirty())
    record.text = document.text().str();
  journal_quietly(record);
  document.based = true;
}

void Documents::journal_quietly(const JournalRecord& record) { journal_->append(to_record(record), nullptr); }

net::Task<Result<void>> Documents::journal_durably(JournalRecord record) {
  auto done = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      [this](auto handler, std::string text) {
        // The journal's thread must be able to copy the function it is given.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        journal_->append(std::move(text), [this, shared](Result<void> outcome) {
          asio::post(context_.io,
                     [shared, outcome = std::move(outcome)]() mutable { (*shared)(std::move(outcome)); });
        });
      },
      asio::use_awaitable, to_record(record));
  co_return done;
}

void Documents::remember(KnownOperation operation) {
  known_versions_[operation.id] = operation.version;
  auto& last = last_versions_[operation.path];
  last = std::max(last, operation.version);
  known_.push_back(std::move(operation));
  if (known_.size() > kept_operations) {
    known_versions_.erase(known_.front().id);
    known_.pop_front();
  }
}

void Documents::rotate_if_quiet() {
  if (journal_->size() < quiet_journal_size) return;
  for (const auto& [id, document] : by_id_)
    if (document->dirty() || document->saving || document->journalled_version < document->version()) return;
  for (const auto& [id, document] : by_id_) document->based = false;
  JournalRecord start{.kind = "start"};
  start.known = std::vector<KnownOperation>(known_.begin(), known_.end());
  journal_->rotate(to_record(start));
}

net::Task<Result<void>> Documents::convert(DocumentPointer document, std::optional<Encoding> encoding,
                                           std::optional<LineEnding> line_ending) {
  using protocol::ReadOnlyReason;
  if (document->read_only && *document->read_only != ReadOnlyReason::encoding &&
      *document->read_only != ReadOnlyReason::line_ending)
    co_return failure(ErrorCode::permission_denied, document->path + " is open for reading only.");
  if (encoding == Encoding::unknown || line_ending == LineEnding::mixed)
    co_return failure(ErrorCode::invalid_argument, "document/convert: not something to write");
  if (!document->based) journal_base(*document);
  if (encoding) document->encoding = *encoding;
  if (line_ending) document->line_ending = *line_ending;
  const bool encoding_open = document->encoding == Encoding::unknown;
  const bool ending_open = document->line_ending == LineEnding::mixed;
  if (document->read_only && !encoding_open && !ending_open) document->read_only.reset();
  document->needs_rewrite = !encoding_open && !ending_open;
  JournalRecord record{.kind = "format", .document = document->id()};
  record.encoding = document->encoding;
  record.line_ending = document->line_ending;
  if (auto done = co_await journal_durably(std::move(record)); !done) co_return done;
  context_.on_state(*document);
  if (!document->needs_rewrite) co_return Result<void>();
  co_return co_await save(document);
}

void Documents::autosave(const DocumentPointer& document, std::chrono::milliseconds delay) {
  if (std::exchange(document->autosave_set, true)) return;
  auto& timer = timers_[document->id()];
  if (!timer) timer = std::make_shared<asio::steady_timer>(context_.io);
  timer->expires_after(delay);
  timer->async_wait([this, document](const boost::system::error_code& error) {
    document->autosave_set = false;
    if (!error) context_.tasks.spawn(finish_saving(document));
  });
}

net::Task<void> Documents::finish_saving(DocumentPointer document) {
  (void)co_await save(document);
  forget_if_unused(document);
}

std::vector<DocumentOnDisk> Documents::on_disk() const {
  std::vector<DocumentOnDisk> found;
  for (const auto& [id, document] : by_id_)
    if (!document->deleted && !document->etag.empty() && !document->path.starts_with('/'))
      found.push_back({id, document->path, document->etag, document->disk_version});
  return found;
}

void Documents::on_stored(const std::string& id, std::uint64_t version) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->stored_version >= version) return;
  found->second->stored_version = version;
  context_.on_state(*found->second);
}

net::Task<std::vector<std::string>> Documents::flush() {
  std::vector<std::string> problems;
  const auto documents = by_id_;
  for (const auto& [id, document] : documents) {
    if (auto saved = co_await save(document); !saved)
      problems.push_back(document->path + ": " + saved.error().message);
  }
  co_return problems;
}

}  // namespace berth::runner

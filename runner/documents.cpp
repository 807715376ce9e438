// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and closing.
#include "runner/documents.hpp"

#include <sys/random.h>

#include <algorithm>

#include "protocol/connect_token.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

std::string random_prefix() {
  char bytes[3];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  return protocol::encode_base64url({bytes, sizeof bytes}) + "-";
}

// A file that was deleted takes up room until its descriptor is closed.
constexpr std::chrono::seconds let_go_interval{5};

bool is_missing(const Result<LoadedDocument>& loaded) {
  return !loaded && loaded.error().code == ErrorCode::not_found;
}

std::string words_of(const RescuedText& rescued) {
  return "What was last typed in " + rescued.path + " could not be written to it: " + rescued.reason +
         (rescued.copy.empty() ? " An administrator finds it in the workspace's journal."
                               : " It is in " + rescued.copy + ".");
}

}  // namespace

Documents::Documents(DocumentsContext context, std::unique_ptr<Journal> journal, RecoveredDocuments recovered)
    : context_(std::move(context)),
      journal_(std::move(journal)),
      kept_texts_(std::make_shared<KeptTexts>(context_.files)),
      progress_(context_.io, asio::steady_timer::time_point::max()),
      id_prefix_(random_prefix()) {
  for (auto& rescued : recovered.rescued) rescued_[rescued.path] = rescued;
  for (auto& operation : recovered.known) {
    auto& last = last_versions_[operation.path];
    last = std::max(last, operation.version);
    known_.remember(std::move(operation));
  }
}

Documents::~Documents() = default;

net::Task<Result<LoadedDocument>> Documents::read(std::string path, std::optional<Encoding> encoding) {
  co_return co_await net::offload(context_.pool, [&files = context_.files, path, encoding] {
    return load_document(files, path, encoding);
  });
}

/// An empty file, or the one that somebody else has made there meanwhile.
net::Task<Result<LoadedDocument>> Documents::make_and_read(std::string path,
                                                           std::optional<Encoding> encoding) {
  co_return co_await net::offload(
      context_.pool, [&files = context_.files, path, encoding]() -> Result<LoadedDocument> {
        auto write = files.begin_write(path, "", std::nullopt);
        if (!write) return std::unexpected(write.error());
        if (auto made = write->commit(); !made && made.error().code != ErrorCode::conflict)
          return std::unexpected(made.error());
        return load_document(files, path, encoding);
      });
}

/// The file at the path; where there is none the one that the client knew, wherever it was moved; or a new
/// one.
net::Task<Result<LoadedDocument>> Documents::load(protocol::DocumentOpen::Params params) {
  const auto known = params.known_document.value_or("");
  auto loaded = co_await read(params.path, params.encoding);
  // A program that replaces a file by moving it aside is given time for the new one.
  for (int step = 0; is_missing(loaded) && step < replacing_steps; ++step) {
    if (forgotten_path(known, params.path).empty()) break;
    co_await pause(replacing_step);
    loaded = co_await read(params.path, params.encoding);
  }
  if (!is_missing(loaded)) co_return loaded;
  auto moved = co_await load_forgotten(known, params);
  if (!is_missing(moved)) co_return moved;
  if (params.create.value_or(false)) co_return co_await make_and_read(params.path, params.encoding);
  co_return loaded;
}

/// not_found: nobody knows where it is, or another file is there by now.
net::Task<Result<LoadedDocument>> Documents::load_forgotten(std::string id,
                                                            protocol::DocumentOpen::Params params) {
  const auto path = forgotten_path(id, params.path);
  if (path.empty()) co_return failure(ErrorCode::not_found, params.path + " does not exist.");
  for (bool followed = false;; followed = true) {
    auto loaded = co_await read(path, params.encoding);
    if (!loaded) co_return loaded;
    const auto* entry = forgotten_.find(id);
    if (!entry || !is_same_file(loaded->marker, entry->file))
      co_return failure(ErrorCode::not_found, params.path + " does not exist.");
    if (followed) co_return loaded;
    // Once more behind this, and only there: it took a moment.
    if (auto done = co_await follow_forgotten(id, path); !done) co_return std::unexpected(done.error());
  }
}

/// The document that its client had before it came back, wherever it is now and whatever stands at its old
/// path; or the one at the path.
DocumentPointer Documents::find_open(const protocol::DocumentOpen::Params& params) const {
  const auto known = by_id_.find(params.known_document.value_or(""));
  if (known != by_id_.end() && !known->second->deleted) return known->second;
  const auto at_path = by_path_.find(net::normal_path(params.path).value_or(""));
  if (at_path != by_path_.end()) return at_path->second;
  return known == by_id_.end() ? nullptr : known->second;
}

/// Where the file of a document is that nobody has open any more; "" where that is not known, or is `asked`.
std::string Documents::forgotten_path(const std::string& id, const std::string& asked) {
  const auto* entry = forgotten_.find(id);
  auto now = entry ? path_of_marker(entry->file) : std::string();
  return now == net::normal_path(asked).value_or("") ? "" : now;
}

/// It was read from there: what is known of its edits goes along, in the journal, too, before anybody goes on
/// there. Not what came later at its old path: that is another file's.
net::Task<Result<void>> Documents::follow_forgotten(std::string id, std::string path) {
  auto* entry = forgotten_.find(id);
  if (!entry) co_return Result<void>();
  if (entry->path != path) {
    auto& last = last_versions_[path];
    last = std::max(last, entry->version);
    if (known_.move(entry->path, path, entry->version) && entry->journalled_at.empty())
      entry->journalled_at = entry->path;
    entry->path = path;
  }
  if (entry->journalled_at.empty()) co_return Result<void>();
  auto outcome = co_await append_durably(
      {.kind = "moved", .path = path, .from = entry->journalled_at, .version = entry->version});
  // Where that failed, the next who asks for it tries again.
  entry = forgotten_.find(id);
  if (outcome && entry && entry->path == path) entry->journalled_at.clear();
  co_return outcome;
}

net::Task<Result<DocumentPointer>> Documents::find_or_load(protocol::DocumentOpen::Params params) {
  auto document = find_open(params);
  if (document && (!params.encoding || *params.encoding == document->encoding)) co_return document;
  if (document && document->dirty())
    co_return failure(ErrorCode::conflict, document->path + " has edits that are not in the file yet.");
  if (document) params.path = document->path;
  auto loaded = co_await load(params);
  if (!loaded) co_return std::unexpected(loaded.error());
  // The path may have led, by a link or meanwhile, to one that is open.
  const auto again = by_path_.find(loaded->path);
  if (again == by_path_.end()) {
    if (by_id_.size() >= most_documents)
      co_return failure(ErrorCode::limit_exceeded, "Too many documents are open: close some of them.");
    co_return adopt_loaded(std::move(*loaded));
  }
  document = again->second;
  if (!params.encoding || document->encoding == *params.encoding) co_return document;
  (void)co_await wait_until_saved(document);
  if (document->dirty())
    co_return failure(ErrorCode::conflict, document->path + " has edits that are not in the file yet.");
  document->encoding = loaded->encoding;
  if (document->based) journal_format(document);
  document->read_only = loaded->read_only;
  document->checking = true;
  co_await take_from_disk(document, std::move(*loaded));
  finish_check(document);
  co_return document;
}

net::Task<Result<OpenedDocument>> Documents::open(std::string session, protocol::DocumentOpen::Params params,
                                                  bool may_edit) {
  auto found = co_await find_or_load(params);
  if (!found) co_return std::unexpected(found.error());
  const auto document = *found;
  for (;;) {
    const auto opening = document->authors.next_opening();
    if (may_edit && params.operation_id) document->authors.asked(*params.operation_id, opening);
    auto opened = snapshot(document, params);
    // Later versions are told as they come, and so behind the answer.
    document->sessions[session] = {opened.version, opening};
    if (document->journalled_version >= opened.version) co_return opened;
    if (co_await wait_until_told(document, opened.version)) co_return opened;
    // The journal could not take it: it never was.
  }
}

OpenedDocument Documents::snapshot(const DocumentPointer& document,
                                   const protocol::DocumentOpen::Params& params) const {
  OpenedDocument opened{document, document->version(), document->text(), {}, {}};
  const auto& merge = document->merge();
  if (params.operation_id) {
    opened.operation_version = merge.known(*params.operation_id);
    if (!opened.operation_version)
      opened.operation_version = known_.version_of(document->path, *params.operation_id);
  }
  if (params.known_document != document->id() || !params.known_version) return opened;
  const auto changes = merge.changes_since(*params.known_version);
  if (!changes) return opened;
  opened.changes.emplace();
  auto version = *params.known_version;
  for (const auto* change : *changes) {
    auto& told = opened.changes->emplace_back(++version, change->operation, change->origin);
    // Only the asker's own: whoever knows another author's name could use up its numbers.
    if (!change->id.empty() && change->id == params.operation_id) told.operation_id = change->id;
  }
  return opened;
}

DocumentPointer Documents::adopt_loaded(LoadedDocument loaded) {
  const auto last = last_versions_.find(loaded.path);
  const std::uint64_t version = last == last_versions_.end() ? 1 : last->second + 1;
  auto document = std::make_shared<Document>(id_prefix_ + std::to_string(next_++), loaded.path, version,
                                             std::move(loaded.text));
  document->found_unchanged(loaded.etag);
  document->found_in(loaded.encoding);
  document->encoding = loaded.encoding;
  document->line_ending = loaded.line_ending;
  document->read_only = loaded.read_only;
  document->paged = loaded.paged;
  document->paged_size = loaded.length;
  document->marker = std::move(loaded.marker);
  if (const auto rescued = rescued_.find(document->path); rescued != rescued_.end())
    document->problem = words_of(rescued->second);
  by_id_[document->id()] = document;
  by_path_[document->path] = document;
  if (!document->paged && !document->path.starts_with('/')) watch(document);
  return document;
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
  rotate_if_long();
}

void Documents::forget(const DocumentPointer& document) {
  unwatch(document);
  for (auto* timers : {&timers_, &check_timers_})
    if (const auto timer = timers->find(document->id()); timer != timers->end()) {
      timer->second->cancel();
      timers->erase(timer);
    }
  last_versions_[document->path] = document->version();
  const bool is_small = !document->paged && document->text().bytes() <= ForgottenDocuments::largest;
  if (document->marker && !document->deleted && is_small && !document->path.starts_with('/')) {
    const bool is_first = forgotten_.empty();
    forgotten_.remember({document->id(), document->path, document->version(), std::move(document->marker)});
    if (is_first) context_.tasks.spawn(let_go_forgotten());
  }
  by_id_.erase(document->id());
  if (const auto found = by_path_.find(document->path); found != by_path_.end() && found->second == document)
    by_path_.erase(found);
}

net::Task<void> Documents::let_go_forgotten() {
  while (!forgotten_.empty()) {
    co_await pause(let_go_interval);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
    forgotten_.let_go();
  }
}

net::Task<Result<void>> Documents::convert(DocumentPointer document, std::optional<Encoding> encoding,
                                           std::optional<LineEnding> line_ending) {
  using protocol::ReadOnlyReason;
  if (document->read_only && *document->read_only != ReadOnlyReason::encoding &&
      *document->read_only != ReadOnlyReason::line_ending)
    co_return failure(ErrorCode::permission_denied, document->path + " is open for reading only.");
  if (encoding == Encoding::unknown || line_ending == LineEnding::mixed)
    co_return failure(ErrorCode::invalid_argument, "document/convert: not something to write");
  if (!document->based) journal_base(document);
  if (encoding) document->encoding = *encoding;
  if (line_ending) document->line_ending = *line_ending;
  const bool encoding_open = document->encoding == Encoding::unknown;
  const bool ending_open = document->line_ending == LineEnding::mixed;
  if (document->read_only && !encoding_open && !ending_open) document->read_only.reset();
  document->needs_rewrite = !encoding_open && !ending_open;
  if (auto done = co_await journal_durably(document, format_record(*document)); !done) co_return done;
  context_.on_state(*document);
  if (!document->needs_rewrite) co_return Result<void>();
  co_return co_await save(document);
}

std::vector<DocumentOnDisk> Documents::on_disk() const {
  std::vector<DocumentOnDisk> found;
  for (const auto& [id, document] : by_id_)
    if (!document->deleted && !document->etag.empty() && !document->path.starts_with('/'))
      found.push_back({id, document->path, document->etag, document->disk_version});
  return found;
}

std::vector<std::pair<std::string, DocumentText>> Documents::unsaved() const {
  std::vector<std::pair<std::string, DocumentText>> found;
  for (const auto& [id, document] : by_id_)
    if (document->dirty() && !document->paged && !document->path.starts_with('/'))
      found.emplace_back(document->path, document->text());
  return found;
}

void Documents::on_stored(const std::string& id, std::uint64_t version) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->stored_version >= version) return;
  found->second->stored_version = version;
  context_.on_state(*found->second);
}

std::optional<std::string> Documents::rescued_news(const std::string& user) {
  constexpr std::size_t most_told = 3, most_named = 20;
  if (rescued_.empty() || !told_of_rescued_.insert(user).second) return std::nullopt;
  if (told_of_rescued_.size() == 1)
    for (const auto& [path, rescued] : rescued_) journal_->append(told_record(rescued), nullptr);
  std::string words, others;
  std::size_t told = 0;
  for (const auto& [path, rescued] : rescued_) {
    if (told == most_named) break;
    if (told++ < most_told) {
      words += (words.empty() ? "" : " ") + words_of(rescued);
    } else {
      others += (others.empty() ? "" : ", ") +
                (rescued.copy.empty() ? "the workspace's journal (" + path + ")" : rescued.copy);
    }
  }
  if (!others.empty())
    words += " The same holds for " + std::to_string(rescued_.size() - most_told) +
             " more; what was typed in them is in " + others;
  if (rescued_.size() > told)
    words += " and in files elsewhere that have \"(recovered edits\" in their names";
  if (!others.empty()) words += ".";
  return words;
}

void Documents::rescued_seen(const DocumentPointer& document) {
  if (rescued_.erase(document->path) == 0 || !document->problem) return;
  document->problem.reset();
  context_.on_state(*document);
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

// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and closing.
#include "runner/documents.hpp"

#include <sys/random.h>

#include "protocol/connect_token.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

std::string random_prefix() {
  char bytes[3];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  return protocol::encode_base64url({bytes, sizeof bytes}) + "-";
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

net::Task<Result<DocumentPointer>> Documents::find_or_load(protocol::DocumentOpen::Params params) {
  auto known_path = by_path_.find(net::normal_path(params.path).value_or(""));
  DocumentPointer document = known_path == by_path_.end() ? nullptr : known_path->second;
  // One that was moved while its client was away goes on where it is now.
  if (const auto known = by_id_.find(params.known_document.value_or("")); !document && known != by_id_.end())
    document = known->second;
  if (document && (!params.encoding || *params.encoding == document->encoding)) co_return document;
  if (document && document->dirty())
    co_return failure(ErrorCode::conflict, document->path + " has edits that are not in the file yet.");
  auto loaded = co_await load(params.path, params.encoding, params.create.value_or(false));
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
  by_id_.erase(document->id());
  if (const auto found = by_path_.find(document->path); found != by_path_.end() && found->second == document)
    by_path_.erase(found);
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
  JournalRecord record{.kind = "format", .document = document->id()};
  record.encoding = document->encoding;
  record.line_ending = document->line_ending;
  if (auto done = co_await journal_durably(document, std::move(record)); !done) co_return done;
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

void Documents::on_stored(const std::string& id, std::uint64_t version) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->stored_version >= version) return;
  found->second->stored_version = version;
  context_.on_state(*found->second);
}

std::optional<std::string> Documents::rescued_news(const std::string& user) {
  constexpr std::size_t most_named = 3;
  if (rescued_.empty() || !told_of_rescued_.insert(user).second) return std::nullopt;
  if (told_of_rescued_.size() == 1)
    for (const auto& [path, rescued] : rescued_) journal_->append(told_record(rescued), nullptr);
  std::string words;
  std::size_t named = 0;
  for (const auto& [path, rescued] : rescued_) {
    if (named == most_named) break;
    words += (named++ == 0 ? "" : " ") + words_of(rescued);
  }
  if (rescued_.size() > named)
    words += " The same holds for " + std::to_string(rescued_.size() - named) + " more.";
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

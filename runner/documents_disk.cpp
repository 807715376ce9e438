// SPDX-License-Identifier: GPL-3.0-or-later
// Documents and their files: saving, and following them where they are moved.
#include "runner/documents.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::chrono::seconds retry_delay{5};
constexpr std::chrono::milliseconds busy_file_delay{300};

}  // namespace

// ---- saving
// --------------------------------------------------------------------------------------------------------

net::Task<Result<void>> Documents::wait_until_saved(DocumentPointer document) {
  while (document->saving || document->checking) {
    boost::system::error_code ignored;
    co_await progress_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  co_return Result<void>();
}

net::Task<Result<void>> Documents::save(DocumentPointer document) {
  // Twice: a save that is running may have begun before the newest edit; a conflict makes one more attempt
  // sensible.
  Result<void> outcome;
  for (int attempt = 0; attempt < 3; ++attempt) {
    (void)co_await wait_until_saved(document);
    if (!document->dirty()) co_return Result<void>();
    outcome = co_await write_once(document);
    if (outcome || outcome.error().code != ErrorCode::conflict) break;
    check(document);
  }
  if (!outcome && outcome.error().code == ErrorCode::conflict) {
    autosave(document, busy_file_delay);  // somebody keeps writing to it: no news for a person
  } else if (!outcome) {
    const bool news = document->problem != outcome.error().message;
    document->problem = outcome.error().message;
    if (news) {
      context_.log("Saving " + document->path + " failed: " + outcome.error().message + " " +
                   outcome.error().detail);
      context_.on_state(*document);
    }
    // What can't be encoded waits for the person; a full disk may get room.
    if (outcome.error().code != ErrorCode::unsupported) autosave(document, retry_delay);
  }
  co_return outcome;
}

void Documents::autosave(const DocumentPointer& document, std::chrono::milliseconds delay) {
  auto& timer = timers_[document->id()];
  if (!timer) timer = std::make_shared<boost::asio::steady_timer>(context_.io);
  const auto due = Document::TimePoint::clock::now() + delay;
  if (document->autosave_set && timer->expiry() <= due) return;
  document->autosave_set = true;
  timer->expires_at(due);
  timer->async_wait([this, document](const boost::system::error_code& error) {
    if (error) return;  // set anew for an earlier time, or forgotten
    document->autosave_set = false;
    context_.tasks.spawn(finish_saving(document));
  });
}

net::Task<void> Documents::finish_saving(DocumentPointer document) {
  (void)co_await save(document);
  forget_if_unused(document);
}

net::Task<Result<void>> Documents::write_once(DocumentPointer document) {
  document->saving = true;
  const auto version = document->version();
  const auto chain = document->chain;
  DocumentSaveRequest request{document->path, document->text(), document->encoding, document->line_ending,
                              document->etag};
  document->writing = Document::Writing{version, request.text, {}, request.encoding};
  auto prepared = co_await net::offload(
      context_.pool, [&files = context_.files, request] { return prepare_save(files, request); });
  Result<void> outcome;
  if (!prepared) outcome = std::unexpected(prepared.error());
  if (outcome) {
    fault_point("save.synced");
    if (document->writing) document->writing->etag = prepared->etag;
    // Before the rename: after a crash in between, the journal knows this state of the file. Behind the edits
    // that are in it: what can't be journalled is not written either.
    if (document->based) {
      JournalRecord record{.kind = "saving", .document = document->id(), .version = version};
      record.etag = prepared->etag;
      record.encoding = request.encoding;
      outcome = co_await journal_durably(document, std::move(record));
    }
    if (outcome && chain != document->chain)
      outcome = failure(ErrorCode::conflict, "Edits of " + document->path + " could not be stored.");
    fault_point("save.recorded");
  }
  if (outcome) {
    auto write = std::make_shared<net::PendingWrite>(std::move(prepared->write));
    auto committed = co_await net::offload(context_.pool, [write] { return write->commit(); });
    fault_point("save.placed");
    if (committed)
      on_written_out(document, request, version, *committed);
    else
      outcome = std::unexpected(committed.error());
  }
  // Nothing that the journal was told of.
  if (!outcome && document->writing && !document->writing->etag) document->writing.reset();
  document->saving = false;
  progress_.cancel();
  if (outcome) context_.on_state(*document);
  rotate_if_long();
  if (std::exchange(document->check_again, false)) check(document);
  co_return outcome;
}

void Documents::on_written_out(const DocumentPointer& document, const DocumentSaveRequest& request,
                               std::uint64_t version, const std::string& etag) {
  document->agree(request.text, version, etag, false);
  document->found_in(request.encoding);
  document->disk_version = version;
  document->etag_fresh = false;
  if (request.encoding == document->encoding && request.line_ending == document->line_ending)
    document->needs_rewrite = false;
  document->deleted = false;
  document->problem.reset();
  if (document->based) {
    JournalRecord record{.kind = "saved", .document = document->id(), .version = version};
    record.etag = etag;
    record.encoding = request.encoding;
    journal(document, record);
  }
  rescued_.erase(document->path);
  fault_point("save.noted");
  if (auto marker = context_.files.directory().open_at(request.path, O_PATH))
    document->marker = std::move(*marker);
}

// ---- files that go away or move
// -------------------------------------------------------------------------------------

/// Where this file is now, below the home; "" where it is not there, or was thrown away.
std::string Documents::path_of_marker(const net::FileDescriptor& marker) const {
  const auto& home = context_.files.directory().path();
  const auto now = net::path_of_descriptor(marker.get());
  if (!now.starts_with(home + "/") || now.starts_with(home + "/.local/share/Trash/")) return {};
  return now.substr(home.size() + 1);
}

void Documents::on_file_gone(const DocumentPointer& document) {
  if (document->marker) {
    const auto moved = path_of_marker(document->marker);
    if (!moved.empty() && moved != document->path && !by_path_.contains(moved)) {
      on_renamed(document->path, moved);
      return;
    }
  }
  if (document->deleted) return;
  document->deleted = true;
  document->etag.clear();
  context_.on_state(*document);
}

void Documents::on_renamed(const std::string& from, const std::string& to) {
  if (known_.move(from, to)) {
    JournalRecord record{.kind = "moved", .path = to, .from = from};
    journal_->append(to_record(record), nullptr);
  }
  std::vector<DocumentPointer> moved;
  for (const auto& [path, document] : by_path_)
    if (is_at_or_below(path, from)) moved.push_back(document);
  for (const auto& document : moved) {
    by_path_.erase(document->path);
    document->path = to + document->path.substr(from.size());
    document->deleted = false;
    by_path_[document->path] = document;
    watch(document);
    if (document->based)
      journal(document, {.kind = "moved", .document = document->id(), .path = document->path});
    context_.on_state(*document);
  }
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// Edits and the journal: accepted in memory, told when they are on disk, taken back when they can't be.
#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include "protocol/frame.hpp"
#include "runner/carried_document.hpp"
#include "runner/documents.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds autosave_delay{400};
constexpr std::chrono::seconds journal_retry_delay{5};
// Bytes. Longer, it begins anew when all is saved; longer by twice what it began with, whoever types.
constexpr std::uint64_t long_journal = 1u << 20;

}  // namespace

net::Task<Result<std::uint64_t>> Documents::edit(std::string session, protocol::DocumentEdit::Params params) {
  const auto& id = params.operation_id;
  if (id.empty() || id.size() > longest_operation_id)
    co_return failure(ErrorCode::invalid_argument, "document/edit.operation_id: not of 1..64 characters");
  auto found = find(params.document, session);
  if (!found) {
    if (const auto version = known_.version_anywhere(id)) co_return *version;
    co_return std::unexpected(found.error());
  }
  const DocumentPointer document = *found;
  if (const auto version = known_.version_of(document->path, id)) co_return *version;
  if (const auto version = document->merge().known(id))
    co_return co_await wait_until_told(document, *version);
  if (known_.is_over(document->path, id))
    co_return failure(ErrorCode::conflict, "A later edit of this author was applied: this one is over.");
  // Its window was told from another connection that this one was not applied, and sends it anew there.
  if (!document->authors.may_send(id, document->sessions.at(session).number))
    co_return failure(ErrorCode::conflict, "This window goes on from another connection: this edit is over.");
  if (!document->based && !document->read_only) journal_base(document);
  auto accepted = document->edit(params.base_version, std::move(params.operation), id, session);
  if (!accepted) co_return std::unexpected(accepted.error());
  fault_point("edit.accepted");
  autosave(document, autosave_delay);
  const auto version = (*accepted)->version;
  journal_accepted(document, **accepted);
  fault_point("edit.appended");
  co_return co_await wait_until_told(document, version);
}

net::Task<Result<std::uint64_t>> Documents::change(DocumentPointer document, std::uint64_t base_version,
                                                   protocol::TextOperation operation, std::string origin) {
  if (!document->based && !document->read_only) journal_base(document);
  auto accepted = document->edit(base_version, std::move(operation), "", origin);
  if (!accepted) co_return std::unexpected(accepted.error());
  autosave(document, std::chrono::milliseconds(0));  // nobody types on
  const auto version = (*accepted)->version;
  journal_accepted(document, **accepted);
  co_return co_await wait_until_told(document, version);
}

net::Task<Result<std::uint64_t>> Documents::wait_until_told(DocumentPointer document, std::uint64_t version) {
  if (version <= document->journalled_version) co_return version;
  auto& accepted = document->accepted();
  if (accepted.empty() || version < accepted.front().version || version > accepted.back().version)
    co_return failure(ErrorCode::internal, "The edit could not be stored.");
  auto* const awaited = &accepted[static_cast<std::size_t>(version - accepted.front().version)];
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<std::uint64_t>)>(
      [awaited](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        awaited->waiting.push_back(
            [shared](Result<std::uint64_t> outcome) { (*shared)(std::move(outcome)); });
      },
      asio::use_awaitable);
}

void Documents::journal_base(const DocumentPointer& document) {
  // Its file says what the text is, or what the file held and what happened since.
  if (document->dirty()) {
    for (const auto& record : CarriedDocument(*document).records()) journal(document, record);
  } else {
    JournalRecord record{
        .kind = "base", .document = document->id(), .path = document->path, .version = document->version()};
    record.etag = document->etag;
    record.encoding = document->encoding;
    record.line_ending = document->line_ending;
    if (document->text().bytes() <= protocol::inline_document_limit) record.text = document->text().str();
    journal(document, record);
  }
  document->based = true;
}

JournalRecord Documents::format_record(const Document& document) {
  JournalRecord record{.kind = "format", .document = document.id()};
  record.encoding = document.encoding;
  record.line_ending = document.line_ending;
  return record;
}

/// It is to be written otherwise than the journal knows, and nobody waits for that.
void Documents::journal_format(const DocumentPointer& document) {
  journal(document, format_record(*document));
}

/// Appends a record of the document's. `on_done` is told, on this thread and in the order of the records,
/// when it is on disk; one after a record that is not counts for nothing.
void Documents::journal(const DocumentPointer& document, const JournalRecord& record,
                        std::function<void(Result<void>)> on_done) {
  journal_->append(to_record(record), [this, document, chain = document->chain,
                                       on_done = std::move(on_done)](Result<void> outcome) {
    asio::post(context_.io, [this, document, chain, on_done, outcome = std::move(outcome)]() mutable {
      if (document->chain != chain) {
        outcome = failure(ErrorCode::internal, "The edit could not be stored.");
      } else if (!outcome) {
        on_journal_failed(document, outcome.error());
      }
      if (on_done) on_done(std::move(outcome));
    });
  });
}

net::Task<Result<void>> Documents::journal_durably(DocumentPointer document, JournalRecord record) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      [this, &document, &record](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        journal(document, record, [shared](Result<void> outcome) { (*shared)(std::move(outcome)); });
      },
      asio::use_awaitable);
}

net::Task<void> Documents::settle_journal() { (void)co_await append_durably({.kind = "settled"}); }

/// A record of no document's.
net::Task<Result<void>> Documents::append_durably(JournalRecord record) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      [this, &record](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        journal_->append(to_record(record), [this, shared](Result<void> outcome) {
          asio::post(context_.io,
                     [shared, outcome = std::move(outcome)]() mutable { (*shared)(std::move(outcome)); });
        });
      },
      asio::use_awaitable);
}

void Documents::journal_accepted(const DocumentPointer& document, const Document::Accepted& accepted) {
  JournalRecord record{.kind = "edit", .document = document->id(), .version = accepted.version};
  if (!accepted.id.empty()) record.operation_id = accepted.id;
  record.operation = accepted.operation;
  journal(document, record, [this, document](const Result<void>& outcome) {
    if (outcome) on_journalled(document);
  });
}

void Documents::on_journalled(const DocumentPointer& document) {
  auto change = document->take_journalled();
  fault_point("edit.journalled");
  if (!change.id.empty()) known_.remember({change.id, document->path, change.version});
  tell(document, std::move(change));
  fault_point("edit.told");
  rotate_if_long();
  if (!std::exchange(document->journal_failed, false)) return;
  document->problem.reset();
  context_.on_state(*document);
}

/// The others first, then who waits for it; a session hears of a version by one of the two.
void Documents::tell(const DocumentPointer& document, Document::Accepted change) {
  const auto except = change.id.empty() ? std::string() : change.origin;
  context_.on_changed(*document,
                      {document->id(), change.version, std::move(change.operation), std::move(change.origin),
                       std::move(change.kept)},
                      except);
  for (const auto& on_told : change.waiting) on_told(change.version);
}

/// What nobody was told of never was: the text is again what everybody has, and who waits hears why.
void Documents::on_journal_failed(const DocumentPointer& document, const Error& error) {
  ++document->chain;
  document->based = false;  // the next edit begins a new chain of records
  document->journal_failed = true;
  document->problem = error.message;
  const auto undone = document->take_back();
  context_.log("Edits of " + document->path + " were refused: " + error.message + " " + error.detail);
  context_.on_state(*document);
  for (const auto& change : undone) {
    if (change.before) check_after(document, journal_retry_delay);
    for (const auto& on_told : change.waiting) on_told(std::unexpected(error));
  }
}

/// When all is in the files a journal needs none of it any more. Otherwise it is begun anew before it becomes
/// much longer than what it must tell: somebody who types without a pause, or into a file that can't be
/// written.
void Documents::rotate_if_long() {
  const auto size = journal_->size();
  if (size < long_journal || rotating_ || std::chrono::steady_clock::now() < rotate_after_) return;
  const auto is_busy = [](const auto& entry) {
    return entry.second->dirty() || !entry.second->accepted().empty();
  };
  const auto first = journal_->first_size();
  if (std::ranges::any_of(by_id_, is_busy)) {
    if (size < long_journal + 2 * first) return;
  } else if (!carries_ && size < long_journal + first) {
    return;  // what it begins with is all that it must tell, and may be long by itself
  }
  rotating_ = true;
  // Once this is heard of, so is every failure before it: what was to be taken back is.
  journal_->append(to_record({.kind = "settled"}), [this](Result<void> outcome) {
    asio::post(context_.io, [this, good = outcome.has_value(), failures = journal_->failures()] {
      if (good) return begin_new_journal(failures);
      rotating_ = false;
      rotate_after_ = std::chrono::steady_clock::now() + journal_retry_delay;
    });
  });
}

/// Everything that is appended from now on must hold behind the new file's first records and, where that
/// can't be written, behind the old one's.
void Documents::begin_new_journal(std::uint64_t failures) {
  auto known = known_.all();
  std::vector<CarriedDocument> carried;
  for (const auto& [id, document] : by_id_) {
    for (const auto& edit : document->accepted())
      if (!edit.id.empty()) known.push_back({edit.id, document->path, edit.version});
    if (document->dirty())
      carried.emplace_back(*document);
    else
      document->based = false;
  }
  const bool carries = !carried.empty();
  std::vector<std::string> untold;
  if (told_of_rescued_.empty())
    for (const auto& [path, rescued] : rescued_)
      std::ranges::move(untold_records(rescued), std::back_inserter(untold));
  auto first_records = [known = std::move(known), carried = std::move(carried), untold = std::move(untold)] {
    std::vector<std::string> records{to_record(start_record(known))};
    records.insert(records.end(), untold.begin(), untold.end());
    for (const auto& document : carried)
      for (const auto& record : document.records()) records.push_back(to_record(record));
    return records;
  };
  journal_->rotate(std::move(first_records), failures, [this, carries](Result<void> outcome) {
    asio::post(context_.io, [this, carries, outcome = std::move(outcome)] {
      rotating_ = false;
      if (outcome) {
        carries_ = carries;
        return rotate_if_long();  // all may have been saved meanwhile
      }
      rotate_after_ = std::chrono::steady_clock::now() + journal_retry_delay;
      context_.log("The journal of edits could not be begun anew: " + outcome.error().message + " " +
                   outcome.error().detail);
    });
  });
}

}  // namespace berth::runner

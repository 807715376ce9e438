// SPDX-License-Identifier: GPL-3.0-or-later
// What other programs do to the files of open documents: noticed, read, merged into the text
// (disk_merge.hpp).
#include <algorithm>

#include "runner/documents.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

using protocol::ReadOnlyReason;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A program that is done is believed at once; one that writes piece by piece is given a moment, so that half
// a file does not go through everybody's window. A change is to be seen within 200 ms.
constexpr milliseconds complete_delay{8};
constexpr milliseconds writing_delay{30};
constexpr milliseconds longest_writing{60};
constexpr milliseconds longest_unfinished{90};
// A file that is shorter than the text and still being written is likely to get the rest.
constexpr milliseconds longest_shortened{500};
// One that puts the file right as often as what was typed comes back would go on for ever.
constexpr int most_rescues = 5;
// From a file that is brought back to its being looked at here.
constexpr std::chrono::seconds restored_for{2};
// One text goes to the trash of a document in this time, or as soon as somebody typed.
constexpr std::chrono::seconds kept_interval{10};
constexpr std::chrono::seconds kept_interval_typing{1};

/// The workspace stops.
net::Task<bool> is_cancelled() {
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  co_return state.cancelled() != boost::asio::cancellation_type::none;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

bool may_keep(const Document& document) {
  if (!document.kept_at) return true;
  const auto since = steady_clock::now() - *document.kept_at;
  return since > kept_interval || (document.edited_since_kept && since > kept_interval_typing);
}

bool is_of_bytes(const std::optional<ReadOnlyReason>& reason) {
  return reason == ReadOnlyReason::encoding || reason == ReadOnlyReason::line_ending;
}

Result<LoadedDocument> load_again(const net::HomeFiles& files, const std::string& path, Encoding encoding,
                                  bool ours) {
  auto found = load_document(files, path, std::nullopt);
  // Plain ASCII fits every encoding: then the document keeps its own.
  if (found && ours && found->encoding == Encoding::utf8 && found->encoding != encoding &&
      encoding != Encoding::utf8_bom && encoding != Encoding::utf16le && encoding != Encoding::utf16be) {
    if (found->text.bytes() == static_cast<std::uint64_t>(found->text.units())) found->encoding = encoding;
  }
  return found;
}

}  // namespace

// ---- noticing
// ------------------------------------------------------------------------------------------------------

void Documents::watch(const DocumentPointer& document) {
  unwatch(document);
  // The directories above, too: they can be moved or exchanged.
  for (auto directory = parent_of(document->path);; directory = parent_of(directory)) {
    auto found = listened_.find(directory);
    if (found == listened_.end()) {
      const auto watch =
          context_.watcher.listen(directory, [this](const std::string& where, const std::string& name,
                                                    Watcher::Sign sign) { on_sign(where, name, sign); });
      if (watch) found = listened_.emplace(directory, Listened{watch->id, 0}).first;
    }
    if (found != listened_.end()) {
      ++found->second.documents;
      document->watched.push_back(directory);
    }
    if (directory.empty()) return;
  }
}

void Documents::unwatch(const DocumentPointer& document) {
  for (const auto& directory : std::exchange(document->watched, {})) {
    const auto found = listened_.find(directory);
    if (--found->second.documents > 0) continue;
    context_.watcher.unwatch(found->second.watch);
    listened_.erase(found);
  }
}

void Documents::on_sign(const std::string& directory, const std::string& name, Watcher::Sign sign) {
  const auto path = directory.empty() || name.empty() ? directory + name : directory + "/" + name;
  if (const auto found = by_path_.find(path); found != by_path_.end() && !name.empty())
    return check_soon(found->second, sign);
  if (sign == Watcher::Sign::written) return;
  // A directory came, went, or was not watched for a moment.
  std::vector<DocumentPointer> below;
  const auto prefix = path.empty() ? path : path + "/";
  for (auto at = by_path_.lower_bound(prefix); at != by_path_.end() && at->first.starts_with(prefix); ++at)
    below.push_back(at->second);
  for (const auto& document : below) check_soon(document, sign);
}

void Documents::on_written(const std::string& path) {
  const auto found = by_path_.find(net::normal_path(path).value_or(""));
  if (found == by_path_.end()) return;
  found->second->written_whole = true;  // meant so, as by expect_restored()
  check(found->second);
}

void Documents::expect_restored() { restored_until_ = steady_clock::now() + restored_for; }

void Documents::check_soon(const DocumentPointer& document, Watcher::Sign sign) {
  const auto now = steady_clock::now();
  if (!document->check_wanted) document->check_wanted = now;
  const bool writing = sign == Watcher::Sign::written || sign == Watcher::Sign::appeared;
  document->being_written = writing;
  check_at(document, writing ? std::min(now + writing_delay, *document->check_wanted + longest_writing)
                             : now + complete_delay);
}

void Documents::check_after(const DocumentPointer& document, Milliseconds delay) {
  check_at(document, steady_clock::now() + delay);
}

void Documents::check_at(const DocumentPointer& document, Document::TimePoint due) {
  document->check_due = due;
  auto& timer = check_timers_[document->id()];
  if (timer) {
    timer->cancel();
    return;
  }
  timer = std::make_shared<boost::asio::steady_timer>(context_.io);
  context_.tasks.spawn(check_when_due(document, timer));
}

net::Task<void> Documents::check_when_due(DocumentPointer document, Timer timer) {
  while (steady_clock::now() < *document->check_due) {
    timer->expires_at(*document->check_due);
    boost::system::error_code ignored;
    co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    if (co_await is_cancelled()) co_return;
  }
  document->check_wanted.reset();
  const auto mine = check_timers_.find(document->id());
  if (mine == check_timers_.end() || mine->second != timer) co_return;  // it is forgotten
  check_timers_.erase(mine);
  check(document);
}

void Documents::check(const DocumentPointer& document) {
  if (document->paged || document->path.starts_with('/')) return;
  if (document->saving || document->checking) {
    document->check_again = true;
    return;
  }
  document->checking = true;
  context_.tasks.spawn(check_once(document));
}

net::Task<void> Documents::check_once(DocumentPointer document) {
  co_await look_at_file(document);
  finish_check(document);
}

void Documents::finish_check(const DocumentPointer& document) {
  document->checking = false;
  progress_.cancel();
  if (std::exchange(document->check_again, false))
    check(document);
  else if (document->sessions.empty())
    forget_if_unused(document);
}

net::Task<void> Documents::pause(Milliseconds time) {
  boost::asio::steady_timer timer(context_.io, time);
  boost::system::error_code ignored;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

net::Task<void> Documents::look_at_file(DocumentPointer document) {
  const auto path = document->path;
  const auto look = [&files = context_.files, path] { return files.stat(path); };
  auto stat = co_await net::offload(context_.pool, look);
  const auto is_gone = [&] {
    return stat ? stat->entry.type == protocol::EntryType::directory
                : stat.error().code == ErrorCode::not_found;
  };
  for (int step = 0; is_gone() && !document->deleted && step < replacing_steps; ++step) {
    co_await pause(replacing_step);
    stat = co_await net::offload(context_.pool, look);
  }
  if (document->path != path) {
    document->check_again = true;
    co_return;
  }
  if (is_gone()) on_file_gone(document);
  if (is_gone() || !stat) co_return;
  if (stat->etag == document->etag && !std::exchange(document->etag_fresh, false)) co_return;
  const auto encoding = document->encoding;
  const bool ours = document->read_only != ReadOnlyReason::encoding;
  const auto load = [&files = context_.files, path, encoding, ours] {
    return load_again(files, path, encoding, ours);
  };
  auto loaded = co_await net::offload(context_.pool, load);
  // Half a file, or one that was emptied to be written anew, is not believed.
  const auto began = steady_clock::now();
  const auto patience = [&] {
    return loaded->length < document->text().bytes() ? longest_shortened : longest_unfinished;
  };
  for (bool first = true; loaded && steady_clock::now() < began + patience(); first = false) {
    if (first && loaded->length == 0 && document->text().units() > 0) {
      co_await pause(complete_delay);  // the sign of its writing may be on its way
    } else if (document->being_written || !loaded->settled) {
      co_await pause(complete_delay);
    } else {
      break;
    }
    loaded = co_await net::offload(context_.pool, load);
  }
  if (loaded && loaded->path == path) {
    co_await take_from_disk(document, std::move(*loaded));
  } else if (!loaded && loaded.error().code == ErrorCode::unsupported) {
    co_await leave_to_disk(document, stat->etag, ReadOnlyReason::encoding, "The file is no longer text.");
  } else if (!loaded && loaded.error().code == ErrorCode::too_large) {
    co_await leave_to_disk(document, stat->etag, ReadOnlyReason::size,
                           "The file has become too large to edit.");
  }
}

// ---- merging
// -------------------------------------------------------------------------------------------------------

net::Task<void> Documents::take_from_disk(DocumentPointer document, LoadedDocument loaded) {
  if (loaded.paged) {
    co_await leave_to_disk(document, loaded.etag, ReadOnlyReason::size,
                           "The file has become too large to edit.");
  } else if (document->dirty() && is_of_bytes(loaded.read_only) && !(document->text() == loaded.text)) {
    // Written with the document's bytes, the disk's text would be another one.
    co_await keep_disk_beside(document, std::move(loaded));
  } else {
    co_await take_text(document, std::move(loaded));
  }
}

net::Task<void> Documents::take_text(DocumentPointer document, LoadedDocument loaded) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto merged_at = document->version();
    const auto chain = document->chain;
    const bool meant =
        document->written_whole || document->rescues >= most_rescues || steady_clock::now() < restored_until_;
    const auto request = disk_merge_request(*document, loaded.text, meant);
    auto merge = co_await net::offload(context_.pool, [&request] { return merge_disk(request); });
    if (!merge) {
      context_.log("A change of " + document->path +
                   " on disk could not be merged: " + merge.error().message);
      break;
    }
    std::optional<std::string> kept;
    if (merge->removes && document->stored_version < merged_at && may_keep(*document))
      kept = co_await keep_text(document, request.text);
    fault_point("merge.computed");
    if (chain == document->chain && apply_from_disk(document, std::move(*merge), merged_at, loaded, kept))
      co_return;
  }
  // So much was typed meanwhile that it can't be brought together: once more, from the beginning.
  check_after(document, writing_delay);
}

/// Before anything is changed by it: a crash must not lose it.
net::Task<std::optional<std::string>> Documents::keep_text(DocumentPointer document, DocumentText text) {
  document->kept_at = steady_clock::now();
  document->edited_since_kept = false;
  auto kept = co_await net::offload(
      context_.pool,
      [kept_texts = kept_texts_, path = document->path, text = std::move(text), encoding = document->encoding,
       line_ending = document->line_ending] { return kept_texts->keep(path, text, encoding, line_ending); });
  if (kept) co_return *kept;
  context_.log("The text of " + document->path +
               " before a change on disk could not be kept: " + kept.error().message);
  co_return std::nullopt;
}

/// False: too much came since `merged_at` for the merge to hold.
bool Documents::apply_from_disk(const DocumentPointer& document, DiskMerge merge, std::uint64_t merged_at,
                                const LoadedDocument& loaded, std::optional<std::string> kept) {
  if (!merge_typed_meanwhile(document->merge(), merged_at, merge)) return false;
  const bool was_dirty = document->dirty();
  const bool nothing = merge.change.is_identity();
  // The disk has it already, and nothing else waits for the journal: nobody can be told too early.
  const bool at_once = !was_dirty && !merge.rest && document->accepted().empty();
  if (!document->based && !at_once && !(nothing && !merge.rest)) journal_base(document);
  const bool was_deleted = std::exchange(document->deleted, false);
  const bool format_changed = take_format(*document, loaded);
  if (merge.against_older) ++document->rescues;
  Document::Accepted told{.version = document->version() + 1,
                          .operation = merge.change,
                          .id = "",
                          .origin = "disk",
                          .kept = kept,
                          .inverse = {},
                          .before = {}};
  Document::Accepted* accepted = nullptr;
  if (!nothing)
    accepted = document->change_by_disk(std::move(merge.change), std::move(merge.merged), at_once);
  if (merge.unchanged)
    document->found_unchanged(loaded.etag);
  else
    document->agree(loaded.text, merge.rest ? std::nullopt : std::optional(document->version()), loaded.etag,
                    true);
  document->found_in(loaded.encoding);
  document->etag_fresh = loaded.fresh;
  if (!merge.rest)
    document->disk_version = document->version();
  else if (!document->dirty())
    document->needs_rewrite = true;  // the program's text is an older one to the letter: no version tells
  fault_point("merge.applied");
  if (document->based) {
    if (format_changed) journal_format(document);
    if (accepted) {
      accepted->kept = std::move(kept);
      journal_accepted(document, *accepted);
    } else if (!nothing) {
      JournalRecord edit{.kind = "edit", .document = document->id(), .version = document->version()};
      edit.operation = told.operation;
      journal(document, edit);
    }
    JournalRecord record{
        .kind = merge.rest ? "saving" : "saved", .document = document->id(), .version = document->version()};
    record.etag = loaded.etag;
    record.encoding = loaded.encoding;
    record.operation = std::move(merge.rest);
    journal(document, record);
  }
  fault_point("merge.recorded");
  if (!nothing && !accepted) tell(document, std::move(told));
  const bool had_problem = document->problem.has_value() && !document->journal_failed;
  if (had_problem) document->problem.reset();
  if (document->dirty()) autosave(document, Milliseconds(0));
  if (!nothing || format_changed || was_deleted || had_problem || was_dirty != document->dirty())
    context_.on_state(*document);
  return true;
}

bool Documents::take_format(Document& document, const LoadedDocument& loaded) const {
  if (auto marker = context_.files.directory().open_at(document.path, O_PATH))
    document.marker = std::move(*marker);
  if (document.needs_rewrite) return false;  // somebody has just decided that
  bool changed = document.encoding != loaded.encoding || document.line_ending != loaded.line_ending;
  document.encoding = loaded.encoding;
  document.line_ending = loaded.line_ending;
  if (document.dirty()) return changed;
  changed = changed || document.read_only != loaded.read_only;
  document.read_only = loaded.read_only;
  return changed;
}

// ---- what can't be merged
// ------------------------------------------------------------------------------------------

/// The disk's bytes are kept beside, the document's text is written.
net::Task<void> Documents::keep_disk_beside(DocumentPointer document, LoadedDocument loaded) {
  const auto path = document->path;
  auto copy = co_await net::offload(context_.pool, [&files = context_.files, path]() -> Result<std::string> {
    const auto name = name_beside(files, path, "conflict");
    if (auto copied = files.copy(path, name); !copied) return std::unexpected(copied.error());
    return name;
  });
  document->deleted = false;
  if (copy) {
    document->conflict_copy = *copy;
    document->agree(std::move(loaded.text), std::nullopt, loaded.etag, true);
    document->found_in(loaded.encoding);
    document->needs_rewrite = true;
    autosave(document, Milliseconds(0));
  } else {
    document->problem =
        "The file has been changed by another program, and its text could not be kept beside: " +
        copy.error().message;
  }
  context_.on_state(*document);
}

/// What is no text is not overwritten: what was typed and had not reached the file goes beside it.
net::Task<void> Documents::leave_to_disk(DocumentPointer document, std::string disk_etag,
                                         ReadOnlyReason reason, std::string problem) {
  document->deleted = false;
  document->read_only = reason;  // no edit comes while the text is written
  if (document->dirty()) {
    DocumentSaveRequest request{document->path, document->text(), document->encoding, document->line_ending,
                                ""};
    auto copy = co_await net::offload(context_.pool, [&files = context_.files, request]() mutable {
      return write_beside(files, std::move(request));
    });
    if (!copy) {
      document->problem = problem + " What was typed could not be kept beside it: " + copy.error().message;
      document->read_only.reset();
      context_.on_state(*document);
      autosave(document, std::chrono::seconds(5));
      co_return;
    }
    document->conflict_copy = *copy;
    document->needs_rewrite = false;
  }
  document->disk_version = document->version();
  document->etag = disk_etag;
  document->problem = std::move(problem);
  if (document->based) {
    JournalRecord record{.kind = "saved", .document = document->id(), .version = document->version()};
    record.etag = disk_etag;
    journal(document, record);
  }
  context_.on_state(*document);
}

}  // namespace berth::runner

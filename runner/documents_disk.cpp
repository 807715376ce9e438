// SPDX-License-Identifier: GPL-3.0-or-later
// Documents and their files: saving, and following what others do to them.
#include <algorithm>

#include "runner/documents.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::chrono::seconds retry_delay{5};

bool is_inside(std::string_view path, std::string_view directory) {
  return path == directory || (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

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
  if (!outcome) {
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

net::Task<Result<void>> Documents::write_once(DocumentPointer document) {
  document->saving = true;
  const auto version = document->version();
  DocumentSaveRequest request{document->path, document->text(), document->encoding, document->line_ending,
                              document->etag};
  auto prepared = co_await net::offload(
      context_.pool, [&files = context_.files, request] { return prepare_save(files, request); });
  Result<void> outcome;
  if (!prepared) {
    outcome = std::unexpected(prepared.error());
  } else {
    fault_point("save.synced");
    // Before the rename: after a crash in between, the journal knows this state of the file.
    if (document->based) {
      JournalRecord record{.kind = "saving", .document = document->id(), .version = version};
      record.etag = prepared->etag;
      outcome = co_await journal_durably(std::move(record));
    }
    fault_point("save.recorded");
    if (outcome) {
      auto write = std::make_shared<net::PendingWrite>(std::move(prepared->write));
      auto committed = co_await net::offload(context_.pool, [write] { return write->commit(); });
      fault_point("save.placed");
      if (committed) {
        document->etag = *committed;
        document->disk_version = version;
        if (request.encoding == document->encoding && request.line_ending == document->line_ending)
          document->needs_rewrite = false;
        document->deleted = false;
        document->problem.reset();
      } else {
        outcome = std::unexpected(committed.error());
      }
    }
  }
  if (outcome)
    if (auto marker = context_.files.directory().open_at(document->path, O_PATH))
      document->marker = std::move(*marker);
  document->saving = false;
  progress_.cancel();
  if (outcome) {
    context_.on_state(*document);
    rotate_if_quiet();
  }
  if (std::exchange(document->check_again, false)) check(document);
  co_return outcome;
}

// ---- the disk's side
// -----------------------------------------------------------------------------------------------

void Documents::on_directory_changed(const protocol::FileChanged::Params& changes) {
  const auto prefix = changes.path.empty() ? "" : changes.path + "/";
  if (changes.overflow) {
    const auto documents = by_path_;
    for (const auto& [path, document] : documents)
      if (path.starts_with(prefix)) check(document);
    return;
  }
  for (const auto& change : changes.changes)
    if (const auto found = by_path_.find(prefix + change.name); found != by_path_.end()) check(found->second);
}

void Documents::on_written(const std::string& path) {
  if (const auto found = by_path_.find(net::normal_path(path).value_or("")); found != by_path_.end())
    check(found->second);
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
  const auto path = document->path;
  auto stat =
      co_await net::offload(context_.pool, [&files = context_.files, path] { return files.stat(path); });
  if (!stat || stat->entry.type == protocol::EntryType::directory) {
    if (stat || stat.error().code == ErrorCode::not_found) on_file_gone(document);
  } else if (stat->etag != document->etag) {
    const auto encoding = document->encoding;
    const bool ours = document->read_only != protocol::ReadOnlyReason::encoding;
    auto loaded = co_await net::offload(
        context_.pool, [&files = context_.files, path, encoding, ours]() -> Result<LoadedDocument> {
          auto found = load_document(files, path, std::nullopt);
          // Plain ASCII fits every encoding: then the document keeps its own.
          if (found && ours && found->encoding == Encoding::utf8 && found->encoding != encoding &&
              encoding != Encoding::utf8_bom && encoding != Encoding::utf16le &&
              encoding != Encoding::utf16be) {
            if (found->text.bytes() == static_cast<std::uint64_t>(found->text.units()))
              found->encoding = encoding;
          }
          return found;
        });
    if (loaded && loaded->path == path) {
      co_await take_from_disk(document, std::move(*loaded));
    } else if (!loaded && loaded.error().code == ErrorCode::unsupported) {
      document->etag = stat->etag;
      document->read_only = protocol::ReadOnlyReason::encoding;
      document->problem = "The file is no longer text.";
      context_.on_state(*document);
    }
  }
  document->checking = false;
  progress_.cancel();
  if (std::exchange(document->check_again, false))
    check(document);
  else if (document->sessions.empty())
    forget_if_unused(document);
}

void Documents::on_file_gone(const DocumentPointer& document) {
  const auto& home = context_.files.directory().path();
  if (document->marker) {
    const auto now = net::path_of_descriptor(document->marker.get());
    const auto moved = now.starts_with(home + "/") ? now.substr(home.size() + 1) : std::string();
    if (!moved.empty() && moved != document->path && !moved.starts_with(".local/share/Trash/") &&
        !by_path_.contains(moved)) {
      on_renamed(document->path, moved);
      return;
    }
  }
  if (document->deleted) return;
  document->deleted = true;
  document->etag.clear();
  context_.on_state(*document);
}

net::Task<void> Documents::take_from_disk(DocumentPointer document, LoadedDocument loaded) {
  const bool was_deleted = std::exchange(document->deleted, false);
  if (loaded.paged) {
    document->read_only = protocol::ReadOnlyReason::size;
    document->problem = "The file has become too large to edit.";
    document->etag = loaded.etag;
    context_.on_state(*document);
    co_return;
  }
  if (document->dirty() && !(document->text() == loaded.text)) {
    // Both changed it: the disk's text is kept beside, the document's is written.
    const auto path = document->path;
    auto copy =
        co_await net::offload(context_.pool, [&files = context_.files, path]() -> Result<std::string> {
          const auto name = name_beside(files, path, "conflict");
          if (auto copied = files.copy(path, name); !copied) return std::unexpected(copied.error());
          return name;
        });
    if (copy) {
      document->conflict_copy = *copy;
      document->etag = loaded.etag;
      document->needs_rewrite = true;
      autosave(document, std::chrono::milliseconds(0));
    } else {
      document->problem =
          "The file has been changed by another program, and its text could not be kept beside: " +
          copy.error().message;
    }
    context_.on_state(*document);
    co_return;
  }
  const bool format_changed = document->encoding != loaded.encoding ||
                              document->line_ending != loaded.line_ending ||
                              document->read_only != loaded.read_only;
  document->etag = loaded.etag;
  document->marker = std::move(loaded.marker);
  document->needs_rewrite = false;
  if (!document->dirty()) {
    document->encoding = loaded.encoding;
    document->line_ending = loaded.line_ending;
    document->read_only = loaded.read_only;
  }
  const auto before = document->version();
  auto operation = document->adopt(std::move(loaded.text));
  document->disk_version = document->version();
  if (document->based) {
    if (operation) {
      JournalRecord edit{.kind = "edit", .document = document->id(), .version = document->version()};
      edit.operation = *operation;
      journal_quietly(edit);
    }
    JournalRecord saving{.kind = "saving", .document = document->id(), .version = document->version()};
    saving.etag = document->etag;
    journal_quietly(saving);
  }
  if (before == document->journalled_version || operation) document->journalled_version = document->version();
  if (operation)
    context_.on_changed(*document, {document->id(), document->version(), *operation, "disk"}, "");
  if (operation || format_changed || was_deleted || document->problem) {
    document->problem.reset();
    context_.on_state(*document);
  }
}

void Documents::on_renamed(const std::string& from, const std::string& to) {
  std::vector<DocumentPointer> moved;
  for (const auto& [path, document] : by_path_)
    if (is_inside(path, from)) moved.push_back(document);
  for (const auto& document : moved) {
    by_path_.erase(document->path);
    document->path = to + document->path.substr(from.size());
    document->deleted = false;
    by_path_[document->path] = document;
    watch(document);
    if (document->based) {
      JournalRecord record{.kind = "moved", .document = document->id(), .path = document->path};
      journal_quietly(record);
    }
    context_.on_state(*document);
  }
}

}  // namespace berth::runner

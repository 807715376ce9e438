// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "protocol/frame.hpp"

namespace berth::runner {
namespace {

// The largest that can be opened can still be typed into.
constexpr std::uint64_t largest_grown = protocol::editable_document_limit + (1u << 20);
constexpr std::size_t most_agreed = 12;
constexpr std::chrono::seconds agreed_remembered{3};

}  // namespace

Document::Document(std::string id, std::string file_path, std::uint64_t version, DocumentText text)
    : path(std::move(file_path)),
      disk_version(version),
      journalled_version(version),
      id_(std::move(id)),
      text_(std::move(text)),
      merge_(version) {
  agreed_.push_back({text_, version});
}

Result<Document::Accepted*> Document::edit(std::uint64_t base_version, protocol::TextOperation operation,
                                           const std::string& id, const std::string& session) {
  if (read_only) return failure(ErrorCode::permission_denied, path + " is open for reading only.");
  std::uint64_t inserted_bytes = 0;
  for (const auto& run : operation.runs())
    if (const auto* inserted = std::get_if<std::string>(&run)) {
      if (inserted->contains('\r'))
        return failure(ErrorCode::invalid_argument, "document/edit.operation: texts travel with \\n alone");
      inserted_bytes += inserted->size();
    }
  if (operation.target_length() > operation.base_length() && text_.bytes() + inserted_bytes > largest_grown)
    return failure(ErrorCode::limit_exceeded, path + " would be larger than the 64 MiB that can be edited.");
  auto moved = merge_.bring_forward(base_version, std::move(operation));
  if (!moved) return std::unexpected(moved.error());
  protocol::TextOperation inverse;
  if (auto applied = text_.apply(*moved, &inverse); !applied) return std::unexpected(applied.error());
  merge_.applied(id, *moved, session);
  written_whole = false;
  rescues = 0;
  edited_since_kept = true;
  accepted_.push_back({version(), std::move(*moved), id, session, {}, std::move(inverse), {}});
  return &accepted_.back();
}

Document::Accepted* Document::change_by_disk(protocol::TextOperation operation, DocumentText after,
                                             bool at_once) {
  auto before = std::exchange(text_, std::move(after));
  merge_.applied("", operation, "disk");
  if (at_once) {
    journalled_version = version();
    return nullptr;
  }
  accepted_.push_back({version(), std::move(operation), "", "disk", {}, {}, std::move(before), etag});
  return &accepted_.back();
}

Document::Accepted Document::take_journalled() {
  auto first = std::move(accepted_.front());
  accepted_.pop_front();
  journalled_version = first.version;
  return first;
}

std::deque<Document::Accepted> Document::take_back() {
  auto undone = std::exchange(accepted_, {});
  for (auto change = undone.rbegin(); change != undone.rend(); ++change) {
    if (change->before) {
      text_ = std::move(*change->before);
      // The file differs from what is agreed again, and is looked at again.
      if (agreed_.size() > 1) agreed_.pop_back();
      agreed_.back().replaced.reset();
      etag = change->etag_before.value_or("");
    } else if (!text_.apply(change->inverse)) {
      std::abort();  // an inverse that does not fit: the text can't be trusted any more, the journal can
    }
    merge_.take_back();
  }
  disk_version = std::min(disk_version, version());
  if (writing && writing->version > version()) writing.reset();
  return undone;
}

void Document::found_unchanged(std::string new_etag) {
  agreed_.back().etag = new_etag;
  etag = std::move(new_etag);
}

void Document::agree(DocumentText text, std::optional<std::uint64_t> version, std::string new_etag,
                     bool by_disk) {
  const auto now = std::chrono::steady_clock::now();
  agreed_.back().replaced = now;
  // Texts that another program wrote, and large ones, share little with each other.
  const bool alone = by_disk || text.bytes() > largest_with_history;
  agreed_.push_back({std::move(text), version, by_disk, {}, new_etag});
  writing.reset();
  // What may be taken back needs what was there before.
  const auto needed = 1 + static_cast<std::size_t>(std::ranges::count_if(
                              accepted_, [](const Accepted& change) { return change.before.has_value(); }));
  const auto too_old = [&] { return now - *agreed_.front().replaced > agreed_remembered; };
  while (agreed_.size() > needed && (alone || agreed_.size() > most_agreed || too_old())) agreed_.pop_front();
  etag = std::move(new_etag);
}

protocol::DocumentState::Params Document::state() const {
  return {id_,     path,    journalled_version, disk_version,  encoding, line_ending, read_only.has_value(),
          deleted, problem, conflict_copy,      stored_version};
}

}  // namespace berth::runner

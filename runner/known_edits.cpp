// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/known_edits.hpp"

#include <charconv>

namespace berth::runner {
namespace {

struct EditId {
  std::string_view author;
  std::uint64_t number;
};

/// An id of another form is an author of its own.
EditId parts_of(std::string_view id) {
  const auto dash = id.rfind('-');
  if (dash == id.npos || dash + 1 == id.size()) return {id, 0};
  std::uint64_t number = 0;
  const auto* end = id.data() + id.size();
  const auto parsed = std::from_chars(id.data() + dash + 1, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {id, 0};
  return {id.substr(0, dash), number};
}

}  // namespace

std::string_view author_of(std::string_view operation_id) { return parts_of(operation_id).author; }

bool is_at_or_below(std::string_view path, std::string_view directory) {
  return path == directory || (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

std::optional<std::uint64_t> KnownEdits::version_of(const std::string& path, const std::string& id) const {
  const auto found = places_.find({path, std::string(parts_of(id).author)});
  if (found == places_.end() || found->second->id != id) return std::nullopt;
  return found->second->version;
}

std::optional<std::uint64_t> KnownEdits::version_anywhere(const std::string& id) const {
  for (const auto& edit : edits_)
    if (edit.id == id) return edit.version;
  return std::nullopt;
}

bool KnownEdits::is_over(const std::string& path, const std::string& id) const {
  const auto parts = parts_of(id);
  const auto found = places_.find({path, std::string(parts.author)});
  return found != places_.end() && parts_of(found->second->id).number > parts.number;
}

void KnownEdits::remember(KnownOperation operation) {
  const auto parts = parts_of(operation.id);
  const Place place{operation.path, std::string(parts.author)};
  if (const auto found = places_.find(place); found != places_.end()) {
    if (parts_of(found->second->id).number > parts.number) return;
    edits_.erase(found->second);
    places_.erase(found);
  }
  places_[place] = edits_.insert(edits_.end(), std::move(operation));
  if (edits_.size() <= most_authors) return;
  const auto& oldest = edits_.front();
  places_.erase({oldest.path, std::string(parts_of(oldest.id).author)});
  edits_.pop_front();
}

bool KnownEdits::move(const std::string& from, const std::string& to, std::uint64_t newest) {
  bool moved = false;
  for (auto edit = edits_.begin(); edit != edits_.end(); ++edit) {
    if (edit->version > newest || !is_at_or_below(edit->path, from)) continue;
    moved = true;
    const std::string author(parts_of(edit->id).author);
    places_.erase({edit->path, author});
    edit->path = to + edit->path.substr(from.size());
    // What was known of the file that lay there before is replaced, as the file was.
    if (const auto there = places_.find({edit->path, author});
        there != places_.end() && there->second != edit) {
      edits_.erase(there->second);
    }
    places_[{edit->path, author}] = edit;
  }
  return moved;
}

}  // namespace berth::runner

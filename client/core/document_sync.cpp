// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document_sync.hpp"

#include <algorithm>
#include <utility>

namespace berth::client {
namespace {

using protocol::TextOperation;
constexpr std::size_t largest_insert = 1u
                                       << 20;  // bytes in one operation, well below the runner's text frame

std::size_t inserted_bytes(const TextOperation& operation) {
  std::size_t bytes = 0;
  for (const auto& run : operation.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

TextOperation replacement(std::int64_t position, std::int64_t removed, std::string inserted,
                          std::int64_t length) {
  TextOperation operation;
  if (position > 0) operation.retain(position);
  if (!inserted.empty()) operation.insert(std::move(inserted));
  if (removed > 0) operation.remove(removed);
  if (const auto rest = length - position - removed; rest > 0) operation.retain(rest);
  return operation;
}

/// A prefix of at most `limit` bytes that ends between characters.
std::size_t character_cut(const std::string& text, std::size_t from, std::size_t limit) {
  auto end = std::min(text.size(), from + limit);
  while (end < text.size() && end > from && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

}  // namespace

TextOperation inverse_of(const LocalEdit& edit) {
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  const auto inserted = static_cast<std::int64_t>(protocol::utf16_length(edit.inserted));
  return replacement(edit.position, inserted, edit.removed, edit.length - removed + inserted);
}

void DocumentSync::opened(std::uint64_t version) {
  version_ = version;
  in_flight_.reset();
  queue_.clear();
  early_.clear();
  theirs_.reset();
}

void DocumentSync::typed(const LocalEdit& edit) {
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  auto length = edit.length;
  auto position = edit.position;
  std::int64_t still_removed = removed;
  std::string removed_text = edit.removed;
  std::size_t from = 0;
  do {
    const auto end = character_cut(edit.inserted, from, largest_insert);
    auto piece = edit.inserted.substr(from, end - from);
    const auto units = static_cast<std::int64_t>(protocol::utf16_length(piece));
    Change change;
    change.operation = replacement(position, still_removed, std::move(piece), length);
    change.inverse = replacement(position, units, removed_text, length - still_removed + units);
    push(std::move(change));
    length += units - still_removed;
    position += units;
    still_removed = 0;
    removed_text.clear();
    from = end;
  } while (from < edit.inserted.size());
}

void DocumentSync::push(Change change) {
  if (change.operation.is_identity()) return;
  if (!queue_.empty() &&
      inserted_bytes(queue_.back().operation) + inserted_bytes(change.operation) <= largest_insert) {
    auto operation = queue_.back().operation.compose(change.operation);
    auto inverse = change.inverse.compose(queue_.back().inverse);
    if (operation && inverse) {
      if (operation->is_identity()) {
        queue_.pop_back();
      } else {
        queue_.back() = {std::move(*operation), std::move(*inverse)};
      }
      return;
    }
  }
  queue_.push_back(std::move(change));
}

std::optional<DocumentSync::Outgoing> DocumentSync::next() {
  if (in_flight_ || theirs_ || queue_.empty()) return std::nullopt;
  in_flight_ = InFlight{std::move(queue_.front()), id_prefix_ + std::to_string(next_id_++), false};
  queue_.pop_front();
  return resend();
}

std::optional<DocumentSync::Outgoing> DocumentSync::resend() const {
  if (!in_flight_ || in_flight_->overtaken) return std::nullopt;
  return Outgoing{version_, in_flight_->id, in_flight_->change.operation};
}

std::optional<DocumentSync::Change> DocumentSync::local() const {
  std::optional<Change> all;
  if (in_flight_ && !in_flight_->overtaken) all = in_flight_->change;
  for (const auto& change : queue_) {
    if (!all) {
      all = change;
      continue;
    }
    auto operation = all->operation.compose(change.operation);
    auto inverse = change.inverse.compose(all->inverse);
    if (operation && inverse) all = Change{std::move(*operation), std::move(*inverse)};
  }
  return all;
}

DocumentSync::Outcome DocumentSync::acknowledged(std::uint64_t version) {
  Outcome outcome;
  if (!in_flight_) return outcome;
  const bool overtaken = in_flight_->overtaken;
  if (overtaken || version != version_ + 1) {
    // A repeat of an edit that the runner had already, with others' since: its text must not be sent again.
    if (!overtaken) in_flight_.reset();
    outcome.reopen = true;
    return outcome;
  }
  in_flight_.reset();
  version_ = version;
  for (auto& early : std::exchange(early_, {})) {
    if (outcome.reopen) break;
    auto next = remote(early.version, early.operation);
    outcome.reopen |= next.reopen;
    if (!next.apply) continue;
    if (!outcome.apply) {
      outcome.apply = std::move(next.apply);
    } else if (auto both = outcome.apply->compose(*next.apply)) {
      outcome.apply = std::move(*both);
    }
  }
  return outcome;
}

DocumentSync::Outcome DocumentSync::refused() {
  Outcome outcome;
  if (!in_flight_) return outcome;
  const bool overtaken = in_flight_->overtaken;
  if (!overtaken) {
    // The change that overtook it has not come: ask for the text.
    queue_.push_front(std::move(in_flight_->change));
    outcome.reopen = true;
  }
  in_flight_.reset();
  return outcome;
}

DocumentSync::Outcome DocumentSync::remote(std::uint64_t version, const TextOperation& operation) {
  Outcome outcome;
  if (version <= version_) return outcome;
  if (version != version_ + 1) {
    if (in_flight_ && !in_flight_->overtaken) {
      early_.push_back({version, operation});
    } else {
      outcome.reopen = true;
    }
    return outcome;
  }
  merge(operation, outcome);
  if (!outcome.reopen) version_ = version;
  return outcome;
}

void DocumentSync::merge(const TextOperation& theirs, Outcome& outcome) {
  if (theirs_) {
    auto both = theirs_->compose(theirs);
    if (both) {
      theirs_ = std::move(*both);
    } else {
      outcome.reopen = true;
    }
    return;
  }
  const auto mine = local();
  if (!mine) {
    outcome.apply = theirs;
    return;
  }
  auto operations = transform(mine->operation, theirs);
  if (!operations) {
    outcome.reopen = true;
    return;
  }
  queue_.clear();
  if (in_flight_) in_flight_->overtaken = true;
  if (overlapping(mine->operation, theirs)) {
    theirs_ = theirs;
    queue_.push_back(*mine);
    return;
  }
  auto inverse = transform(mine->inverse, operations->theirs);
  queue_.push_back({std::move(operations->mine), std::move(inverse->mine)});
  outcome.apply = std::move(operations->theirs);
}

std::optional<std::string> DocumentSync::baseText(const std::string& current) const {
  const auto mine = local();
  if (!mine) return current;
  auto base = mine->inverse.apply(current);
  if (!base) return std::nullopt;
  return std::move(*base);
}

DocumentSync::Outcome DocumentSync::reconcile(std::uint64_t version, const std::string& theirs,
                                              const std::string& current) {
  Outcome outcome;
  if (in_flight_ && !in_flight_->overtaken) queue_.push_front(std::move(in_flight_->change));
  in_flight_.reset();
  early_.clear();
  version_ = version;
  theirs_.reset();
  if (theirs == current) {
    queue_.clear();
    return outcome;
  }
  const auto base = baseText(current);
  if (!base) {
    // Nothing that is known fits: treat all that differs as the person's.
    queue_.clear();
    queue_.push_back(
        {TextOperation::difference(theirs, current), TextOperation::difference(current, theirs)});
    return outcome;
  }
  const auto change = TextOperation::difference(*base, theirs);
  if (!change.is_identity()) merge(change, outcome);
  return outcome;
}

std::optional<std::string> DocumentSync::theirText(const std::string& current) const {
  if (!theirs_) return std::nullopt;
  const auto base = baseText(current);
  if (!base) return std::nullopt;
  auto text = theirs_->apply(*base);
  if (!text) return std::nullopt;
  return std::move(*text);
}

void DocumentSync::keepMine(const std::string& current) {
  const auto theirs = theirText(current);
  theirs_.reset();
  queue_.clear();
  if (theirs && *theirs != current)
    queue_.push_back(
        {TextOperation::difference(*theirs, current), TextOperation::difference(current, *theirs)});
}

std::optional<TextOperation> DocumentSync::takeTheirs() {
  if (!theirs_) return std::nullopt;
  const auto mine = local();
  auto theirs = std::move(*theirs_);
  theirs_.reset();
  queue_.clear();
  if (!mine) return theirs;
  auto operation = mine->inverse.compose(theirs);
  if (!operation) return std::nullopt;
  return std::move(*operation);
}

}  // namespace berth::client

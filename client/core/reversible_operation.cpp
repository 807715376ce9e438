// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/reversible_operation.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <vector>

namespace berth::client {
namespace {

using protocol::TextOperation;

/// Gives away a text piece by piece, counted in UTF-16 units.
class TextPieces {
 public:
  explicit TextPieces(std::string_view text) : text_(text) {}
  std::string_view take(std::int64_t units) {
    const auto from = at_;
    while (units > 0 && at_ < text_.size()) {
      units -= static_cast<unsigned char>(text_[at_]) >= 0xF0 ? 2 : 1;
      ++at_;
      while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
    }
    return text_.substr(from, at_ - from);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Walks the runs of an operation, whole or in part.
class Runs {
 public:
  explicit Runs(const TextOperation& operation) : runs_(operation.runs()) { load(); }
  bool done() const { return at_ >= runs_.size(); }
  bool inserts() const { return !done() && std::holds_alternative<std::string>(runs_[at_]); }
  bool retains() const { return !done() && !inserts() && std::get<std::int64_t>(runs_[at_]) > 0; }
  bool removes() const { return !done() && !inserts() && std::get<std::int64_t>(runs_[at_]) < 0; }
  std::int64_t left() const { return left_; }
  void take(std::int64_t units) {
    left_ -= units;
    if (left_ > 0) return;
    ++at_;
    load();
  }

 private:
  void load() {
    if (done()) return;
    const auto* text = std::get_if<std::string>(&runs_[at_]);
    left_ = text ? static_cast<std::int64_t>(protocol::utf16_length(*text))
                 : std::abs(std::get<std::int64_t>(runs_[at_]));
  }
  const std::vector<TextOperation::Run>& runs_;
  std::size_t at_ = 0;
  std::int64_t left_ = 0;
};

/// Where a piece from `from` on of at most `limit` bytes ends, between characters.
std::size_t character_cut(const std::string& text, std::size_t from, std::size_t limit) {
  auto end = std::min(text.size(), from + limit);
  while (end < text.size() && end > from && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

/// The runs between two retains.
struct Place {
  std::int64_t begin = 0;  // in the text before
  std::int64_t removed = 0;
  std::string inserted;
};

std::vector<Place> places_of(const TextOperation& operation) {
  std::vector<Place> places;
  std::int64_t at = 0;
  bool inside = false;
  for (const auto& run : operation.runs()) {
    const auto* units = std::get_if<std::int64_t>(&run);
    if (units && *units > 0) {
      at += *units;
      inside = false;
      continue;
    }
    if (!std::exchange(inside, true)) places.push_back({at, 0, {}});
    if (units) {
      places.back().removed -= *units;
      at -= *units;
    } else {
      places.back().inserted += std::get<std::string>(run);
    }
  }
  return places;
}

TextOperation operation_with(const std::vector<Place>& places, std::int64_t length) {
  TextOperation operation;
  std::int64_t at = 0;
  for (const auto& place : places) {
    operation.retain(place.begin - at).insert(place.inserted).remove(place.removed);
    at = place.begin + place.removed;
  }
  return operation.retain(length - at);
}

}  // namespace

Result<ReversibleOperation> ReversibleOperation::of(TextOperation operation, std::string_view before) {
  if (auto fits = operation.fits(before); !fits) return std::unexpected(fits.error());
  std::string removed;
  TextPieces text(before);
  for (const auto& run : operation.runs()) {
    const auto* units = std::get_if<std::int64_t>(&run);
    if (!units) continue;
    const auto piece = text.take(std::abs(*units));
    if (*units < 0) removed += piece;
  }
  return ReversibleOperation(std::move(operation), std::move(removed));
}

std::size_t ReversibleOperation::bytes() const {
  std::size_t bytes = removed_.size();
  for (const auto& run : operation_.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

ReversibleOperation ReversibleOperation::reversed() const {
  TextOperation back;
  std::string inserted;
  TextPieces pieces(removed_);
  for (const auto& run : operation_.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      back.remove(static_cast<std::int64_t>(protocol::utf16_length(*text)));
      inserted += *text;
    } else if (const auto units = std::get<std::int64_t>(run); units > 0) {
      back.retain(units);
    } else {
      back.insert(std::string(pieces.take(-units)));
    }
  }
  return {std::move(back), std::move(inserted)};
}

std::vector<ReversibleOperation> ReversibleOperation::pieces(std::size_t limit) const {
  std::vector<ReversibleOperation> all;
  TextOperation piece;
  std::string removed;
  std::size_t room = limit;
  std::int64_t made = 0;                         // of the text after, as far as it is done
  std::int64_t left = operation_.base_length();  // of the text before
  const auto close = [&] {
    piece.retain(left);
    all.emplace_back(std::exchange(piece, {}), std::exchange(removed, {}));
    piece.retain(made);
    room = limit;
  };
  TextPieces removed_text(removed_);
  for (const auto& run : operation_.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      for (std::size_t at = 0; at < text->size();) {
        const auto end = character_cut(*text, at, room);
        if (end == at) {
          close();
          continue;
        }
        auto part = text->substr(at, end - at);
        made += static_cast<std::int64_t>(protocol::utf16_length(part));
        room -= part.size();
        piece.insert(std::move(part));
        at = end;
      }
    } else if (const auto units = std::get<std::int64_t>(run); units > 0) {
      piece.retain(units);
      made += units;
      left -= units;
    } else {
      piece.remove(-units);
      removed += removed_text.take(-units);
      left += units;
    }
  }
  close();
  return all;
}

Result<ReversibleOperation> ReversibleOperation::compose(const ReversibleOperation& next) const {
  auto both = operation_.compose(next.operation_);
  if (!both) return std::unexpected(both.error());
  std::string removed;
  TextPieces first_text(removed_);
  TextPieces next_text(next.removed_);
  Runs first(operation_);
  Runs second(next.operation_);
  while (!first.done() || !second.done()) {
    if (first.removes()) {
      removed += first_text.take(first.left());
      first.take(first.left());
    } else if (second.inserts()) {
      second.take(second.left());
    } else {
      const auto units = std::min(first.left(), second.left());
      if (second.removes()) {
        // What the first one inserted was not there before.
        const auto piece = next_text.take(units);
        if (first.retains()) removed += piece;
      }
      first.take(units);
      second.take(units);
    }
  }
  return ReversibleOperation(std::move(*both), std::move(removed));
}

Result<ReversibleOperation::Carried> ReversibleOperation::after(const TextOperation& theirs) const {
  auto moved = transform(operation_, theirs);
  if (!moved) return std::unexpected(moved.error());
  if (removed_.empty()) return Carried{{std::move(moved->mine), {}}, std::move(moved->theirs)};
  // What they deleted too is no longer this one's to delete.
  std::string removed;
  TextPieces pieces(removed_);
  Runs a(operation_);
  Runs b(theirs);
  while (!a.done() && !b.done()) {
    if (a.inserts()) {
      a.take(a.left());
    } else if (b.inserts()) {
      b.take(b.left());
    } else {
      const auto units = std::min(a.left(), b.left());
      if (a.removes()) {
        const auto piece = pieces.take(units);
        if (b.retains()) removed += piece;
      }
      a.take(units);
      b.take(units);
    }
  }
  return Carried{{std::move(moved->mine), std::move(removed)}, std::move(moved->theirs)};
}

ReversibleOperation::Parts ReversibleOperation::partsTouchedBy(const TextOperation& theirs) const {
  std::vector<Place> touched;
  std::vector<Place> apart;
  std::string touched_text;
  std::string apart_text;
  TextPieces pieces(removed_);
  const auto length = operation_.base_length();
  for (auto& place : places_of(operation_)) {
    const auto piece = pieces.take(place.removed);
    const bool touches = overlapping(operation_with({place}, length), theirs);
    (touches ? touched_text : apart_text) += piece;
    (touches ? touched : apart).push_back(std::move(place));
  }
  return {{operation_with(touched, length), std::move(touched_text)},
          {operation_with(apart, length), std::move(apart_text)}};
}

TheirParts parts_touching(const TextOperation& theirs, const TextOperation& mine) {
  std::vector<Place> touching;
  std::vector<Place> apart;
  const auto length = theirs.base_length();
  for (auto& place : places_of(theirs)) {
    const bool touches = overlapping(mine, operation_with({place}, length));
    (touches ? touching : apart).push_back(std::move(place));
  }
  return {operation_with(touching, length), operation_with(apart, length)};
}

std::int64_t ReversibleOperation::positionBefore(std::int64_t after) const {
  std::int64_t before = 0;
  std::int64_t left = after;
  for (const auto& run : operation_.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      const auto units = static_cast<std::int64_t>(protocol::utf16_length(*text));
      if (left < units) return before;
      left -= units;
    } else if (const auto units = std::get<std::int64_t>(run); units > 0) {
      if (left < units) return before + left;
      left -= units;
      before += units;
    } else if (left > 0) {
      before -= units;
    }
  }
  return before;
}

}  // namespace berth::client

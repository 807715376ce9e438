// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_merge.hpp"

#include <cstdlib>

namespace berth::protocol {
namespace {

struct PlacedInsert {
  std::int64_t position;  // in the text before
  const std::string* text;
};

std::vector<PlacedInsert> inserts_of(const TextOperation& operation) {
  std::vector<PlacedInsert> inserts;
  std::int64_t position = 0;
  for (const auto& run : operation.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      inserts.push_back({position, text});
    } else {
      position += std::abs(std::get<std::int64_t>(run));
    }
  }
  return inserts;
}

// `operation` without what `other` inserts at the same places: all of an insert that the other's begins with,
// and the beginning of one that goes on after it.
TextOperation without_inserts_of(const TextOperation& other, const TextOperation& operation) {
  const auto there = inserts_of(other);
  auto next = there.begin();
  TextOperation out;
  std::int64_t position = 0;
  for (const auto& run : operation.runs()) {
    if (const auto* units = std::get_if<std::int64_t>(&run)) {
      *units > 0 ? out.retain(*units) : out.remove(-*units);
      position += std::abs(*units);
      continue;
    }
    const auto& text = std::get<std::string>(run);
    while (next != there.end() && next->position < position) ++next;
    if (next == there.end() || next->position != position) {
      out.insert(text);
    } else if (text.starts_with(*next->text)) {
      out.insert(text.substr(next->text->size()));
    } else if (!next->text->starts_with(text)) {
      out.insert(text);
    }
  }
  return out;
}

}  // namespace

Result<TextMerge> merge_change(const TextOperation& theirs, const TextOperation& since) {
  const auto change = without_inserts_of(since, theirs);
  auto moved = transform(change, since);
  if (!moved) return std::unexpected(moved.error());
  return TextMerge{std::move(moved->mine), overlapping(change, since) || overlapping(since, change)};
}

Result<TextMerge> merge_texts(std::string_view agreed, const TextOperation& since, std::string_view theirs,
                              DifferenceBounds bounds) {
  if (auto fitting = since.fits(agreed); !fitting) return std::unexpected(fitting.error());
  return merge_change(short_difference(agreed, theirs, bounds), since);
}

}  // namespace berth::protocol

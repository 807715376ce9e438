// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/text_places.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

namespace berth::runner {
namespace {

using protocol::utf16_length;

/// Goes through a text once, forward, and knows both kinds of positions.
class TextWalk {
 public:
  explicit TextWalk(std::string_view text) : text_(text) {}
  std::size_t byte() const { return byte_; }
  std::int64_t unit() const { return unit_; }
  void to_byte(std::size_t byte) {
    byte = std::clamp(byte, byte_, text_.size());
    unit_ += static_cast<std::int64_t>(utf16_length(text_.substr(byte_, byte - byte_)));
    byte_ = byte;
  }
  /// False: that is in the middle of a character, or behind the text.
  bool to_unit(std::int64_t unit) {
    while (unit_ < unit && byte_ < text_.size()) {
      const auto first = static_cast<unsigned char>(text_[byte_]);
      byte_ += first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      unit_ += first < 0xf0 ? 1 : 2;
    }
    return unit_ == unit;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::int64_t unit_ = 0;
};

/// Calls `use(begin, line without its end)` for each line.
template <class Use>
void each_line(std::string_view text, const Use& use) {
  std::size_t begin = 0;
  for (;;) {
    const auto end = text.find('\n', begin);
    use(begin, text.substr(begin, end == text.npos ? text.npos : end - begin));
    if (end == text.npos) return;
    begin = end + 1;
  }
}

/// Gives each place its line in the text after. `bytes`: where it begins there.
void remember_lines(std::string_view after, const std::vector<std::size_t>& bytes,
                    std::vector<ReplacedPlace>& places) {
  std::unordered_map<std::uint64_t, std::uint32_t> counts;
  std::size_t next = 0;
  std::uint64_t number = 0;
  each_line(after, [&](std::size_t begin, std::string_view line) {
    ++number;
    const auto hash = hash_of_text(line);
    const auto ordinal = counts[hash]++;
    for (; next < places.size() && bytes[next] <= begin + line.size(); ++next) {
      auto& place = places[next];
      place.line = number;
      if (place.after.contains('\n')) continue;
      place.line_hash = hash;
      place.ordinal = ordinal;
      place.column = static_cast<std::uint32_t>(bytes[next] - begin);
      place.count = 1;
    }
  });
  for (auto& place : places)
    if (place.count > 0) place.count = counts[place.line_hash];
}

}  // namespace

std::uint64_t hash_of_text(std::string_view text) { return std::hash<std::string_view>{}(text); }

MadeReplacement make_replacement(std::string_view text, const std::vector<Replacing>& replacing) {
  MadeReplacement made;
  TextWalk walk(text);
  std::string after;
  std::vector<std::size_t> starts;
  std::int64_t told = 0, shift = 0;  // units: of the text before that the operation has, and what it moved
  std::size_t copied = 0;
  for (const auto& one : replacing) {
    const auto before = text.substr(one.start, one.end - one.start);
    if (before == one.text) continue;
    walk.to_byte(one.start);
    const auto start = walk.unit();
    walk.to_byte(one.end);
    const auto removed = walk.unit() - start;
    const auto inserted = static_cast<std::int64_t>(utf16_length(one.text));
    made.operation.retain(start - told).insert(one.text).remove(removed);
    told = walk.unit();
    after.append(text, copied, one.start - copied);
    starts.push_back(after.size());
    after += one.text;
    copied = one.end;
    made.places.push_back({.start = start + shift,
                           .end = start + shift + inserted,
                           .before = std::string(before),
                           .after = one.text,
                           .line = 0});
    shift += inserted - removed;
    made.inserted += one.text.size();
    made.remembered += sizeof(ReplacedPlace) + before.size() + one.text.size();
  }
  walk.to_byte(text.size());
  made.operation.retain(walk.unit() - told);
  after.append(text, copied);
  remember_lines(after, starts, made.places);
  made.text_hash = hash_of_text(after);
  return made;
}

std::vector<PlaceNow> find_by_lines(std::string_view text, const std::vector<ReplacedPlace>& places) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> begins;
  for (const auto& place : places)
    if (place.count > 0) begins[place.line_hash];
  each_line(text, [&](std::size_t begin, std::string_view line) {
    if (const auto known = begins.find(hash_of_text(line)); known != begins.end())
      known->second.push_back(begin);
  });
  std::vector<PlaceNow> now(places.size());
  std::vector<std::pair<std::size_t, std::size_t>> in_order;  // byte, place
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& place = places[i];
    if (place.count == 0) continue;
    // Fewer or more such lines than there were: which one it is nobody knows.
    const auto& lines = begins[place.line_hash];
    if (lines.size() == place.count) in_order.emplace_back(lines[place.ordinal] + place.column, i);
  }
  std::ranges::sort(in_order);
  TextWalk walk(text);
  for (const auto& [byte, i] : in_order) {
    walk.to_byte(byte);
    now[i] = {walk.unit(), walk.unit() + (places[i].end - places[i].start)};
  }
  return now;
}

TakenBack take_back_places(std::string_view text, const std::vector<ReplacedPlace>& places,
                           const std::vector<PlaceNow>& now) {
  TakenBack taken;
  std::vector<std::size_t> in_order;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (now[i])
      in_order.push_back(i);
    else
      taken.changed_lines.push_back(places[i].line);
  std::ranges::sort(in_order, {}, [&](std::size_t i) { return *now[i]; });
  TextWalk walk(text);
  std::int64_t told = 0;
  for (const auto i : in_order) {
    const auto [start, end] = *now[i];
    const auto& place = places[i];
    bool good = start >= told && start <= end && walk.to_unit(start);
    const auto begin = walk.byte();
    good = good && walk.to_unit(end) && text.substr(begin, walk.byte() - begin) == place.after;
    if (!good) {
      taken.changed_lines.push_back(place.line);
      continue;
    }
    taken.operation.retain(start - told).insert(place.before).remove(end - start);
    told = end;
  }
  walk.to_byte(text.size());
  taken.operation.retain(walk.unit() - told);
  std::ranges::sort(taken.changed_lines);
  return taken;
}

}  // namespace berth::runner

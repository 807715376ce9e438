// SPDX-License-Identifier: GPL-3.0-or-later
#include "typing_hand.hpp"

#include <algorithm>

namespace berth::test {

using client::LocalEdit;
using protocol::utf16_length;

namespace {

constexpr std::string_view common[] = {
    "a", "b", "c", "d e", "fgh", "\n", " ", "\xC3\xA9", "\xF0\x9F\x98\x80", "jk\nlm", "\xE2\x82\xAC", "nop"};
constexpr std::size_t longest_deletion = 12;  // characters
constexpr std::size_t most_text = 12'000;     // bytes; beyond it more is deleted than put in

char in_own_letters(char person, char plain) {
  if (person == 'A') return plain;
  return plain == ',' ? ';' : static_cast<char>('q' + (plain - '0'));
}
char slip_of(char person) { return person == 'A' ? '!' : '?'; }

bool is_common(char byte) {
  return (byte >= 'a' && byte <= 'p') || byte == '\n' || byte == ' ' ||
         (static_cast<unsigned char>(byte) & 0x80) != 0;
}
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// The byte that stands at so many UTF-16 units; of a character, its first.
std::size_t byte_at(std::string_view text, std::int64_t units) {
  std::size_t at = 0;
  for (std::int64_t passed = 0; at < text.size() && passed < units; ++at) {
    passed += (static_cast<unsigned char>(text[at]) & 0xF8) == 0xF0 ? 2 : 1;
    while (at + 1 < text.size() && !begins_character(text[at + 1])) ++at;
  }
  return at;
}

}  // namespace

std::string numbers_of(char person, std::size_t size) {
  std::string keys;
  for (std::size_t number = 1; keys.size() < size; ++number) keys += std::to_string(number) + ",";
  keys.resize(size);
  for (auto& key : keys) key = in_own_letters(person, key);
  return keys;
}

std::string own_letters(char person, std::string_view text) {
  std::string own;
  for (const char byte : text)
    if (person == 'A' ? (byte >= '0' && byte <= '9') || byte == ','
                      : (byte >= 'q' && byte <= 'z') || byte == ';')
      own += byte;
  return own;
}

std::size_t slips_in(char person, std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, slip_of(person)));
}

bool TypingHand::look(const std::string& text) {
  const auto own = own_letters(person_, text);
  typed_ = own.size();
  std::size_t behind = 0;  // bytes
  for (std::size_t at = 0; at < text.size(); ++at)
    if (!own_letters(person_, std::string_view(text).substr(at, 1)).empty()) behind = at + 1;
  // A slip that was not taken back stands right behind the cursor's place.
  const auto slip = text.find(slip_of(person_));
  slipped_ = slip != text.npos;
  if (slipped_) behind = slip + 1;
  cursor_ = static_cast<std::int64_t>(utf16_length(std::string_view(text).substr(0, behind)));
  return own == numbers_of(person_, own.size());
}

bool TypingHand::slip_stays(std::string_view text) {
  slipped_ = slips_in(person_, text) != 0;
  return slipped_;
}

void TypingHand::changed(const protocol::TextOperation& operation) {
  const auto moved = operation.map_position(
      cursor_, below(2) == 0 || slipped_ ? protocol::Bias::before : protocol::Bias::after);
  if (moved) cursor_ = *moved;
}

std::optional<LocalEdit> TypingHand::next(const std::string& text, bool resting) {
  const auto at = byte_at(text, cursor_);
  if (slipped_) {
    slipped_ = false;
    // Others may have put something between the slip and the cursor.
    const auto slip = text.find(slip_of(person_));
    if (slip != text.npos) return deletion(text, slip, 1);
  }
  if (resting) return std::nullopt;
  const auto choice = below(100);
  if (choice < 8) {
    slipped_ = true;
    auto slip = insertion(text, at, std::string(1, slip_of(person_)));
    ++cursor_;
    return slip;
  }
  if (choice < 28) return elsewhere(text);
  if (choice < 31) {  // goes on further down
    const auto later = byte_at(text, cursor_ + static_cast<std::int64_t>(below(200)));
    cursor_ = static_cast<std::int64_t>(utf16_length(std::string_view(text).substr(0, later)));
    return next(text, resting);
  }
  auto key = numbers_of(person_, typed_ + 1).substr(typed_);
  ++typed_;
  auto edit = insertion(text, byte_at(text, cursor_), std::move(key));
  ++cursor_;
  return edit;
}

LocalEdit TypingHand::insertion(const std::string& text, std::size_t at, std::string inserted) {
  return {static_cast<std::int64_t>(utf16_length(std::string_view(text).substr(0, at))), "",
          std::move(inserted), static_cast<std::int64_t>(utf16_length(text))};
}

LocalEdit TypingHand::deletion(const std::string& text, std::size_t at, std::size_t bytes) {
  LocalEdit edit{static_cast<std::int64_t>(utf16_length(std::string_view(text).substr(0, at))),
                 text.substr(at, bytes), "", static_cast<std::int64_t>(utf16_length(text))};
  const auto removed = static_cast<std::int64_t>(utf16_length(edit.removed));
  if (cursor_ > edit.position) cursor_ = std::max(edit.position, cursor_ - removed);
  return edit;
}

/// Common letters put in or taken away anywhere; nobody's numbers are touched.
LocalEdit TypingHand::elsewhere(const std::string& text) {
  auto at = below(text.size() + 1);
  while (at < text.size() && !begins_character(text[at])) ++at;
  auto end = at;
  for (std::size_t characters = 1 + below(longest_deletion); characters > 0 && end < text.size();
       --characters) {
    if (!is_common(text[end])) break;
    ++end;
    while (end < text.size() && !begins_character(text[end])) ++end;
  }
  if (end > at && below(text.size() > most_text ? 10 : 2) != 0) return deletion(text, at, end - at);
  auto edit = insertion(text, at, std::string(common[below(std::size(common))]));
  if (cursor_ > edit.position) cursor_ += static_cast<std::int64_t>(utf16_length(edit.inserted));
  return edit;
}

}  // namespace berth::test

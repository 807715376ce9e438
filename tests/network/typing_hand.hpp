// SPDX-License-Identifier: GPL-3.0-or-later
// What a person types, chosen by luck so that every keystroke can be found again: numbers in letters that
// nobody else uses, one after the other behind the person's own cursor, with slips that are taken back at
// once; and between them common letters put in and deleted anywhere. Whoever leaves out everybody else's
// letters reads the numbers in their order, whatever the others did.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "client/core/document_sync.hpp"

namespace berth::test {

/// The first `size` keys of what this person ('A' or 'B') types: "1,2,3,…", in the person's own letters.
std::string numbers_of(char person, std::size_t size);
/// What of `text` this person typed as numbers, in its order; slips are not among it.
std::string own_letters(char person, std::string_view text);
/// How many slips of this person stand in `text`.
std::size_t slips_in(char person, std::string_view text);

class TypingHand {
 public:
  TypingHand(char person, std::uint64_t seed) : person_(person), luck_(seed) {}

  /// The text was loaded: goes on behind the person's last key. False when the numbers in it are not those
  /// that the person types.
  bool look(const std::string& text);
  /// Someone else's operation was applied to the text.
  void changed(const protocol::TextOperation& operation);
  /// The next keystroke in `text`. `resting`: only what is needed to leave no slip behind, then nothing.
  std::optional<client::LocalEdit> next(const std::string& text, bool resting);
  /// The person kept both sides of a conflict: a slip that was taken back may stand there again.
  bool slip_stays(std::string_view text);

  /// Keys of the numbers that stand in the text.
  std::size_t typed() const { return typed_; }
  bool slipped() const { return slipped_; }

 private:
  client::LocalEdit insertion(const std::string& text, std::size_t at, std::string inserted);
  client::LocalEdit deletion(const std::string& text, std::size_t at, std::size_t bytes);
  client::LocalEdit elsewhere(const std::string& text);
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(luck_); }

  const char person_;
  std::mt19937_64 luck_;
  std::int64_t cursor_ = 0;  // UTF-16 units
  std::size_t typed_ = 0;
  bool slipped_ = false;
};

}  // namespace berth::test

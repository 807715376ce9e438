// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/fuzzy_match.hpp"

#include <QString>
#include <algorithm>
#include <vector>

namespace berth::client {
namespace {

constexpr qsizetype longest_matched = 200;  // characters: a row of a list shows no more
constexpr int no_match = -1'000'000;
constexpr int begins_word = 8;
constexpr int follows_letter = 6;  // right behind the letter before
constexpr int begins_text = 4;
constexpr int gap_between = -1;  // for each letter passed over within a word's letters

bool begins_at(QStringView text, qsizetype at) {
  if (at == 0) return true;
  if (!text[at].isLetterOrNumber()) return false;
  return !text[at - 1].isLetterOrNumber() || (text[at].isUpper() && text[at - 1].isLower());
}

/// The best way to lay one word's letters into the text (Smith and Waterman's table with these rewards).
std::optional<FuzzyMatch> match_word(QStringView word, QStringView text) {
  const auto rows = word.size();
  const auto columns = text.size();
  if (rows > columns) return {};
  // best[i][j]: of the first i + 1 letters with the last of them at j; came[i][j]: where the one before is.
  std::vector<std::vector<int>> best(static_cast<std::size_t>(rows),
                                     std::vector<int>(static_cast<std::size_t>(columns), no_match));
  auto came = best;
  for (qsizetype row = 0; row < rows; ++row) {
    const auto letter = word[row].toCaseFolded();
    int before = no_match;  // the best of the row above so far, less the gap_between
    int before_at = -1;
    for (qsizetype column = row; column < columns; ++column) {
      auto& here = best[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
      if (row > 0 && column > 0) {
        const int above = best[static_cast<std::size_t>(row - 1)][static_cast<std::size_t>(column - 1)];
        before += gap_between;
        if (above >= before) before = above, before_at = static_cast<int>(column - 1);
      }
      if (text[column].toCaseFolded() != letter) continue;
      int value = begins_at(text, column) ? begins_word : 0;
      if (column == 0) value += begins_text;
      if (row == 0) {
        here = value;
        continue;
      }
      if (before <= no_match / 2) continue;
      here = before + value;
      came[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = before_at;
      const int above = best[static_cast<std::size_t>(row - 1)][static_cast<std::size_t>(column - 1)];
      if (above > no_match / 2 && above + value + follows_letter > here) {
        here = above + value + follows_letter;
        came[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = static_cast<int>(column - 1);
      }
    }
  }
  const auto& last = best.back();
  const auto found = std::ranges::max_element(last);
  if (*found <= no_match / 2) return {};
  FuzzyMatch match{*found, {}};
  int column = static_cast<int>(found - last.begin());
  for (auto row = rows - 1; row >= 0; --row) {
    match.at.prepend(column);
    column = came[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }
  return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzy_match(QStringView typed, QStringView text) {
  typed = typed.left(longest_matched);
  text = text.left(longest_matched);
  FuzzyMatch all;
  for (const auto word : typed.split(u' ', Qt::SkipEmptyParts)) {
    const auto one = match_word(word, text);
    if (!one) return {};
    all.score += one->score;
    all.at += one->at;
  }
  std::ranges::sort(all.at);
  all.at.erase(std::ranges::unique(all.at).begin(), all.at.end());
  return all;
}

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// Finding a title by a few of its letters: "nt" finds "New Terminal", so does "terminal new".
#pragma once

#include <QList>
#include <QStringView>
#include <optional>

namespace berth::client {

struct FuzzyMatch {
  int score = 0;    // higher is better; comes from the letters alone, so it may be compared between texts
  QList<int> at{};  // the letters of the text that were meant, ascending
};

/// nullopt where a word of `typed` has letters that do not stand in `text` in its order, whatever their case.
/// Words (by blanks) are looked for each by itself. Nothing typed matches with a score of 0. Of either, no
/// more than 200 characters are looked at.
std::optional<FuzzyMatch> fuzzy_match(QStringView typed, QStringView text);

}  // namespace berth::client

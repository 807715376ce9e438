// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/fuzzy_match.hpp"

#include <gtest/gtest.h>

#include <QString>
#include <random>

namespace berth::client {
namespace {

int score(const char* typed, const char* text) {
  const auto match = fuzzy_match(QString::fromLatin1(typed), QString::fromLatin1(text));
  return match ? match->score : -1'000;
}

TEST(FuzzyMatch, BeginningsOfWordsCountMore) {
  EXPECT_GT(score("nt", "New Terminal"), score("nt", "Next Change"));
  EXPECT_GT(score("term", "New Terminal"), score("term", "The remote machine"));
  EXPECT_GT(score("split", "Split to the Right"), score("split", "Show problems in a list"));
  EXPECT_GT(score("terminal new", "New Terminal"), 0) << "words stand in any order";
  EXPECT_EQ(score("ntx", "New Terminal"), -1'000);
  EXPECT_EQ(score("", "anything"), 0);
  const auto match = fuzzy_match(u"NT", u"New Terminal");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->at, (QList<int>{0, 4}));
}

TEST(FuzzyMatch, WhatIsMarkedIsWhatWasTyped) {
  std::mt19937 random(7);
  const auto word = [&](int longest) {
    QString out;
    for (auto i = random() % static_cast<unsigned>(longest) + 1; i > 0; --i)
      out += QChar(u"abcAB -_"[random() % 8]);
    return out;
  };
  int matched = 0;
  for (int i = 0; i < 4'000; ++i) {
    const auto typed = word(4).remove(u' ');
    const auto text = word(14);
    const auto match = fuzzy_match(typed, text);
    // The plain way: each letter after the one before.
    qsizetype at = 0;
    bool in_order = true;
    for (const auto letter : typed) {
      at = text.indexOf(letter, at, Qt::CaseInsensitive);
      in_order = in_order && at >= 0;
      if (!in_order) break;
      ++at;
    }
    ASSERT_EQ(match.has_value(), in_order) << typed.toStdString() << " in " << text.toStdString();
    if (!match) continue;
    ++matched;
    QString marked;
    for (const int place : match->at) marked += text[place];
    ASSERT_EQ(marked.toLower(), typed.toLower()) << text.toStdString();
  }
  EXPECT_GT(matched, 500);
  EXPECT_EQ(fuzzy_match(QString(100'000, u'a'), QString(1'000'000, u'a'))->at.size(), 200)
      << "no more is read";
}

}  // namespace
}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/search_output.hpp"

#include <gmock/gmock.h>

#include "protocol/text_operation.hpp"
#include "runner/search_programs.hpp"
#include "runner/text_places.hpp"

namespace berth::runner {
namespace {

using testing::ElementsAre;

struct Told {
  std::vector<std::string> events;
  SearchOutput output{{[this](const std::string& path) { events.push_back("file " + path); },
                       [this](const FoundLine& line) {
                         std::string text =
                             std::to_string(line.line) + "@" + std::to_string(line.offset) + " " + line.bytes;
                         for (const auto& match : line.matches)
                           text += " " + std::to_string(match.start) + "-" + std::to_string(match.end);
                         if (line.all_matches != line.matches.size())
                           text += " of " + std::to_string(line.all_matches);
                         events.push_back(text);
                       },
                       [this](bool binary) { events.push_back(binary ? "binary" : "end"); }},
                      2,
                      500};
};

constexpr std::string_view rg_output =
    R"({"type":"begin","data":{"path":{"text":"./a \"b\".txt"}}}
{"type":"match","data":{"path":{"text":"./a \"b\".txt"},"lines":{"text":"foo fo\r\n"},"line_number":3,"absolute_offset":17,"submatches":[{"match":{"text":"foo"},"start":0,"end":3},{"match":{"text":"fo"},"start":4,"end":9}]}}
{"type":"match","data":{"path":{"text":"./a \"b\".txt"},"lines":{"bytes":"Y2Fm6SBmb28K"},"line_number":4,"absolute_offset":25,"submatches":[{"match":{"text":"o"},"start":6,"end":7},{"match":{"text":"o"},"start":7,"end":8},{"match":{"text":"x"},"start":8,"end":8}]}}
{"type":"end","data":{"path":{"text":"./a \"b\".txt"},"binary_offset":null,"stats":{"matches":5}}}
{"type":"begin","data":{"path":{"bytes":"/w=="}}}
{"type":"match","data":{"path":{"bytes":"/w=="},"lines":{"text":"foo\n"},"line_number":1,"absolute_offset":0,"submatches":[{"match":{"text":"foo"},"start":0,"end":3}]}}
{"type":"end","data":{"path":{"bytes":"/w=="},"binary_offset":null,"stats":{}}}
nonsense
{"type":"begin","data":{"path":{"text":"./b"}}}
{"type":"end","data":{"path":{"text":"./b"},"binary_offset":7,"stats":{}}}
{"data":{"elapsed_total":{"secs":0},"stats":{"matches":5}},"type":"summary"}
)";

TEST(SearchOutput, IsReadHoweverItIsCut) {
  for (std::size_t step : {std::size_t{1}, std::size_t{7}, rg_output.size()}) {
    Told told;
    for (std::size_t at = 0; at < rg_output.size(); at += step) told.output.feed(rg_output.substr(at, step));
    EXPECT_THAT(told.events, ElementsAre("file a \"b\".txt", "3@17 foo fo 0-3 4-6",
                                         "4@25 caf\xe9 foo 6-7 7-8 of 3", "end", "file b", "binary"));
    EXPECT_EQ(told.output.skipped(), 0u);
  }
}

TEST(SearchOutput, OfALineThatIsTooLongNothingIsKept) {
  Told told;
  told.output.feed(rg_output.substr(0, rg_output.find('\n') + 1));
  told.output.feed(R"({"type":"match","data":{"lines":{"text":")" + std::string(1000, 'x'));
  told.output.feed(std::string(1000, 'x') + "\"}}}\n");
  told.output.feed(R"({"type":"end","data":{"binary_offset":null}})"
                   "\n");
  EXPECT_THAT(told.events, ElementsAre("file a \"b\".txt", "end"));
  EXPECT_EQ(told.output.skipped(), 1u);
  EXPECT_EQ(told.output.skipped_in(), "a \"b\".txt");
}

TEST(SearchOutput, WhatIsNoRipgrepMayWriteAnything) {
  Told told;
  told.output.feed("\"text\"\n5\ntrue\n[]\n[7]\n[\"x\"]\n{}\n" + std::string(400, '[') + "\n");
  EXPECT_THAT(told.events, ElementsAre());
  told.output.feed(rg_output);
  EXPECT_EQ(told.events.size(), 6u);
}

TEST(SearchOutput, ReplacementsStandBetweenMarksHoweverTheyAreCut) {
  const auto open = opening_mark("m"), close = closing_mark("m");
  const auto bytes =
      "1:" + open + "one" + close + "\nx" + open + close + "\n" + open + "two\nlines\x01" + close + "\n";
  for (std::size_t step : {std::size_t{1}, std::size_t{3}, bytes.size()}) {
    ReplacementOutput output(open, close, 8);
    for (std::size_t at = 0; at < bytes.size(); at += step)
      output.feed(std::string_view(bytes).substr(at, step));
    EXPECT_THAT(output.taken(), ElementsAre("one", "", "two\nline"));
    EXPECT_TRUE(output.cut());
    EXPECT_EQ(output.size(), 11u);
  }
}

TEST(SearchOutput, ALongLineIsShownAroundItsFirstMatchAndNoCharacterIsTorn) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "𝒏";  // two units, four bytes
  const auto shown = shown_line({5, 0, text + "name" + text, {{4000, 4004}}, 1}, {"label"});
  EXPECT_EQ(shown.line, 5u);
  ASSERT_EQ(shown.matches.size(), 1u);
  EXPECT_EQ(shown.matches[0].start, 2000u);
  EXPECT_EQ(shown.matches[0].end, 2004u);
  EXPECT_EQ(shown.matches[0].replacement, "label");
  EXPECT_EQ(shown.cut, 1900u);
  EXPECT_TRUE(protocol::is_valid_utf8(shown.text));
  EXPECT_LE(protocol::utf16_length(shown.text), 600u);
  EXPECT_EQ(shown.text.substr(50 * 4, 4), "name");
}

TEST(SearchOutput, WhatRipgrepSaysIsWrongIsASentence) {
  EXPECT_EQ(words_of_search_problem("rg: regex parse error:\n    (?:(a)\n    ^\nerror: unclosed group\n"),
            "unclosed group");
  EXPECT_EQ(
      words_of_search_problem("rg: the literal \"\\n\" is not allowed in a regex\n\nConsider enabling it\n"),
      "the literal \"\\n\" is not allowed in a regex");
  EXPECT_EQ(words_of_search_problem("error: a\x1b[31mb" + std::string(1000, 'x')).size(), 300u);
  EXPECT_EQ(words_of_search_problem(""), "");
}

TEST(SearchArguments, WhatAPersonWroteIsNoOption) {
  protocol::SearchQuery query;
  query.pattern = "--pre=sh";
  query.include = std::vector<std::string>{"--files"};
  query.exclude = std::vector<std::string>{"-x"};
  const auto arguments = walk_arguments(query);
  EXPECT_THAT(arguments, testing::IsSupersetOf(
                             {"--regexp=--pre=sh", "--glob=--files", "--glob=!-x", "--fixed-strings"}));
  EXPECT_EQ(arguments.back(), "./");
  EXPECT_EQ(arguments[arguments.size() - 2], "--");
  EXPECT_FALSE(has_groups(query, "$1"));
  query.regex = true;
  EXPECT_TRUE(has_groups(query, "$1"));
  EXPECT_FALSE(has_groups(query, "plain"));
}

// ---- places
// --------------------------------------------------------------------------------------------------------------

/// As others left it, with the places found by their lines.
std::string taken_back(const MadeReplacement& made, const std::string& now,
                       std::vector<std::uint64_t>& changed) {
  const auto taken = take_back_places(now, made.places, find_by_lines(now, made.places));
  changed = taken.changed_lines;
  return taken.operation.apply(now).value_or("");
}

TEST(TextPlaces, AreReplacedByOneOperationAndTakenBackByTheirLines) {
  const std::string text = "𝒏 cat\ncat cat\nend cat";
  const auto made = make_replacement(text, {{5, 8, "horse"}, {9, 12, "ox"}, {13, 16, "cat"}, {21, 24, ""}});
  EXPECT_EQ(made.places.size(), 3u) << "one would change nothing";
  const auto after = made.operation.apply(text);
  ASSERT_TRUE(after);
  EXPECT_EQ(*after, "𝒏 horse\nox cat\nend ");
  EXPECT_EQ(made.text_hash, hash_of_text(*after));
  EXPECT_EQ(made.places[0].start, 3);
  EXPECT_EQ(made.places[0].end, 8);
  EXPECT_EQ(made.places[2].line, 3u);
  std::vector<std::uint64_t> changed;
  EXPECT_EQ(taken_back(made, *after, changed), text);
  EXPECT_THAT(changed, ElementsAre());
  EXPECT_EQ(taken_back(made, "new 𝒏\n" + *after + "\nmore", changed), "new 𝒏\n" + text + "\nmore");
  EXPECT_EQ(taken_back(made, "𝒏 horses\nox cat\nend ", changed), "𝒏 horses\ncat cat\nend cat");
  EXPECT_THAT(changed, ElementsAre(1u));
}

TEST(TextPlaces, OfEqualLinesTheSameOneIsMeantOrNone) {
  const std::string text = "a dog\na cat\na dog\n";
  const auto made = make_replacement(text, {{8, 11, "dog"}});
  std::vector<std::uint64_t> changed;
  EXPECT_EQ(taken_back(made, "x\na dog\na dog\na dog\n", changed), "x\na dog\na cat\na dog\n");
  EXPECT_THAT(changed, ElementsAre());
  EXPECT_EQ(taken_back(made, "a dog\na dog\n", changed), "a dog\na dog\n") << "which one went, nobody knows";
  EXPECT_THAT(changed, ElementsAre(2u));
}

}  // namespace
}  // namespace berth::runner

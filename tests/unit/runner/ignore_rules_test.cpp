// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/ignore_rules.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

bool file(const std::string& rules, const std::string& path) {
  return IgnoreRules::parse(rules).excludes(path, false);
}
bool directory(const std::string& rules, const std::string& path) {
  return IgnoreRules::parse(rules).excludes(path, true);
}

TEST(IgnoreRules, LeavesOutWhatProgramsMakeAnewAndNothingElse) {
  EXPECT_TRUE(directory("", ".cache"));
  EXPECT_TRUE(file("", ".cache/pip/http/a"));
  EXPECT_TRUE(file("", "project/src/__pycache__/main.pyc"));
  EXPECT_TRUE(file("", ".npm/_cacache/x"));
  EXPECT_TRUE(file("", "project/.berth-write-0123"));
  EXPECT_FALSE(file("", "project/.cache/x"));
  EXPECT_FALSE(file("", ".cache"));  // a file of that name
  EXPECT_FALSE(file("", "project/node_modules/left-pad/index.js"));
  EXPECT_FALSE(file("", ".local/share/Trash/files/a"));
  EXPECT_FALSE(directory("", ""));
}

TEST(IgnoreRules, ANameFitsAnywhereAndAPathFromHome) {
  EXPECT_TRUE(file("*.log", "project/a/b.log"));
  EXPECT_TRUE(file("*.log", "b.log"));
  EXPECT_FALSE(file("*.log", "b.log.txt"));
  EXPECT_TRUE(file("/build", "build"));
  EXPECT_FALSE(file("/build", "project/build"));
  EXPECT_TRUE(file("project/build", "project/build"));
  EXPECT_FALSE(file("project/build", "other/project/build"));
  EXPECT_TRUE(file("project/build", "project/build/inside"));
  EXPECT_FALSE(file("project/*.o", "project/sub/a.o"));
}

TEST(IgnoreRules, ASlashAtTheEndMeansDirectoriesOnly) {
  EXPECT_TRUE(directory("target/", "project/target"));
  EXPECT_FALSE(file("target/", "project/target"));
  EXPECT_TRUE(file("target/", "project/target/a"));
}

TEST(IgnoreRules, StarsAndQuestionMarksAndBrackets) {
  EXPECT_TRUE(file("a*b*c", "aXXbYYbZc"));
  EXPECT_FALSE(file("a*b*c", "aXXbYY"));
  EXPECT_TRUE(file("?.txt", "a.txt"));
  EXPECT_FALSE(file("?.txt", ".txt"));
  EXPECT_TRUE(file("[a-c]1", "b1"));
  EXPECT_FALSE(file("[!a-c]1", "b1"));
  EXPECT_TRUE(file("[!a-c]1", "d1"));
  EXPECT_TRUE(file("\\*", "*"));
  EXPECT_FALSE(file("\\*", "a"));
  EXPECT_TRUE(file("[", "["));
  EXPECT_TRUE(file("**/logs/*.txt", "a/b/logs/c.txt"));
  EXPECT_TRUE(file("**/logs/*.txt", "logs/c.txt"));
  EXPECT_TRUE(file("a/**/z", "a/z"));
  EXPECT_TRUE(file("a/**/z", "a/b/c/z"));
  EXPECT_FALSE(file("a/**/z", "a/b/c"));
  EXPECT_TRUE(file("a/**", "a/b"));
  EXPECT_FALSE(directory("a/**", "a"));
}

TEST(IgnoreRules, TheLastRuleThatFitsDecides) {
  EXPECT_FALSE(file("*.log\n!keep.log", "keep.log"));
  EXPECT_TRUE(file("!keep.log\n*.log", "keep.log"));
  EXPECT_FALSE(file("!/.cache/", ".cache/x"));
  // Not below a directory that is left out.
  EXPECT_TRUE(file("build/\n!build/keep", "build/keep"));
}

TEST(IgnoreRules, CommentsBlankLinesAndOddOnesAreNoRules) {
  for (const char* text : {"# a comment", "", "   ", "!", "/", "//", "!/", "\r"})
    EXPECT_FALSE(file(text, "a")) << text;
  EXPECT_TRUE(file("a  \r\n", "a"));
  EXPECT_TRUE(file("\\#a", "#a"));
  EXPECT_TRUE(file("\\!a", "!a"));
}

TEST(IgnoreRules, HostilePatternsCostLittle) {
  std::string pattern, name(5000, 'a');
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  EXPECT_FALSE(file(pattern + "b", name));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "a/";
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "**/a/";
  EXPECT_FALSE(IgnoreRules::parse(stars + "b").excludes_entry(deep + "a", false));
}

}  // namespace
}  // namespace berth::runner

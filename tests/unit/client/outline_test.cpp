// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/outline.hpp"
#include "tests/machine_time.hpp"

#include <gtest/gtest.h>

#include <QElapsedTimer>

namespace berth::client {
namespace {

std::string shown_outline(std::string_view text, const char* language) {
  std::string out;
  for (const auto& symbol : outline_of(text, QString::fromLatin1(language)))
    out += std::string(static_cast<std::size_t>(symbol.depth), '>') + symbol.name.toStdString() + " " +
           symbol.kind.toStdString() + " " + std::to_string(symbol.line) + "\n";
  return out;
}

TEST(Outline, Python) {
  EXPECT_EQ(
      shown_outline(
          "import x\n\nclass Tide:\n    def at(self):\n        return 1\n\n    async def later(self): ...\n"
          "def main() -> None:\n    print('def not this')\n",
          "Python"),
      "Tide class 3\n>at function 4\n>later function 7\nmain function 8\n");
}

TEST(Outline, CPlusPlus) {
  EXPECT_EQ(
      shown_outline("#include <map>\nnamespace berth::client {\n\nclass Tide final : public Sea {\n public:\n"
                    "  double at(int hour) const;\n};\nclass Later;\nenum class Kind { a, b };\n"
                    "double Tide::at(int hour) const {\n  if (hour > 3) {\n    return f(hour);\n  }\n"
                    "  for (int i = 0; i < 3; ++i) {\n  }\n  call(hour);\n}\n\nTide::Tide() {}\n"
                    "static int helper(const std::map<int, int>& all, int n) {\n  return 0;\n}\n"
                    "#define LOOK(x) x\nusing Name = int;\n",
                    "C++"),
      "berth::client namespace 2\nTide class 4\nKind enum 9\nTide::at function 10\nTide::Tide function 19\n"
      "helper function 20\nLOOK macro 23\nName alias 24\n");
}

TEST(Outline, ScriptsOfTheWeb) {
  EXPECT_EQ(
      shown_outline(
          "export class Tide {\n  async at(hour: number): Promise<void> {\n    if (hour) {\n    }\n  }\n}\n"
          "export const later = (a: number): number => a;\nfunction main() {}\ninterface Sea {}\n"
          "type Name = string;\n",
          "TypeScript"),
      "Tide class 1\n>at method 2\nlater function 7\nmain function 8\nSea interface 9\nName type 10\n");
}

TEST(Outline, OtherLanguages) {
  EXPECT_EQ(shown_outline("pub struct Tide {}\nimpl Tide {\n    pub async fn at(&self) {}\n}\n", "Rust"),
            "Tide class 1\nTide implementation 2\n>at function 3\n");
  EXPECT_EQ(shown_outline("func (t *Tide) At(h int) {\n}\ntype Sea struct {\n", "Go"),
            "At function 1\nSea type 3\n");
  EXPECT_EQ(shown_outline("all: main\n\tcc main.c\nCC := gcc\nclean:\n", "Makefile"),
            "all target 1\nclean target 4\n");
  EXPECT_EQ(shown_outline("# Tides\ntext\n## When\n```\n# no heading\n```\n### Why ##\n", "Markdown"),
            "Tides heading 1\n>When heading 3\n>>Why heading 7\n");
  EXPECT_EQ(shown_outline("{\n  \"name\": \"x\",\n  \"deep\": {\n        \"no\": 1\n  }\n}\n", "JSON"),
            "name key 2\ndeep key 3\n");
}

TEST(Outline, AnUnknownLanguageAndHostileLinesHaveNone) {
  EXPECT_EQ(shown_outline("def main():\n", "Plain text"), "");
  EXPECT_EQ(shown_outline("def " + std::string(5'000, 'a') + "():\n", "Python"), "");
  EXPECT_EQ(shown_outline("\xff\xfe def\ndef ok():\n", "Python"), "ok function 2\n");
  // Nothing that stands in a file makes a pattern take long.
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a (((((\n";
  const test::ThreadTime time;
  shown_outline(text, "C++");
  EXPECT_LT(time.elapsed(), std::chrono::seconds(10));
}

TEST(Outline, WhatIsTypedFindsNames) {
  const std::vector<Symbol> all{{"readFile", "function", 1, 0},
                                {"file", "function", 2, 0},
                                {"f_i_l_e", "function", 3, 0},
                                {"other", "function", 4, 0}};
  QStringList names;
  for (const auto& symbol : matching_symbols(all, QStringLiteral("file"))) names.append(symbol.name);
  EXPECT_EQ(names.join(u' ').toStdString(), "file readFile f_i_l_e");
  EXPECT_EQ(matching_symbols(all, {}).size(), 4u);
}

}  // namespace
}  // namespace berth::client

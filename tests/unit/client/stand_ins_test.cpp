// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/stand_ins.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "protocol/character_width.hpp"

namespace berth::desktop {
namespace {

/// As much of the widget as shows where a character stands: lines of 80 columns, the cursor behind the last
/// of which is told as the last.
class Lines {
 public:
  void show(const QByteArray& bytes) {
    const auto characters = QString::fromUtf8(bytes).toStdU32String();
    for (std::size_t i = 0; i < characters.size(); ++i) {
      const auto character = characters[i];
      if (character == U'\x1b' && characters.substr(i, 2) == U"\x1b[") {
        const auto final = characters.find_first_of(U"GPKmhlHC", i);
        const auto number = QString::fromStdU32String(characters.substr(i + 2, final - i - 2)).toInt();
        if (characters[final] == U'G') at_ = number - 1;
        i = final;
      } else if (character == U'\r') {
        at_ = 0;
      } else if (character == U'\n') {
        lines_.emplace_back(columns);
      } else {
        put(character, columns_in_widget(character));
      }
    }
  }
  int column() const { return std::min(at_, columns - 1); }
  std::u32string text() const {
    std::u32string text;
    for (const auto& line : lines_)
      for (const auto character : line)
        if (character != 0) text += character;
    return text;
  }

 private:
  static constexpr int columns = 80;
  void put(char32_t character, int width) {
    if (at_ + width > columns) {
      lines_.emplace_back(columns);
      at_ = 0;
    }
    for (int i = 0; i < width; ++i) lines_.back()[static_cast<std::size_t>(at_ + i)] = i == 0 ? character : 0;
    at_ += width;
  }
  std::vector<std::vector<char32_t>> lines_ = std::vector(1, std::vector<char32_t>(columns));
  int at_ = 0;
};

struct StandInsTest : testing::Test {
  /// What the widget is fed, without what marks stand-ins.
  std::u32string feed(const QByteArray& output) {
    fed.clear();
    stand_ins.feed(output, {[this](const QByteArray& shown) {
                              EXPECT_FALSE(shown.isEmpty());
                              fed += shown;
                              lines.show(shown);
                            },
                            [this] { return lines.column(); }});
    auto rest = fed;
    for (const char* mark : {"\x1b[3m", "\x1b[23m"}) rest.replace(mark, "");
    return QString::fromUtf8(rest).toStdU32String();
  }
  /// What the person sees, cell by cell.
  QString seen(const std::u32string& shown) const {
    return stand_ins.text(QString::fromUcs4(shown.data(), static_cast<qsizetype>(shown.size())));
  }
  /// As many columns as programs count.
  static int columns(const std::u32string& text) {
    int sum = 0;
    for (const auto character : text) sum += protocol::character_width(character);
    return sum;
  }
  static int columns_of_widget(const std::u32string& shown) {
    int sum = 0;
    for (const auto character : shown) sum += columns_in_widget(character);
    return sum;
  }

  StandIns stand_ins;
  Lines lines;
  QByteArray fed;
};

TEST_F(StandInsTest, ALetterAndItsMarksAreTheOneLetterThatTheyMake) {
  EXPECT_EQ(feed("cafe\xcc\x81 o\xcc\x88l"), U"caf\u00e9 \u00f6l");
  EXPECT_EQ(feed("e\xcc\x82\xcc\x81"), U"\u1ebf") << "two marks, one letter";
  EXPECT_EQ(feed("\xcf\x89\xcc\x81"), U"\u03ce") << "not Latin alone";
  EXPECT_EQ(feed("\u1112\u1161\u11ab"), U"\ud55c") << "a syllable";
  feed("\x1b[31me\xcc\x81\x1b[0m");
  EXPECT_EQ(fed, QByteArray("\x1b[31m\xc3\xa9\x1b[0m"));
  EXPECT_TRUE(stand_ins.isEmpty());
}

TEST_F(StandInsTest, WhatFitsIsLeftAlone) {
  for (const QByteArray text : {"", "plain", "\xc3\xa9t\xc3\xa9", "\xe6\xbc\xa2\xe5\xad\x97",
                                "\xf0\x9f\x98\x80!", "\xcd\xb0", "\x1b[1;31mred\x1b[0m", "a\r\nb\tc\x7f",
                                "\x1b]0;e\xcc\x81\x07x", "\xf3\xb1\x80\x81 an icon of a private font"}) {
    feed(text);
    EXPECT_EQ(fed, text) << text.toHex().toStdString();
  }
  EXPECT_TRUE(stand_ins.isEmpty());
}

TEST_F(StandInsTest, WhatIsNoUtf8IsPassedOn) {
  for (const QByteArray text :
       {"e\xcc ", "\xf0 a", "\xf0 ", "\xf0\x9f.", "\xe2\xcc.", "\xcc\xcc\xcc!", "\xe2\x82 ", "\x80\x80\x80.",
        "\xc0\xaf.", "\xed\xa0\x80.", "\xf8\x88\x80\x80\x80.", "\xf4\x90\x80\x80.", "\xc2\x85."}) {
    feed(text);
    EXPECT_EQ(fed, text) << text.toHex().toStdString();
  }
}

TEST_F(StandInsTest, ALoneLeadByteHoldsNothingBack) {
  feed("\xf0\x9f");
  EXPECT_EQ(fed, "") << "may be the beginning of one";
  feed("$");
  EXPECT_EQ(fed, "\xf0\x9f$");
  feed("\xf0");
  EXPECT_EQ(feed("\x9f\x98\x80"), U"\U0001f600");
}

TEST_F(StandInsTest, WhatIsNoSingleLetterHasAStandInOfAsManyColumns) {
  for (const std::u32string text :
       {U"x\u0302", U"\u2764\ufe0f", U"\u0e01\u0e33\u0e17\u0e35\u0e48", U"\u304b\u0301",
        U"\U0001f469\u200d\U0001f467", U"\U0001f44d\U0001f3fd", U"\U0001f1e9\U0001f1ea",
        U"\u0915\u093f\u0924\u093e\u092c", U"\u05e9\u05c1", U"a\u0302\u0308\u0301\u0327"}) {
    const auto utf8 = QString::fromStdU32String(text).toUtf8();
    const auto shown = feed("|" + utf8 + "|");
    EXPECT_EQ(columns_of_widget(shown), 2 + columns(text)) << utf8.toStdString();
    EXPECT_EQ(seen(shown).toUtf8(), "|" + utf8 + "|");
    EXPECT_TRUE(stand_ins.takeNews());
    EXPECT_FALSE(stand_ins.takeNews());
    EXPECT_EQ(feed("|" + utf8 + "|"), shown) << "the same once more";
  }
}

TEST_F(StandInsTest, EveryCharacterHasTheColumnsThatProgramsCount) {
  const auto is_some_stand_in = [](char32_t character) {
    return character == StandIns::first_narrow || character == StandIns::first_wide;
  };
  int looked = 0;
  for (char32_t character = 0xa0; character < 0x110000; ++character) {
    const int width = protocol::character_width(character);
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    // A mark stands on nothing here; and what the widget counts alike goes the way of all others.
    if (surrogate || width == 0 || (columns_in_widget(character) == width && !is_some_stand_in(character)))
      continue;
    stand_ins.clear();
    ++looked;
    const auto shown = feed(QString::fromUcs4(&character, 1).toUtf8() + "\r");
    ASSERT_EQ(columns_of_widget(shown.substr(0, 1)), width) << std::hex << static_cast<unsigned>(character);
    ASSERT_EQ(seen(shown).toStdU32String(), (std::u32string{character, U'\r'}));
  }
  EXPECT_GT(looked, 300) << "vowel signs of India alone are more";
}

TEST_F(StandInsTest, CellsThatAreDrawnAsOneSaySo) {
  const auto joined = [&](const std::u32string& text) {
    QString joins;
    for (const auto character : feed("|" + QString::fromStdU32String(text).toUtf8() + "|"))
      if (const auto* cell = stand_ins.find(character)) joins += cell->joins ? u'+' : u'.';
    return joins.toStdString();
  };
  EXPECT_EQ(joined(U"\U0001f469\u200d\U0001f4bb"), ".+");
  EXPECT_EQ(joined(U"\U0001f469\U0001f3fd\u200d\U0001f4bb"), ".++");
  EXPECT_EQ(joined(U"\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"), ".+.+") << "two flags";
  EXPECT_EQ(joined(U"\u0915\u093f"), ".+") << "a vowel sign with a column of its own";
  EXPECT_EQ(joined(U"\u0915\u094d\u0937"), ".+") << "two consonants that make one";
  EXPECT_EQ(joined(U"\u2764\ufe0f\u2764\ufe0f"), "..");
  EXPECT_EQ(joined(U"\u0e17\u0e35\u0e48\u0e17\u0e35"), "..");
}

TEST_F(StandInsTest, AMarkThatComesLaterHasItsCellWrittenAgain) {
  feed("$ x");
  feed("\u0302y");
  EXPECT_TRUE(fed.startsWith("\x1b[3G")) << fed.toStdString();
  EXPECT_EQ(seen(lines.text()), QStringLiteral("$ x\u0302y"));
  // Another mark, and one that makes a letter of it.
  feed("\rx");
  feed("\u0302");
  feed("\u0308");
  EXPECT_EQ(seen(lines.text()), QStringLiteral("x\u0302\u0308 x\u0302y"));
  feed("\re");
  feed("\u0301");
  EXPECT_EQ(fed, "\x1b[1G\u00e9");
  // In insert mode the one before goes.
  feed("\x1b[4h\rx");
  feed("\u0302");
  EXPECT_TRUE(fed.startsWith("\x1b[1G\x1b[1P")) << fed.toStdString();
}

// Where the cursor's column does not tell what was shown last.
TEST_F(StandInsTest, AMarkThatComesLaterFindsItsLetterAtTheEndOfALine) {
  for (const int before : {77, 78, 79, 80})
    for (const QByteArray letter : {"x", "\u6f22"}) {
      lines = Lines();
      const auto dots = QByteArray(before, '.');
      feed("\r" + dots);
      feed(letter);
      feed("\u20dd");
      feed("y");
      EXPECT_EQ(seen(lines.text()).toUtf8(), dots + letter + "\u20ddy") << before;
    }
}

TEST_F(StandInsTest, ACharacterThatIsCutAnywhereIsOne) {
  const QByteArray text = "x\u0302 \U0001f469\u200d\U0001f4bb \u0915\u093f!";
  for (qsizetype cut = 1; cut < text.size(); ++cut) {
    stand_ins.clear();
    lines = Lines();
    feed(text.first(cut));
    feed(text.sliced(cut));
    EXPECT_EQ(seen(lines.text()).toUtf8(), text) << cut;
  }
}

TEST_F(StandInsTest, AMarkBehindAControlBelongsToNothing) {
  feed("x\r\u0302y");
  EXPECT_EQ(fed, "x\ry");
  feed("\u0302");
  feed("\x1b[Hx\x1b[5C\u0302");
  EXPECT_EQ(fed, "\x1b[Hx\x1b[5C");
}

// As the runner keeps it: the letter has its own colour, and so has its mark.
TEST_F(StandInsTest, AMarkBehindAColourChangeBelongsToItsLetter) {
  feed("\x1b[01;31m\x1b[Ke\x1b[m\x1b[0K\u0302s");
  EXPECT_EQ(fed, "\x1b[01;31m\x1b[K\u00ea\x1b[m\x1b[0Ks");
  const auto shown = feed("x\x1b[3m\u0302y");
  EXPECT_EQ(seen(shown).toStdString(), "x\u0302y");
  EXPECT_TRUE(fed.startsWith("\x1b[3m") && fed.endsWith("\x1b[23m\x1b[3my")) << "upright as it came";
  // Where they came apart.
  lines = Lines();
  feed("\r$ \x1b[31mx");
  feed("\x1b[m\x1b[K");
  feed("\u0302y");
  EXPECT_EQ(seen(lines.text()), QStringLiteral("$ x\u0302y"));
  for (const QByteArray moves : {"\x1b[1K", "\x1b[2K", "\x1b[?K", "\x1b[C",
                                 "\x1b"
                                 "7",
                                 "\x1b]0;title\x07", "\x1b[\rm"}) {
    feed("x" + moves + "\u0302y");
    EXPECT_EQ(fed, "x" + moves + "y");
  }
}

TEST_F(StandInsTest, EachScreenHasItsOwnItalics) {
  const auto isItalic = [this] {
    feed("x\u0302");
    return fed.startsWith("\x1b[23m");
  };
  for (const QByteArray mode : {"\x1b[?47", "\x1b[?1047", "\x1b[?1049", "\x1b[?7;01047"}) {
    feed(
        "\x1b"
        "c\x1b[3m" +
        mode + "h");
    EXPECT_FALSE(isItalic()) << mode.toStdString();
    feed(mode + "l");
    EXPECT_TRUE(isItalic()) << mode.toStdString();
  }
  feed("\x1b[?47h\x1b[3m\x1b[?47l\x1b[m\x1b[?47h");
  EXPECT_TRUE(isItalic());
  feed(
      "\x1b"
      "c");
  EXPECT_FALSE(isItalic());
  feed("\x1b[?47h");
  EXPECT_FALSE(isItalic()) << "a reset is for both";
}

TEST_F(StandInsTest, EachScreenHasItsOwnInsertMode) {
  const auto inserts = [this] {
    feed("\rx");
    feed("\u0302");
    return fed.startsWith("\x1b[1G\x1b[1P");
  };
  feed("\x1b[20;4h");
  EXPECT_TRUE(inserts());
  feed("\x1b[?1049h");
  EXPECT_FALSE(inserts());
  feed("\x1b[?1049l");
  EXPECT_TRUE(inserts());
  feed("\x1b[?4l");
  EXPECT_TRUE(inserts()) << "that is smooth scrolling";
  feed("\x1b[04l");
  EXPECT_FALSE(inserts());
}

TEST_F(StandInsTest, OnlyARestoreOfTheCursorBringsItsItalicsBack) {
  for (const QByteArray other : {"\x1b#8", "\x1b(8", "\x1b#c", "\x1b[>0m", "\x1b[?0m"}) {
    feed(
        "\x1b[m\x1b"
        "7\x1b[3m" +
        other + "\r");
    feed("x\u0302");
    EXPECT_TRUE(fed.startsWith("\x1b[23m")) << other.toStdString();
  }
}

TEST_F(StandInsTest, ItalicsOfAProgramStayWhatTheyAre) {
  const QByteArray italic = "\x1b[3m", upright = "\x1b[23m";
  feed("x\u0302");
  EXPECT_TRUE(fed.startsWith(italic) && fed.endsWith(upright));
  for (const char* on : {"\x1b[3m", "\x1b[0;3m", "\x1b[03m", "\x1b[00;003m", "\x1b[038;05;0;3m",
                         "\x1b[38;5;23;3m", "\x1b[3;48;2;0;0;23m",
                         "\x1b[3m\x1b"
                         "7\x1b[m\x1b"
                         "8"}) {
    feed(on);
    feed("x\u0302");
    EXPECT_TRUE(fed.startsWith(upright) && fed.endsWith(italic)) << on;
    feed("\x1b[m");
    feed("x\u0302");
    EXPECT_TRUE(fed.startsWith(italic) && fed.endsWith(upright)) << on;
  }
  for (const char* off : {"\x1b[00m", "\x1b[0m", "\x1b[023m", "\x1b[;1m"}) {
    feed("\x1b[3m");
    feed(off);
    feed("x\u0302");
    EXPECT_TRUE(fed.startsWith(italic) && fed.endsWith(upright)) << off;
  }
}

TEST_F(StandInsTest, CodePointsOfStandInsHaveStandInsThemselves) {
  for (const char32_t character : {StandIns::first_narrow, StandIns::first_wide}) {
    stand_ins.clear();
    const auto utf8 = QString::fromUcs4(&character, 1).toUtf8();
    feed("x\u0302");
    const auto shown = feed(utf8);
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_EQ(columns_in_widget(shown[0]), protocol::character_width(character));
    EXPECT_EQ(seen(shown).toUtf8(), utf8);
  }
}

TEST_F(StandInsTest, ThereAreOnlySoMany) {
  constexpr char32_t marks_there_are = 0x4f;
  for (char32_t number = 0; number < StandIns::most_narrow + 4000; ++number) {
    const std::u32string text{U'a' + number / (marks_there_are * marks_there_are),
                              0x300 + number / marks_there_are % marks_there_are,
                              0x300 + number % marks_there_are};
    feed(QString::fromStdU32String(text).toUtf8());
  }
  EXPECT_EQ(feed("q\u20e3\r"), U"q\r") << "without its mark";
  for (char32_t number = 0; number < StandIns::most_wide + 100; ++number)
    feed(QString::fromStdU32String({0x4e00 + number, 0x20dd}).toUtf8());
  EXPECT_EQ(feed("\u9f98\u20dd\r"), U"\u9f98\r");
  // A text of marks is no longer than a cell's.
  QByteArray marks = "x";
  for (int i = 0; i < 100'000; ++i) marks += "\u0302";
  stand_ins.clear();
  EXPECT_LT(seen(feed(marks)).size(), 50);
  stand_ins.clear();
  EXPECT_TRUE(stand_ins.isEmpty());
}

}  // namespace
}  // namespace berth::desktop

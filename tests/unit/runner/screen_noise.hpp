// SPDX-License-Identifier: GPL-3.0-or-later
// Random output as programs make it: text of all widths, colours, movements, both screens, modes, broken
// sequences.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace berth::test {

class ScreenNoise {
 public:
  explicit ScreenNoise(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    switch (number(0, 13)) {
      case 0:
      case 1:
      case 2:
        return words();
      case 3:
        return words() + "\r\n";
      case 4:
        return pick({"\r", "\n", "\r\n", "\b", "\t", "\x0e", "\x0f", "\v", "\a"});
      case 5:
        return sequence(pick({"A", "B", "C", "D", "E", "F", "G", "H", "d", "f", "`", "a", "e", "I", "Z"}), 2,
                        30);
      case 6:
        return sequence(pick({"J", "K", "L", "M", "P", "@", "X", "S", "T", "b", "?J", "?K"}), 1, 12);
      case 7:
      case 8:
        return rendition();
      case 9:
        return "\x1b[" + pick({"?1",    "?5",    "?6",    "?7",    "?12",   "?25",   "?45",   "?66",
                               "?47",   "?1047", "?1048", "?1049", "?1000", "?1002", "?1003", "?1004",
                               "?1006", "?1007", "?2004", "4",     "20",    "?1049", "?1049"}) +
               pick({"h", "l"});
      case 10:
        return pick(
            {"\x1b"
             "7",
             "\x1b"
             "8",
             "\x1b[s",
             "\x1b[u",
             "\x1b"
             "D",
             "\x1b"
             "M",
             "\x1b"
             "E",
             "\x1bH",
             "\x1b=",
             "\x1b>",
             "\x1b(0",
             "\x1b(B",
             "\x1b)0",
             "\x1b(A",
             "\x1bn",
             "\x1bN",
             "\x1b#8",
             "\x1b[!p",
             "\x1b[g",
             "\x1b[3g",
             "\x1b[3J",
             "\x1b[1\"q",
             "\x1b[0\"q",
             "\x1b[2 @",
             "\x1b[2 A",
             "\x1b[2'}",
             "\x1b[2'~"});
      case 11:
        return number(0, 3) == 0 ? "\x1b[r" : sequence("r", 2, 20);
      case 12:
        return pick({"\x1b]2;a title\a",
                     "\x1b]0;another\x1b\\",
                     "\x1b]7;file://host/home/me\x1b\\",
                     "\x1b]8;;https://example.org/\x1b\\",
                     "\x1b]8;id=1;https://example.org/2\a",
                     "\x1b]8;;\a",
                     "\x1b]133;A\a",
                     "\x1b]133;D;1\a",
                     "\x1b]4;3;#aabbcc\a",
                     "\x1b]11;rgb:00/11/22\a",
                     "\x1b]104;3\a",
                     "\x1b]104\a",
                     "\x1b]111\a",
                     "\x1bPq#0;1~~\x1b\\",
                     "\x1b_apc\x1b\\",
                     "\x1b[5 q",
                     "\x1b[>5u",
                     "\x1b[<u",
                     "\x1b[>4;2m",
                     "\x1b]52;c;aGVsbG8=\a"});
      default:
        return broken();
    }
  }
  std::string some(int pieces) {
    std::string out;
    for (int i = 0; i < pieces; ++i) out += next();
    return out;
  }
  int number(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
  std::string pick(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(number(0, static_cast<int>(from.size()) - 1))];
  }
  std::string words() {
    std::string out;
    for (int i = number(1, 12); i > 0; --i)
      out += pick({"a", "word", " ", "  ", "0123456789", "\u00e9", "e\u0301", "\u6f22\u5b57", "\U0001f600",
                   "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2500\u2510", "\u0915\u094d\u0937",
                   "\uff21", "x", "The quick brown fox jumps over the lazy dog"});
    return out;
  }
  std::string sequence(const std::string& final, int parameters, int most) {
    std::string out = "\x1b[";
    const bool asks = final.front() == '?';
    if (asks) out += '?';
    for (int i = number(0, parameters); i > 0; --i) {
      out += std::to_string(number(0, most));
      if (i > 1) out += ';';
    }
    return out + final.substr(asks ? 1 : 0);
  }
  std::string rendition() {
    std::string out = "\x1b[";
    for (int i = number(0, 4); i >= 0; --i) {
      out += pick({"0",        "1",           "2",          "3",
                   "4",        "4:3",         "5",          "7",
                   "8",        "9",           "21",         "22",
                   "23",       "24",          "25",         "27",
                   "28",       "29",          "31",         "37",
                   "39",       "42",          "49",         "53",
                   "55",       "90",          "97",         "103",
                   "38;5;200", "48;5;17",     "38;2;1;2;3", "48;2;250;251;252",
                   "58:5:9",   "58:2::1:2:3", "38:2:9:8:7", "59",
                   ""});
      if (i > 0) out += ';';
    }
    return out + "m";
  }
  std::string broken() {
    return pick({"\x1b[1;2\x18",
                 "\x1b[1;\x1b[m",
                 "\xc3",
                 "\xe6\xbc",
                 "\xf0\x9f",
                 "\xff",
                 "\xed\xa0\x80",
                 "\x1b[999999999m",
                 "\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1m",
                 "\x1b[?",
                 "\x1b]",
                 "\x1b[5b",
                 "\x1b[99999b",
                 "\x1b",
                 "\x7f",
                 "\x1b[ q",
                 "\x1b[<>m",
                 "\x1b[38m",
                 "\x1b[38;5m",
                 "\x1b[48;2;1m",
                 "\x1b[1$r",
                 "\x1b[20000;20000H",
                 "\x1b]8;;no end",
                 "\x1bP"});
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace berth::test

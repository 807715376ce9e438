// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/escape_filter.hpp"

#include <gtest/gtest.h>

#include <map>

namespace berth::desktop {
namespace {

struct Case {
  const char* name;
  QByteArray in;
  QByteArray show;
  QByteArray answer;
};

QByteArray fed(EscapeFilter& filter, const QByteArray& bytes, QByteArray* answer = nullptr) {
  const auto out = filter.feed(bytes);
  if (answer) *answer += out.answer;
  return out.show;
}

const Case cases[] = {
    {"text and colours pass", "a\x1b[1;31mred\x1b[0m\r\n", "a\x1b[1;31mred\x1b[0m\r\n", ""},
    {"titles pass", "\x1b]0;name\x07x", "\x1b]0;name\x07x", ""},
    {"a title that ends with ST", "\x1b]2;name\x1b\\x", "\x1b]2;name\x07x", ""},
    {"other commands are dropped", "\x1b]7;file:///home\x07\x1b]133;A\x07\x1b]52;c;aGk=\x07x", "x", ""},
    {"DCS and APC do not leak", "\x1bP+q544e\x1b\\\x1b_Gi=1\x1b\\x", "x", ""},
    {"background is told", "\x1b]11;?\x07", "", "\x1b]11;rgb:1010/2020/3030\x1b\\"},
    {"unknown modes are answered", "\x1b[?2026$p", "", "\x1b[?2026;0$y"},
    {"known modes are answered", "\x1b[?2004h\x1b[?2004$p\x1b[?1006$p\x1b[?25$p", "\x1b[?2004h",
     "\x1b[?2004;1$y\x1b[?1006;2$y\x1b[?25;1$y"},
    {"what is no mode is not answered", "\x1b[?25;!1$p\x1b[?$p\x1b[?-1$p\x1b[?99999999999$px", "x", ""},
    {"a mode is answered by its number", "\x1b[? +25$p", "", "\x1b[?25;1$y"},
    {"links and prompts are taken out", "a\x1b]8;;https://x.org\x1b\\b\x1b]8;;\x1b\\c", "abc", ""},
    {"a clipboard is never read", "\x1b]52;c;?\x07x", "x", ""},
    {"kitty's keyboard query", "\x1b[?ux\x1b[>1ux", "xx", ""},
    {"modifyOtherKeys is no colour", "\x1b[>4;2mx", "x", ""},
    {"SGR with colons", "\x1b[4:3;38:2::1:2:3mx", "\x1b[4;38;2;1;2;3mx", ""},
    {"window reports", "\x1b[14t\x1b[22;0;0tx", "x", ""},
    {"cut off by another", "\x1b]0;never\x1b[31mx", "\x1b]0;never\x07\x1b[31mx", ""},
    {"charset and keypad", "\x1b(B\x1b=x", "\x1b(B\x1b=x", ""},
};

TEST(EscapeFilter, PassesWhatTheWidgetKnowsAndDropsTheRest) {
  for (const auto& item : cases) {
    EscapeFilter filter;
    filter.setColors(QColor(1, 2, 3), QColor(0x10, 0x20, 0x30));
    QByteArray answer;
    EXPECT_EQ(fed(filter, item.in, &answer), item.show) << item.name;
    EXPECT_EQ(answer, item.answer) << item.name;
  }
}

TEST(EscapeFilter, DoesNotCareWhereTheBytesAreCut) {
  for (const auto& item : cases) {
    EscapeFilter filter;
    filter.setColors(QColor(1, 2, 3), QColor(0x10, 0x20, 0x30));
    QByteArray show;
    QByteArray answer;
    for (const char c : item.in) show += fed(filter, QByteArray(1, c), &answer);
    EXPECT_EQ(show, item.show) << item.name;
    EXPECT_EQ(answer, item.answer) << item.name;
  }
}

std::string told(const EscapeFilter::Output& out) {
  using Kind = EscapeFilter::Event::Kind;
  static const std::map<Kind, std::string> names = {
      {Kind::directory, "directory"}, {Kind::link, "link"},       {Kind::clipboard, "clipboard"},
      {Kind::prompt, "prompt"},       {Kind::command, "command"}, {Kind::finished, "finished"},
      {Kind::alternate, "alternate"}, {Kind::primary, "primary"}, {Kind::history_cleared, "cleared"},
      {Kind::rewound, "rewound"}};
  std::string text;
  for (const auto& event : out.events)
    text += names.at(event.kind) + "(" + event.text.toStdString() +
            (event.number ? std::to_string(event.number) : "") + ")@" + std::to_string(event.at) + " ";
  return text;
}

const struct {
  const char* name;
  QByteArray in;
  const char* events;
} told_cases[] = {
    {"directory", "x\x1b]7;file://boat/home/a%20b\x07", "directory(/home/a b)@1 "},
    {"a path without scheme", "\x1b]7;/srv\x07", "directory(/srv)@0 "},
    {"a link and its end",
     "ab\x1b]8;id=1;https://x.org/?a;b\x1b\\cd\x1b]8;;\x07"
     "e",
     "link(https://x.org/?a;b)@2 link()@4 "},
    {"a target has no control characters", "\x1b]8;;https://x\x01\x0ay\x07", "link(https://xy)@0 "},
    {"clipboard", "\x1b]52;c;aGVsbG8=\x07", "clipboard(hello)@0 "},
    {"damaged base64", "\x1b]52;c;a*b\x07", ""},
    {"the shell's marks",
     "\x1b]133;A\x07$ \x1b]133;B\x07ls\x1b]133;C\x07"
     "f\x1b]133;D;2\x07",
     "prompt()@0 command(-1)@4 finished(2)@5 "},
    {"how long a painted command runs already", "\x1b]133;C;cmdline=age;age=1500\x07\x1b]133;C;age=-1\x07",
     "command(1500)@0 command(-1)@0 "},
    {"no exit code", "\x1b]133;D\x07", "finished(-1)@0 "},
    {"VS Code's marks", "\x1b]633;A\x07\x1b]633;D;1\x07", "prompt()@0 finished(1)@0 "},
    {"the alternate screen", "a\x1b[?1049hb\x1b[?1049hc\x1b[?1049l", "alternate()@9 primary()@27 "},
    {"history goes", "ab\x1b[H\x1b[2J\x1b[3J", "cleared()@9 "},
};

TEST(EscapeFilter, TellsTheWindowWhatIsMeantForIt) {
  for (const auto& item : told_cases) {
    EscapeFilter filter;
    EXPECT_EQ(told(filter.feed(item.in)), item.events) << item.name;
  }
}

TEST(EscapeFilter, TellsItAlsoWhereTheBytesAreCut) {
  for (const auto& item : told_cases) {
    EscapeFilter whole;
    EscapeFilter cut;
    std::vector<EscapeFilter::Event> events;
    QByteArray show;
    for (const char c : item.in) {
      auto out = cut.feed(QByteArray(1, c));
      for (auto& event : out.events) {
        event.at += show.size();
        events.push_back(event);
      }
      show += out.show;
    }
    EXPECT_EQ(told({show, {}, events}), told(whole.feed(item.in))) << item.name;
  }
}

TEST(EscapeFilter, ALongTextForTheClipboardComesWhole) {
  EscapeFilter filter;
  const QByteArray text(300'000, 'x');
  const auto out = filter.feed("\x1b]52;c;" + text.toBase64() + '\a');
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].text, text);
  EXPECT_TRUE(filter.feed("\x1b]52;c;" + QByteArray(4'000'000, 'A') + '\a').events.empty()) << "half a text";
}

TEST(EscapeFilter, TellsOfRewindsWhileWatched) {
  EscapeFilter filter;
  EXPECT_EQ(told(filter.feed("a\x1b[A")), "");
  filter.watchRewinds(true);
  EXPECT_EQ(told(filter.feed("a\x1b[2A\x1b[1;5Hb\x1b[m")), "rewound()@5 rewound()@11 ");
}

TEST(EscapeFilter, AnEndlessSequenceTakesNoMemory) {
  EscapeFilter filter;
  filter.feed("\x1b]0;");
  for (int i = 0; i < 200; ++i) filter.feed(QByteArray(100'000, 'x'));
  EXPECT_LE(filter.feed("\x07").show.size(), 10'000);
}

}  // namespace
}  // namespace berth::desktop

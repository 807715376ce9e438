// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/escape_filter.hpp"

#include <gtest/gtest.h>

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

TEST(EscapeFilter, AnEndlessSequenceTakesNoMemory) {
  EscapeFilter filter;
  filter.feed("\x1b]0;");
  for (int i = 0; i < 200; ++i) filter.feed(QByteArray(100'000, 'x'));
  EXPECT_LE(filter.feed("\x07").show.size(), 5'000);
}

}  // namespace
}  // namespace berth::desktop

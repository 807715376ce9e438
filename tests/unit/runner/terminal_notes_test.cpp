// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_notes.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

TEST(TerminalNotes, FindsTitlesAcrossChunks) {
  TerminalNotes notes;
  EXPECT_FALSE(notes.feed("text \x1b"));
  EXPECT_FALSE(notes.feed("]0;a ti"));
  EXPECT_TRUE(notes.feed("tle\x07 more"));
  EXPECT_EQ(notes.take_title(), "a title");
  EXPECT_FALSE(notes.take_title());
  EXPECT_TRUE(notes.feed("\x1b]2;one\x1b\\\x1b]0;two\x07"));
  EXPECT_EQ(notes.take_title(), "two");
  EXPECT_FALSE(notes.feed("\x1b]8;;http://x\x07link\x1b[31mred"));
  EXPECT_TRUE(notes.feed("\x1b]0;\x07"));
  EXPECT_EQ(notes.take_title(), "");
}

TEST(TerminalNotes, BoundsWhatItKeeps) {
  TerminalNotes notes;
  EXPECT_TRUE(notes.feed("\x1b]0;" + std::string(100'000, 't') + "\x07"));
  EXPECT_LE(notes.take_title()->size(), 200u);
}

TEST(TerminalNotes, FindsTheDirectoryThatTheShellTells) {
  TerminalNotes notes;
  EXPECT_TRUE(notes.feed("\x1b]7;file://host/home/a%20b/%C3%A9\x1b\\"));
  EXPECT_EQ(notes.take_directory(), "/home/a b/\u00e9");
  for (const auto* wrong : {"\x1b]7;/home/me\x07", "\x1b]7;http://host/x\x07", "\x1b]7;file://host\x07",
                            "\x1b]7;file:///a%00b\x07", "\x1b]7;file:///a%\x07", "\x1b]7;file:///a%ff\x07"})
    EXPECT_FALSE(notes.feed(wrong)) << wrong + 1;
  EXPECT_FALSE(notes.feed("\x1b]7;file:///" + std::string(5000, 'x') + "\x07"));
}

}  // namespace
}  // namespace berth::runner

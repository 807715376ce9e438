// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of berthctl without I/O: orders among keys, words for a shell, paths, times.
#include <gmock/gmock.h>

#include "client/cli/context.hpp"
#include "client/cli/escape_keys.hpp"
#include "client/cli/exec_script.hpp"
#include "client/cli/remote_path.hpp"

namespace berth::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EscapeKeys, AreOrdersAtALinesBeginOnly) {
  EscapeKeys keys('~');
  EXPECT_THAT(keys.take("~.").orders, ElementsAre(Order::detach));
  EscapeKeys middle('~');
  auto typed = middle.take("a~.\r");
  EXPECT_EQ(typed.keys, "a~.\r");
  EXPECT_THAT(typed.orders, IsEmpty());
  EXPECT_EQ(middle.take("~").keys, "");
  typed = middle.take("x and more");
  EXPECT_THAT(typed.orders, ElementsAre(Order::end));
  EXPECT_EQ(typed.keys, "");
}

TEST(EscapeKeys, TwiceIsTheKeyAndAnythingElseIsTyped) {
  EscapeKeys keys('~');
  EXPECT_EQ(keys.take("~~.").keys, "~.");
  EXPECT_EQ(keys.take("\r~a~.").keys, "\r~a~.");
  EXPECT_THAT(keys.take("\r~?~?").orders, ElementsAre(Order::help, Order::help));
  EscapeKeys none({});
  EXPECT_EQ(none.take("~.").keys, "~.");
}

TEST(ShellWords, AreOneWordEach) {
  EXPECT_EQ(shell_words({"echo", "it's", "$a", ""}), "'echo' 'it'\\''s' '$a' ''");
}

TEST(TypedInput, QuotesWhatATerminalWouldTakeForOrders) {
  EXPECT_EQ(typed_input("a\n"), std::string("a\x16\n\x04"));
  EXPECT_EQ(typed_input(std::string_view("\0\x04", 2)), std::string("\x16\0\x16\x04\x04", 5));
  EXPECT_EQ(typed_input(""), "");
  // No line is longer than a terminal holds: behind each piece comes its end.
  const auto typed = typed_input(std::string(5000, 'x'));
  std::size_t line = 0;
  for (const char c : typed) {
    line = c == '\x04' ? 0 : line + 1;
    ASSERT_LE(line, 2048u);
  }
  EXPECT_EQ(std::ranges::count(typed, 'x'), 5000);
}

TEST(ExecScripts, NeverHoldTheMarkThatTheyPrint) {
  const auto scripts = exec_scripts({"echo", "@mark@", "@command@"}, "0123456789abcdef");
  for (const auto& script : {scripts.errors, scripts.command})
    EXPECT_EQ(script.find(ready_mark("0123456789abcdef")), script.npos);
  EXPECT_NE(scripts.command.find("'echo' '@mark@' '@command@'"), std::string::npos);
}

TEST(RemotePath, IsAWorkspaceAndAPathBelowHome) {
  const auto found = remote_path("work:project/a b/");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->workspace, "work");
  EXPECT_EQ(found->path, "project/a b");
  EXPECT_EQ(remote_path("work:")->path, "");
  EXPECT_EQ(remote_path("work:~/x")->path, "x");
  for (const char* local : {"file", "./a:b", "/a:b", ":x"}) EXPECT_FALSE(remote_path(local)) << local;
}

TEST(FileNames, FromAWorkspaceAreNotBelieved) {
  for (const char* name : {"", ".", "..", "a/b", "/etc/passwd"}) EXPECT_FALSE(is_file_name(name)) << name;
  EXPECT_FALSE(is_file_name(std::string("a\0b", 3)));
  EXPECT_TRUE(is_file_name("..."));
}

TEST(Durations, HaveAUnit) {
  EXPECT_EQ(duration_of("7d"), 7 * 86'400'000);
  EXPECT_EQ(duration_of("90s"), 90'000);
  for (const char* wrong :
       {"", "7", "d", "-1d", "0h", "1.5h", "99999d", "9999999999999999999d", "7d ", "7dd"})
    EXPECT_FALSE(duration_of(wrong)) << wrong;
}

TEST(PlainText, CantSteerATerminal) {
  EXPECT_EQ(plain("a\x1b[31m\nb\u202e"), "a\uFFFD[31m b\uFFFD");
  EXPECT_EQ(plain("grün 日本"), "grün 日本");
}

}  // namespace
}  // namespace berth::cli

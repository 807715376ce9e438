// SPDX-License-Identifier: GPL-3.0-or-later
// Real full-screen programs: a viewer that attaches anew at any moment has the same screen as one that saw
// every byte.
#include <gtest/gtest.h>

#include "runner/screen_model.hpp"
#include "runner_client.hpp"
#include "screen_dump.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using runner::ScreenModel;

class Capture {
 public:
  Capture(const RunnerProcess& runner, const std::string& command, int columns, int rows)
      : runner_(runner),
        client_(runner),
        columns_(columns),
        rows_(rows),
        terminal_(client_, command, columns, rows) {}

  /// Types, and waits until the program has answered and then rests for a moment.
  void type(std::string_view keys) {
    const auto before = terminal_.output().size();
    terminal_.type(keys);
    ASSERT_TRUE(client_.wait([&] { return terminal_.output().size() > before; })) << keys;
    rest();
  }
  void rest() {
    auto seen = terminal_.output().size();
    while (client_.wait([&] { return terminal_.output().size() != seen; }, 150ms))
      seen = terminal_.output().size();
  }
  bool shows(std::string_view text) {
    return client_.wait([&] {
      ScreenModel model(columns_, rows_);
      model.feed(terminal_.output());
      return screen_dump(model).contains(text);
    });
  }
  /// A late viewer's screen is the one that all the bytes make, now and a while later.
  void expect_same(const std::string& when) {
    RunnerClient late(runner_);
    TestTerminal viewer(late, TestTerminal::Existing{terminal_.id, std::nullopt});
    late.wait([] { return false; }, 50ms);
    const auto end = viewer.output_start + viewer.output().size();
    ASSERT_TRUE(client_.wait([&] { return terminal_.output().size() >= end; }));
    ScreenModel whole(columns_, rows_), painted(columns_, rows_);
    whole.feed(std::string_view(terminal_.output()).substr(0, end));
    painted.feed(viewer.screen);
    painted.feed(viewer.output());
    ASSERT_EQ(screen_dump(painted), screen_dump(whole)) << when;
  }
  std::string& output() { return terminal_.output(); }

 private:
  const RunnerProcess& runner_;
  RunnerClient client_;
  const int columns_, rows_;
  TestTerminal terminal_;
};

std::string some_source() {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += "int number_" + std::to_string(i) + " = " + std::to_string(i * i) +
            ";  // \u6f22\u5b57 caf\u00e9 \u2500\u2502 \"text\" and a comment that is rather long, so that "
            "it has to be wrapped\n";
  return text;
}

TEST(RunnerCaptures, vim) {
  const RunnerProcess runner;
  runner.write_file("project/source.c", some_source());
  Capture vim(runner,
              "vim -N -u NONE --cmd 'syntax on' --cmd 'set number background=dark laststatus=2' source.c", 90,
              28);
  ASSERT_TRUE(vim.shows("number_3"));
  vim.rest();
  vim.expect_same("opened");
  vim.type(":vsplit\r");
  vim.type("50Gzz");
  vim.expect_same("split");
  vim.type("ohello \u6f22\u5b57\x1b[D\x1b[D insert");
  vim.expect_same("inserting");
  vim.type("\x1b:set list cursorline\r");
  vim.type("\x04\x04\x06\x15");
  vim.expect_same("scrolled");
  vim.type("V5jd");
  vim.type(":%s/number/count/g\r");
  vim.expect_same("replaced");
  vim.type(":only\r");
  vim.type(":help\r");
  vim.expect_same("help");
  vim.type(":qa!\r");
  vim.expect_same("left");
}

TEST(RunnerCaptures, less) {
  const RunnerProcess runner;
  runner.write_file("project/text", some_source());
  Capture less(runner, "echo before; less -RN text; read x", 70, 20);
  ASSERT_TRUE(less.shows("number_2"));
  less.expect_same("opened");
  less.type("  ");
  less.expect_same("paged");
  less.type("/count|number_77\r");
  less.expect_same("searched");
  less.type("G");
  less.type("ykk");
  less.expect_same("back");
  less.type("h");
  less.expect_same("help");
  less.type("qq");
  less.expect_same("left");
}

TEST(RunnerCaptures, htop) {
  const RunnerProcess runner;
  Capture htop(runner, "htop -d 3", 100, 30);
  ASSERT_TRUE(htop.shows("Tasks"));
  for (int i = 0; i < 4; ++i) {
    htop.type("\x1b[B");
    htop.expect_same("running");
  }
  htop.type("\x1bOP");  // F1
  htop.expect_same("help");
  htop.type("q");
  htop.type("t");
  htop.expect_same("tree");
  htop.type("q");
  htop.expect_same("left");
}

TEST(RunnerCaptures, mc) {
  const RunnerProcess runner;
  runner.write_file("project/one.txt", some_source());
  Capture mc(runner, "mc -u", 100, 30);
  ASSERT_TRUE(mc.shows("one.txt"));
  mc.rest();
  mc.expect_same("opened");
  mc.type("\x1bOB");
  mc.type("\x1bOR");  // F3: the viewer
  mc.expect_same("viewer");
  mc.type("\x1b[6~");
  mc.expect_same("paged");
  mc.type("\x1b[21~");
  mc.type("\x1b[20~");  // F9: the menu
  mc.expect_same("menu");
  mc.type("\r");
  mc.expect_same("open menu");
}

TEST(RunnerCaptures, tmux) {
  const RunnerProcess runner;
  Capture tmux(runner, "tmux -L $$ -f /dev/null new-session \"env PS1='in> ' bash --norc\"", 100, 30);
  ASSERT_TRUE(tmux.shows("in>"));
  tmux.rest();
  tmux.expect_same("opened");
  tmux.type("seq 1 200; printf '\\033[1;38;5;200mcolour\\033[m\\n'\r");
  tmux.expect_same("seq");
  tmux.type("\x02%");
  tmux.expect_same("split");
  tmux.type("\x02\"");
  tmux.type("for i in 1 2 3 4 5 6 7 8; do echo \u6f22\u5b57 $i; done\r");
  tmux.expect_same("three panes");
  tmux.type("\x02z");
  tmux.expect_same("zoomed");
  tmux.type("\x02[");
  tmux.type("\x1b[5~");
  tmux.expect_same("copy mode");
  tmux.type("q");
  tmux.type("\x02:kill-server\r");
  tmux.expect_same("left");
}

}  // namespace
}  // namespace berth::test

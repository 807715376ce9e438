// SPDX-License-Identifier: GPL-3.0-or-later
// Several people in one terminal: its size, who is there, who leads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::UnorderedElementsAre;
using Existing = TestTerminal::Existing;

Existing sized(const TestTerminal& terminal, int columns, int rows) {
  return {terminal.id, 0, columns, rows};
}

bool has_size(RunnerClient& client, const TestTerminal& terminal, int columns, int rows) {
  return client
      .wait_for<TerminalChanged>([&](const auto& params) {
        return params.terminal.terminal == terminal.id && params.terminal.columns == columns &&
               params.terminal.rows == rows;
      })
      .has_value();
}

TEST(RunnerSharedTerminal, has_the_smallest_columns_and_rows_of_those_who_may_type) {
  const RunnerProcess runner;
  RunnerClient first(runner), second(runner), watcher(runner, Role::viewer);
  TestTerminal one(first, "while read x; do stty size; done", 120, 30);
  const TestTerminal attached_one(first, sized(one, 120, 30));
  const TestTerminal two(second, sized(one, 100, 50));
  EXPECT_TRUE(has_size(first, one, 100, 30));
  // Who only watches makes it no smaller, and may not resize.
  const TestTerminal watching(watcher, sized(one, 20, 5));
  EXPECT_EQ(watcher.call<TerminalResize>({one.id, 20, 5}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(watcher.call<TerminalLead>({one.id, true}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(first.must<TerminalList>({}).terminals.at(0).columns, 100);
  TestTerminal typing(second, Existing{one.id, std::nullopt, 100, 50});
  typing.type("\n");
  EXPECT_TRUE(typing.see("30 100\r\n"));
  second.must<TerminalDetach>({one.id});
  EXPECT_TRUE(has_size(first, one, 120, 30));
}

TEST(RunnerSharedTerminal, has_the_leaders_size_until_it_gives_that_up_or_goes) {
  const RunnerProcess runner;
  RunnerClient first(runner), second(runner);
  TestTerminal one(first, "sleep 1000", 120, 30);
  const TestTerminal attached_one(first, sized(one, 120, 30));
  const TestTerminal two(second, sized(one, 80, 20));
  ASSERT_TRUE(has_size(first, one, 80, 20));
  first.must<TerminalLead>({one.id, true});
  EXPECT_TRUE(has_size(second, one, 120, 30));
  EXPECT_TRUE(second.wait_for<TerminalChanged>(
      [&](const auto& params) { return params.terminal.leader == first.hello().session; }));
  second.must<TerminalResize>({one.id, 70, 10});
  EXPECT_EQ(first.must<TerminalList>({}).terminals.at(0).columns, 120);
  second.forget_notifications();
  first.must<TerminalLead>({one.id, false});
  EXPECT_TRUE(has_size(second, one, 70, 10));
  second.must<TerminalLead>({one.id, true});
  second.must<TerminalDetach>({one.id});
  first.forget_notifications();
  EXPECT_TRUE(first.wait([&] {
    const auto listed = first.must<TerminalList>({}).terminals.at(0);
    return listed.columns == 120 && !listed.leader;
  }));
  EXPECT_FALSE(second.call<TerminalLead>({one.id, true}));  // it is not attached
}

TEST(RunnerSharedTerminal, tells_who_is_there) {
  const RunnerProcess runner;
  RunnerClient first(runner), second(runner), watcher(runner, Role::viewer);
  const auto a = first.hello().session, b = second.hello().session, c = watcher.hello().session;
  TestTerminal one(first, "sleep 1000");
  const auto told = [&](const auto& matcher) {
    return first
        .wait_for<TerminalChanged>([&](const auto& params) {
          return params.terminal.viewers && testing::Matches(matcher)(*params.terminal.viewers);
        })
        .has_value();
  };
  EXPECT_TRUE(told(ElementsAre(a)));
  const TestTerminal two(second, Existing{one.id, 0}), three(watcher, Existing{one.id, 0});
  EXPECT_TRUE(told(UnorderedElementsAre(a, b, c)));
  EXPECT_THAT(*three.info.viewers, Contains(c));
  first.forget_notifications();
  second.must<TerminalDetach>({one.id});
  EXPECT_TRUE(told(UnorderedElementsAre(a, c)));
  watcher.drop();
  EXPECT_TRUE(told(ElementsAre(a)));
}

TEST(RunnerSharedTerminal, a_lost_connection_keeps_its_size_for_a_while_only) {
  const RunnerProcess runner;
  RunnerClient first(runner), second(runner);
  TestTerminal one(first, "sleep 1000", 120, 30);
  const TestTerminal attached_one(first, sized(one, 120, 30));
  const TestTerminal two(second, sized(one, 80, 20));
  ASSERT_TRUE(has_size(first, one, 80, 20));
  const auto session = second.hello().session;
  first.forget_notifications();
  second.drop();
  EXPECT_FALSE(first.wait([&] { return first.must<TerminalList>({}).terminals.at(0).columns != 80; }, 1s));
  {
    RunnerClient again(runner, Role::owner, session);
    ASSERT_TRUE(again.hello().resumed);
    const TestTerminal back(again, sized(one, 80, 20));
    EXPECT_EQ(back.info.columns, 80);
  }
  EXPECT_TRUE(has_size(first, one, 120, 30));
}

TEST(RunnerSharedTerminal, an_edge_of_a_size_is_refused) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const TestTerminal one(client, "sleep 1000");
  for (const auto& [columns, rows] : {std::pair(0, 10), std::pair(10, 1001), std::pair(-1, -1)})
    EXPECT_EQ(client.call<TerminalAttach>({one.id, 1000, 0, columns, rows, {}, {}}).error().code,
              ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace berth::test

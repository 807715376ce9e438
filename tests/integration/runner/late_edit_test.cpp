// SPDX-License-Identifier: GPL-3.0-or-later
// Edits that arrive after their window went on from another connection: none is applied twice.
#include <gtest/gtest.h>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;

struct RunnerLateEdit : testing::Test {
  RunnerLateEdit() { runner.write_file("a.txt", "x"); }
  static DocumentOpen::Result open(RunnerClient& client) {
    return client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  }
  /// One that was sent and not answered, of a text of one letter.
  static DocumentEdit::Params edit(const DocumentOpen::Result& opened, const std::string& id) {
    return {opened.document, opened.version, id, TextOperation().retain(1).insert("y")};
  }
  static bool is_over(const Result<DocumentEdit::Result>& answer) {
    return !answer && answer.error().code == ErrorCode::conflict;
  }
  std::string text() {
    RunnerClient client(runner);
    return *open(client).text;
  }
  RunnerProcess runner;
};

TEST_F(RunnerLateEdit, what_the_old_connection_of_a_resumed_session_still_sends_is_not_read) {
  RunnerClient old(runner);
  const auto opened = open(old);
  RunnerClient now(runner, Role::owner, old.hello().session);
  ASSERT_TRUE(now.hello().resumed);
  const auto asked = now.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-1"});
  ASSERT_FALSE(asked.operation_version);
  try {
    old.send_request(DocumentEdit::method, encode(edit(opened, "ann-1")));
    (void)old.wait([] { return false; }, 200ms);
  } catch (const std::exception&) {
    // It is closed already.
  }
  now.must<DocumentEdit>(edit(asked, "ann-2"));
  EXPECT_TRUE(old.wait([&] { return old.closed(); }));
  EXPECT_EQ(text(), "xy");
}

TEST_F(RunnerLateEdit, one_of_another_session_is_over_once_its_window_got_the_text_without_it) {
  RunnerClient old(runner), now(runner);
  const auto opened = open(old);
  const auto asked = now.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-1"});
  ASSERT_EQ(asked.text, "x");
  ASSERT_FALSE(asked.operation_version);
  EXPECT_TRUE(is_over(old.call<DocumentEdit>(edit(opened, "ann-1"))));
  now.must<DocumentEdit>(edit(asked, "ann-2"));
  EXPECT_TRUE(is_over(old.call<DocumentEdit>(edit(opened, "ann-1"))));
  EXPECT_EQ(text(), "xy");
}

TEST_F(RunnerLateEdit, one_of_another_session_is_over_once_its_window_got_the_changes_without_it) {
  RunnerClient old(runner), now(runner);
  const auto opened = open(old);
  const auto asked = now.must<DocumentOpen>({"a.txt", {}, {}, {}, opened.document, opened.version, "ann-1"});
  ASSERT_TRUE(asked.changes && asked.changes->empty());
  EXPECT_TRUE(is_over(old.call<DocumentEdit>(edit(opened, "ann-1"))));
  now.forget_notifications();
  // As it was first sent: nobody tells this window of it as of somebody else's.
  const auto version = now.must<DocumentEdit>(edit(opened, "ann-1")).version;
  EXPECT_EQ(version, opened.version + 1);
  EXPECT_EQ(old.must<DocumentEdit>(edit(opened, "ann-1")).version, version) << "it is known by now";
  int told = 0;
  now.each<DocumentChanged>([&](const auto&) { ++told; });
  EXPECT_EQ(told, 0);
  EXPECT_EQ(text(), "xy");
}

TEST_F(RunnerLateEdit, one_that_came_before_is_known_to_the_window_that_asks) {
  RunnerClient old(runner), now(runner);
  const auto opened = open(old);
  const auto version = old.must<DocumentEdit>(edit(opened, "ann-1")).version;
  const auto asked = now.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-1"});
  EXPECT_EQ(asked.operation_version, version);
  EXPECT_EQ(asked.text, "xy");
}

TEST_F(RunnerLateEdit, a_window_goes_on_from_its_newest_connection_whatever_it_asked_there) {
  RunnerClient first(runner), second(runner), third(runner);
  const auto opened = open(first);
  second.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-1"});
  const auto newest = open(third);  // nothing was under way
  third.must<DocumentEdit>(edit(newest, "ann-2"));
  EXPECT_TRUE(is_over(first.call<DocumentEdit>(edit(opened, "ann-3"))));
  EXPECT_TRUE(is_over(second.call<DocumentEdit>(edit(opened, "ann-3"))));
  // Others are none of its business.
  EXPECT_TRUE(first.call<DocumentEdit>(edit(opened, "bea-1")));
}

TEST_F(RunnerLateEdit, one_who_may_not_edit_takes_nobody_s_edits_over) {
  RunnerClient writer(runner), viewer(runner, Role::viewer);
  const auto opened = open(writer);
  viewer.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-7"});
  EXPECT_TRUE(writer.call<DocumentEdit>(edit(opened, "ann-1")));
}

}  // namespace
}  // namespace berth::test

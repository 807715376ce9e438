// SPDX-License-Identifier: GPL-3.0-or-later
// Two people of different accounts and roles in one workspace: who is here, where they are, who left.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;

/// Dials as this person.
RunnerPlace as_person(const RunnerProcess& runner, const std::string& user, const std::string& name) {
  return {runner.socket_path(), [&runner, user, name](Role role) {
            auto claims = runner.claims(role, "session", 30);
            claims.user = user;
            claims.user_name = name;
            return sign_connect_token(claims, runner.server_keys().secret_key);
          }};
}

struct RunnerPresence : testing::Test {
  RunnerPresence() { runner.write_file("project/main.py", "print('hello')\nprint('world')\n"); }
  RunnerClient ada() { return RunnerClient(as_person(runner, "u-ada", "Ada"), Role::owner); }
  RunnerClient grace(std::optional<std::string> resume = {}) {
    return RunnerClient(as_person(runner, "u-grace", "Grace"), Role::viewer, std::move(resume));
  }
  static std::optional<Participant> told(RunnerClient& client,
                                         const std::function<bool(const Participant&)>& wanted) {
    const auto found = client.wait_for<PresenceChanged>(
        [&](const PresenceChanged::Params& params) { return wanted(params.participant); });
    return found ? std::optional(found->participant) : std::nullopt;
  }
  RunnerProcess runner;
};

TEST_F(RunnerPresence, whoever_says_hello_appears_with_name_role_and_a_colour_of_their_own) {
  auto one = ada();
  const auto alone = one.must<PresenceList>({}).participants;
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_EQ(alone[0].session, one.hello().session);
  EXPECT_EQ(alone[0].name, "Ada");
  auto two = grace();
  const auto came = told(one, [&](const Participant& who) { return who.session == two.hello().session; });
  ASSERT_TRUE(came);
  EXPECT_EQ(came->user, "u-grace");
  EXPECT_EQ(came->name, "Grace");
  EXPECT_EQ(came->role, Role::viewer);
  EXPECT_TRUE(came->connected);
  EXPECT_NE(came->colour, alone[0].colour);
  // The server's own link is nobody.
  auto server = RunnerClient::without_hello(runner, Role::server);
  EXPECT_TRUE(server.call<SessionPing>({}));
  EXPECT_EQ(two.must<PresenceList>({}).participants.size(), 2u);
}

TEST_F(RunnerPresence, a_viewer_s_cursor_is_shown_and_moves_with_the_text) {
  auto one = ada();
  auto two = grace();
  const auto mine = one.must<DocumentOpen>({.path = "project/main.py"});
  const auto theirs = two.must<DocumentOpen>({.path = "project/main.py"});
  one.must<PresenceList>({});
  two.must<PresenceSet>({theirs.document, theirs.version, {{15, 20}}, 0, {}, {}});
  auto seen = told(one, [](const Participant& who) { return who.document.has_value(); });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->path, "project/main.py");
  EXPECT_EQ(seen->selections.at(0).anchor, 15);
  EXPECT_EQ(seen->selections.at(0).head, 20);
  EXPECT_EQ(seen->version, mine.version);
  // Somebody types in front of it: whoever asks later gets where it is now.
  const auto length = static_cast<std::int64_t>(mine.text->size());
  const auto edited = one.must<DocumentEdit>(
      {mine.document, mine.version, "a-1", TextOperation().insert("#!\n").retain(length)});
  ASSERT_TRUE(
      two.wait_for<DocumentChanged>([&](const auto& params) { return params.version == edited.version; }));
  auto three = ada();
  const auto all = three.must<PresenceList>({}).participants;
  const auto there = std::ranges::find(all, two.hello().session, &Participant::session);
  ASSERT_NE(there, all.end());
  EXPECT_EQ(there->version, edited.version);
  EXPECT_EQ(there->selections.at(0).head, 23);
  // Said of an older version: brought to the newest.
  one.forget_notifications();
  two.must<PresenceSet>({theirs.document, theirs.version, {{1, 1}}, 0, {}, {}});
  seen = told(one, [&](const Participant& who) {
    return who.session == two.hello().session && who.selections.size() == 1 && who.selections[0].head == 4;
  });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->version, edited.version);
}

TEST_F(RunnerPresence, nothing_shows_of_documents_that_are_not_open_or_closed_again) {
  auto one = ada();
  auto two = grace();
  const auto mine = one.must<DocumentOpen>({.path = "project/main.py"});
  one.must<PresenceList>({});
  // Not open in that window, however it may know the id.
  two.must<PresenceSet>({mine.document, mine.version, {{1, 1}}, {}, {}, one.hello().session});
  auto seen = told(one, [](const Participant& who) { return who.following.has_value(); });
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->document);
  EXPECT_TRUE(seen->selections.empty());
  const auto theirs = two.must<DocumentOpen>({.path = "project/main.py"});
  two.must<PresenceSet>({theirs.document, theirs.version, {{1, std::int64_t{1} << 60}}, {}, "nonsense", {}});
  seen = told(one, [](const Participant& who) { return who.document.has_value(); });
  ASSERT_TRUE(seen);
  EXPECT_LE(seen->selections.at(0).head, static_cast<std::int64_t>(mine.text->size()));
  EXPECT_FALSE(seen->terminal);
  one.forget_notifications();
  two.must<DocumentClose>({theirs.document});
  seen = told(one, [&](const Participant& who) { return who.session == two.hello().session; });
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->document);
  EXPECT_FALSE(seen->path);
}

TEST_F(RunnerPresence, too_many_selections_and_endless_ids_are_refused) {
  auto two = grace();
  auto answer = two.call<PresenceSet>({{}, 0, std::vector<TextSelection>(65, {0, 0}), {}, {}, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
  answer = two.call<PresenceSet>({{}, 0, {}, {}, {}, std::string(100'000, 'x')});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
}

TEST_F(RunnerPresence, positions_that_would_cost_much_to_bring_forward_count_as_forgotten) {
  auto one = ada();
  auto two = grace();
  const auto mine = one.must<DocumentOpen>({.path = "project/main.py"});
  const auto theirs = two.must<DocumentOpen>({.path = "project/main.py"});
  one.must<PresenceList>({});
  auto length = static_cast<std::int64_t>(mine.text->size());
  auto version = mine.version;
  const auto insert = [&](const std::string& id, std::string text) {
    const auto more = static_cast<std::int64_t>(text.size());
    version = one.must<DocumentEdit>(
                     {mine.document, version, id, TextOperation().insert(std::move(text)).retain(length)})
                  .version;
    length += more;
  };
  insert("a-1", std::string(200'000, 'x'));
  const auto after_large = version;
  insert("a-2", "y");
  const auto place_of_two = [&](std::uint64_t said_at) {
    one.forget_notifications();
    // As many as there may be, as often as it likes: none costs more than looking how far back it is.
    for (int i = 0; i < 200; ++i)
      two.send_text(
          request_text(100'000 + i, PresenceSet::method,
                       encode(PresenceSet::Params{
                           theirs.document, said_at, std::vector<TextSelection>(64, {3, 4}), 5, {}, {}})));
    two.must<SessionPing>({});
    return told(one, [&](const Participant& who) {
      return who.session == two.hello().session && who.document == theirs.document;
    });
  };
  auto seen = place_of_two(mine.version);
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->selections.empty());
  EXPECT_FALSE(seen->top);
  EXPECT_EQ(seen->path, "project/main.py");
  EXPECT_EQ(seen->version, version);
  // What costs little is brought there.
  seen = place_of_two(after_large);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->selections.size(), 64u);
  EXPECT_EQ(seen->selections[0].anchor, 4);
  EXPECT_EQ(seen->top, 6);
}

TEST_F(RunnerPresence, the_terminal_that_a_person_looks_at_is_told_until_it_is_closed) {
  auto one = ada();
  auto two = grace();
  one.must<PresenceList>({});
  const TestTerminal terminal(one);
  two.must<PresenceSet>({{}, 0, {}, {}, terminal.id, {}});
  ASSERT_TRUE(told(one, [&](const Participant& who) { return who.terminal == terminal.id; }));
  one.forget_notifications();
  one.must<TerminalClose>({terminal.id});
  EXPECT_TRUE(
      told(one, [&](const Participant& who) { return who.session == two.hello().session && !who.terminal; }));
}

TEST_F(RunnerPresence, a_drop_is_told_and_coming_back_is_the_same_person_in_the_same_colour) {
  auto one = ada();
  auto two = grace();
  const auto session = two.hello().session;
  const auto before = one.must<PresenceList>({}).participants;
  two.drop();
  ASSERT_TRUE(told(one, [&](const Participant& who) { return who.session == session && !who.connected; }));
  one.forget_notifications();
  auto again = grace(session);
  ASSERT_TRUE(again.hello().resumed);
  const auto back =
      told(one, [&](const Participant& who) { return who.session == session && who.connected; });
  ASSERT_TRUE(back);
  const auto known = std::ranges::find(before, session, &Participant::session);
  ASSERT_NE(known, before.end());
  EXPECT_EQ(back->colour, known->colour);
}

TEST_F(RunnerPresence, who_does_not_come_back_in_time_has_left) {
  RunnerProcess short_lived{RunnerOptions{.resumable = 200}};
  RunnerClient one(as_person(short_lived, "u-ada", "Ada"), Role::owner);
  RunnerClient two(as_person(short_lived, "u-grace", "Grace"), Role::editor);
  one.must<PresenceList>({});
  const auto session = two.hello().session;
  two.drop();
  EXPECT_TRUE(one.wait_for<PresenceLeft>([&](const auto& params) { return params.session == session; }));
  EXPECT_EQ(one.must<PresenceList>({}).participants.size(), 1u);
}

TEST_F(RunnerPresence, a_window_that_closes_on_purpose_has_left_at_once) {
  auto one = ada();
  auto two = grace();
  one.must<PresenceList>({});
  const auto session = two.hello().session;
  two.say_goodbye();
  two.drop();
  EXPECT_TRUE(one.wait_for<PresenceLeft>([&](const auto& params) { return params.session == session; }));
  one.forget_notifications();
  const auto again = grace(session);
  EXPECT_TRUE(again.hello().resumed);
  EXPECT_TRUE(told(one, [&](const Participant& who) { return who.session == session && who.connected; }));
}

TEST_F(RunnerPresence, what_a_window_sends_as_it_closes_is_read_though_it_reads_no_more) {
  runner.write_file("project/large.txt", std::string(8'000'000, 'x'));
  auto one = ada();
  RunnerClient two(as_person(runner, "u-grace", "Grace"), Role::editor);
  one.must<PresenceList>({});
  const auto opened = two.must<DocumentOpen>({.path = "project/main.py"});
  const auto session = two.hello().session;
  // More than its socket takes, so that the runner waits in the middle of writing when the window goes.
  for (int i = 0; i < 2; ++i)
    two.send_request(DocumentOpen::method, encode(DocumentOpen::Params{.path = "project/large.txt"}));
  one.must<DocumentOpen>({.path = "project/large.txt"});
  ASSERT_EQ(::kill(runner.pid(), SIGSTOP), 0);
  two.send_request(DocumentEdit::method,
                   encode(DocumentEdit::Params{opened.document, opened.version, "bea-1",
                                               TextOperation().insert("last ").retain(opened.length)}));
  two.say_goodbye();
  two.drop();
  ASSERT_EQ(::kill(runner.pid(), SIGCONT), 0);
  EXPECT_TRUE(one.wait_for<PresenceLeft>([&](const auto& params) { return params.session == session; }));
  EXPECT_TRUE(one.wait([&] { return runner.read_file("project/main.py").starts_with("last print"); }));
}

TEST_F(RunnerPresence, hundreds_of_moves_become_few_and_the_last_one_is_told) {
  auto one = ada();
  auto two = grace();
  const auto theirs = two.must<DocumentOpen>({.path = "project/main.py"});
  one.must<PresenceList>({});
  constexpr int moves = 600;
  for (int move = 1; move <= moves; ++move)
    two.send_request(PresenceSet::method,
                     encode(PresenceSet::Params{
                         theirs.document, theirs.version, {{move % 10, move % 10}}, move % 5, {}, {}}));
  two.must<PresenceSet>({theirs.document, theirs.version, {{12, 13}}, 0, {}, {}});
  int heard = 0;
  EXPECT_TRUE(one.wait([&] {
    heard = 0;
    bool last = false;
    one.each<PresenceChanged>([&](const PresenceChanged::Params& params) {
      ++heard;
      const auto& at = params.participant.selections;
      last = last || (at.size() == 1 && at[0].head == 13);
    });
    return last;
  }));
  EXPECT_LT(heard, moves / 2);
}

}  // namespace
}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document_sync.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "random_edits.hpp"
#include "tests/soak.hpp"

namespace berth::client {
namespace {

using protocol::TextOperation;
using test::Soak;

/// The text a person sees, and the server's, with an edit under way between them.
struct Pair {
  std::string mine = "alpha\nbeta\ngamma\n";
  std::string server = mine;
  std::uint64_t version = 1;
  DocumentSync sync{std::string("t")};
  Pair() { sync.opened(1); }
  void type(std::int64_t at, const std::string& removed, const std::string& inserted) {
    const LocalEdit edit{at, removed, inserted, static_cast<std::int64_t>(protocol::utf16_length(mine))};
    mine = *test::operation_of(edit).apply(mine);
    sync.typed(edit);
  }
  TextOperation serverEdit(std::int64_t at, const std::string& removed, const std::string& inserted) {
    const LocalEdit edit{at, removed, inserted, static_cast<std::int64_t>(protocol::utf16_length(server))};
    auto operation = test::operation_of(edit);
    server = *operation.apply(server);
    ++version;
    return operation;
  }
  void take(const DocumentSync::Outcome& outcome) {
    if (outcome.apply) mine = *outcome.apply->apply(mine);
  }
};

TEST(DocumentSync, SendsOneOperationAtATimeAndComposesTheRest) {
  Pair pair;
  pair.type(0, "", "x");
  const auto first = pair.sync.next();
  ASSERT_TRUE(first);
  pair.type(1, "", "y");
  pair.type(2, "", "z");
  EXPECT_FALSE(pair.sync.next());
  pair.take(pair.sync.acknowledged(2));
  const auto second = pair.sync.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->base_version, 2u);
  EXPECT_NE(second->operation_id, first->operation_id);
  EXPECT_EQ(*second->operation.apply("xalpha\nbeta\ngamma\n"), "xyzalpha\nbeta\ngamma\n");
}

TEST(DocumentSync, KeepsTheEditInFlightAsItWasFirstSent) {
  Pair pair;
  pair.type(0, "", "mine ");
  const auto sent = pair.sync.next();
  ASSERT_TRUE(sent);
  pair.take(pair.sync.remote(2, pair.serverEdit(11, "gamma", "GAMMA")));
  EXPECT_EQ(pair.mine, "mine alpha\nbeta\nGAMMA\n");
  EXPECT_EQ(pair.sync.resend()->base_version, 1u);
  EXPECT_EQ(pair.sync.resend()->operation, sent->operation);
  EXPECT_EQ(pair.sync.resend()->operation_id, sent->operation_id);
  pair.take(pair.sync.acknowledged(3));
  EXPECT_FALSE(pair.sync.hasUnsent());
  EXPECT_EQ(pair.sync.version(), 3u);
}

TEST(DocumentSync, MergesOnePlaceInSilenceWhileConnected) {
  Pair pair;
  pair.type(6, "beta", "mine");
  ASSERT_TRUE(pair.sync.next());
  pair.take(pair.sync.remote(2, pair.serverEdit(6, "beta", "theirs")));
  EXPECT_FALSE(pair.sync.inConflict());
  EXPECT_EQ(pair.mine, "alpha\ntheirsmine\ngamma\n");
  EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server);  // what both deleted does not come back
}

TEST(DocumentSync, ARefusedEditWaitsAgainOnTheTextThatCameMeanwhile) {
  Pair pair;
  pair.type(0, "", "x");
  const auto sent = pair.sync.next();
  pair.take(pair.sync.remote(2, pair.serverEdit(0, "", "# ")));
  const auto outcome = pair.sync.refused();
  EXPECT_FALSE(outcome.reopen);
  const auto again = pair.sync.next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->base_version, 2u);
  EXPECT_NE(again->operation_id, sent->operation_id);
  EXPECT_EQ(*again->operation.apply(pair.server), pair.mine);
  EXPECT_TRUE(pair.sync.refused().reopen);  // nothing came: it is to be asked for
}

TEST(DocumentSync, FindsItsOwnEditAmongTheChangesThatItMissed) {
  Pair pair;
  pair.type(0, "", "mine ");
  const auto sent = pair.sync.next();
  pair.type(0, "", "more ");
  std::vector<protocol::DocumentChange> missed;
  missed.push_back({2, pair.serverEdit(6, "", "b1 "), "other", {}});
  auto mine = transform(sent->operation, missed[0].operation)->mine;
  pair.server = *mine.apply(pair.server);
  missed.push_back({3, mine, "me", sent->operation_id});
  pair.version = 3;
  missed.push_back({4, pair.serverEdit(0, "", "top "), "other", {}});
  pair.take(pair.sync.back(missed, false));
  EXPECT_FALSE(pair.sync.inFlight());
  EXPECT_EQ(pair.sync.version(), 4u);
  EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server);
  EXPECT_EQ(*pair.sync.next()->operation.apply(pair.server), pair.mine);
}

TEST(DocumentSync, TakesTheTextWhereTheChangesAreForgotten) {
  for (const bool applied : {true, false}) {
    Pair pair;
    pair.type(0, "", "once ");
    const auto sent = pair.sync.next();
    pair.type(5, "", "twice ");
    if (applied) pair.server = *sent->operation.apply(pair.server);
    const auto end = static_cast<std::int64_t>(protocol::utf16_length(pair.server));
    pair.serverEdit(end, "", "delta\n");
    pair.take(pair.sync.back(9, pair.server, applied, pair.mine, false));
    EXPECT_EQ(pair.mine, "once twice alpha\nbeta\ngamma\ndelta\n");
    while (const auto edit = pair.sync.next()) {
      EXPECT_NE(edit->operation_id, sent->operation_id);
      pair.server = *edit->operation.apply(pair.server);
      pair.take(pair.sync.acknowledged(edit->base_version + 1));
    }
    EXPECT_EQ(pair.server, pair.mine);
  }
}

// The workspace was started anew while the question stood: it is asked again, not answered in silence.
TEST(DocumentSync, AnOpenQuestionIsAskedAgainWhenTheWholeTextComesAnew) {
  Pair pair;
  pair.type(6, "", "beta\n");
  pair.server = *pair.sync.next()->operation.apply(pair.server);
  pair.serverEdit(0, "", "# ");
  pair.take(pair.sync.back(9, pair.server, false, pair.mine, false));
  ASSERT_TRUE(pair.sync.inDoubt());
  pair.serverEdit(0, "", "#");
  pair.take(pair.sync.back(1, pair.server, false, pair.mine, false));
  ASSERT_TRUE(pair.sync.inDoubt());
  EXPECT_EQ(pair.sync.theirText(pair.mine), "## alpha\nbeta\nbeta\ngamma\n");
  pair.take(pair.sync.keepMine(pair.mine));
  EXPECT_EQ(pair.mine, "## alpha\nbeta\nbeta\ngamma\n");
}

// The edit is in the text, but its id is forgotten; a line that is there twice does not show where it came.
TEST(DocumentSync, WhatTheTextSeemsToHoldAlreadyIsAskedAbout) {
  const std::string once = "# alpha\nbeta\nbeta\ngamma\n", twice = "# alpha\nbeta\nbeta\nbeta\ngamma\n";
  for (const int choice : {0, 1, 2}) {
    Pair pair;
    pair.type(6, "", "beta\n");
    pair.server = *pair.sync.next()->operation.apply(pair.server);
    pair.serverEdit(0, "", "# ");
    pair.take(pair.sync.back(9, pair.server, false, pair.mine, false));
    ASSERT_TRUE(pair.sync.inDoubt());
    EXPECT_EQ(pair.sync.theirText(pair.mine), once);
    pair.take(choice == 0   ? pair.sync.keepMine(pair.mine)
              : choice == 1 ? pair.sync.takeTheirs()
                            : pair.sync.keepBoth());
    EXPECT_EQ(pair.mine, choice == 2 ? twice : once);
    while (const auto edit = pair.sync.next()) {
      pair.server = *edit->operation.apply(pair.server);
      pair.take(pair.sync.acknowledged(edit->base_version + 1));
    }
    EXPECT_EQ(pair.server, pair.mine);
  }
}

TEST(DocumentSync, WhatTheTextHoldsWhollyIsNotSentAgain) {
  Pair pair;
  pair.type(6, "", "beta\n");
  pair.server = *pair.sync.next()->operation.apply(pair.server);
  pair.take(pair.sync.back(9, pair.server, false, pair.mine, false));
  EXPECT_FALSE(pair.sync.hasUnsent());
  EXPECT_FALSE(pair.sync.inConflict());
  EXPECT_EQ(pair.mine, pair.server);
}

TEST(DocumentSync, WhatWasNeverSentIsNotTakenForSomebodyElses) {
  Pair pair;
  pair.type(6, "", "beta\n");
  pair.serverEdit(6, "", "beta\n");
  pair.serverEdit(0, "", "# ");
  pair.take(pair.sync.back(9, pair.server, false, pair.mine, false));
  EXPECT_FALSE(pair.sync.inConflict());
  EXPECT_EQ(pair.mine, "# alpha\nbeta\nbeta\nbeta\ngamma\n");
}

// What was kept knows nothing of what was sent after it, and the changes are forgotten.
TEST(DocumentSync, AnOlderRecordWhoseTextHasMoreByNowIsAskedAbout) {
  Pair pair;
  pair.type(6, "", "beta\n");
  DocumentSync later(pair.sync.unsent(), "later");
  pair.server = *pair.sync.next()->operation.apply(pair.server);
  pair.serverEdit(0, "", "# ");
  pair.sync = std::move(later);
  pair.take(pair.sync.back(9, pair.server, false, pair.mine, true));
  ASSERT_TRUE(pair.sync.inConflict());
  pair.take(pair.sync.keepMine(pair.mine));
  EXPECT_EQ(pair.mine, "# alpha\nbeta\nbeta\ngamma\n");
}

/// What was typed while apart meets a change of the same place, and one elsewhere on each side.
class Apart : public testing::Test {
 protected:
  void SetUp() override {
    pair.type(6, "beta", "mine");
    pair.type(0, "", "> ");
    pair.serverEdit(6, "beta", "theirs");
    const auto last = pair.server.size();
    std::vector<protocol::DocumentChange> missed;
    missed.push_back({2, TextOperation().retain(6).insert("theirs").remove(4).retain(7), "other", {}});
    missed.push_back({3, pair.serverEdit(static_cast<std::int64_t>(last), "", "end\n"), "other", {}});
    pair.take(pair.sync.back(missed, true));
    ASSERT_TRUE(pair.sync.inConflict());
    EXPECT_EQ(pair.mine, "> alpha\nmine\ngamma\n");  // nothing is taken from the person
    EXPECT_EQ(pair.sync.theirText(pair.mine), pair.server);
    EXPECT_EQ(pair.sync.bothText(pair.mine), "> alpha\ntheirsmine\ngamma\nend\n");
    pair.type(8, "", "still ");
    EXPECT_FALSE(pair.sync.next());
    pair.take(pair.sync.remote(4, pair.serverEdit(0, "", "# ")));  // and they went on
    EXPECT_EQ(pair.sync.theirText(pair.mine), pair.server);
  }
  void expectSent(const std::string& text) {
    EXPECT_FALSE(pair.sync.inConflict());
    EXPECT_EQ(pair.mine, text);
    EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server);
    while (const auto edit = pair.sync.next()) {
      EXPECT_EQ(edit->base_version, pair.version);
      pair.server = *edit->operation.apply(pair.server);
      pair.take(pair.sync.acknowledged(++pair.version));
    }
    EXPECT_EQ(pair.server, text);
  }
  Pair pair;
};

TEST_F(Apart, MineKeepsThePersonsTextAndTheirsElsewhere) {
  pair.take(pair.sync.keepMine(pair.mine));
  // "# " and "> " stand at one place: that is the person's, too.
  expectSent("> alpha\nstill mine\ngamma\nend\n");
}

TEST_F(Apart, TheirsKeepsTheirTextAndThePersonsElsewhere) {
  pair.take(pair.sync.takeTheirs());
  expectSent("# alpha\ntheirs\ngamma\nend\n");
}

TEST_F(Apart, BothKeepsAll) {
  pair.take(pair.sync.keepBoth());
  expectSent("# > alpha\ntheirsstill mine\ngamma\nend\n");
}

TEST(DocumentSync, GoesOnWithWhatWasKept) {
  Pair pair;
  pair.type(0, "", "sent ");
  const auto sent = pair.sync.next();
  pair.type(5, "alpha", "waiting");
  DocumentSync later(pair.sync.unsent(), "later");
  EXPECT_EQ(later.resend()->operation_id, sent->operation_id);
  EXPECT_EQ(later.baseText(pair.mine), pair.server);
  EXPECT_TRUE(later.acknowledged(2).base);
  EXPECT_EQ(later.next()->operation_id, "later-1");
}

TEST(DocumentSync, WhatIsTakenBackGoesUnderANewName) {
  Pair pair;
  pair.type(0, "", "sent ");
  const auto sent = pair.sync.next();
  pair.type(5, "", "waiting ");
  pair.sync.takeBack("another");
  EXPECT_FALSE(pair.sync.inFlight());
  const auto again = pair.sync.next();
  EXPECT_EQ(again->operation_id, "another-1");
  EXPECT_EQ(again->operation, sent->operation);
  pair.sync.acknowledged(2);
  EXPECT_EQ(pair.sync.next()->operation_id, "another-2");
}

TEST(DocumentSync, PositionsAreTakenToTheRunnersTextAndBack) {
  Pair pair;
  pair.type(0, "", "abc");
  ASSERT_TRUE(pair.sync.next());
  pair.type(9, "beta", "");
  EXPECT_EQ(pair.sync.toRunner(2), 0);
  EXPECT_EQ(pair.sync.toRunner(4), 1);
  EXPECT_EQ(pair.sync.toRunner(10), 11);
  EXPECT_EQ(pair.sync.fromRunner(1, protocol::Bias::after), 4);
  EXPECT_EQ(pair.sync.fromRunner(8, protocol::Bias::after), 9);
}

TEST(DocumentSync, SplitsALargePasteIntoOperationsThatFitAFrame) {
  Pair pair;
  std::string large;
  while (large.size() < 3'500'000) large += "0123456789 äöü 😀\n";
  pair.type(3, "", large);
  int sent = 0;
  while (const auto edit = pair.sync.next()) {
    ++sent;
    pair.server = *edit->operation.apply(pair.server);
    pair.take(pair.sync.acknowledged(++pair.version));
  }
  EXPECT_GE(sent, 3);
  EXPECT_EQ(pair.server, pair.mine);
}

/// Sends all that waits; how many operations that took.
int send_all(Pair& pair) {
  int sent = 0;
  while (const auto edit = pair.sync.next()) {
    ++sent;
    std::size_t inserted = 0;
    for (const auto& run : edit->operation.runs())
      if (const auto* text = std::get_if<std::string>(&run)) inserted += text->size();
    EXPECT_LE(inserted, 1u << 20);
    pair.server = *edit->operation.apply(pair.server);
    pair.take(pair.sync.acknowledged(++pair.version));
    EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server);
  }
  return sent;
}

std::string large_text(std::size_t bytes) {
  std::string large;
  while (large.size() < bytes) large += "0123456789 äöü 😀\n";
  return large;
}

TEST(DocumentSync, SplitsWhatAFileMadeAnewLacks) {
  Pair pair;
  pair.mine = large_text(3'500'000);
  pair.server = "😀 another\n";
  pair.sync.recreated(pair.version, pair.server, pair.mine);
  EXPECT_GE(send_all(pair), 4);
  EXPECT_EQ(pair.server, pair.mine);
}

TEST(DocumentSync, SplitsWhatALargeAnswerToAQuestionMakes) {
  for (int choice = 0; choice < 3; ++choice) {
    Pair pair;
    pair.type(0, "", large_text(1'200'000));
    const auto at = static_cast<std::int64_t>(protocol::utf16_length(pair.mine)) - 11;
    pair.type(at, "beta", "mine" + large_text(1'200'000));
    pair.type(at + 3, "", "!");
    std::vector<protocol::DocumentChange> missed;
    missed.push_back({2, pair.serverEdit(6, "beta", "theirs"), "other", {}});
    pair.take(pair.sync.back(missed, true));
    ASSERT_TRUE(pair.sync.inConflict());
    pair.take(choice == 0   ? pair.sync.keepMine(pair.mine)
              : choice == 1 ? pair.sync.takeTheirs()
                            : pair.sync.keepBoth());
    EXPECT_FALSE(pair.sync.inConflict());
    EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server);
    EXPECT_GE(send_all(pair), choice == 1 ? 2 : 3);
    EXPECT_EQ(pair.server, pair.mine);
  }
}

// A server that orders edits and merges them as the runner does, with answers and changes delayed at random,
// connections that drop, and ways back with the changes or with the text: the texts meet in the end, and the
// base is the server's text whenever nothing is under way.
TEST(DocumentSync, TextsMeetAfterRandomEditsDelaysAndDrops) {
  Soak soak(400, 200'000);
  for (int round = 0; round < soak.rounds(); ++round) {
    soak.tell(round);
    const auto seed = soak.where(round);
    std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
    Pair pair;
    std::vector<protocol::DocumentChange> history;  // version 2 first
    std::deque<protocol::DocumentChange> wire;      // to the client; its own are acknowledgements
    std::optional<DocumentSync::Outgoing> to_server;
    const auto accept = [&](TextOperation operation, const std::string& id) {
      pair.server = *operation.apply(pair.server);
      history.push_back({++pair.version, std::move(operation), "", id});
      wire.push_back(history.back());
    };
    const auto server_step = [&] {
      if (!to_server) return;
      const auto edit = *std::exchange(to_server, {});
      for (const auto& change : history)
        if (change.operation_id == edit.operation_id) return;
      auto operation = edit.operation;
      for (const auto& change : history)
        if (change.version > edit.base_version) operation = transform(operation, change.operation)->mine;
      accept(std::move(operation), edit.operation_id);
    };
    const auto deliver = [&] {
      if (wire.empty()) return;
      const auto change = std::move(wire.front());
      wire.pop_front();
      const bool own = pair.sync.resend() && change.operation_id == pair.sync.resend()->operation_id;
      const auto outcome =
          own ? pair.sync.acknowledged(change.version) : pair.sync.remote(change.version, change.operation);
      ASSERT_FALSE(outcome.reopen) << seed;
      pair.take(outcome);
    };
    const auto drop = [&] {
      wire.clear();
      if (random() % 2) server_step();  // it had arrived
      to_server.reset();
      wire.clear();
      const bool ask = random() % 2;
      if (random() % 2) {
        std::vector<protocol::DocumentChange> missed;
        for (const auto& change : history)
          if (change.version > pair.sync.version()) missed.push_back(change);
        pair.take(pair.sync.back(missed, ask));
      } else {
        bool applied = false;
        for (const auto& change : history)
          applied |= pair.sync.resend() && change.operation_id == pair.sync.resend()->operation_id;
        pair.take(pair.sync.back(pair.version, pair.server, applied, pair.mine, ask));
      }
      EXPECT_EQ(pair.sync.version(), pair.version);
      if (!pair.sync.inConflict()) {
        EXPECT_EQ(pair.sync.baseText(pair.mine), pair.server) << seed;
      } else {
        EXPECT_EQ(pair.sync.theirText(pair.mine), pair.server) << seed;
      }
      if (pair.sync.resend()) to_server = pair.sync.resend();
    };
    for (int step = 0; step < 150; ++step) {
      switch (random() % 7) {
        case 0:
        case 1: {
          const auto edit = test::random_edit(random, pair.mine);
          pair.mine = *test::operation_of(edit).apply(pair.mine);
          pair.sync.typed(edit);
          break;
        }
        case 2:
          accept(test::random_operation(random, pair.server), "");
          break;
        case 3:
          server_step();
          break;
        case 4:
        case 5:
          deliver();
          break;
        case 6:
          if (random() % 4 == 0) drop();
          break;
      }
      if (pair.sync.inConflict() && random() % 3 == 0) {
        const auto choice = random() % 3;
        pair.take(choice == 0   ? pair.sync.keepMine(pair.mine)
                  : choice == 1 ? pair.sync.takeTheirs()
                                : pair.sync.keepBoth());
        EXPECT_FALSE(pair.sync.inConflict());
      }
      if (random() % 20 == 0) {
        // The program ended and came back.
        DocumentSync again(pair.sync.unsent(), "again-" + std::to_string(step));
        if (!pair.sync.inConflict()) pair.sync = std::move(again);
      }
      if (!to_server && !pair.sync.inFlight()) to_server = pair.sync.next();
    }
    if (pair.sync.inConflict()) pair.take(pair.sync.keepBoth());
    for (int step = 0; step < 2'000 && (to_server || !wire.empty() || pair.sync.hasUnsent()); ++step) {
      server_step();
      deliver();
      if (!to_server && !pair.sync.inFlight()) to_server = pair.sync.next();
    }
    EXPECT_FALSE(pair.sync.hasUnsent()) << seed;
    ASSERT_EQ(pair.mine, pair.server) << seed;
  }
}

}  // namespace
}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document_sync.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "random_edits.hpp"

namespace berth::client {
namespace {

using protocol::TextOperation;

/// The text a person sees, and the server's, with an edit under way between them.
struct Pair {
  std::string mine = "alpha\nbeta\ngamma\n";
  std::string server = mine;
  std::uint64_t version = 1;
  DocumentSync sync{"t-"};
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

TEST(DocumentSync, MergesAChangeElsewhereAroundUnsentText) {
  Pair pair;
  pair.type(0, "", "mine ");
  ASSERT_TRUE(pair.sync.next());
  const auto theirs = pair.serverEdit(11, "gamma", "GAMMA");
  pair.take(pair.sync.remote(2, theirs));
  EXPECT_EQ(pair.mine, "mine alpha\nbeta\nGAMMA\n");
  pair.take(pair.sync.refused());
  const auto again = pair.sync.next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->base_version, 2u);
  EXPECT_EQ(*again->operation.apply(pair.server), pair.mine);
}

TEST(DocumentSync, AsksThePersonWhereBothChangedOnePlace) {
  Pair pair;
  pair.type(6, "beta", "mine");
  ASSERT_TRUE(pair.sync.next());
  const auto theirs = pair.serverEdit(6, "beta", "theirs");
  pair.take(pair.sync.remote(2, theirs));
  pair.take(pair.sync.refused());
  EXPECT_TRUE(pair.sync.inConflict());
  EXPECT_EQ(pair.mine, "alpha\nmine\ngamma\n");  // nothing is taken from the person
  EXPECT_EQ(pair.sync.theirText(pair.mine), pair.server);
  pair.type(0, "", "still typing ");
  EXPECT_FALSE(pair.sync.next());
  EXPECT_EQ(pair.sync.theirText(pair.mine), pair.server);

  pair.sync.keepMine(pair.mine);
  const auto sent = pair.sync.next();
  ASSERT_TRUE(sent);
  EXPECT_EQ(*sent->operation.apply(pair.server), pair.mine);
}

TEST(DocumentSync, TakesTheirsWhenThePersonSaysSo) {
  Pair pair;
  pair.type(6, "beta", "mine");
  ASSERT_TRUE(pair.sync.next());
  pair.take(pair.sync.remote(2, pair.serverEdit(6, "beta", "theirs")));
  pair.take(pair.sync.refused());
  pair.take(pair.sync.remote(3, pair.serverEdit(0, "", "# ")));  // and they went on
  const auto operation = pair.sync.takeTheirs();
  ASSERT_TRUE(operation);
  EXPECT_EQ(*operation->apply(pair.mine), pair.server);
  EXPECT_FALSE(pair.sync.hasUnsent());
}

TEST(DocumentSync, RecoversTextThatIsTheSame) {
  Pair pair;
  pair.type(0, "", "kept ");
  ASSERT_TRUE(pair.sync.next());
  pair.take(pair.sync.refused());
  pair.take(pair.sync.reconcile(1, pair.server, pair.mine));
  const auto sent = pair.sync.next();
  ASSERT_TRUE(sent);
  EXPECT_EQ(*sent->operation.apply(pair.server), pair.mine);
}

TEST(DocumentSync, DoesNotRepeatAnEditThatHadArrived) {
  Pair pair;
  pair.type(0, "", "once ");
  const auto sent = pair.sync.next();
  pair.server = *sent->operation.apply(pair.server);
  pair.take(pair.sync.refused());
  pair.take(pair.sync.reconcile(2, pair.server, pair.mine));
  EXPECT_FALSE(pair.sync.next());
  EXPECT_EQ(pair.mine, "once alpha\nbeta\ngamma\n");
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

// A server that orders edits as they come, with answers and changes delayed at random: the texts meet in the
// end, and whatever is undecided is decided.
TEST(DocumentSync, TextsMeetAfterRandomEditsWithDelayedAnswers) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    Pair pair;
    struct Event {
      enum class Kind { acknowledged, refused, remote } kind;
      std::uint64_t version;
      TextOperation operation;
    };
    std::deque<Event> wire;
    std::optional<DocumentSync::Outgoing> to_server;
    const auto server_step = [&] {
      if (!to_server) return;
      if (to_server->base_version == pair.version) {
        pair.server = *to_server->operation.apply(pair.server);
        wire.push_back({Event::Kind::acknowledged, ++pair.version, {}});
      } else {
        wire.push_back({Event::Kind::refused, 0, {}});
      }
      to_server.reset();
    };
    const auto deliver = [&] {
      if (wire.empty()) return;
      auto event = std::move(wire.front());
      wire.pop_front();
      auto outcome = event.kind == Event::Kind::acknowledged ? pair.sync.acknowledged(event.version)
                     : event.kind == Event::Kind::refused    ? pair.sync.refused()
                                                          : pair.sync.remote(event.version, event.operation);
      pair.take(outcome);
      ASSERT_FALSE(outcome.reopen) << "seed " << seed;
      if (pair.sync.inConflict()) {
        if (random() % 2) {
          pair.sync.keepMine(pair.mine);
        } else {
          pair.mine = *pair.sync.takeTheirs()->apply(pair.mine);
        }
      }
    };
    for (int step = 0; step < 120; ++step) {
      switch (random() % 5) {
        case 0:
        case 1: {
          const auto edit = test::random_edit(random, pair.mine);
          pair.mine = *test::operation_of(edit).apply(pair.mine);
          pair.sync.typed(edit);
          break;
        }
        case 2: {
          const auto operation = test::operation_of(test::random_edit(random, pair.server));
          pair.server = *operation.apply(pair.server);
          wire.push_back({Event::Kind::remote, ++pair.version, operation});
          break;
        }
        case 3:
          server_step();
          break;
        case 4:
          deliver();
          break;
      }
      if (!to_server)
        if (auto edit = pair.sync.next()) to_server = std::move(edit);
    }
    for (int step = 0; step < 1'000 && (to_server || !wire.empty() || pair.sync.hasUnsent()); ++step) {
      server_step();
      deliver();
      if (!to_server)
        if (auto edit = pair.sync.next()) to_server = std::move(edit);
    }
    EXPECT_FALSE(pair.sync.hasUnsent()) << "seed " << seed;
    ASSERT_EQ(pair.mine, pair.server) << "seed " << seed;
  }
}

}  // namespace
}  // namespace berth::client

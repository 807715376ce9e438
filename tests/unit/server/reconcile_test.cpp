// SPDX-License-Identifier: GPL-3.0-or-later
// What is decided about workspaces whose state is not as it should be: property by property.
#include "server/reconcile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t minute = 60'000;

protocol::PublicKey key_of(unsigned char first) {
  protocol::PublicKey key{};
  key[0] = first;
  return key;
}

BackendStatus runs(unsigned char key = 1, std::string reason = {}) {
  return {BackendState::running, std::move(reason),
          RunnerAddress{.unix_path = {}, .host = "10.0.0.1", .port = 7700, .runner_key = key_of(key)}};
}

class ReconcileTest : public ::testing::Test {
 protected:
  std::map<std::string, DesiredWorkspace> desired;
  SeenWorkspaces seen;
  ReconcileRule rule;
  ReconcileMemory memory;
  std::int64_t now = 1'000'000;

  DesiredWorkspace& want(const std::string& id, WorkspaceState state) {
    auto& one = desired[id];
    one.state = state;
    if (state == WorkspaceState::running) {
      one.runner = key_of(1);
      one.home = HomeState::ahead;
    }
    return one;
  }
  std::vector<ReconcileAction> decide() { return reconcile(desired, seen, rule, now, memory); }
  std::vector<ReconcileAction> decide_after(std::int64_t time) {
    static_cast<void>(decide());
    now += time;
    return decide();
  }
};

TEST_F(ReconcileTest, WhatIsAsItShouldBeNeedsNothing) {
  want("runs", WorkspaceState::running);
  seen["runs"] = runs();
  want("stopped", WorkspaceState::stopped);
  want("failed", WorkspaceState::failed);
  seen["failed"] = {BackendState::failed, "It ended.", {}};  // what ended stays to be looked at
  EXPECT_THAT(decide_after(10 * minute), IsEmpty());
  EXPECT_TRUE(memory.empty());
}

TEST_F(ReconcileTest, WhatEndedIsStartedAgainWithItsReason) {
  want("oom", WorkspaceState::running);
  seen["oom"] = {BackendState::failed, "It reached its memory limit.", {}};
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"oom", ReconcileStep::look_then_restart,
                                                    "It reached its memory limit."}));
}

TEST_F(ReconcileTest, WhatIsNotSeenIsLookedUpToo) {
  want("gone", WorkspaceState::running);
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"gone", ReconcileStep::look_then_restart, ""}));
}

TEST_F(ReconcileTest, AStartThatIsDueIsMadeAndNotBefore) {
  want("later", WorkspaceState::starting).not_before = now + 1;
  EXPECT_THAT(decide(), IsEmpty());
  now += 1;
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"later", ReconcileStep::restart, ""}));
}

TEST_F(ReconcileTest, NothingIsDecidedForWhatIsBusy) {
  for (const auto state : {WorkspaceState::running, WorkspaceState::stopping, WorkspaceState::stopped,
                           WorkspaceState::failed, WorkspaceState::deleting}) {
    desired.clear();
    want("busy", state).busy = true;
    for (const auto actual :
         {BackendState::absent, BackendState::failed, BackendState::stopping, BackendState::running}) {
      seen["busy"] = {actual, "why", {}};
      EXPECT_THAT(decide_after(10 * minute), IsEmpty());
    }
  }
}

TEST_F(ReconcileTest, AStartTellsWhatItWaitsFor) {
  auto& starts = want("starts", WorkspaceState::starting);
  starts.busy = true;
  seen["starts"] = {BackendState::starting, "Its image is fetched.", {}};
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"starts", ReconcileStep::tell, "Its image is fetched."}));
  starts.trouble = "Its image is fetched.";
  EXPECT_THAT(decide(), IsEmpty()) << "told already";
}

TEST_F(ReconcileTest, ASilentNodeIsToldAndTakenBack) {
  auto& one = want("far", WorkspaceState::running);
  seen["far"] = runs(1, "The node does not answer.");
  EXPECT_THAT(decide(),
              ElementsAre(ReconcileAction{"far", ReconcileStep::tell, "The node does not answer."}));
  one.trouble = "The node does not answer.";
  seen["far"] = runs();
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"far", ReconcileStep::tell, ""}));
}

TEST_F(ReconcileTest, WhatTheClusterEndsIsWaitedForNotStartedTwice) {
  auto& one = want("moved", WorkspaceState::running);
  seen["moved"] = {BackendState::stopping, "", {}};
  const auto told = decide();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].step, ReconcileStep::tell);
  one.trouble = told[0].text;
  EXPECT_THAT(decide_after(10 * minute), IsEmpty());
}

TEST_F(ReconcileTest, AnotherRunnerIsDialled) {
  want("other", WorkspaceState::running);
  seen["other"] = runs(2);
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"other", ReconcileStep::attach, ""}));
  desired["other"].runner.reset();
  seen["other"] = runs(1);
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"other", ReconcileStep::attach, ""}));
}

TEST_F(ReconcileTest, WhatShouldNotRunIsStoredAndStoppedButNotAtOnce) {
  want("left", WorkspaceState::stopped).home = HomeState::ahead;
  seen["left"] = runs();
  EXPECT_THAT(decide(), IsEmpty());
  EXPECT_THAT(decide_after(minute - 1), IsEmpty());
  now += 1;
  EXPECT_THAT(decide(), ElementsAre(ReconcileAction{"left", ReconcileStep::store_and_stop, ""}));
}

TEST_F(ReconcileTest, APassingOddityIsForgotten) {
  want("left", WorkspaceState::stopped).home = HomeState::ahead;
  seen["left"] = runs();
  static_cast<void>(decide());
  seen.clear();
  now += minute / 2;
  static_cast<void>(decide());
  seen["left"] = runs();
  EXPECT_THAT(decide_after(minute / 2), IsEmpty()) << "its time began anew";
}

/// It ran for hours at another server, and rightly.
TEST_F(ReconcileTest, WhatAnotherServerHadBeforeIsNotWrongForAsLong) {
  seen["moved"] = runs();
  EXPECT_THAT(decide_after(60 * minute), ElementsAre(ReconcileAction{"moved", ReconcileStep::orphan, ""}));
  want("moved", WorkspaceState::stopped).home = HomeState::ahead;
  EXPECT_THAT(decide(), IsEmpty());
  EXPECT_THAT(decide_after(minute), ElementsAre(ReconcileAction{"moved", ReconcileStep::store_and_stop, ""}));
  desired.clear();
  EXPECT_THAT(decide(), IsEmpty()) << "nor the other way round";
}

TEST_F(ReconcileTest, HalfABroughtBackHomeIsNeverStored) {
  want("half", WorkspaceState::failed).home = HomeState::behind;
  seen["half"] = runs();
  EXPECT_THAT(decide_after(minute), ElementsAre(ReconcileAction{"half", ReconcileStep::stop, ""}));
}

TEST_F(ReconcileTest, AnOrphanIsOneOnlyAfterAWhile) {
  seen["aaaa"] = runs();
  seen["zzzz"] = {BackendState::starting, "", {}};
  seen["ended"] = {BackendState::failed, "", {}};
  want("mmmm", WorkspaceState::running);
  seen["mmmm"] = runs();
  EXPECT_THAT(decide(), IsEmpty());
  EXPECT_THAT(decide_after(minute), ElementsAre(ReconcileAction{"aaaa", ReconcileStep::orphan, ""},
                                                ReconcileAction{"zzzz", ReconcileStep::orphan, ""}));
}

TEST_F(ReconcileTest, RestartsLeaveRoomForPeoplesStarts) {
  rule.restarts_at_once = 3;
  want("by-hand", WorkspaceState::starting).busy = true;
  for (const auto* id : {"a", "b", "c", "d"}) want(id, WorkspaceState::running);
  EXPECT_EQ(decide().size(), 2u);
  desired["by-hand"].state = WorkspaceState::running;
  EXPECT_EQ(decide().size(), 3u);
}

TEST_F(ReconcileTest, DeletingIsNobodysMatterHere) {
  want("going", WorkspaceState::deleting);
  seen["going"] = runs();
  EXPECT_THAT(decide_after(10 * minute), IsEmpty());
}

TEST(RestartPlanTest, TheFirstIsAtOnceTheOthersSlowerAndAtLastNone) {
  EXPECT_EQ(plan_restart(1).delay, 0);
  std::int64_t before = 0;
  for (int failures = 2; failures <= most_restarts; ++failures) {
    const auto plan = plan_restart(failures);
    EXPECT_TRUE(plan.again);
    EXPECT_GT(plan.delay, before);
    EXPECT_LE(plan.delay, 300'000);
    before = plan.delay;
  }
  EXPECT_FALSE(plan_restart(most_restarts + 1).again);
}

}  // namespace
}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// Several servers on one database: who lives, who holds what, and that who lost something can't write it any
// more.
#include "lease_contract.hpp"

#include <algorithm>
#include <future>
#include <latch>
#include <map>
#include <set>

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using protocol::ObjectId;
using protocol::rest::WorkspaceState;
using testing::holds_eventually;
using testing::LeaseContract;
using testing::long_life;
using testing::ReplicaContract;
using testing::SilencedStore;

TEST_P(LeaseContract, OneOfManyTakesALease) {
  for (int i = 0; i < 8; ++i) join("r" + std::to_string(i));
  std::latch start(8);
  std::vector<std::future<std::string>> racing;
  for (int i = 0; i < 8; ++i)
    racing.push_back(std::async(std::launch::async, [&, i] {
      start.arrive_and_wait();
      const auto lease = (i % 2 ? *second_ : *store_).leases().take("job", "r" + std::to_string(i));
      return lease ? lease->holder : lease.error().message + lease.error().detail;
    }));
  std::set<std::string> holders;
  for (auto& each : racing) holders.insert(each.get());
  EXPECT_EQ(holders.size(), 1u) << *holders.begin() << " and " << *holders.rbegin();
  EXPECT_EQ(store_->leases().find("job")->value().number, 1);
}

TEST_P(LeaseContract, ALeaseStaysWithALivingHolderAndPassesOnFromADeadOne) {
  join("old");
  join("new");
  EXPECT_EQ(taken_by("job", "old"), "old");
  ASSERT_TRUE(store_->leases().put_data("job", "old", "where"));
  EXPECT_EQ(taken_by("job", "new"), "old");
  EXPECT_EQ(store_->leases().find("job")->value().address, "old:7070");
  die("old");
  EXPECT_EQ(taken_by("job", "new"), "new");
  const auto lease = store_->leases().find("job")->value();
  EXPECT_EQ(lease.number, 2);
  EXPECT_EQ(lease.data, "where") << "the next one may need it";
  EXPECT_EQ(lease.address, "new:7070");
  EXPECT_FALSE(*store_->replicas().renew("old", long_life)) << "its life is over";
  EXPECT_EQ(code(store_->leases().take("other", "old")), ErrorCode::conflict);
  EXPECT_EQ(code(store_->leases().put_data("job", "old", "x")), ErrorCode::conflict);
  EXPECT_TRUE(store_->leases().give_back({"job"}, "old"));
  EXPECT_EQ(store_->leases().find("job")->value().holder, "new");
}

TEST_P(LeaseContract, AHeartbeatKeepsWhatIsHeld) {
  join("r", 5'000);
  join("other");
  EXPECT_EQ(taken_by("job", "r"), "r");
  const auto until = [&] {
    const auto living = second_->replicas().living();
    for (const auto& one : *living)
      if (one.id == "r") return one.until;
    return std::int64_t{0};
  };
  const auto before = until();
  ASSERT_TRUE(*store_->replicas().renew("r", long_life));
  EXPECT_GT(until(), before + long_life - 10'000) << "the time counts from the heartbeat on";
  EXPECT_EQ(taken_by("job", "other"), "r");
}

/// Whatever the two saw of the clock: either it lives on, or it lost what it had.
TEST_P(LeaseContract, AHeartbeatAndATakeoverNeverBothSucceed) {
  join("taker");
  int met = 0;
  for (int round = 0; round < 30; ++round) {
    const auto id = "r" + std::to_string(round), job = "job" + std::to_string(round);
    join(id, 12);
    const auto first = store_->leases().take(job, id);
    if (!first || first->holder != id) continue;  // it died on the way here
    ++met;
    std::latch start(2);
    std::atomic<bool> renewed = false;
    auto renewing = std::async(std::launch::async, [&] {
      start.arrive_and_wait();
      std::this_thread::sleep_for(std::chrono::microseconds(300 * round));
      auto lives = store_->replicas().renew(id, long_life);
      renewed = true;
      return lives;
    });
    start.arrive_and_wait();
    bool taken = false;
    while (!renewed) taken = taken_by(job, "taker") == "taker" || taken;
    const auto lives = renewing.get();
    ASSERT_TRUE(lives) << lives.error().message;
    EXPECT_FALSE(taken && *lives) << round;
    EXPECT_EQ(taken_by(job, "taker"), *lives ? id : "taker") << round;
    ASSERT_TRUE(store_->replicas().leave(id));
  }
  EXPECT_GT(met, 0);
}

TEST_P(LeaseContract, WorkspacesOfTheDeadAreTakenTogether) {
  for (const auto* id : {"a", "b", "c", "d"}) add_workspace(id, WorkspaceState::running);
  join("dead");
  join("lives");
  join("r");
  for (const auto* id : {"a", "b"}) ASSERT_EQ(taken_by(workspace_lease(id), "dead"), "dead");
  ASSERT_TRUE(store_->leases().put_data(workspace_lease("b"), "dead", "where"));
  ASSERT_EQ(taken_by(workspace_lease("c"), "lives"), "lives");
  die("dead");
  const auto taken = store_->leases().take_workspaces({"a", "b", "c", "d", "nothing"}, "r");
  ASSERT_TRUE(taken) << taken.error().message << taken.error().detail;
  std::map<std::string, std::string> data;
  for (const auto& lease : *taken) {
    EXPECT_EQ(lease.holder, "r");
    data[lease.name] = lease.data;
  }
  EXPECT_EQ(data,
            (std::map<std::string, std::string>{
                {workspace_lease("a"), ""}, {workspace_lease("b"), "where"}, {workspace_lease("d"), ""}}));
  EXPECT_EQ(store_->leases().find(workspace_lease("c"))->value().holder, "lives");
  EXPECT_FALSE(store_->leases().find(workspace_lease("nothing"))->has_value());
  EXPECT_EQ(store_->leases().find(workspace_lease("a"))->value().number, 2);
  EXPECT_FALSE(*store_->replicas().renew("dead", long_life));
  EXPECT_EQ(code(store_->leases().take_workspaces({"a"}, "dead")), ErrorCode::conflict);
  EXPECT_EQ(store_->workspaces().find_some({"a", "nothing", "d"})->size(), 2u);
  ASSERT_TRUE(store_->leases().give_back({workspace_lease("a"), workspace_lease("c")}, "r"));
  EXPECT_EQ(store_->leases().find(workspace_lease("a"))->value().holder, "");
  EXPECT_EQ(store_->leases().find(workspace_lease("c"))->value().holder, "lives") << "not the giver's";
}

TEST_P(LeaseContract, WhichWorkspacesThereAreAndHaveSomebodyIsToldTogether) {
  add_workspace("held", WorkspaceState::failed);
  add_workspace("never", WorkspaceState::failed);
  add_workspace("left");
  join("r");
  join("dead");
  ASSERT_EQ(taken_by(workspace_lease("held"), "r"), "r");
  ASSERT_EQ(taken_by(workspace_lease("left"), "dead"), "dead");
  die("dead");
  std::vector<std::string> asked{"held", "left", "never", "nothing"};
  EXPECT_EQ(*store_->leases().tended(asked),
            (std::map<std::string, bool>{{"held", true}, {"left", false}, {"never", false}}));
  for (int i = 0; i < 300; ++i) asked.push_back("nothing" + std::to_string(i));
  EXPECT_EQ(store_->leases().tended(asked)->size(), 3u) << "however many are asked for";
  EXPECT_TRUE(store_->leases().tended({})->empty());
}

TEST_P(LeaseContract, WhoLeavesGivesEverythingBack) {
  join("r");
  join("other");
  for (const auto* name : {"a", "b"}) EXPECT_EQ(taken_by(name, "r"), "r");
  EXPECT_EQ(*store_->leases().held_by("r"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(store_->replicas().living()->size(), 2u);
  ASSERT_TRUE(store_->replicas().leave("r"));
  EXPECT_EQ(store_->replicas().living()->size(), 1u);
  EXPECT_TRUE(store_->leases().held_by("r")->empty());
  EXPECT_EQ(store_->leases().find("a")->value().holder, "");
  EXPECT_EQ(taken_by("a", "other"), "other");
  EXPECT_FALSE(*store_->replicas().renew("r", long_life));
}

TEST_P(LeaseContract, ANewServerInTheSamePlaceEndsTheOneBefore) {
  ASSERT_TRUE(store_->replicas().join(replica("before", "folder"), long_life, true));
  EXPECT_EQ(code(second_->replicas().join(replica("elsewhere", "other"), long_life, true)),
            ErrorCode::conflict);
  EXPECT_EQ(taken_by("job", "before"), "before");
  ASSERT_TRUE(second_->replicas().join(replica("after", "folder"), long_life, true));
  EXPECT_EQ(taken_by("job", "after"), "after");
  EXPECT_FALSE(*store_->replicas().renew("before", long_life));
}

TEST_P(LeaseContract, OnlyWhoHoldsAWorkspaceWritesIt) {
  add_workspace("w");
  ASSERT_TRUE(store_->objects().insert(
      "ann", {{ObjectId::of("pack").hex(), 100, {{ObjectId::of("root"), 24, 50, 9, false}}}}, 1, 0));
  const auto version = [](std::int64_t created) {
    VersionRecord one;
    one.id = "v" + std::to_string(created);
    one.workspace = "w";
    one.owner = "ann";
    one.root = ObjectId::of("root");
    one.created = created;
    return one;
  };
  join("a");
  join("b");
  store_->write_as("a");
  second_->write_as("b");
  auto row = workspace("w");
  EXPECT_EQ(code(store_->workspaces().update_state(row)), ErrorCode::conflict) << "nobody holds it";
  ASSERT_EQ(store_->leases().take(workspace_lease("w"), "a")->holder, "a");
  row.state = WorkspaceState::running;
  EXPECT_TRUE(store_->workspaces().update_state(row));
  EXPECT_TRUE(store_->versions().insert(version(10)));
  EXPECT_EQ(code(second_->workspaces().update_state(row)), ErrorCode::conflict);
  EXPECT_EQ(code(second_->versions().insert(version(11))), ErrorCode::conflict);
  die("a");
  ASSERT_EQ(taken_by(workspace_lease("w"), "b"), "b");
  // The one that slept comes back and goes on where it was.
  row.state = WorkspaceState::failed;
  EXPECT_EQ(code(store_->workspaces().update_state(row)), ErrorCode::conflict);
  EXPECT_EQ(code(store_->versions().insert(version(12))), ErrorCode::conflict);
  EXPECT_EQ(code(store_->workspaces().begin_start(row, 5)), ErrorCode::conflict);
  EXPECT_EQ(code(store_->workspaces().remove("w")), ErrorCode::conflict);
  EXPECT_EQ(workspace("w").state, WorkspaceState::running);
  EXPECT_EQ(store_->versions().list("w", 0, 10)->size(), 1u);
  EXPECT_TRUE(store_->workspaces().touch("w", 77)) << "anybody may say that it is used";
  EXPECT_TRUE(second_->versions().insert(version(13)));
  EXPECT_TRUE(second_->workspaces().remove("w"));
  EXPECT_FALSE(store_->leases().find(workspace_lease("w"))->has_value()) << "gone with its workspace";
}

TEST_P(LeaseContract, WorkspacesThatRunAndHaveNobodyAreFound) {
  for (const auto state : {WorkspaceState::stopped, WorkspaceState::failed, WorkspaceState::running,
                           WorkspaceState::starting, WorkspaceState::deleting})
    add_workspace(std::string("w") + std::to_string(static_cast<int>(state)), state);
  const auto name = [](WorkspaceState state) {
    return std::string("w") + std::to_string(static_cast<int>(state));
  };
  join("r");
  EXPECT_EQ(store_->leases().untended_workspaces(10)->size(), 3u);
  EXPECT_EQ(store_->leases().untended_workspaces(2)->size(), 2u);
  for (const auto state : {WorkspaceState::running, WorkspaceState::deleting})
    EXPECT_EQ(taken_by(workspace_lease(name(state)), "r"), "r");
  EXPECT_EQ(*store_->leases().untended_workspaces(10),
            std::vector<std::string>{name(WorkspaceState::starting)});
  ASSERT_TRUE(store_->replicas().leave("r"));
  EXPECT_EQ(store_->leases().untended_workspaces(10)->size(), 3u);
}

TEST_P(LeaseContract, TheNumberOfRunningWorkspacesIsHeldAmongServers) {
  for (int i = 0; i < 10; ++i) add_workspace("w" + std::to_string(i));
  std::latch start(10);
  std::vector<std::future<ErrorCode>> racing;
  for (int i = 0; i < 10; ++i)
    racing.push_back(std::async(std::launch::async, [&, i] {
      auto row = workspace("w" + std::to_string(i));
      row.state = WorkspaceState::starting;
      start.arrive_and_wait();
      return code((i % 2 ? *second_ : *store_).workspaces().begin_start(row, 3));
    }));
  int begun = 0;
  for (auto& each : racing) {
    const auto said = each.get();
    begun += said == ErrorCode{};
    if (said != ErrorCode{}) {
      EXPECT_EQ(said, ErrorCode::limit_exceeded);
    }
  }
  EXPECT_EQ(begun, 3);
  EXPECT_EQ(std::ranges::count(*store_->workspaces().list_of("ann"), WorkspaceState::starting,
                               &WorkspaceRecord::state),
            3);
}

TEST_P(LeaseContract, CountsAreAddedUpByAll) {
  std::latch start(10);
  std::vector<std::future<bool>> racing;
  for (int i = 0; i < 10; ++i)
    racing.push_back(std::async(std::launch::async, [&, i] {
      start.arrive_and_wait();
      return (i % 2 ? *second_ : *store_)
          .counts()
          .change({"a", "b"},
                  [&](SharedCounts::Counts& counts) { counts["a"] = {counts["a"].failures + 1, 50}; })
          .has_value();
    }));
  for (auto& each : racing) EXPECT_TRUE(each.get());
  SharedCounts::Counts seen;
  ASSERT_TRUE(store_->counts().change({"a", "b"}, [&](SharedCounts::Counts& counts) {
    seen = counts;
    counts.erase("a");
  }));
  EXPECT_EQ(seen["a"].failures, 10);
  ASSERT_TRUE(second_->counts().change({"a"}, [&](SharedCounts::Counts& counts) {
    seen = counts;
    counts["a"] = {1, 20};
  }));
  EXPECT_FALSE(seen.contains("a")) << "a count that is erased is forgotten";
  ASSERT_TRUE(store_->counts().forget(30, ""));
  ASSERT_TRUE(second_->counts().change({"a"}, [&](SharedCounts::Counts& counts) { seen = counts; }));
  EXPECT_TRUE(seen.empty());
}

TEST_P(LeaseContract, SomeCountsAreKeptLongerThanOthers) {
  const std::vector<std::string> all{"known a", "known b", "pair a", "unknown"};
  ASSERT_TRUE(store_->counts().change(all, [](SharedCounts::Counts& counts) {
    counts = {{"known a", {0, 10}}, {"known b", {0, 50}}, {"pair a", {3, 10}}, {"unknown", {3, 50}}};
  }));
  const auto left = [&] {
    std::vector<std::string> names;
    EXPECT_TRUE(second_->counts().change(all, [&](SharedCounts::Counts& counts) {
      names.clear();
      for (const auto& [name, count] : counts) names.push_back(name);
    }));
    return names;
  };
  ASSERT_TRUE(store_->counts().forget(30, "known "));
  EXPECT_EQ(left(), (std::vector<std::string>{"known a", "known b", "unknown"}));
  ASSERT_TRUE(store_->counts().forget(30, ""));
  EXPECT_EQ(left(), (std::vector<std::string>{"known b", "unknown"}));
}

TEST_P(LeaseContract, WhatIsGoodForOneUseIsUsedOnce) {
  std::latch start(8);
  std::vector<std::future<bool>> racing;
  for (int i = 0; i < 8; ++i)
    racing.push_back(std::async(std::launch::async, [&, i] {
      start.arrive_and_wait();
      const auto first = (i % 2 ? *second_ : *store_).counts().first_use("ticket", 100, 10);
      return first && *first;
    }));
  int first = 0;
  for (auto& each : racing) first += each.get();
  EXPECT_EQ(first, 1);
  EXPECT_FALSE(*store_->counts().first_use("ticket", 100, 99));
  EXPECT_TRUE(*store_->counts().first_use("ticket", 200, 100)) << "forgotten when it is over";
}

// ---- a server among others

TEST_P(ReplicaContract, LivesForAsLongAsItsHeartbeatsGo) {
  Replica one(*store_, quick());
  ASSERT_TRUE(one.join());
  const auto id = one.id();
  ASSERT_FALSE(id.empty());
  const auto until = [&] {
    const auto living = second_->replicas().living();
    return living && living->size() == 1 && living->front().id == id ? living->front().until : 0;
  };
  const auto first = until();
  EXPECT_TRUE(holds_eventually([&] { return until() > first + 1'000; })) << "its time grows";
  EXPECT_EQ(one.id(), id);
  one.leave();
  EXPECT_EQ(one.id(), "");
  EXPECT_TRUE(second_->replicas().living()->empty());
}

TEST_P(ReplicaContract, StopsBelievingBeforeAnotherCanTakeOver) {
  SilencedStore line(*store_);
  Replica sleeper(line, quick());
  ASSERT_TRUE(sleeper.join());
  const auto before = sleeper.id();
  ASSERT_EQ(store_->leases().take("job", before)->holder, before);
  join("other");
  line.silent = true;
  bool believed = true;
  ASSERT_TRUE(holds_eventually([&] {
    if (taken_by("job", "other") == before) return false;
    believed = sleeper.lives(before);
    return true;
  }));
  EXPECT_FALSE(believed);
}

TEST_P(ReplicaContract, TakenForDeadItBeginsANewLifeAndWritesUnderThatAlone) {
  add_workspace("w");
  Replica one(*store_, quick());
  ASSERT_TRUE(one.join());
  const auto before = one.id();
  ASSERT_EQ(store_->leases().take(workspace_lease("w"), before)->holder, before);
  EXPECT_TRUE(store_->workspaces().update_state(workspace("w")));
  ASSERT_TRUE(second_->replicas().leave(before)) << "somebody took it for dead";
  ASSERT_TRUE(holds_eventually([&] { return !one.id().empty() && one.id() != before; }));
  EXPECT_FALSE(one.lives(before));
  EXPECT_EQ(code(store_->workspaces().update_state(workspace("w"))), ErrorCode::conflict);
  ASSERT_EQ(store_->leases().take(workspace_lease("w"), one.id())->holder, one.id());
  EXPECT_TRUE(store_->workspaces().update_state(workspace("w")));
}

INSTANTIATE_TEST_SUITE_P(Stores, LeaseContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(Stores, ReplicaContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server

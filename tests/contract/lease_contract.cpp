// SPDX-License-Identifier: GPL-3.0-or-later
// Several servers on one database: who lives, who holds what, and that who lost something can't write it any
// more. Two stores on one database, as two servers have them.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <latch>
#include <thread>

#include "server/division.hpp"
#include "server/replica.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using protocol::ObjectId;
using protocol::rest::WorkspaceState;

constexpr std::int64_t long_life = 600'000, short_life = 250;  // ms

template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

class LeaseContract : public testing::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    second_ = open();
    ASSERT_TRUE(store_->accounts().insert(
        {.id = "ann", .email = "ann@example.org", .name = "Ann", .password_hash = "h", .created = 5}, 0));
  }
  void TearDown() override {
    second_.reset();
    StoreContract::TearDown();
  }
  std::unique_ptr<MetadataStore> open() {
    auto opened = GetParam().open(folder_);
    EXPECT_TRUE(opened) << opened.error().message << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  static ReplicaRecord replica(const std::string& id, const std::string& place = {}) {
    return {.id = id, .address = id + ":7070", .place = place, .release = "1"};
  }
  void join(const std::string& id, std::int64_t life = long_life) {
    const auto joined = store_->replicas().join(replica(id), life, false);
    ASSERT_TRUE(joined) << joined.error().message << joined.error().detail;
  }
  std::string taken_by(const std::string& name, const std::string& who) {
    const auto lease = second_->leases().take(name, who);
    return lease ? lease->holder : lease.error().message;
  }
  void add_workspace(const std::string& id, WorkspaceState state = WorkspaceState::stopped) {
    WorkspaceRecord one;
    one.id = id;
    one.account = "ann";
    one.state = state;
    ASSERT_TRUE(store_->workspaces().insert(one, 100));
  }
  WorkspaceRecord workspace(const std::string& id) { return *store_->workspaces().find(id); }

  std::unique_ptr<MetadataStore> second_;
};

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
  join("old", short_life);
  join("new");
  EXPECT_EQ(taken_by("job", "old"), "old");
  ASSERT_TRUE(store_->leases().put_data("job", "old", "where"));
  EXPECT_EQ(taken_by("job", "new"), "old");
  EXPECT_EQ(store_->leases().find("job")->value().address, "old:7070");
  EXPECT_TRUE(eventually([&] { return taken_by("job", "new") == "new"; }));
  const auto lease = store_->leases().find("job")->value();
  EXPECT_EQ(lease.number, 2);
  EXPECT_EQ(lease.data, "where") << "the next one may need it";
  EXPECT_EQ(lease.address, "new:7070");
  EXPECT_FALSE(*store_->replicas().renew("old", long_life)) << "its life is over";
  EXPECT_EQ(code(store_->leases().take("other", "old")), ErrorCode::conflict);
  EXPECT_EQ(code(store_->leases().put_data("job", "old", "x")), ErrorCode::conflict);
  EXPECT_TRUE(store_->leases().give_back("job", "old"));
  EXPECT_EQ(store_->leases().find("job")->value().holder, "new");
}

TEST_P(LeaseContract, AHeartbeatKeepsWhatIsHeld) {
  join("r", 400);
  join("other");
  EXPECT_EQ(taken_by("job", "r"), "r");
  for (const auto end = std::chrono::steady_clock::now() + 900ms; std::chrono::steady_clock::now() < end;) {
    ASSERT_TRUE(*store_->replicas().renew("r", 5'000));
    EXPECT_EQ(taken_by("job", "other"), "r");
    std::this_thread::sleep_for(20ms);
  }
}

/// Whatever the two saw of the clock: either it lives on, or it lost what it had.
TEST_P(LeaseContract, AHeartbeatAndATakeoverNeverBothSucceed) {
  join("taker");
  int renewed = 0, lost = 0;
  for (int round = 0; round < 30; ++round) {
    const auto id = "r" + std::to_string(round), job = "job" + std::to_string(round);
    join(id, 12);
    const auto first = store_->leases().take(job, id);
    if (!first || first->holder != id) continue;  // it died on the way here
    std::latch start(2);
    auto renewing = std::async(std::launch::async, [&] {
      start.arrive_and_wait();
      std::this_thread::sleep_for(std::chrono::microseconds(300 * round));
      return store_->replicas().renew(id, long_life);
    });
    start.arrive_and_wait();
    std::string holder;
    for (const auto end = std::chrono::steady_clock::now() + 40ms; std::chrono::steady_clock::now() < end;)
      holder = taken_by(job, "taker");
    const auto lives = renewing.get();
    ASSERT_TRUE(lives) << lives.error().message;
    EXPECT_EQ(holder, *lives ? id : "taker") << round;
    (*lives ? renewed : lost)++;
    ASSERT_TRUE(store_->replicas().leave(id));
  }
  EXPECT_GT(renewed + lost, 0);
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
  join("a", short_life);
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
  ASSERT_TRUE(eventually([&] { return taken_by(workspace_lease("w"), "b") == "b"; }));
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
  ASSERT_TRUE(store_->counts().forget(30));
  ASSERT_TRUE(second_->counts().change({"a"}, [&](SharedCounts::Counts& counts) { seen = counts; }));
  EXPECT_TRUE(seen.empty());
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

class ReplicaContract : public LeaseContract {
 protected:
  using Options = Replica::Options;
  static Options paced(std::chrono::milliseconds life, std::chrono::milliseconds beat,
                       std::chrono::milliseconds margin) {
    Options options;
    options.life = life;
    options.beat = beat;
    options.margin = margin;
    return options;
  }
  static Options quick() { return paced(4s, 150ms, 1s); }
  /// As a server that sleeps, or whose line is cut: it says nothing any more.
  static Options silent() { return paced(2500ms, 1h, 800ms); }
};

TEST_P(ReplicaContract, LivesForAsLongAsItsHeartbeatsGo) {
  Replica one(*store_, quick());
  ASSERT_TRUE(one.join());
  const auto id = one.id();
  ASSERT_FALSE(id.empty());
  for (const auto end = std::chrono::steady_clock::now() + 2s; std::chrono::steady_clock::now() < end;) {
    ASSERT_EQ(one.id(), id);
    ASSERT_EQ(second_->replicas().living()->size(), 1u);
    std::this_thread::sleep_for(20ms);
  }
  one.leave();
  EXPECT_EQ(one.id(), "");
  EXPECT_TRUE(second_->replicas().living()->empty());
}

TEST_P(ReplicaContract, StopsBelievingBeforeAnotherCanTakeOver) {
  Replica sleeper(*store_, silent());
  ASSERT_TRUE(sleeper.join());
  const auto before = sleeper.id();
  ASSERT_EQ(store_->leases().take("job", before)->holder, before);
  join("other");
  bool believed = true;
  ASSERT_TRUE(eventually([&] {
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
  ASSERT_TRUE(eventually([&] { return !one.id().empty() && one.id() != before; }));
  EXPECT_FALSE(one.lives(before));
  EXPECT_EQ(code(store_->workspaces().update_state(workspace("w"))), ErrorCode::conflict);
  ASSERT_EQ(store_->leases().take(workspace_lease("w"), one.id())->holder, one.id());
  EXPECT_TRUE(store_->workspaces().update_state(workspace("w")));
}

// ---- the division of workspaces among servers

/// One server without anything but its share of the work.
class Sharer : public DividedWork {
 public:
  Sharer(MetadataStore& store, Replica::Options options)
      : replica(store, options),
        division(io.get_executor(), replica, store, pool, {.look = 50ms, .at_once = 4}) {
    EXPECT_TRUE(replica.join());
    thread = std::thread([this] {
      const auto work = boost::asio::make_work_guard(io);
      io.run();
    });
    boost::asio::post(io, [this] { division.begin(*this); });
  }
  ~Sharer() override {
    end();
    io.stop();
    thread.join();
    pool.join();
  }
  void end() {
    if (std::exchange(ended, true)) return;
    boost::asio::co_spawn(io, division.shutdown(), boost::asio::use_future).get();
    replica.leave();
  }
  void take(WorkspaceRecord workspace) override {
    const std::lock_guard lock(mutex);
    has.insert(workspace.id);
  }
  net::Task<void> drop(std::string workspace) override {
    const std::lock_guard lock(mutex);
    has.erase(workspace);
    co_return;
  }
  std::set<std::string> now() {
    const std::lock_guard lock(mutex);
    return has;
  }
  std::size_t acting() {
    return static_cast<std::size_t>(
        std::ranges::count_if(now(), [&](const auto& workspace) { return division.holds(workspace); }));
  }
  std::string place_of(const std::string& workspace) {
    const auto place = boost::asio::co_spawn(io, division.place_of(workspace), boost::asio::use_future).get();
    return place ? *place : "error " + place.error().message;
  }

  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  Replica replica;
  Division division;
  std::mutex mutex;
  std::set<std::string> has;
  bool ended = false;
  std::thread thread;
};

class DivisionContract : public ReplicaContract {
 protected:
  static Options at(const std::string& address, Options options) {
    options.address = address;
    return options;
  }
  void add_running(int count) {
    for (int i = 0; i < count; ++i) add_workspace("w" + std::to_string(i), WorkspaceState::running);
  }
};

TEST_P(DivisionContract, EveryRunningWorkspaceHasOneWhoLooksAfterIt) {
  add_running(20);
  add_workspace("stopped");
  Sharer one(*store_, at("one:1", quick())), two(*second_, at("two:2", quick()));
  ASSERT_TRUE(eventually([&] { return one.acting() + two.acting() == 20; }));
  for (const auto& workspace : one.now()) EXPECT_FALSE(two.now().contains(workspace)) << workspace;
  EXPECT_TRUE(eventually([&] { return one.division.leads() != two.division.leads(); })) << "one leads";
  auto& other = one.now().contains("w0") ? two : one;
  EXPECT_EQ(other.place_of("w0"), one.now().contains("w0") ? "one:1" : "two:2");
  EXPECT_EQ(two.place_of("stopped"), "") << "who is asked takes it";
  EXPECT_EQ(one.place_of("stopped"), "two:2");
  EXPECT_TRUE(one.place_of("nothing").starts_with("error"));
  EXPECT_FALSE(store_->leases().find(workspace_lease("nothing"))->has_value());
}

TEST_P(DivisionContract, WhatIsTakenForANewOneIsHeldUntilItIsGivenBack) {
  const std::string id = "abcdefg234";
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(eventually([&] { return one.division.leads(); }));
  ASSERT_TRUE(boost::asio::co_spawn(one.io, one.division.take_new(id), boost::asio::use_future).get());
  EXPECT_TRUE(one.division.holds(id));
  EXPECT_EQ(store_->leases().find(workspace_lease(id)).value()->address, "one:1");
  boost::asio::co_spawn(one.io, one.division.give_back(id), boost::asio::use_future).get();
  EXPECT_FALSE(one.division.holds(id));
  EXPECT_EQ(store_->leases().find(workspace_lease(id)).value()->holder, "");
  EXPECT_TRUE(one.place_of(id).starts_with("error"));
  add_workspace(id);
  EXPECT_TRUE(one.place_of(id).starts_with("error")) << "who asked in vain is answered without a look";
}

TEST_P(DivisionContract, WhatADeadServerHadIsTakenOverInTime) {
  add_running(6);
  Sharer dies(*store_, at("dies:1", silent()));
  ASSERT_TRUE(eventually([&] { return dies.acting() == 6; }));
  const auto died = std::chrono::steady_clock::now();
  Sharer lives(*second_, at("lives:2", quick()));
  std::size_t together = 0;
  ASSERT_TRUE(eventually([&] {
    // Asked in this order: what was the other's a moment ago may be this one's now, never both's.
    const auto gained = lives.acting();
    together = std::max(together, gained > 0 ? gained + dies.acting() : 0);
    return gained == 6;
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - died, 10s);
  EXPECT_EQ(together, 6u) << "never two at once";
  EXPECT_TRUE(eventually([&] { return dies.now().empty(); })) << "it has noticed";
}

TEST_P(DivisionContract, WhoLeavesHandsItsWorkspacesOver) {
  add_running(5);
  Sharer leaves(*store_, at("leaves:1", quick()));
  ASSERT_TRUE(eventually([&] { return leaves.acting() == 5; }));
  Sharer stays(*second_, at("stays:2", quick()));
  leaves.end();
  EXPECT_TRUE(eventually([&] { return stays.acting() == 5; }));
}

TEST_P(DivisionContract, AnAddressIsKnownToAll) {
  add_running(1);
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(eventually([&] { return one.acting() == 1; }));
  RunnerAddress address{.unix_path = {}, .host = "10.1.2.3", .port = 7700, .runner_key = {}};
  address.runner_key[3] = 9;
  boost::asio::post(one.io, [&] { one.division.publish("w0", address); });
  Sharer two(*second_, at("two:2", quick()));
  ASSERT_TRUE(eventually([&] {
    const auto others =
        boost::asio::co_spawn(two.io, two.division.others("w0"), boost::asio::use_future).get();
    return others && others->address && others->address->host == "10.1.2.3" &&
           others->address->port == 7700 && others->address->runner_key == address.runner_key;
  }));
}

TEST_P(DivisionContract, ADeletedWorkspaceIsForgotten) {
  add_running(1);
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(eventually([&] { return one.acting() == 1; }));
  ASSERT_TRUE(store_->workspaces().remove("w0"));
  EXPECT_TRUE(eventually([&] { return one.now().empty() && !one.division.holds("w0"); }));
}

const auto named = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Stores, LeaseContract, testing::every_store(), named);
INSTANTIATE_TEST_SUITE_P(Stores, ReplicaContract, testing::every_store(), named);
INSTANTIATE_TEST_SUITE_P(Stores, DivisionContract, testing::every_store(), named);

}  // namespace
}  // namespace berth::server

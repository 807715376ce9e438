// SPDX-License-Identifier: GPL-3.0-or-later
// How workspaces are divided among servers: taken, held, handed over.
#include "server/division.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <iostream>
#include <map>
#include <set>

#include "lease_contract.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using protocol::rest::WorkspaceState;
using testing::holds_eventually;
using testing::ReplicaContract;
using testing::SilencedStore;

/// One server without anything but its share of the work.
class Sharer : public DividedWork {
 public:
  Sharer(MetadataStore& store, Replica::Options options,
         Division::Options shares = {.look = 50ms, .at_once = 4})
      : replica(store, options), division(io.get_executor(), replica, store, pool, shares) {
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
    hand_over();
    replica.leave();
  }
  void hand_over() { boost::asio::co_spawn(io, division.hand_over(), boost::asio::use_future).get(); }
  void take(WorkspaceRecord workspace) override {
    const std::lock_guard lock(mutex);
    has.insert(workspace.id);
  }
  net::Task<void> drop(std::string workspace) override {
    boost::asio::steady_timer pause(io);
    while (workspace == stuck) {
      pause.expires_after(2ms);
      co_await pause.async_wait(boost::asio::use_awaitable);
    }
    const std::lock_guard lock(mutex);
    has.erase(workspace);
  }
  std::vector<std::string> idle() const override {
    const std::lock_guard lock(mutex);
    return {has.begin(), has.end()};
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
    return place ? place->address : "error " + place.error().message;
  }

  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  Replica replica;
  Division division;
  mutable std::mutex mutex;
  std::set<std::string> has;
  std::string stuck;  // the workspace whose work does not end
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
  ASSERT_TRUE(holds_eventually([&] { return one.acting() + two.acting() == 20; }));
  for (const auto& workspace : one.now()) EXPECT_FALSE(two.now().contains(workspace)) << workspace;
  EXPECT_TRUE(holds_eventually([&] { return one.division.leads() != two.division.leads(); })) << "one leads";
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
  ASSERT_TRUE(holds_eventually([&] { return one.division.leads(); }));
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

TEST_P(DivisionContract, WhoLivesIsAskedOnceForAWhileAndNobodyIsDeadForWantOfAnAnswer) {
  SilencedStore line(*store_);
  Sharer patient(*store_, at("one:1", quick()), {.look = 50ms, .at_once = 4, .lives_for = 1h});
  Sharer hasty(line, at("two:2", quick()), {.look = 50ms, .at_once = 4, .lives_for = 0ms});
  join("other");
  const auto lives = [](Sharer& who, const std::string& replica) {
    return boost::asio::co_spawn(who.io, who.division.lives(replica), boost::asio::use_future).get();
  };
  EXPECT_TRUE(lives(patient, "other"));
  EXPECT_TRUE(lives(hasty, "other"));
  EXPECT_FALSE(lives(patient, "nobody"));
  ASSERT_TRUE(store_->replicas().leave("other"));
  EXPECT_TRUE(lives(patient, "other")) << "as it was known";
  line.silent = true;
  EXPECT_TRUE(lives(hasty, "other")) << "nobody can say";
  line.silent = false;
  EXPECT_FALSE(lives(hasty, "other"));
}

TEST_P(DivisionContract, WhatADeadServerHadIsTakenOverInTime) {
  add_running(6);
  SilencedStore line(*store_);
  Sharer dies(line, at("dies:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return dies.acting() == 6; }));
  Sharer lives(*second_, at("lives:2", quick()));
  line.silent = true;
  std::size_t together = 0;
  ASSERT_TRUE(holds_eventually([&] {
    // Asked in this order: what was the other's a moment ago may be this one's now, never both's.
    const auto gained = lives.acting();
    together = std::max(together, gained > 0 ? gained + dies.acting() : 0);
    return gained == 6;
  }));
  EXPECT_EQ(together, 6u) << "never two at once";
  EXPECT_TRUE(holds_eventually([&] { return dies.now().empty(); })) << "it has noticed";
}

/// Sixteen a second would be a minute.
TEST_P(DivisionContract, AThousandWorkspacesOfADeadServerAreTakenOverInSeconds) {
  constexpr int many = 1000;
  join("dead");
  add_running(many);
  std::vector<std::string> ids;
  for (int i = 0; i < many; ++i) ids.push_back("w" + std::to_string(i));
  ASSERT_EQ(store_->leases().take_workspaces(ids, "dead")->size(), static_cast<std::size_t>(many));
  Sharer one(*store_, at("one:1", quick()), {}), two(*second_, at("two:2", quick()), {});
  ASSERT_TRUE(holds_eventually([&] { return one.division.leads() || two.division.leads(); }));
  const auto died = std::chrono::steady_clock::now();
  die("dead");
  ASSERT_TRUE(holds_eventually([&] { return one.acting() + two.acting() == many; }))
      << one.acting() << " and " << two.acting();
  const auto taken = std::chrono::steady_clock::now() - died;
  RecordProperty("milliseconds", static_cast<int>(taken / 1ms));
  std::cout << "taken over in " << taken / 1ms << " ms: " << one.acting() << " and " << two.acting() << "\n";
}

TEST_P(DivisionContract, WhatEndsFirstIsHandedOverFirst) {
  add_running(5);
  Sharer leaves(*store_, at("leaves:1", quick()), {.look = 50ms, .farewell = 60s});
  ASSERT_TRUE(holds_eventually([&] { return leaves.acting() == 5; }));
  Sharer stays(*second_, at("stays:2", quick()));
  boost::asio::co_spawn(leaves.io, leaves.division.shutdown(), boost::asio::use_future).get();
  boost::asio::post(leaves.io, [&] { leaves.stuck = "w3"; });
  auto handing = std::async(std::launch::async, [&] { leaves.hand_over(); });
  EXPECT_TRUE(holds_eventually([&] { return stays.acting() == 4; })) << "while one still has work";
  EXPECT_TRUE(leaves.division.holds("w3"));
  EXPECT_EQ(store_->leases().find(workspace_lease("w3"))->value().address, "leaves:1");
  boost::asio::post(leaves.io, [&] { leaves.stuck.clear(); });
  handing.get();
  EXPECT_TRUE(holds_eventually([&] { return stays.acting() == 5; }));
  EXPECT_FALSE(leaves.replica.id().empty()) << "all that before it left";
}

TEST_P(DivisionContract, WhatRunsAlthoughNobodyThinksSoIsLookedAfterByWhoSeesIt) {
  add_workspace("stopped");
  add_workspace("others");
  join("other");
  ASSERT_EQ(taken_by(workspace_lease("others"), "other"), "other");
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return one.division.leads(); }));
  EXPECT_EQ(*boost::asio::co_spawn(one.io, one.division.tended({"stopped", "others", "nothing"}),
                                   boost::asio::use_future)
                 .get(),
            (std::map<std::string, bool>{{"others", true}, {"stopped", false}}));
  boost::asio::co_spawn(one.io, one.division.look_after({"stopped", "others", "nothing"}),
                        boost::asio::use_future)
      .get();
  EXPECT_EQ(one.now(), (std::set<std::string>{"stopped"}));
  EXPECT_TRUE(one.division.holds("stopped"));
}

TEST_P(DivisionContract, WhoLeavesHandsItsWorkspacesOver) {
  add_running(5);
  Sharer leaves(*store_, at("leaves:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return leaves.acting() == 5; }));
  Sharer stays(*second_, at("stays:2", quick()));
  leaves.end();
  EXPECT_TRUE(holds_eventually([&] { return stays.acting() == 5; }));
}

TEST_P(DivisionContract, AnAddressIsKnownToAll) {
  add_running(1);
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return one.acting() == 1; }));
  RunnerAddress address{.unix_path = {}, .host = "10.1.2.3", .port = 7700, .runner_key = {}};
  address.runner_key[3] = 9;
  boost::asio::post(one.io, [&] { one.division.publish("w0", {address, 1234567}); });
  Sharer two(*second_, at("two:2", quick()));
  ASSERT_TRUE(holds_eventually([&] {
    const auto others =
        boost::asio::co_spawn(two.io, two.division.others("w0"), boost::asio::use_future).get();
    return others && others->address && others->stops_at == 1234567 && others->address->host == "10.1.2.3" &&
           others->address->port == 7700 && others->address->runner_key == address.runner_key;
  }));
}

TEST_P(DivisionContract, WhoWaitsUntilTheOthersAreToldDoesSoForTheNewestAddress) {
  add_running(1);
  SilencedStore line(*store_);
  Sharer one(line, at("one:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return one.acting() == 1; }));
  const auto publish = [&](std::uint16_t port) {
    RunnerAddress address{.unix_path = {}, .host = "10.1.2.3", .port = port, .runner_key = {}};
    boost::asio::co_spawn(
        one.io,
        [](Division& division, RunnerAddress where) -> net::Task<void> {
          division.publish("w0", {where, {}});
          co_await division.told("w0");
        }(one.division, address),
        boost::asio::use_future)
        .get();
  };
  const auto known = [&] { return store_->leases().find(workspace_lease("w0"))->value().data; };
  for (std::uint16_t port = 7'001; port < 7'010; ++port) {
    publish(port);
    EXPECT_NE(known().find(std::to_string(port)), std::string::npos) << known();
  }
}

TEST_P(DivisionContract, ADeletedWorkspaceIsForgotten) {
  add_running(1);
  Sharer one(*store_, at("one:1", quick()));
  ASSERT_TRUE(holds_eventually([&] { return one.acting() == 1; }));
  ASSERT_TRUE(store_->workspaces().remove("w0"));
  EXPECT_TRUE(holds_eventually([&] { return one.now().empty() && !one.division.holds("w0"); }));
}

INSTANTIATE_TEST_SUITE_P(Stores, DivisionContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server

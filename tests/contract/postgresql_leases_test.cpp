// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps several servers on one PostgreSQL apart: a writer's lease is held to the end of its transaction,
// heartbeats wait for nobody, and a database that hangs holds nobody for ever.
#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"
#include "server/stores/sql_tables.hpp"
#include "store_places.hpp"
#include "tests/contract/postgresql_road.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using protocol::rest::WorkspaceState;
using testing::PostgresqlProcess;

constexpr std::int64_t lives_on = 600'000;  // ms

template <class Condition>
bool holds_in_time(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

class PostgresqlLeasesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::make_migrated_database(name_);
    store_ = open(settings());
    ASSERT_TRUE(store_);
  }
  void TearDown() override {
    store_.reset();
    server().drop_database(name_);
  }

  static PostgresqlProcess& server() { return PostgresqlProcess::shared(); }
  PostgresqlSettings settings() const { return server().settings(name_); }
  static std::unique_ptr<MetadataStore> open(const PostgresqlSettings& settings) {
    auto opened = open_postgresql_store(settings);
    EXPECT_TRUE(opened) << opened.error().message << " " << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  void join(const std::string& id) {
    ASSERT_TRUE(
        store_->replicas().join({.id = id, .address = id, .place = {}, .release = {}}, lives_on, false));
  }
  WorkspaceRecord add_workspace() {
    EXPECT_TRUE(store_->accounts().insert(
        {.id = "ann", .email = "ann@example.org", .name = "Ann", .password_hash = "h", .created = 5}, 0));
    WorkspaceRecord one;
    one.id = "w";
    one.account = "ann";
    one.state = WorkspaceState::running;
    EXPECT_TRUE(store_->workspaces().insert(one, 10));
    return one;
  }
  /// Somebody waits for a row that another transaction holds.
  bool somebody_waits() const {
    return server().run(name_, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '" + name_ +
                                   "' AND wait_event_type = 'Lock'") != "0";
  }

  const std::string name_ = "berth-pg-test-" + random_id(8);
  std::unique_ptr<MetadataStore> store_;
};

/// Whoever takes the workspace over reads it next: a write that was let through before must be in what he
/// reads.
TEST_F(PostgresqlLeasesTest, ATakeoverWaitsForWhoWritesUnderTheLease) {
  add_workspace();
  join("slow");
  join("taker");
  ASSERT_EQ(store_->leases().take(workspace_lease("w"), "slow")->holder, "slow");
  auto slow = PostgresqlDatabase::open(settings(), PostgresqlDatabase::Purpose::serve);
  ASSERT_TRUE(slow);
  (*slow)->write_as("slow");
  std::future<std::string> taken;
  std::atomic<bool> done = false;
  const auto written = (*slow)->transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(**slow, sql, "w"); !held) return held;
    if (!taken.valid()) {  // once, should this be run again
      EXPECT_TRUE(*store_->replicas().renew("slow", 0)) << "it dies here";
      taken = std::async(std::launch::async, [&] {
        const auto lease = store_->leases().take(workspace_lease("w"), "taker");
        const auto row = store_->workspaces().find("w");
        done = true;
        return (lease ? lease->holder : lease.error().message) + " " +
               (row ? row->reason : row.error().message);
      });
      EXPECT_TRUE(holds_in_time([&] { return done || somebody_waits(); }));
      EXPECT_FALSE(done) << "taken over under the writer";
    }
    sql.run("UPDATE workspaces SET reason = 'written' WHERE id = 'w'");
    return {};
  });
  const auto seen = taken.get();
  EXPECT_TRUE(written) << written.error().message << written.error().detail;
  EXPECT_EQ(seen, "taker written");
}

TEST_F(PostgresqlLeasesTest, AHeartbeatWaitsForNoConnection) {
  auto few = settings();
  few.connections = 2;
  few.wait = 100ms;
  const auto busy = open(few);
  ASSERT_TRUE(busy);
  ASSERT_TRUE(busy->replicas().join({.id = "r", .address = {}, .place = {}, .release = {}}, lives_on, false));
  std::latch taken(3), freed(1);
  std::vector<std::future<Result<void>>> working;
  for (int i = 0; i < 2; ++i)
    working.push_back(std::async(std::launch::async, [&, i] {
      bool first = true;
      return busy->counts().change({std::to_string(i)}, [&](SharedCounts::Counts&) {
        if (std::exchange(first, false)) taken.count_down();
        freed.wait();
      });
    }));
  taken.arrive_and_wait();
  EXPECT_FALSE(busy->workspaces().list()) << "all connections are in use";
  const auto renewed = busy->replicas().renew("r", lives_on);
  EXPECT_TRUE(renewed && *renewed) << (renewed ? "" : renewed.error().message);
  freed.count_down();
  for (auto& each : working) EXPECT_TRUE(each.get());
}

TEST_F(PostgresqlLeasesTest, ADatabaseThatHangsHoldsNobodyForEver) {
  testing::PostgresqlRoad road(server().socket());
  auto hasty = server().settings(name_, road.folder());
  hasty.statement = 2s;
  hasty.answer = 300ms;
  hasty.patience = 20s;
  auto far = open(hasty);
  ASSERT_TRUE(far);
  ASSERT_TRUE(far->replicas().join({.id = "r", .address = {}, .place = {}, .release = {}}, lives_on, false));
  ASSERT_TRUE(far->settings().put({{"a", "1"}}));
  road.freeze();
  auto writing = std::async(std::launch::async, [&] { return far->settings().put({{"a", "2"}}); });
  auto beating = std::async(std::launch::async, [&] { return far->replicas().renew("r", lives_on); });
  auto closing = [&] {
    if (writing.wait_for(20s) != std::future_status::ready) return false;
    return beating.wait_for(20s) == std::future_status::ready;
  };
  EXPECT_TRUE(closing()) << "they wait for an answer that never comes";
  // A heartbeat that took so long is made anew by who beats.
  EXPECT_TRUE(holds_in_time([&] {
    const auto renewed = far->replicas().renew("r", lives_on);
    return renewed && *renewed;
  })) << "on connections that are as good as ever";
  road.thaw();
  const auto written = writing.get();
  EXPECT_TRUE(written) << written.error().message << " " << written.error().detail;
  EXPECT_EQ(server().run(name_, "SELECT value FROM settings WHERE name = 'a'"), "2");
  // Nor does the end: what a connection has prepared is taken back one by one.
  road.freeze();
  auto ending = std::async(std::launch::async, [&] { far.reset(); });
  EXPECT_EQ(ending.wait_for(20s), std::future_status::ready);
  road.thaw();
  ending.get();
}

TEST_F(PostgresqlLeasesTest, WhoListensToADatabaseThatHangsListensToItsSuccessor) {
  testing::PostgresqlRoad road(server().socket());
  auto hasty = server().settings(name_, road.folder());
  hasty.answer = 300ms;
  const auto far = open(hasty);
  ASSERT_TRUE(far);
  std::atomic<int> begun = 0, heard = 0;
  const auto listener =
      far->announcements().listen({.heard = [&](const Announcement& one) { heard += one.subject == "after"; },
                                   .missed = [&] { ++begun; }});
  ASSERT_TRUE(holds_in_time([&] { return begun == 1; }));
  road.freeze();
  EXPECT_TRUE(holds_in_time([&] { return begun == 2; })) << "what was missed meanwhile is looked up";
  ASSERT_TRUE(store_->announcements().announce(
      {.kind = AnnouncementKind::leases_free, .subject = "after", .except = {}, .reason = {}}));
  EXPECT_TRUE(holds_in_time([&] { return heard == 1; }));
  road.thaw();
}

TEST_F(PostgresqlLeasesTest, OldCountsAreFoundByAnIndex) {
  const auto plan = [&](const std::string& statement) {
    return server().run(name_, "SET enable_seqscan = off; EXPLAIN (FORMAT JSON) " + statement);
  };
  EXPECT_NE(plan("DELETE FROM counts WHERE last < 5").find("counts_by_last"), std::string::npos);
  EXPECT_NE(plan("DELETE FROM used_once WHERE until <= 5").find("used_once_by_until"), std::string::npos);
}

}  // namespace
}  // namespace berth::server

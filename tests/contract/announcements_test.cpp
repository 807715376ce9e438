// SPDX-License-Identifier: GPL-3.0-or-later
// What servers on one PostgreSQL tell each other, and what comes of it: access that ends on all of them.
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <thread>

#include "server/shared_events.hpp"
#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using testing::PostgresqlProcess;
using Kind = AnnouncementKind;

/// Keeps what it heard.
class Hearer {
 public:
  explicit Hearer(MetadataStore& store)
      : listener_(store.announcements().listen({.heard =
                                                    [this](const Announcement& announcement) {
                                                      const std::lock_guard lock(mutex_);
                                                      heard_.push_back(announcement);
                                                      changed_.notify_all();
                                                    },
                                                .missed =
                                                    [this] {
                                                      const std::lock_guard lock(mutex_);
                                                      ++begun_;
                                                      changed_.notify_all();
                                                    }})) {
    EXPECT_TRUE(waits_for([this] { return begun_ > 0; }));
  }
  /// What came until one about `subject` did.
  std::vector<Announcement> until(const std::string& subject) {
    EXPECT_TRUE(waits_for([&] {
      return std::ranges::any_of(heard_, [&](const auto& one) { return one.subject == subject; });
    })) << subject;
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, {});
  }
  bool begins_again() {
    return waits_for([this] { return begun_ > 1; });
  }

 private:
  template <class Condition>
  bool waits_for(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, condition);
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Announcement> heard_;
  int begun_ = 0;
  std::unique_ptr<AnnouncementListener> listener_;
};

class AnnouncementsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::make_migrated_database(name_);
    for (auto* store : {&one_, &two_}) {
      auto opened = open_postgresql_store(server().settings(name_));
      ASSERT_TRUE(opened) << opened.error().message << opened.error().detail;
      *store = std::move(*opened);
    }
    ASSERT_TRUE(one_->accounts().insert(
        {.id = "ann", .email = "ann@example.org", .name = "Ann", .password_hash = "h", .created = 5}, 0));
    for (const auto* id : {"s1", "s2", "s3"}) {
      SignInRecord sign_in;
      sign_in.id = id;
      sign_in.account = "ann";
      sign_in.expires = 1'000'000;
      ASSERT_TRUE(one_->sign_ins().insert(sign_in));
    }
  }
  void TearDown() override {
    one_.reset();
    two_.reset();
    server().drop_database(name_);
  }
  static PostgresqlProcess& server() { return PostgresqlProcess::shared(); }
  static Result<void> say(MetadataStore& store, const std::string& subject) {
    return store.announcements().announce(
        {.kind = Kind::workspace_ended, .subject = subject, .except = {}, .reason = "Because."});
  }

  const std::string name_ = "berth-announcements-" + random_id(8);
  std::unique_ptr<MetadataStore> one_, two_;
};

TEST_F(AnnouncementsTest, WhatOneSaysTheOthersHearAndItselfDoesNot) {
  Hearer at_one(*one_), at_two(*two_);
  ASSERT_TRUE(say(*one_, "w1"));
  ASSERT_TRUE(say(*two_, "w2"));
  const auto heard = at_two.until("w1");
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard.front().kind, Kind::workspace_ended);
  EXPECT_EQ(heard.front().reason, "Because.");
  const auto other = at_one.until("w2");
  EXPECT_EQ(other.size(), 1u);
}

TEST_F(AnnouncementsTest, EndsOfSignInsAreToldWithTheTransactionThatEndsThem) {
  Hearer hearer(*two_);
  ASSERT_TRUE(one_->sign_ins().end("s1"));
  ASSERT_TRUE(one_->sign_ins().end_all("ann", "s3"));
  ASSERT_TRUE(say(*one_, "last"));
  const auto heard = hearer.until("last");
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].kind, Kind::sign_in_ended);
  EXPECT_EQ(heard[0].subject, "s1");
  EXPECT_EQ(heard[1].kind, Kind::account_ended);
  EXPECT_EQ(heard[1].subject, "ann");
  EXPECT_EQ(heard[1].except, "s3");
}

TEST_F(AnnouncementsTest, WhatIsNotCommittedIsNotTold) {
  auto database = PostgresqlDatabase::open(server().settings(name_), PostgresqlDatabase::Purpose::serve);
  ASSERT_TRUE(database);
  Hearer hearer(*two_);
  EXPECT_FALSE((*database)->transaction<void>([&](SqlSession& sql) -> Result<void> {
    (*database)->announce(sql, {.kind = Kind::sign_in_ended, .subject = "no", .except = {}, .reason = {}});
    return failure(ErrorCode::conflict, "after all not");
  }));
  ASSERT_TRUE(say(*one_, "last"));
  EXPECT_EQ(hearer.until("last").size(), 1u);
}

TEST_F(AnnouncementsTest, ALongReasonIsCutBetweenCharacters) {
  Hearer hearer(*two_);
  std::string reason;
  for (int i = 0; i < 9'000; ++i) reason += "\xC3\xA4";
  ASSERT_TRUE(one_->announcements().announce(
      {.kind = Kind::workspace_ended, .subject = "w", .except = {}, .reason = reason}));
  const auto heard = hearer.until("w");
  EXPECT_GT(heard.front().reason.size(), 500u);
  EXPECT_EQ(heard.front().reason.size() % 2, 0u);
}

TEST_F(AnnouncementsTest, AListenerWhoseConnectionBrokeListensAgainAndSaysThatItMissedSome) {
  Hearer hearer(*two_);
  server().run("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                               name_ + "' AND query LIKE 'LISTEN%'");
  ASSERT_TRUE(hearer.begins_again());
  ASSERT_TRUE(say(*one_, "w"));
  EXPECT_EQ(hearer.until("w").back().subject, "w");
}

/// Two servers, each with people connected to it.
class SharedEventsTest : public AnnouncementsTest {
 protected:
  struct Server {
    explicit Server(MetadataStore& store)
        : settings(store.settings(), {.registration_open = true,
                                      .idle_stop_minutes = 30,
                                      .maximum_life_minutes = 0,
                                      .workspaces_per_account = 4,
                                      .running_per_account = 2,
                                      .storage_per_account = 0}),
          shared({.store = store,
                  .events = events,
                  .settings = settings,
                  .pool = pool,
                  .leases_free = [this] { ++freed; },
                  .objects_removed = [this](const std::string&) { ++removed; },
                  .objects_doubted = [](const std::string&) {}}) {}
    /// Somebody connected; the reason once it has ended.
    struct Connection {
      std::mutex mutex;
      std::string reason;
      SessionEvents::Subscription subscription;
      std::string now() {
        const std::lock_guard lock(mutex);
        return reason;
      }
    };
    std::shared_ptr<Connection> connect(const std::string& sign_in, const std::string& workspace) {
      auto made = std::make_shared<Connection>();
      made->subscription = events.subscribe({sign_in, "ann", workspace},
                                            [made_ = std::weak_ptr(made)](const std::string& reason) {
                                              if (const auto held = made_.lock()) {
                                                const std::lock_guard lock(held->mutex);
                                                held->reason = reason;
                                              }
                                            });
      return made;
    }
    SessionEvents events;
    Settings settings;
    boost::asio::thread_pool pool{1};
    std::atomic<int> freed{0}, removed{0};
    SharedEvents shared;
  };
  template <class Condition>
  static bool within(std::chrono::milliseconds limit, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(2ms);
    }
    return true;
  }
  /// Whoever listens has begun.
  void SetUp() override {
    AnnouncementsTest::SetUp();
    first_ = std::make_unique<Server>(*one_);
    second_ = std::make_unique<Server>(*two_);
    ASSERT_TRUE(within(20s, [&] { return first_->freed > 0 && second_->freed > 0; }));
  }
  void TearDown() override {
    first_.reset();
    second_.reset();
    AnnouncementsTest::TearDown();
  }
  std::unique_ptr<Server> first_, second_;
};

TEST_F(SharedEventsTest, ARevocationOnOneServerEndsConnectionsOnTheOtherWithinASecond) {
  const auto ends = second_->connect("s1", "w"), stays = second_->connect("s2", "w");
  ASSERT_TRUE(one_->sign_ins().end("s1"));
  EXPECT_TRUE(within(1s, [&] { return !ends->now().empty(); }));
  EXPECT_EQ(stays->now(), "");
  ASSERT_TRUE(one_->sign_ins().end_all("ann", "s3"));
  const auto kept = second_->connect("s3", "w");
  EXPECT_TRUE(within(1s, [&] { return !stays->now().empty(); }));
  EXPECT_EQ(kept->now(), "");
}

TEST_F(SharedEventsTest, AStoppedWorkspaceEndsConnectionsOnTheOtherServerWithItsReason) {
  const auto here = first_->connect("s1", "w"), there = second_->connect("s1", "w"),
             other = second_->connect("s1", "x");
  first_->events.end_workspace("w", "It was idle.");
  EXPECT_EQ(here->now(), "It was idle.");
  EXPECT_TRUE(within(1s, [&] { return there->now() == "It was idle."; }));
  EXPECT_EQ(other->now(), "");
}

TEST_F(SharedEventsTest, ChangedSettingsAreReadByTheOther) {
  EXPECT_EQ(second_->settings.current().running_per_account, 2);
  ASSERT_TRUE(one_->settings().put({{"running_per_account", "7"}}));
  EXPECT_TRUE(within(1s, [&] { return second_->settings.current().running_per_account == 7; }));
}

/// While it heard nothing, a sign-in ended.
TEST_F(SharedEventsTest, WhatWasMissedWhileNothingWasHeardIsLookedUp) {
  const auto late = second_->connect("s1", "w"), fine = second_->connect("s2", "w");
  // Ended by somebody who tells nobody, which is what a broken connection hears of it.
  server().run(name_, "DELETE FROM sign_ins WHERE id = 's1'");
  server().run("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                               name_ + "' AND query LIKE 'LISTEN%'");
  EXPECT_TRUE(within(20s, [&] { return !late->now().empty(); }));
  EXPECT_EQ(fine->now(), "");
}

TEST_F(SharedEventsTest, RemovedObjectsAndFreedLeasesAreTold) {
  const int before = second_->freed;
  first_->shared.tell_objects_removed("ann");
  EXPECT_TRUE(within(1s, [&] { return second_->removed == 1; }));
  EXPECT_EQ(first_->removed, 0);
  ASSERT_TRUE(one_->replicas().leave("gone"));
  EXPECT_TRUE(within(1s, [&] { return second_->freed > before; }));
}

}  // namespace
}  // namespace berth::server

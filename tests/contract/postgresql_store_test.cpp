// SPDX-License-Identifier: GPL-3.0-or-later
// What PostgreSQL brings along that SQLite has not: connections that break, servers that restart,
// transactions that get in each other's way.
#include <atomic>
#include <fstream>
#include <future>
#include <latch>
#include <thread>

#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"
#include "store_places.hpp"
#include "tests/contract/postgresql_road.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using testing::PostgresqlProcess;
using Purpose = PostgresqlDatabase::Purpose;

class PostgresqlStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { testing::make_migrated_database(name_); }
  void TearDown() override { PostgresqlProcess::shared().drop_database(name_); }

  static PostgresqlProcess& server() { return PostgresqlProcess::shared(); }
  PostgresqlSettings settings() const { return server().settings(name_); }
  std::unique_ptr<PostgresqlDatabase> open(const PostgresqlSettings& settings,
                                           Purpose purpose = Purpose::serve) {
    auto opened = PostgresqlDatabase::open(settings, purpose);
    EXPECT_TRUE(opened) << opened.error().message << " " << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  std::unique_ptr<PostgresqlDatabase> open() { return open(settings()); }
  static ErrorCode refusal(const PostgresqlSettings& settings, Purpose purpose = Purpose::serve) {
    const auto opened = PostgresqlDatabase::open(settings, purpose);
    return opened ? ErrorCode{} : opened.error().code;
  }
  static Result<void> put(SqlDatabase& database, const std::string& name, long long value) {
    return database.transaction<void>([&](SqlSession& sql) -> Result<void> {
      const auto text = std::to_string(value);
      sql.run("INSERT INTO settings (name, value) VALUES (:name, :value)", soci::use(name), soci::use(text));
      return {};
    });
  }
  /// Adds one to a number that is read first: lost where two do so at the same time.
  static Result<void> add_one(SqlDatabase& database, const std::string& name) {
    return database.transaction<void>([&](SqlSession& sql) -> Result<void> {
      std::string value;
      sql.run("SELECT value FROM settings WHERE name = :name", soci::use(name), soci::into(value));
      value = std::to_string(std::stoi(value) + 1);
      sql.run("UPDATE settings SET value = :value WHERE name = :name", soci::use(value), soci::use(name));
      return {};
    });
  }
  std::string value(const std::string& name) const {
    return server().run(name_, "SELECT value FROM settings WHERE name = '" + name + "'");
  }

  const std::string name_ = "berth-pg-test-" + random_id(8);
};

TEST_F(PostgresqlStoreTest, TransactionsThatMeetAreRunAgainUntilAllAreDone) {
  const auto first = open(), second = open();
  ASSERT_TRUE(put(*first, "n", 0));
  constexpr int racers = 6, rounds = 15;
  std::vector<std::future<Result<void>>> running;
  for (int i = 0; i < racers; ++i)
    running.push_back(std::async(std::launch::async, [&, i]() -> Result<void> {
      for (int round = 0; round < rounds; ++round)
        if (auto added = add_one(i % 2 ? *second : *first, "n"); !added) return added;
      return {};
    }));
  for (auto& each : running) {
    const auto added = each.get();
    EXPECT_TRUE(added) << added.error().message << " " << added.error().detail;
  }
  EXPECT_EQ(value("n"), std::to_string(racers * rounds));
  EXPECT_GT(first->figures().again + second->figures().again, 0u);
}

TEST_F(PostgresqlStoreTest, ADeadlockEndsWithBothDone) {
  const auto database = open();
  ASSERT_TRUE(put(*database, "a", 0));
  ASSERT_TRUE(put(*database, "b", 0));
  std::latch both(2);
  const auto cross = [&](const char* first, const char* second) {
    bool waited = false;
    return database->transaction<void>([&](SqlSession& sql) -> Result<void> {
      for (const std::string name : {first, second}) {
        sql.run("UPDATE settings SET value = '7' WHERE name = :name", soci::use(name));
        if (!std::exchange(waited, true)) both.arrive_and_wait();
      }
      return {};
    });
  };
  auto other = std::async(std::launch::async, [&] { return cross("b", "a"); });
  EXPECT_TRUE(cross("a", "b"));
  EXPECT_TRUE(other.get());
  EXPECT_GT(database->figures().again, 0u);
}

TEST_F(PostgresqlStoreTest, ATransactionThatAlwaysMeetsOthersEndsWithAnError) {
  auto impatient = settings();
  impatient.persistence = 300ms;
  const auto database = open(impatient), other = open();
  ASSERT_TRUE(put(*database, "n", 0));
  const auto ended = database->transaction<void>([&](SqlSession& sql) -> Result<void> {
    std::string read;
    sql.run("SELECT value FROM settings WHERE name = 'n'", soci::into(read));
    if (auto first = add_one(*other, "n"); !first) return first;
    sql.run("UPDATE settings SET value = 'lost' WHERE name = 'n'");
    return {};
  });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::unavailable);
  EXPECT_NE(value("n"), "lost");
}

TEST_F(PostgresqlStoreTest, AServerThatRestartsIsFoundAgainAndWhatWasAcknowledgedIsThere) {
  auto patience = settings();
  patience.patience = 300ms;
  const auto database = open(patience);
  std::atomic<bool> stop = false;
  std::atomic<int> done{0};
  std::vector<std::future<std::vector<std::string>>> writers;
  for (int writer = 0; writer < 3; ++writer)
    writers.push_back(std::async(std::launch::async, [&, writer] {
      std::vector<std::string> acknowledged;
      for (int i = 0; !stop; ++i) {
        const auto name = std::to_string(writer) + "-" + std::to_string(i);
        const auto stored = put(*database, name, i);
        if (stored) acknowledged.push_back(name);
        if (stored) ++done;
        if (!stored) {
          EXPECT_EQ(stored.error().code, ErrorCode::unavailable) << stored.error().detail;
        }
      }
      return acknowledged;
    }));
  const auto wait_for = [&](int count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (done < count && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
    EXPECT_GE(done.load(), count);
  };
  wait_for(20);
  server().crash();
  const auto away = database->read<void>([](SqlSession& sql) -> Result<void> {
    sql.run("SELECT 1");
    return {};
  });
  EXPECT_EQ(away.error().code, ErrorCode::unavailable);
  server().start();
  wait_for(done + 20);
  stop = true;
  for (auto& writer : writers)
    for (const auto& name : writer.get()) EXPECT_NE(value(name), "") << name;
  EXPECT_GT(database->figures().lost, 0u);
}

TEST_F(PostgresqlStoreTest, ConnectionsThatTheServerEndedAreOpenedAnewUnnoticed) {
  const auto database = open();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(put(*database, std::to_string(i), i));
    server().run("postgres",
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name_ + "'");
  }
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM settings"), "5");
}

/// The answer to COMMIT is lost on its way: it was done, so it is not done twice.
TEST_F(PostgresqlStoreTest, ACommitWhoseAnswerIsLostIsDoneOnce) {
  testing::PostgresqlRoad road(server().socket());
  const auto database = open(server().settings(name_, road.folder()));
  ASSERT_TRUE(put(*database, "n", 0));
  road.lose_next_answer_to_commit();
  EXPECT_TRUE(add_one(*database, "n"));
  EXPECT_EQ(value("n"), "1");
  EXPECT_EQ(road.lost(), 1);
  EXPECT_EQ(database->figures().resolved, 1u);
}

TEST_F(PostgresqlStoreTest, ACommitThatNeverArrivedIsDoneAfterAll) {
  testing::PostgresqlRoad road(server().socket());
  const auto database = open(server().settings(name_, road.folder()));
  ASSERT_TRUE(put(*database, "n", 0));
  road.lose_next_commit();
  EXPECT_TRUE(add_one(*database, "n"));
  EXPECT_EQ(value("n"), "1");
  EXPECT_EQ(road.lost(), 1);
  EXPECT_EQ(database->figures().resolved, 1u);
}

/// … and where nobody can be asked what became of it, the error says that it is not known.
TEST_F(PostgresqlStoreTest, ACommitThatNobodyKnowsOfIsAnErrorThatSaysSo) {
  testing::PostgresqlRoad road(server().socket());
  auto impatient = server().settings(name_, road.folder());
  impatient.patience = impatient.wait = 200ms;
  const auto database = open(impatient);
  ASSERT_TRUE(put(*database, "n", 0));
  road.lose_next_answer_to_commit();
  road.close_afterwards();
  const auto added = add_one(*database, "n");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::unavailable);
  EXPECT_NE(added.error().message.find("may have been saved"), std::string::npos) << added.error().message;
  EXPECT_EQ(value("n"), "1");
}

/// What the database says later counts, however long the transaction had taken.
TEST_F(PostgresqlStoreTest, ALongTransactionsLostAnswerIsAskedForAsLongAsAShortOnes) {
  testing::PostgresqlRoad road(server().socket());
  auto impatient = server().settings(name_, road.folder());
  impatient.patience = impatient.wait = 1s;
  const auto database = open(impatient);
  road.lose_next_answer_to_commit();
  road.close_afterwards();
  auto opener = std::async(std::launch::async, [&] {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (road.lost() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(200ms);
    road.open_again();
  });
  const auto done = database->transaction<void>([](SqlSession& sql) -> Result<void> {
    sql.run("SELECT pg_sleep(2.2)");
    sql.run("INSERT INTO settings (name, value) VALUES ('n', '1')");
    return {};
  });
  EXPECT_TRUE(done) << done.error().message << done.error().detail;
  EXPECT_EQ(value("n"), "1");
  EXPECT_EQ(road.lost(), 1);
}

TEST_F(PostgresqlStoreTest, ACommitThatNeverArrivesEndsWithAnError) {
  testing::PostgresqlRoad road(server().socket());
  auto impatient = server().settings(name_, road.folder());
  impatient.patience = 500ms;
  const auto database = open(impatient);
  ASSERT_TRUE(put(*database, "n", 0));
  road.lose_commits(100);
  const auto added = add_one(*database, "n");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::unavailable);
  EXPECT_NE(added.error().message.find("nothing was changed"), std::string::npos) << added.error().message;
  EXPECT_EQ(value("n"), "0");
  EXPECT_LT(road.lost(), 20) << "there were pauses";
}

TEST_F(PostgresqlStoreTest, ATransactionThatBreaksEveryConnectionIsTriedSeldomAndGivenUp) {
  auto impatient = settings();
  impatient.patience = 500ms;
  const auto database = open(impatient);
  for (const std::string breaks : {"SELECT pg_terminate_backend(pg_backend_pid())",
                                   "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '26000'; END $$"}) {
    int attempts = 0;
    const auto ended = database->transaction<void>([&](SqlSession& sql) -> Result<void> {
      ++attempts;
      sql.run(breaks);
      return {};
    });
    EXPECT_FALSE(ended);
    EXPECT_GT(attempts, 1);
    EXPECT_LT(attempts, 20) << breaks;
  }
  EXPECT_TRUE(put(*database, "n", 1));
}

TEST_F(PostgresqlStoreTest, AConnectionWithoutItsStatementsGoesAloneAndTheOthersStay) {
  const auto database = open();
  const auto backend = [](SqlSession& sql) -> Result<int> {
    int pid = 0;
    sql.run("SELECT pg_backend_pid()", soci::into(pid));
    return pid;
  };
  int first = 0, second = 0;
  ASSERT_TRUE(database->read<void>([&](SqlSession& sql) -> Result<void> {
    first = *backend(sql);
    second = *database->read<int>(backend);
    return {};
  }));
  ASSERT_NE(first, second);
  std::vector<int> tried;
  ASSERT_TRUE(database->transaction<void>([&](SqlSession& sql) -> Result<void> {
    tried.push_back(*backend(sql));
    if (tried.size() == 1) sql.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '26000'; END $$");
    return {};
  }));
  ASSERT_EQ(tried.size(), 2u);
  EXPECT_NE(tried.front(), tried.back());
  for (const auto pid : tried) EXPECT_TRUE(pid == first || pid == second) << pid;
}

/// A machine that vanished answers no attempt to connect: those take seconds and a thread each.
TEST_F(PostgresqlStoreTest, ADatabaseThatIsSilentForLongIsLookedForByOneCallASecond) {
  testing::PostgresqlRoad road(server().socket());
  auto impatient = server().settings(name_, road.folder());
  impatient.url += "&connect_timeout=2";
  impatient.patience = 300ms;
  const auto database = open(impatient);
  ASSERT_TRUE(put(*database, "n", 0));
  road.fall_silent();
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(add_one(*database, "n"));  // the second one after the patience
  const int before = road.connected();
  for (int i = 0; i < 15; ++i) {
    const auto added = add_one(*database, "n");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::unavailable);
  }
  EXPECT_LE(road.connected(), before + 3);
  road.wake();
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!add_one(*database, "n") && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(20ms);
  EXPECT_EQ(value("n"), "1");
}

TEST(PostgresqlAbsence, OneCallASecondLooksAndTheOthersFailAtOnce) {
  PostgresqlAbsence absence(5s);
  const PostgresqlAbsence::Time begin{1h};
  EXPECT_TRUE(absence.may_try(begin));
  const auto first = absence.noticed(begin);
  EXPECT_TRUE(first.first && !first.is_long);
  EXPECT_FALSE(absence.noticed(begin + 4s).first);
  EXPECT_TRUE(absence.may_try(begin + 4900ms) && absence.may_try(begin + 4900ms)) << "all may, for a while";
  EXPECT_TRUE(absence.may_try(begin + 6s));
  EXPECT_FALSE(absence.may_try(begin + 6s)) << "one is looking";
  EXPECT_FALSE(absence.may_try(begin + 9s)) << "that takes as long as it takes";
  EXPECT_TRUE(absence.noticed(begin + 11s).is_long);
  EXPECT_FALSE(absence.may_try(begin + 11900ms));
  EXPECT_TRUE(absence.may_try(begin + 12s));
  EXPECT_TRUE(absence.may_try(begin + 22s)) << "should that one never say how it ended";
  EXPECT_TRUE(absence.over());
  EXPECT_FALSE(absence.over());
  EXPECT_TRUE(absence.may_try(begin + 22s) && absence.may_try(begin + 22s));
}

/// A server that takes connections and ends them: a probe that got one has not found it, but it is over.
TEST(PostgresqlAbsence, AProbeWhoseConnectionBreaksKeepsNobodyWaiting) {
  PostgresqlAbsence absence(5s);
  const PostgresqlAbsence::Time begin{1h};
  absence.broke(begin);
  EXPECT_TRUE(absence.noticed(begin).first) << "one connection that broke is no absence";
  ASSERT_TRUE(absence.may_try(begin + 6s));
  ASSERT_FALSE(absence.may_try(begin + 8s));
  absence.broke(begin + 8s);
  EXPECT_FALSE(absence.may_try(begin + 8900ms)) << "one a second";
  EXPECT_TRUE(absence.may_try(begin + 9s));
  EXPECT_TRUE(absence.over());
}

TEST_F(PostgresqlStoreTest, WhoFindsNoFreeConnectionIsToldAfterAWhile) {
  auto few = settings();
  few.connections = 2;
  few.wait = 200ms;
  const auto database = open(few);
  std::latch taken(3), freed(1);
  std::vector<std::future<Result<void>>> busy;
  for (int i = 0; i < 2; ++i)
    busy.push_back(std::async(std::launch::async, [&] {
      return database->read<void>([&](SqlSession&) -> Result<void> {
        taken.count_down();
        freed.wait();
        return {};
      });
    }));
  taken.arrive_and_wait();
  const auto third = put(*database, "n", 1);
  freed.count_down();
  for (auto& each : busy) EXPECT_TRUE(each.get());
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::unavailable);
  EXPECT_NE(third.error().message.find("in use"), std::string::npos) << third.error().message;
  EXPECT_TRUE(put(*database, "n", 1));
}

TEST_F(PostgresqlStoreTest, AStatementThatTakesTooLongIsGivenUp) {
  auto impatient = settings();
  impatient.statement = 100ms;
  const auto database = open(impatient);
  const auto slept = database->read<void>([](SqlSession& sql) -> Result<void> {
    sql.run("SELECT pg_sleep(20)");
    return {};
  });
  ASSERT_FALSE(slept);
  EXPECT_EQ(slept.error().code, ErrorCode::unavailable);
  EXPECT_NE(slept.error().message.find("too long"), std::string::npos) << slept.error().message;
  EXPECT_TRUE(put(*database, "n", 1)) << "the connection is as good as before";
}

TEST_F(PostgresqlStoreTest, ARepairsStatementsMayTakeAsLongAsTheyNeed) {
  auto impatient = settings();
  impatient.statement = 100ms;
  for (const auto purpose : {Purpose::alone, Purpose::copy}) {
    const auto database = open(impatient, purpose);
    const auto slept = database->read<void>([](SqlSession& sql) -> Result<void> {
      sql.run("SELECT pg_sleep(0.4)");
      return {};
    });
    EXPECT_TRUE(slept) << slept.error().message;
  }
}

/// A server that was stopped in the middle of a heartbeat keeps nobody from taking over what it held.
TEST_F(PostgresqlStoreTest, AWriterThatFallsSilentKeepsOthersOffForSecondsOnly) {
  const auto sleeper = PostgresqlConnection::open(settings(), PostgresqlConnection::Claim::shared);
  const auto store = open_postgresql_store(settings());
  ASSERT_TRUE(sleeper && store);
  for (const auto* id : {"sleeps", "wakes"})
    ASSERT_TRUE((*store)->replicas().join({.id = id, .address = {}, .place = {}, .release = {}},
                                          id[0] == 's' ? 200 : 600'000, false));
  ASSERT_EQ((*store)->leases().take("job", "sleeps")->holder, "sleeps");
  (*sleeper)->begin(PostgresqlConnection::Kind::write);
  (*sleeper)->sql().run("UPDATE replicas SET until = until + 1 WHERE id = 'sleeps'");
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  std::string holder = "sleeps";
  while (holder == "sleeps" && std::chrono::steady_clock::now() < deadline) {
    const auto lease = (*store)->leases().take("job", "wakes");
    ASSERT_TRUE(lease) << lease.error().message << lease.error().detail;
    holder = lease->holder;
  }
  EXPECT_EQ(holder, "wakes");
  EXPECT_ANY_THROW((*sleeper)->commit());
}

TEST_F(PostgresqlStoreTest, AReaderCanNotWrite) {
  const auto database = open();
  const auto written = database->read<void>([](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM settings");
    return {};
  });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::internal);
}

TEST_F(PostgresqlStoreTest, AStatementIsPreparedOnceForAConnection) {
  const auto database = open();
  ASSERT_TRUE(put(*database, "n", 0));
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(add_one(*database, "n"));
  const auto prepared = database->read<long long>([](SqlSession& sql) -> Result<long long> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE settings%'",
            soci::into(count));
    return count;
  });
  EXPECT_EQ(prepared, 1);
}

TEST_F(PostgresqlStoreTest, ReplicasThatStartTogetherMigrateOnce) {
  const auto fresh = name_ + "-fresh";
  server().make_database(fresh);
  std::vector<std::future<std::string>> replicas;
  for (int i = 0; i < 4; ++i)
    replicas.push_back(std::async(std::launch::async, [&] {
      const auto opened = open_postgresql_store(server().settings(fresh));
      return opened ? std::string() : opened.error().message + opened.error().detail;
    }));
  for (auto& each : replicas) EXPECT_EQ(each.get(), "");
  server().drop_database(fresh);
}

TEST_F(PostgresqlStoreTest, ADatabaseOfANewerReleaseIsRefused) {
  server().run(name_, "INSERT INTO migrations VALUES (999, 0)");
  const auto opened = open_postgresql_store(settings());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("newer"), std::string::npos);
}

TEST_F(PostgresqlStoreTest, ADatabaseThatIsNotUtf8IsRefused) {
  const auto odd = name_ + "-latin";
  server().make_database(odd, "ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0");
  EXPECT_EQ(refusal(server().settings(odd)), ErrorCode::unsupported);
  server().drop_database(odd);
}

TEST_F(PostgresqlStoreTest, TextIsComparedByteByByteWhateverTheDatabasesLanguage) {
  const auto database = open();
  EXPECT_EQ(server().run(name_, "SELECT 'a' < 'B'"), "t") << "the language of the database";
  for (const auto* name : {"a", "B", "\xC3\xA4", "z"}) ASSERT_TRUE(put(*database, name, 1));
  EXPECT_EQ(server().run(name_, "SELECT string_agg(name, '' ORDER BY name) FROM settings"), "Baz\xC3\xA4");
}

TEST_F(PostgresqlStoreTest, WhoHasItAloneKeepsOthersOut) {
  auto serving = open();
  EXPECT_EQ(refusal(settings(), Purpose::alone), ErrorCode::conflict);
  EXPECT_EQ(refusal(settings(), Purpose::copy), ErrorCode::conflict);
  EXPECT_EQ(refusal(settings(), Purpose::serve), ErrorCode{});
  serving.reset();
  auto alone = open(settings(), Purpose::alone);
  EXPECT_EQ(refusal(settings(), Purpose::serve), ErrorCode::conflict);
  alone.reset();
  EXPECT_EQ(refusal(settings(), Purpose::serve), ErrorCode{});
}

TEST_F(PostgresqlStoreTest, ErrorsNameTheDatabaseAndNeverThePassword) {
  auto wrong = settings();
  wrong.url = "postgresql://berth:hunter2@/nothing?host=/nowhere";
  wrong.password = "swordfish";
  wrong.patience = 100ms;
  const auto opened = PostgresqlDatabase::open(wrong, Purpose::serve);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().detail.find("postgresql://berth@/nowhere/nothing"), std::string::npos)
      << opened.error().detail;
  for (const auto* text :
       {"postgresql://berth:hunter2@host:no_port/x", "postgresql://b:hunter2@[x", "mysql://x"}) {
    const auto checked = check_postgresql_url(text);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().message.find("hunter2"), std::string::npos);
  }
  for (const auto* secret : {"hunter2", "swordfish"})
    EXPECT_EQ((opened.error().message + opened.error().detail).find(secret), std::string::npos);
}

TEST_F(PostgresqlStoreTest, APasswordComesFromItsFile) {
  const auto file = server().folder() / (name_ + ".password");
  std::ofstream(file) << "it's \\ odd\n";
  auto with_file = settings();
  with_file.password_file = file;
  const auto text = postgresql_connect_string(with_file);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find(R"(password='it\'s \\ odd')"), std::string::npos);
  EXPECT_TRUE(open(with_file)) << "a server that trusts us asks for none";
  with_file.password_file = file.string() + ".missing";
  EXPECT_EQ(refusal(with_file), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace berth::server

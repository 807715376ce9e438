// SPDX-License-Identifier: GPL-3.0-or-later
// What one connection to PostgreSQL knows of its transactions.
#include "server/stores/postgresql_connection.hpp"

#include <gtest/gtest.h>

#include "store_places.hpp"

namespace berth::server {
namespace {

using testing::PostgresqlProcess;

class PostgresqlConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override { testing::make_migrated_database(name_); }
  void TearDown() override { PostgresqlProcess::shared().drop_database(name_); }
  auto connect() const {
    return PostgresqlConnection::open(PostgresqlProcess::shared().settings(name_),
                                      PostgresqlConnection::Claim::none);
  }

  const std::string name_ = "berth-pg-test-" + random_id(8);
};

TEST_F(PostgresqlConnectionTest, WhatCommittedBeforeACrashIsNotToldByANumberThatMayBeAnothersNow) {
  using Kind = PostgresqlConnection::Kind;
  using Outcome = PostgresqlConnection::Outcome;
  std::string committed, lost;
  {
    auto one = connect(), two = connect();
    ASSERT_TRUE(one && two);
    (*one)->begin(Kind::write);
    (*one)->sql().run("INSERT INTO settings (name, value) VALUES ('a', 'b')");
    committed = (*one)->transaction_id();
    (*one)->commit();
    EXPECT_EQ((*two)->outcome_of(committed), Outcome::committed);
    (*one)->begin(Kind::write);
    lost = (*one)->transaction_id();
    PostgresqlProcess::shared().crash();
  }
  PostgresqlProcess::shared().start();
  auto after = connect();
  ASSERT_TRUE(after);
  // The number of the lost one is the next that is given.
  (*after)->begin(Kind::write);
  (*after)->sql().run("INSERT INTO settings (name, value) VALUES ('c', 'd')");
  (*after)->commit();
  EXPECT_NE((*after)->outcome_of(lost), Outcome::committed);
  EXPECT_EQ((*after)->outcome_of(committed), Outcome::unknown);
}

}  // namespace
}  // namespace berth::server

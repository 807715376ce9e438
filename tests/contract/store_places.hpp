// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata stores there are: a new one is one line here, and every contract runs over it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "server/random_id.hpp"
#include "server/stores/postgresql_store.hpp"
#include "server/stores/sql_migrations.hpp"
#include "server/stores/sqlite_store.hpp"
#include "tests/contract/postgresql_process.hpp"

namespace berth::server::testing {

/// A place that a store lives in, so that it can be opened a second time.
struct StorePlace {
  const char* name;
  std::function<Result<std::unique_ptr<MetadataStore>>(const std::filesystem::path& folder)> open;
};

/// Makes a database that has been migrated already.
inline void make_migrated_database(const std::string& name) {
  auto& server = PostgresqlProcess::shared();
  if (!server.has_database("migrated")) {
    server.make_database("migrated");
    (void)open_postgresql_store(server.settings("migrated"));
  }
  server.make_database(name, "TEMPLATE migrated");
}

/// The settings of the one database that all contracts use, emptied for whoever has a new folder: that takes
/// a hundredth of the time that a new database does.
inline PostgresqlSettings shared_database(const std::filesystem::path& folder) {
  static std::filesystem::path user;
  auto& server = PostgresqlProcess::shared();
  if (user.empty()) make_migrated_database("contracts");
  if (user != folder) {
    std::string tables;
    for (const auto& table : sql_tables()) tables += (tables.empty() ? "" : ", ") + std::string(table.name);
    server.run("contracts", "TRUNCATE " + tables);
  }
  user = folder;
  return server.settings("contracts");
}

inline auto every_store() {
  return ::testing::Values(
      StorePlace{"sqlite", [](const auto& folder) { return open_sqlite_store(folder / "berth.sqlite"); }},
      StorePlace{"postgresql",
                 [](const auto& folder) { return open_postgresql_store(shared_database(folder)); }});
}

/// A store in a folder that goes away with the test.
class StoreContract : public ::testing::TestWithParam<StorePlace> {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    reopen();
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    store_.reset();
    auto opened = GetParam().open(folder_);
    ASSERT_TRUE(opened) << opened.error().message << opened.error().detail;
    store_ = std::move(*opened);
  }
  static ErrorCode code(const auto& result) { return result ? ErrorCode{} : result.error().code; }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("berth-store-" + random_id(12));
  std::unique_ptr<MetadataStore> store_;
};

}  // namespace berth::server::testing

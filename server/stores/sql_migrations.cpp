// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_migrations.hpp"

#include <spdlog/spdlog.h>

#include "server/clock.hpp"

namespace berth::server {
namespace {

/// Applied once each, in order; never changed after a release, only added to. Plain SQL that both
/// databases take; a new column or table is a line in sql_tables() as well.
struct Migration {
  int version;
  std::vector<const char*> statements;
};

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {
      {1,
       {"CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "
        "password_hash TEXT NOT NULL, administrator INTEGER NOT NULL, created BIGINT NOT NULL)",
        "CREATE TABLE sign_ins (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE "
        "CASCADE, "
        "salt TEXT NOT NULL, generation BIGINT NOT NULL, rotated BIGINT NOT NULL, created BIGINT NOT NULL, "
        "expires BIGINT NOT NULL, client TEXT NOT NULL)",
        "CREATE INDEX sign_ins_by_account ON sign_ins(account)",
        "CREATE INDEX sign_ins_by_expiry ON sign_ins(expires)",
        "CREATE TABLE workspaces (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id), name "
        "TEXT NOT NULL, "
        "template_id TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, created BIGINT NOT NULL, "
        "last_used BIGINT NOT NULL, started BIGINT)",
        "CREATE INDEX workspaces_by_account ON workspaces(account)",
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)"}},
      // Packs and objects name accounts without REFERENCES: they outlive an account's row until collected,
      // and are rebuilt from the blobs when the accounts are lost. A pack's number is random, so that none is
      // used twice.
      {2,
       {"CREATE TABLE packs (number BIGINT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, size BIGINT "
        "NOT NULL, created BIGINT NOT NULL, doomed BIGINT NOT NULL, UNIQUE (owner, name))",
        "CREATE TABLE objects (owner TEXT NOT NULL, id TEXT NOT NULL, pack BIGINT NOT NULL, place BIGINT NOT "
        "NULL, length BIGINT NOT NULL, size BIGINT NOT NULL, touched BIGINT NOT NULL, refers INTEGER NOT "
        "NULL, whole INTEGER NOT NULL, PRIMARY KEY (owner, id))",
        "CREATE INDEX objects_by_pack ON objects(pack)",
        "CREATE TABLE versions (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, owner TEXT NOT NULL, root TEXT "
        "NOT NULL, created BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, author TEXT NOT NULL, "
        "files BIGINT NOT NULL, bytes BIGINT NOT NULL, added BIGINT NOT NULL, modified BIGINT NOT NULL, "
        "deleted BIGINT NOT NULL, problems BIGINT NOT NULL, restored_from TEXT NOT NULL, UNIQUE (workspace, "
        "created))",
        "CREATE INDEX versions_by_owner ON versions(owner)",
        "CREATE TABLE stray_blobs (name TEXT PRIMARY KEY, seen BIGINT NOT NULL)",
        "CREATE TABLE blob_holds (id TEXT PRIMARY KEY, until BIGINT NOT NULL)"}},
      {3,
       {"ALTER TABLE workspaces ADD COLUMN home TEXT NOT NULL DEFAULT 'ahead'",
        "ALTER TABLE workspaces ADD COLUMN pending_import TEXT NOT NULL DEFAULT ''"}},
      // Several servers on one database (lease_store.hpp).
      {4,
       {"CREATE TABLE replicas (id TEXT PRIMARY KEY, address TEXT NOT NULL, place TEXT NOT NULL, release "
        "TEXT "
        "NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL)",
        "CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, number BIGINT NOT NULL, data TEXT "
        "NOT NULL)",
        "CREATE INDEX leases_by_holder ON leases(holder)",
        "CREATE TABLE counts (name TEXT PRIMARY KEY, failures BIGINT NOT NULL, last BIGINT NOT NULL)",
        "CREATE TABLE used_once (name TEXT PRIMARY KEY, until BIGINT NOT NULL)"}},
      // Both are looked through for what is over.
      {5,
       {"CREATE INDEX counts_by_last ON counts(last)",
        "CREATE INDEX used_once_by_until ON used_once(until)"}},
  };
  return all;
}

}  // namespace

int newest_schema() { return migrations().back().version; }

int schema_of(SqlSession& sql) {
  int version = 0;
  sql.run("SELECT COALESCE(MAX(version), 0) FROM migrations", soci::into(version));
  return version;
}

std::unexpected<Error> other_release(const std::string& described) {
  return failure(
      ErrorCode::conflict,
      "The database " + described + " is empty or of another release; start this berthd on it once first.");
}

Result<void> apply_migrations(SqlSession& sql, const SqlSpelling& spelling) {
  sql.run(spelling(
      "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied BIGINT NOT NULL)"));
  const int current = schema_of(sql);
  if (current > newest_schema())
    return failure(ErrorCode::internal,
                   "The database was written by a newer berthd; install that release or restore a backup.");
  for (const auto& migration : migrations()) {
    if (migration.version <= current) continue;
    for (const auto* statement : migration.statements) sql.run(spelling(statement));
    const long long now = system_clock_now();
    sql.run("INSERT INTO migrations (version, applied) VALUES (:version, :applied)",
            soci::use(migration.version), soci::use(now));
    spdlog::info("database migrated to version {}", migration.version);
  }
  return {};
}

const std::vector<SqlTable>& sql_tables() {
  constexpr bool number = true, nullable = true;
  static const std::vector<SqlTable> all = {
      {"accounts",
       1,
       {{"id"}, {"email"}, {"name"}, {"password_hash"}, {"administrator", number}, {"created", number}}},
      {"sign_ins",
       1,
       {{"id"},
        {"account"},
        {"salt"},
        {"generation", number},
        {"rotated", number},
        {"created", number},
        {"expires", number},
        {"client"}}},
      {"workspaces",
       1,
       {{"id"},
        {"account"},
        {"name"},
        {"template_id"},
        {"state"},
        {"reason"},
        {"created", number},
        {"last_used", number},
        {"started", number, nullable},
        {"home"},
        {"pending_import"}}},
      {"settings", 1, {{"name"}, {"value"}}},
      {"packs",
       1,
       {{"number", number}, {"owner"}, {"name"}, {"size", number}, {"created", number}, {"doomed", number}}},
      {"objects",
       2,
       {{"owner"},
        {"id"},
        {"pack", number},
        {"place", number},
        {"length", number},
        {"size", number},
        {"touched", number},
        {"refers", number},
        {"whole", number}}},
      {"versions",
       1,
       {{"id"},
        {"workspace"},
        {"owner"},
        {"root"},
        {"created", number},
        {"kind"},
        {"name"},
        {"author"},
        {"files", number},
        {"bytes", number},
        {"added", number},
        {"modified", number},
        {"deleted", number},
        {"problems", number},
        {"restored_from"}}},
      {"stray_blobs", 1, {{"name"}, {"seen", number}}},
      {"blob_holds", 1, {{"id"}, {"until", number}}},
      {"replicas",
       1,
       {{"id"}, {"address"}, {"place"}, {"release"}, {"since", number}, {"until", number}},
       true},
      {"leases", 1, {{"name"}, {"holder"}, {"number", number}, {"data"}}, true},
      {"counts", 1, {{"name"}, {"failures", number}, {"last", number}}},
      {"used_once", 1, {{"name"}, {"until", number}}},
  };
  return all;
}

}  // namespace berth::server

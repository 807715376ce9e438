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
      // Sign-ins one by one, personal access tokens, second factors.
      {6,
       {"ALTER TABLE sign_ins ADD COLUMN address TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE access_tokens (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON "
        "DELETE "
        "CASCADE, name TEXT NOT NULL, hash TEXT NOT NULL, scopes TEXT NOT NULL, created BIGINT NOT NULL, "
        "expires "
        "BIGINT, last_used BIGINT)",
        "CREATE INDEX access_tokens_by_account ON access_tokens(account)",
        "CREATE TABLE second_factors (account TEXT PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, "
        "secret "
        "TEXT NOT NULL, enabled INTEGER NOT NULL, last_step BIGINT NOT NULL, created BIGINT NOT NULL)",
        "CREATE TABLE recovery_codes (account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, hash "
        "TEXT "
        "NOT NULL, PRIMARY KEY (account, hash))"}},
      // Ways in beside a password (identity_store.hpp).
      {7,
       {"ALTER TABLE accounts ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0",
        "CREATE TABLE identities (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON "
        "DELETE "
        "CASCADE, issuer TEXT NOT NULL, subject TEXT NOT NULL, email TEXT NOT NULL, linked BIGINT NOT NULL, "
        "UNIQUE (issuer, subject))",
        "CREATE INDEX identities_by_account ON identities(account)",
        "CREATE TABLE tickets (id TEXT PRIMARY KEY, kind TEXT NOT NULL, handle TEXT NOT NULL, account TEXT "
        "NOT "
        "NULL, data TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL)",
        "CREATE INDEX tickets_by_handle ON tickets(handle)",
        "CREATE INDEX tickets_by_account ON tickets(account, kind)",
        "CREATE INDEX tickets_by_expiry ON tickets(expires)",
        "CREATE TABLE outbox (id TEXT PRIMARY KEY, sealed TEXT NOT NULL, created BIGINT NOT NULL, expires "
        "BIGINT "
        "NOT NULL, next BIGINT NOT NULL, attempts BIGINT NOT NULL)",
        "CREATE INDEX outbox_by_next ON outbox(next)"}},
      // People in workspaces (sharing_store.hpp).
      {8,
       {"CREATE TABLE members (workspace TEXT NOT NULL REFERENCES workspaces(id) ON DELETE CASCADE, account "
        "TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, role TEXT NOT NULL, since BIGINT NOT NULL, "
        "PRIMARY KEY (workspace, account))",
        "CREATE INDEX members_by_account ON members(account)",
        "CREATE TABLE invitations (id TEXT PRIMARY KEY, workspace TEXT NOT NULL REFERENCES workspaces(id) ON "
        "DELETE CASCADE, email TEXT NOT NULL, role TEXT NOT NULL, secret TEXT NOT NULL, invited_by TEXT NOT "
        "NULL, created BIGINT NOT NULL, expires BIGINT, uses BIGINT NOT NULL)",
        "CREATE INDEX invitations_by_workspace ON invitations(workspace)",
        "CREATE INDEX invitations_by_email ON invitations(email)",
        "CREATE TABLE public_links (workspace TEXT PRIMARY KEY REFERENCES workspaces(id) ON DELETE CASCADE, "
        "id TEXT NOT NULL UNIQUE, created BIGINT NOT NULL)",
        "CREATE TABLE ports (workspace TEXT NOT NULL REFERENCES workspaces(id) ON DELETE CASCADE, port "
        "BIGINT "
        "NOT NULL, visibility TEXT NOT NULL, generation BIGINT NOT NULL, PRIMARY KEY (workspace, port))"}},
      // Administration (administration_store.hpp); the audit log's rows stay as they are (guard_audit).
      {9,
       {"ALTER TABLE accounts ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE accounts ADD COLUMN quota_workspaces BIGINT",
        "ALTER TABLE accounts ADD COLUMN quota_running BIGINT",
        "ALTER TABLE accounts ADD COLUMN quota_storage BIGINT",
        "ALTER TABLE sign_ins ADD COLUMN impersonator TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX sign_ins_by_impersonator ON sign_ins(impersonator)",
        "CREATE TABLE audit (id TEXT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, actor_email TEXT "
        "NOT "
        "NULL, by_means TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL, workspace TEXT NOT NULL, "
        "target TEXT NOT NULL, outcome TEXT NOT NULL, data TEXT NOT NULL)",
        "CREATE INDEX audit_by_actor ON audit(actor, id)",
        "CREATE INDEX audit_by_action ON audit(action, id)",
        "CREATE INDEX audit_by_workspace ON audit(workspace, id)",
        "CREATE TABLE stop_orders (workspace TEXT PRIMARY KEY, reason TEXT NOT NULL, at BIGINT NOT NULL)",
        "CREATE TABLE workspace_ends (workspace TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, "
        "state TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (workspace, number))",
        "CREATE TABLE loads (replica TEXT PRIMARY KEY, at BIGINT NOT NULL, data TEXT NOT NULL)"}},
      {10,
       {"CREATE TABLE preferences (account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, name "
        "TEXT "
        "NOT NULL, value TEXT NOT NULL, changed BIGINT NOT NULL, PRIMARY KEY (account, name))"}},
      {11,
       {"CREATE TABLE named_requests (account TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, status "
        "INTEGER "
        "NOT NULL, answer TEXT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (account, name))",
        "CREATE INDEX named_requests_by_until ON named_requests(until)"}},
      // Teams (team_store.hpp): accounts of another kind, whose e-mail is none.
      {12,
       {"ALTER TABLE accounts ADD COLUMN kind TEXT NOT NULL DEFAULT 'person'",
        "CREATE INDEX accounts_by_kind ON accounts(kind, name)",
        "CREATE TABLE team_members (team TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, account "
        "TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, role TEXT NOT NULL, since BIGINT NOT NULL, "
        "PRIMARY KEY (team, account))",
        "CREATE INDEX team_members_by_account ON team_members(account)",
        "CREATE TABLE team_invitations (id TEXT PRIMARY KEY, team TEXT NOT NULL REFERENCES accounts(id) ON "
        "DELETE CASCADE, email TEXT NOT NULL, role TEXT NOT NULL, secret TEXT NOT NULL, invited_by TEXT NOT "
        "NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL)",
        "CREATE INDEX team_invitations_by_team ON team_invitations(team)",
        "CREATE INDEX team_invitations_by_email ON team_invitations(email)",
        "CREATE TABLE team_templates (workspace TEXT PRIMARY KEY REFERENCES workspaces(id) ON DELETE "
        "CASCADE, team TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, name TEXT NOT NULL, "
        "description TEXT NOT NULL, version TEXT, changed BIGINT NOT NULL)",
        "CREATE INDEX team_templates_by_team ON team_templates(team)"}},
      // Identity providers that administrators add (provider_store.hpp); the audit log may be shortened.
      {14,
       {"CREATE TABLE providers (id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, issuer TEXT "
        "NOT "
        "NULL UNIQUE, client_id TEXT NOT NULL, secret TEXT NOT NULL, scopes TEXT NOT NULL, enabled INTEGER "
        "NOT NULL, changed BIGINT NOT NULL)"}},
      // An e-mail address that becomes the account's when it is verified.
      {15, {"ALTER TABLE accounts ADD COLUMN pending_email TEXT NOT NULL DEFAULT ''"}},
  };
  return all;
}

constexpr int audit_schema = 9, shortened_audit_schema = 14;
constexpr const char* audit_guards[] = {"UPDATE", "DELETE"};

std::string guard_name(const std::string& event) { return "audit_refuses_" + event; }

bool on_postgresql(SqlSession& sql) { return sql.raw().get_backend_name() == "postgresql"; }

}  // namespace

void guard_audit(SqlSession& sql) {
  const bool postgresql = on_postgresql(sql);
  // Lines go when they are older than the setting says, which is 30 days at least (least_audit_days): by the
  // database's own clock, whatever berthd asks for.
  if (postgresql)
    sql.run(
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS 'DECLARE days "
        "BIGINT; BEGIN IF TG_OP = ''DELETE'' THEN SELECT CAST(value AS BIGINT) INTO days FROM settings WHERE "
        "name = ''audit_days''; IF days >= 30 AND OLD.at < (EXTRACT(EPOCH FROM clock_timestamp()) - days * "
        "86400) * 1000 THEN RETURN OLD; END IF; END IF; RAISE EXCEPTION ''the audit log is only added to''; "
        "END'");
  const std::string unless_old =
      "WHEN NOT EXISTS (SELECT 1 FROM settings WHERE name = 'audit_days' AND CAST(value AS INTEGER) >= 30 "
      "AND OLD.at < (CAST(strftime('%s', 'now') AS INTEGER) - CAST(value AS INTEGER) * 86400) * 1000) ";
  for (const std::string event : audit_guards)
    sql.run("CREATE TRIGGER " + guard_name(event) + " BEFORE " + event + " ON audit " +
            (postgresql ? "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
                        : (event == "DELETE" ? unless_old : "") +
                              "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"));
}

void unguard_audit(SqlSession& sql) {
  for (const std::string event : audit_guards)
    sql.run("DROP TRIGGER " + guard_name(event) + (on_postgresql(sql) ? " ON audit" : ""));
}

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
    if (migration.version == audit_schema) guard_audit(sql);
    if (migration.version == shortened_audit_schema) {
      unguard_audit(sql);
      guard_audit(sql);
    }
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
       {{"id"},
        {"email"},
        {"name"},
        {"password_hash"},
        {"administrator", number},
        {"created", number},
        {"disabled", number},
        {"quota_workspaces", number, nullable},
        {"quota_running", number, nullable},
        {"quota_storage", number, nullable},
        {"email_verified", number},
        {"kind"},
        {"pending_email"}}},
      {"sign_ins",
       1,
       {{"id"},
        {"account"},
        {"salt"},
        {"generation", number},
        {"rotated", number},
        {"created", number},
        {"expires", number},
        {"client"},
        {"impersonator"},
        {"address"}}},
      {"access_tokens",
       1,
       {{"id"},
        {"account"},
        {"name"},
        {"hash"},
        {"scopes"},
        {"created", number},
        {"expires", number, nullable},
        {"last_used", number, nullable}}},
      {"second_factors",
       1,
       {{"account"}, {"secret"}, {"enabled", number}, {"last_step", number}, {"created", number}}},
      {"recovery_codes", 2, {{"account"}, {"hash"}}},
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
      {"members", 2, {{"workspace"}, {"account"}, {"role"}, {"since", number}}},
      {"invitations",
       1,
       {{"id"},
        {"workspace"},
        {"email"},
        {"role"},
        {"secret"},
        {"invited_by"},
        {"created", number},
        {"expires", number, nullable},
        {"uses", number}}},
      {"public_links", 1, {{"workspace"}, {"id"}, {"created", number}}},
      {"team_members", 2, {{"team"}, {"account"}, {"role"}, {"since", number}}},
      {"team_invitations",
       1,
       {{"id"},
        {"team"},
        {"email"},
        {"role"},
        {"secret"},
        {"invited_by"},
        {"created", number},
        {"expires", number}}},
      {"team_templates",
       1,
       {{"workspace"},
        {"team"},
        {"name"},
        {"description"},
        {"version", !number, nullable},
        {"changed", number}}},
      {"ports", 2, {{"workspace"}, {"port", number}, {"visibility"}, {"generation", number}}},
      {"settings", 1, {{"name"}, {"value"}}},
      {"preferences", 2, {{"account"}, {"name"}, {"value"}, {"changed", number}}},
      {"named_requests",
       2,
       {{"account"}, {"name"}, {"hash"}, {"status", number}, {"answer"}, {"until", number}}},
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
      {"providers",
       1,
       {{"id"},
        {"name"},
        {"kind"},
        {"issuer"},
        {"client_id"},
        {"secret"},
        {"scopes"},
        {"enabled", number},
        {"changed", number}}},
      {"identities", 1, {{"id"}, {"account"}, {"issuer"}, {"subject"}, {"email"}, {"linked", number}}},
      {"tickets",
       1,
       {{"id"}, {"kind"}, {"handle"}, {"account"}, {"data"}, {"created", number}, {"expires", number}}},
      {"outbox",
       1,
       {{"id"},
        {"sealed"},
        {"created", number},
        {"expires", number},
        {"next", number},
        {"attempts", number}}},
      {"audit",
       1,
       {{"id"},
        {"at", number},
        {"actor"},
        {"actor_email"},
        {"by_means"},
        {"address"},
        {"action"},
        {"workspace"},
        {"target"},
        {"outcome"},
        {"data"}}},
      {"stop_orders", 1, {{"workspace"}, {"reason"}, {"at", number}}},
      {"workspace_ends", 2, {{"workspace"}, {"number", number}, {"at", number}, {"state"}, {"reason"}}},
      {"loads", 1, {{"replica"}, {"at", number}, {"data"}}, true},
  };
  return all;
}

}  // namespace berth::server

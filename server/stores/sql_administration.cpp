// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_administration.hpp"

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <cstdlib>
#include <set>
#include <string_view>

#include "server/stores/sql_account_row.hpp"
#include "server/stores/sql_text_search.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* runs_or_is_between = "state IN ('starting', 'running', 'stopping')";
constexpr int ends_kept = 100;
constexpr const char* disabled_reason = "Its account was disabled by an administrator.";

/// Columns behind account_columns, of the account of the same query.
std::string figures() {
  return ", (SELECT COALESCE(MAX(rotated), 0) FROM sign_ins WHERE account = accounts.id AND impersonator = "
         "''), "
         "(SELECT COALESCE(MAX(last_used), 0) FROM workspaces WHERE account = accounts.id), "
         "(SELECT COALESCE(MAX(id), '') FROM audit WHERE actor = accounts.id), "
         "(SELECT COUNT(*) FROM workspaces WHERE account = accounts.id), "
         "(SELECT COUNT(*) FROM workspaces WHERE account = accounts.id AND " +
         std::string(runs_or_is_between) +
         "), (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM packs WHERE owner = accounts.id AND doomed "
         "= 0), (SELECT COUNT(*) FROM team_members WHERE team = accounts.id)";
}

class AdministeredRow {
 public:
  void bind(SqlStatement& select) {
    account_.bind(select);
    select.bind(into(figures_[0]));
    select.bind(into(figures_[1]));
    select.bind(into(last_deed_));
    for (int i = 2; i < 6; ++i) select.bind(into(figures_[i]));
  }
  AdministeredAccount taken() const {
    return {.account = account_.taken(),
            .last_used = std::max<std::int64_t>({figures_[0], figures_[1], audit_time(last_deed_)}),
            .workspaces = figures_[2],
            .running = figures_[3],
            .stored_bytes = figures_[4],
            .members = figures_[5]};
  }

 private:
  AccountRow account_;
  long long figures_[6] = {};
  std::string last_deed_;  // its newest line in the audit log: sign-ins that were ended leave nothing else
};

/// Where it is unlikely that another one can administer.
Result<void> expect_other_administrator(SqlSession& sql, const std::string& account) {
  int others = 0;
  sql.run("SELECT COUNT(*) FROM accounts WHERE administrator = 1 AND disabled = 0 AND id <> :id",
          use(account), into(others));
  if (others == 0)
    return failure(ErrorCode::conflict,
                   "This is the last administrator; make somebody else an administrator first.");
  return {};
}

constexpr std::string_view team_place = "team ";

/// Adds the accounts that `where` names; `values` are bound there.
void list_accounts(SqlSession& sql, const std::string& where, const std::vector<std::string>& values,
                   std::size_t limit, std::vector<AdministeredAccount>& all) {
  const auto most = static_cast<long long>(limit);
  AdministeredRow row;
  auto select = sql.prepare("SELECT " + std::string(account_columns) + figures() + " FROM accounts WHERE " +
                            where + " LIMIT :limit");
  for (const auto& value : values) select.bind(use(value));
  select.bind(use(most));
  row.bind(select);
  select.start();
  while (select.fetch()) all.push_back(row.taken());
}

void count_by(SqlSession& sql, const std::string& column, std::map<std::string, std::int64_t>& counts) {
  std::string name;
  long long count = 0;
  auto select = sql.prepare("SELECT " + column + ", COUNT(*) FROM workspaces GROUP BY " + column, into(name),
                            into(count));
  select.start();
  while (select.fetch()) counts[name] = count;
}

}  // namespace

Result<std::vector<AdministeredAccount>> SqlAdministration::accounts(const AccountSearch& search,
                                                                     std::size_t limit) {
  return database_.read<std::vector<AdministeredAccount>>(
      [&](SqlSession& sql) -> Result<std::vector<AdministeredAccount>> {
        std::vector<AdministeredAccount> all;
        const auto pattern = containing(search.text);
        const bool past_people = search.after.starts_with(team_place);
        if (!past_people && !search.teams.value_or(false))
          list_accounts(sql,
                        "kind = 'person' AND email > :after AND (LOWER(email) LIKE :p1 ESCAPE '!' OR "
                        "LOWER(name) LIKE :p2 ESCAPE '!' OR id LIKE :p3 ESCAPE '!') ORDER BY email",
                        {storable(search.after), pattern, pattern, pattern}, limit, all);
        if (all.size() >= limit || !search.teams.value_or(true)) return all;
        // "team <id> <name>", as account_place() says.
        std::string id, name;
        if (past_people) {
          const auto rest = storable(search.after.substr(team_place.size()));
          id = rest.substr(0, rest.find(' '));
          name = rest.substr(std::min(rest.size(), id.size() + 1));
        }
        list_accounts(sql,
                      "kind = 'team' AND (name > :name OR (name = :same AND id > :after)) AND (LOWER(name) "
                      "LIKE :p1 ESCAPE '!' OR id LIKE :p2 ESCAPE '!') ORDER BY name, id",
                      {name, name, id, pattern, pattern}, limit - all.size(), all);
        return all;
      });
}

Result<AdministeredAccount> SqlAdministration::account(const std::string& id) {
  return database_.read<AdministeredAccount>([&](SqlSession& sql) -> Result<AdministeredAccount> {
    AdministeredRow row;
    auto select =
        sql.prepare("SELECT " + std::string(account_columns) + figures() + " FROM accounts WHERE id = :id");
    select.bind(use(id));
    row.bind(select);
    if (!select.execute()) return failure(ErrorCode::not_found, "There is no such account.");
    return row.taken();
  });
}

Result<void> SqlAdministration::change(const std::string& account, const AccountChange& change) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int disabled = 0, administrator = 0;
    std::string kind;
    if (!sql.run("SELECT disabled, administrator, kind FROM accounts WHERE id = :id", use(account),
                 into(disabled), into(administrator), into(kind)))
      return failure(ErrorCode::not_found, "There is no such account.");
    if (kind == "team" && change.administrator)
      return failure(ErrorCode::invalid_argument, "body.administrator: a team can't be an administrator");
    const bool administers = administrator != 0 && disabled == 0;
    const int disable = change.disabled.value_or(disabled != 0) ? 1 : 0,
              promote = change.administrator.value_or(administrator != 0) ? 1 : 0;
    if (administers && (disable != 0 || promote == 0))
      if (auto other = expect_other_administrator(sql, account); !other) return other;
    sql.run("UPDATE accounts SET disabled = :disabled, administrator = :administrator WHERE id = :id",
            use(disable), use(promote), use(account));
    if (change.quota) {
      const auto value = [](const auto& limit) { return static_cast<long long>(limit.value_or(0)); };
      const auto given = [](const auto& limit) { return limit ? soci::i_ok : soci::i_null; };
      const auto& quota = *change.quota;
      const long long workspaces = value(quota.workspaces), running = value(quota.running),
                      storage = value(quota.storage);
      soci::indicator has_workspaces = given(quota.workspaces), has_running = given(quota.running),
                      has_storage = given(quota.storage);
      sql.run(
          "UPDATE accounts SET quota_workspaces = :workspaces, quota_running = :running, quota_storage = "
          ":storage WHERE id = :id",
          use(workspaces, has_workspaces), use(running, has_running), use(storage, has_storage),
          use(account));
    }
    if (administers && (disable != 0 || promote == 0))
      end_impersonations(
          sql, "impersonator IN (SELECT id FROM sign_ins WHERE account = :account AND impersonator = '')",
          account);
    if (disable != 0 && disabled == 0) {
      sql.run("DELETE FROM sign_ins WHERE account = :account", use(account));
      database_.announce(sql, {.kind = AnnouncementKind::account_ended,
                               .subject = account,
                               .except = {},
                               .reason = "Your account was disabled; ask the administrator of this server."});
    }
    raise_revision(sql);
    return {};
  });
}

Result<std::vector<AdministeredWorkspace>> SqlAdministration::workspaces(const WorkspaceSearch& search,
                                                                         std::size_t limit) {
  return database_.read<
      std::vector<AdministeredWorkspace>>([&](SqlSession& sql) -> Result<std::vector<AdministeredWorkspace>> {
    const auto pattern = containing(search.text);
    const auto after = storable(search.after);
    const std::string state = search.state ? boost::describe::enum_to_string(*search.state, "") : "";
    const auto most = static_cast<long long>(limit);
    AdministeredWorkspace row;
    auto& workspace = row.workspace;
    std::string state_name;
    long long created = 0, last_used = 0, started = 0;
    soci::indicator has_started = soci::i_null;
    auto select = sql.prepare(
        "SELECT w.id, w.account, w.name, w.template_id, w.state, w.reason, w.created, w.last_used, "
        "w.started, CASE a.kind WHEN 'team' THEN '' ELSE a.email END, a.name, CASE a.kind WHEN 'team' THEN 1 "
        "ELSE 0 END FROM workspaces w JOIN accounts a ON a.id = w.account WHERE w.id > "
        ":after AND (LOWER(w.name) LIKE :p1 ESCAPE '!' OR w.id LIKE :p2 ESCAPE '!' OR "
        "(a.kind = 'person' AND LOWER(a.email) LIKE :p3 ESCAPE '!') OR LOWER(a.name) LIKE :p4 "
        "ESCAPE '!')" +
        std::string(state.empty() ? "" : " AND w.state = :state") + " ORDER BY w.id LIMIT :limit");
    select.bind(use(after));
    for (int i = 0; i < 4; ++i) select.bind(use(pattern));
    if (!state.empty()) select.bind(use(state));
    select.bind(use(most));
    for (auto* text : {&workspace.id, &workspace.account, &workspace.name, &workspace.template_id,
                       &state_name, &workspace.reason})
      select.bind(into(*text));
    select.bind(into(created));
    select.bind(into(last_used));
    select.bind(into(started, has_started));
    select.bind(into(row.owner_email));
    select.bind(into(row.owner_name));
    int team = 0;
    select.bind(into(team));
    select.start();
    std::vector<AdministeredWorkspace> all;
    while (select.fetch()) {
      if (!boost::describe::enum_from_string(state_name.c_str(), workspace.state)) continue;
      row.owner_is_team = team != 0;
      workspace.created = created;
      workspace.last_used = last_used;
      workspace.started = has_started == soci::i_ok ? std::optional<std::int64_t>(started) : std::nullopt;
      all.push_back(row);
    }
    return all;
  });
}

Result<std::vector<WorkspaceEnd>> SqlAdministration::ends(const std::string& workspace) {
  return database_.read<std::vector<WorkspaceEnd>>([&](SqlSession& sql) -> Result<std::vector<WorkspaceEnd>> {
    WorkspaceEnd row;
    long long at = 0;
    std::string state;
    auto select = sql.prepare(
        "SELECT at, state, reason FROM workspace_ends WHERE workspace = :workspace ORDER BY number DESC",
        use(workspace), into(at), into(state), into(row.reason));
    select.start();
    std::vector<WorkspaceEnd> all;
    while (select.fetch()) {
      row.at = at;
      if (boost::describe::enum_from_string(state.c_str(), row.state)) all.push_back(row);
    }
    return all;
  });
}

void note_end(SqlSession& sql, const WorkspaceRecord& workspace, std::int64_t now) {
  const std::string state = boost::describe::enum_to_string(workspace.state, "");
  const auto reason = storable(workspace.reason);
  long long last = 0;
  std::string last_state, last_reason;
  sql.run(
      "SELECT number, state, reason FROM workspace_ends WHERE workspace = :workspace ORDER BY number DESC "
      "LIMIT 1",
      use(workspace.id), into(last), into(last_state), into(last_reason));
  if (state == last_state && reason == last_reason) return;  // told again
  const long long number = last + 1, time = now, oldest = number - ends_kept;
  sql.run(
      "INSERT INTO workspace_ends (workspace, number, at, state, reason) VALUES (:workspace, :number, :at, "
      ":state, :reason)",
      use(workspace.id), use(number), use(time), use(state), use(reason));
  sql.run("DELETE FROM workspace_ends WHERE workspace = :workspace AND number <= :oldest", use(workspace.id),
          use(oldest));
}

Result<AdministrationTotals> SqlAdministration::totals() {
  return database_.read<AdministrationTotals>([&](SqlSession& sql) -> Result<AdministrationTotals> {
    AdministrationTotals totals;
    long long accounts = 0, disabled = 0, administrators = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE kind = 'person'", into(accounts));
    sql.run("SELECT COUNT(*) FROM accounts WHERE disabled = 1 AND kind = 'person'", into(disabled));
    sql.run("SELECT COUNT(*) FROM accounts WHERE administrator = 1", into(administrators));
    totals.accounts = accounts;
    totals.disabled = disabled;
    totals.administrators = administrators;
    count_by(sql, "state", totals.workspaces);
    count_by(sql, "template_id", totals.templates);
    return totals;
  });
}

Result<void> SqlAdministration::order_stop(const StopOrder& order, std::int64_t now) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int there = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE id = :id", use(order.workspace), into(there));
    if (there == 0) return failure(ErrorCode::not_found, "There is no such workspace.");
    const auto reason = storable(order.reason);
    const long long time = now;
    sql.run(
        "INSERT INTO stop_orders (workspace, reason, at) VALUES (:workspace, :reason, :at) ON CONFLICT "
        "(workspace) DO UPDATE SET reason = excluded.reason, at = excluded.at",
        use(order.workspace), use(reason), use(time));
    raise_revision(sql);
    return {};
  });
}

Result<std::vector<StopOrder>> SqlAdministration::stops_due() {
  return database_.read<std::vector<StopOrder>>([&](SqlSession& sql) -> Result<std::vector<StopOrder>> {
    std::vector<StopOrder> all;
    const auto take = [&](const std::string& query, bool ordered) {
      StopOrder row;
      row.ordered = ordered;
      auto select = sql.prepare(query, into(row.workspace), into(row.reason));
      select.start();
      while (select.fetch()) {
        const auto same = [&](const StopOrder& order) { return order.workspace == row.workspace; };
        if (std::ranges::none_of(all, same)) all.push_back(row);
      }
    };
    take("SELECT workspace, reason FROM stop_orders ORDER BY at, workspace", true);
    take("SELECT w.id, '" + std::string(disabled_reason) +
             "' FROM workspaces w JOIN accounts a ON a.id = w.account WHERE a.disabled = 1 AND w." +
             runs_or_is_between + " ORDER BY w.id",
         false);
    std::string id;
    auto running =
        sql.prepare("SELECT w.id FROM workspaces w JOIN stop_orders o ON o.workspace = w.id WHERE w." +
                        std::string(runs_or_is_between),
                    into(id));
    running.start();
    std::set<std::string> run;
    while (running.fetch()) run.insert(id);
    for (auto& order : all) order.runs = !order.ordered || run.contains(order.workspace);
    return all;
  });
}

Result<void> SqlAdministration::forget_order(const std::string& workspace) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM stop_orders WHERE workspace = :workspace", use(workspace));
    return {};
  });
}

Result<std::int64_t> SqlAdministration::revision() {
  return database_.read<std::int64_t>([&](SqlSession& sql) -> Result<std::int64_t> {
    std::string text;
    sql.run("SELECT value FROM settings WHERE name = 'administration'", into(text));
    return text.empty() ? 0 : std::atoll(text.c_str());
  });
}

Result<void> SqlAdministration::raise() {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    raise_revision(sql);
    return {};
  });
}

}  // namespace berth::server

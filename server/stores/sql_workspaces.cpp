// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces and settings in SQL.
#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <iterator>

#include "server/clock.hpp"
#include "server/stores/sql_administration.hpp"
#include "server/stores/sql_groups.hpp"
#include "server/stores/sql_member_rows.hpp"
#include "server/stores/sql_tables.hpp"
#include "server/stores/sql_text_search.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::string state_name(protocol::rest::WorkspaceState state) {
  return boost::describe::enum_to_string(state, "");
}

std::string home_name(HomeState home) { return boost::describe::enum_to_string(home, ""); }

std::unexpected<Error> missing() { return failure(ErrorCode::not_found, "There is no such workspace."); }

Result<void> write_state(SqlSession& sql, const WorkspaceRecord& workspace) {
  const auto state = state_name(workspace.state), home = home_name(workspace.home),
             reason = storable(workspace.reason);
  const long long started = workspace.started.value_or(0);
  soci::indicator has_started = workspace.started ? soci::i_ok : soci::i_null;
  auto update = sql.prepare(
      "UPDATE workspaces SET state = :state, reason = :reason, started = :started, home = :home, "
      "pending_import = :pending_import WHERE id = :id",
      use(state), use(reason), use(started, has_started), use(home), use(workspace.pending_import),
      use(workspace.id));
  update.execute();
  if (update.affected() == 0) return missing();
  note_end(sql, workspace, system_clock_now());
  return {};
}

/// `bind` binds what `where` and `order` name.
template <class Bind>
Result<std::vector<WorkspaceRecord>> select_workspaces(SqlSession& sql, const std::string& where, Bind bind,
                                                       const std::string& order = "ORDER BY created, id") {
  WorkspaceRecord row;
  std::string state, home;
  long long created = 0, last_used = 0, started = 0;
  soci::indicator has_started = soci::i_null;
  auto select = sql.prepare(
      "SELECT id, account, name, template_id, state, reason, created, last_used, started, home, "
      "pending_import FROM workspaces " +
          where + order,
      into(row.id), into(row.account), into(row.name), into(row.template_id), into(state), into(row.reason),
      into(created), into(last_used), into(started, has_started), into(home), into(row.pending_import));
  bind(select);
  select.start();
  std::vector<WorkspaceRecord> rows;
  while (select.fetch()) {
    if (!boost::describe::enum_from_string(state.c_str(), row.state) ||
        !boost::describe::enum_from_string(home.c_str(), row.home))
      return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                     "workspace state " + state + " " + home);
    row.created = created;
    row.last_used = last_used;
    row.started = has_started == soci::i_ok ? std::optional<std::int64_t>(started) : std::nullopt;
    rows.push_back(row);
  }
  return rows;
}

Result<std::vector<WorkspaceRecord>> select_workspaces(SqlSession& sql, const std::string& where,
                                                       const std::string& value) {
  return select_workspaces(sql, where, [&](SqlStatement& select) { select.bind(use(value)); });
}

}  // namespace

Result<void> SqlWorkspaces::insert(const WorkspaceRecord& workspace, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE account = :account", use(workspace.account), into(count));
    if (count >= maximum)
      return failure(
          ErrorCode::limit_exceeded,
          "There are " + std::to_string(count) + " workspaces, the most that is allowed; delete one first.");
    const auto state = state_name(workspace.state), home = home_name(workspace.home),
               reason = storable(workspace.reason);
    const auto name = storable(workspace.name);
    const long long created = workspace.created, last_used = workspace.last_used,
                    started = workspace.started.value_or(0);
    soci::indicator has_started = workspace.started ? soci::i_ok : soci::i_null;
    sql.run(
        "INSERT INTO workspaces (id, account, name, template_id, state, reason, created, last_used, "
        "started, home, pending_import) "
        "VALUES (:id, :account, :name, :template, :state, :reason, :created, :last_used, :started, :home, "
        ":pending_import)",
        use(workspace.id), use(workspace.account), use(name), use(workspace.template_id), use(state),
        use(reason), use(created), use(last_used), use(started, has_started), use(home),
        use(workspace.pending_import));
    return {};
  });
}

Result<void> SqlWorkspaces::rename(const std::string& id, const std::string& name) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const auto kept_name = storable(name);
    auto update = sql.prepare("UPDATE workspaces SET name = :name WHERE id = :id", use(kept_name), use(id));
    update.execute();
    if (update.affected() == 0) return missing();
    return {};
  });
}

Result<void> SqlWorkspaces::update_state(const WorkspaceRecord& workspace) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(database_, sql, workspace.id); !held) return held;
    return write_state(sql, workspace);
  });
}

Result<void> SqlWorkspaces::begin_start(const WorkspaceRecord& workspace, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(database_, sql, workspace.id); !held) return held;
    long long running = 0;
    sql.run(
        "SELECT COUNT(*) FROM workspaces WHERE account = :account AND id <> :id AND state IN ('starting', "
        "'running', 'stopping')",
        use(workspace.account), use(workspace.id), into(running));
    if (running >= maximum)
      return failure(ErrorCode::limit_exceeded,
                     "There are " + std::to_string(running) +
                         " workspaces running, the most that is allowed; stop one first.");
    return write_state(sql, workspace);
  });
}

Result<void> SqlWorkspaces::touch(const std::string& id, std::int64_t last_used) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = last_used;
    auto update = sql.prepare("UPDATE workspaces SET last_used = :time WHERE id = :id", use(time), use(id));
    update.execute();
    if (update.affected() == 0) return missing();
    return {};
  });
}

Result<void> SqlWorkspaces::remove(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(database_, sql, id); !held) return held;
    const auto lease = workspace_lease(id);
    sql.run("DELETE FROM workspaces WHERE id = :id", use(id));
    sql.run("DELETE FROM leases WHERE name = :name", use(lease));
    sql.run("DELETE FROM workspace_ends WHERE workspace = :id", use(id));
    sql.run("DELETE FROM stop_orders WHERE workspace = :id", use(id));
    return {};
  });
}

Result<std::vector<WorkspaceRecord>> SqlWorkspaces::list() {
  return database_.read<std::vector<WorkspaceRecord>>(
      [&](SqlSession& sql) { return select_workspaces(sql, "", [](SqlStatement&) {}); });
}

Result<std::vector<WorkspaceRecord>> SqlWorkspaces::list_of(const std::string& account) {
  return database_.read<std::vector<WorkspaceRecord>>(
      [&](SqlSession& sql) { return select_workspaces(sql, "WHERE account = :account ", account); });
}

Result<std::vector<WorkspaceRecord>> SqlWorkspaces::visible(const WorkspaceListing& listing,
                                                            std::size_t limit) {
  return database_.read<std::vector<WorkspaceRecord>>([&](SqlSession& sql) {
    const auto owner = storable(listing.owner), text = containing(listing.text);
    const auto after = listing.after.value_or(WorkspaceListing::Place{});
    const auto after_id = storable(after.id);
    const long long used = after.last_used;
    const auto most = static_cast<long long>(limit);
    std::string where =
        "WHERE id IN (SELECT v.workspace FROM " + visible_workspaces() + " AS v WHERE v.rank > 0) ";
    if (!listing.owner.empty()) where += "AND account = :owner ";
    if (!listing.text.empty())
      where += "AND (LOWER(name) LIKE :text1 ESCAPE '!' OR id LIKE :text2 ESCAPE '!') ";
    if (listing.after) where += "AND (last_used < :before OR (last_used = :then AND id > :id)) ";
    const auto bind = [&](SqlStatement& select) {
      for (int i = 0; i < 3; ++i) select.bind(use(listing.account));
      if (!listing.owner.empty()) select.bind(use(owner));
      if (!listing.text.empty())
        for (int i = 0; i < 2; ++i) select.bind(use(text));
      if (listing.after) {
        for (int i = 0; i < 2; ++i) select.bind(use(used));
        select.bind(use(after_id));
      }
      select.bind(use(most));
    };
    return select_workspaces(sql, where, bind, "ORDER BY last_used DESC, id LIMIT :limit");
  });
}

Result<WorkspaceRecord> SqlWorkspaces::find(const std::string& id) {
  return database_.read<WorkspaceRecord>([&](SqlSession& sql) -> Result<WorkspaceRecord> {
    auto found = select_workspaces(sql, "WHERE id = :id ", id);
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return missing();
    return std::move(found->front());
  });
}

Result<std::vector<WorkspaceRecord>> SqlWorkspaces::find_some(const std::vector<std::string>& ids) {
  return database_.read<std::vector<WorkspaceRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<WorkspaceRecord>> {
        std::vector<WorkspaceRecord> all;
        constexpr std::ptrdiff_t one_group = 100;
        for (auto begin = ids.begin(); begin != ids.end();) {
          const auto end = ids.end() - begin > one_group ? begin + one_group : ids.end();
          const std::vector some(begin, end);
          begin = end;
          IdGroups group(some);
          auto found = select_workspaces(sql, "WHERE id IN (" + group.placeholders() + ") ",
                                         [&](SqlStatement& select) {
                                           group.bind(select);
                                           group.each([](std::size_t, std::size_t) {});
                                         });
          if (!found) return found;
          std::ranges::move(*found, std::back_inserter(all));
        }
        return all;
      });
}

Result<std::map<std::string, std::string>> SqlSettings::all() {
  return database_.read<std::map<std::string, std::string>>(
      [&](SqlSession& sql) -> Result<std::map<std::string, std::string>> {
        std::map<std::string, std::string> settings;
        std::string name, value;
        auto select = sql.prepare("SELECT name, value FROM settings", into(name), into(value));
        select.start();
        while (select.fetch()) settings[name] = value;
        return settings;
      });
}

Result<void> SqlSettings::put(const std::map<std::string, std::string>& settings) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    for (const auto& [name, value] : settings)
      sql.run(
          "INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET "
          "value = excluded.value",
          use(name), use(value));
    database_.announce(
        sql, {.kind = AnnouncementKind::settings_changed, .subject = {}, .except = {}, .reason = {}});
    return {};
  });
}

Result<std::string> SqlSettings::put_once(const std::string& name, const std::string& value) {
  return database_.transaction<std::string>([&](SqlSession& sql) -> Result<std::string> {
    std::string there;
    sql.run("INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
            use(name), use(value));
    sql.run("SELECT value FROM settings WHERE name = :name", use(name), into(there));
    return there;
  });
}

}  // namespace berth::server

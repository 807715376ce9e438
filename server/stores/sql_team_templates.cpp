// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of teams, in SQL.
#include "server/stores/sql_teams.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

/// `bind` binds what `where` names.
template <class Bind>
std::vector<TeamTemplateRecord> select_team_templates(SqlSession& sql, const std::string& where, Bind bind) {
  TeamTemplateRecord row;
  std::string version;
  soci::indicator has_version = soci::i_null;
  long long changed = 0;
  auto select = sql.prepare(
      "SELECT t.workspace, t.team, t.name, t.description, w.template_id, t.version, t.changed FROM "
      "team_templates t JOIN workspaces w ON w.id = t.workspace AND w.account = t.team WHERE " +
          where + " ORDER BY t.name, t.workspace",
      into(row.workspace), into(row.team), into(row.name), into(row.description), into(row.template_id),
      into(version, has_version), into(changed));
  bind(select);
  select.start();
  std::vector<TeamTemplateRecord> rows;
  while (select.fetch()) {
    row.version = has_version == soci::i_ok ? std::optional(version) : std::nullopt;
    row.changed = changed;
    rows.push_back(row);
  }
  return rows;
}

std::vector<TeamTemplateRecord> select_team_templates(SqlSession& sql, const std::string& where,
                                                      const std::string& value) {
  return select_team_templates(sql, where, [&](SqlStatement& select) { select.bind(use(value)); });
}

}  // namespace

Result<TeamTemplateRecord> SqlTeamTemplates::put(const TeamTemplateRecord& record, std::size_t maximum) {
  return database_.transaction<TeamTemplateRecord>([&](SqlSession& sql) -> Result<TeamTemplateRecord> {
    int there = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE id = :id AND account = :team", use(record.workspace),
            use(record.team), into(there));
    if (there == 0) return failure(ErrorCode::not_found, "The team has no such workspace.");
    const auto version = record.version.value_or("");
    if (record.version) {
      std::string name;
      const bool known = sql.run("SELECT name FROM versions WHERE id = :id AND workspace = :workspace",
                                 use(version), use(record.workspace), into(name));
      if (!known || name.empty())
        return failure(ErrorCode::invalid_argument,
                       "body.version: must be a version of this workspace that has a name");
    }
    long long others = 0;
    sql.run("SELECT COUNT(*) FROM team_templates WHERE team = :team AND workspace <> :workspace",
            use(record.team), use(record.workspace), into(others));
    if (static_cast<std::size_t>(others) >= maximum)
      return failure(ErrorCode::limit_exceeded,
                     "A team can have " + std::to_string(maximum) + " templates at most.");
    const auto name = storable(record.name), description = storable(record.description);
    const long long changed = record.changed;
    soci::indicator has_version = record.version ? soci::i_ok : soci::i_null;
    sql.run(
        "INSERT INTO team_templates (workspace, team, name, description, version, changed) VALUES "
        "(:workspace, :team, :name, :description, :version, :changed) ON CONFLICT (workspace) DO UPDATE SET "
        "team = excluded.team, name = excluded.name, description = excluded.description, version = "
        "excluded.version, changed = excluded.changed",
        use(record.workspace), use(record.team), use(name), use(description), use(version, has_version),
        use(changed));
    auto made = select_team_templates(sql, "t.workspace = :workspace", record.workspace);
    if (made.empty()) return failure(ErrorCode::not_found, "The team has no such workspace.");
    return std::move(made.front());
  });
}

Result<std::vector<TeamTemplateRecord>> SqlTeamTemplates::list(const std::string& team) {
  return database_.read<std::vector<TeamTemplateRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<TeamTemplateRecord>> {
        return select_team_templates(sql, "t.team = :team", team);
      });
}

Result<std::optional<TeamTemplateRecord>> SqlTeamTemplates::find(const std::string& workspace) {
  return database_.read<std::optional<TeamTemplateRecord>>(
      [&](SqlSession& sql) -> Result<std::optional<TeamTemplateRecord>> {
        auto found = select_team_templates(sql, "t.workspace = :workspace", workspace);
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
      });
}

Result<void> SqlTeamTemplates::remove(const std::string& team, const std::string& workspace) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto gone = sql.prepare("DELETE FROM team_templates WHERE workspace = :workspace AND team = :team",
                            use(workspace), use(team));
    gone.execute();
    if (gone.affected() == 0)
      return failure(ErrorCode::not_found, "This workspace is no template of the team.");
    return {};
  });
}

}  // namespace berth::server

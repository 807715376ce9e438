// SPDX-License-Identifier: GPL-3.0-or-later
// Versions in SQL.
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "server/clock.hpp"
#include "server/fault_points.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::unexpected<Error> no_such_version() {
  return failure(ErrorCode::not_found, "There is no such version; it may have been thinned out.");
}

/// The columns of a row in the order of `version_columns`.
struct VersionRow {
  VersionRecord record;
  std::string root, kind;
  long long created = 0, files = 0, bytes = 0, added = 0, modified = 0, deleted = 0, problems = 0;

  VersionRow() = default;
  explicit VersionRow(const VersionRecord& from)
      : record(from),
        root(from.root.hex()),
        kind(boost::describe::enum_to_string(from.kind, "")),
        created(from.created),
        files(static_cast<long long>(from.files)),
        bytes(static_cast<long long>(from.bytes)),
        added(static_cast<long long>(from.added)),
        modified(static_cast<long long>(from.modified)),
        deleted(static_cast<long long>(from.deleted)),
        problems(static_cast<long long>(from.problems)) {
    record.name = storable(from.name);
    record.author = storable(from.author);
  }

  Result<VersionRecord> taken() const {
    auto whole = record;
    const auto id = protocol::ObjectId::from_hex(root);
    if (!id || !boost::describe::enum_from_string(kind.c_str(), whole.kind))
      return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                     "version " + record.id);
    whole.root = *id;
    whole.created = created;
    whole.files = static_cast<std::uint64_t>(files);
    whole.bytes = static_cast<std::uint64_t>(bytes);
    whole.added = static_cast<std::uint64_t>(added);
    whole.modified = static_cast<std::uint64_t>(modified);
    whole.deleted = static_cast<std::uint64_t>(deleted);
    whole.problems = static_cast<std::uint64_t>(problems);
    return whole;
  }
};

constexpr const char* version_columns =
    "SELECT id, workspace, owner, root, created, kind, name, author, files, bytes, added, modified, deleted, "
    "problems, restored_from FROM versions WHERE workspace = :workspace ";

/// `query` is version_columns and more; `bind` adds what that needs.
template <class Bind>
Result<std::vector<VersionRecord>> select_versions(SqlSession& sql, const std::string& query, Bind bind) {
  VersionRow row;
  auto& record = row.record;
  auto select = sql.prepare(
      query, into(record.id), into(record.workspace), into(record.owner), into(row.root), into(row.created),
      into(row.kind), into(record.name), into(record.author), into(row.files), into(row.bytes),
      into(row.added), into(row.modified), into(row.deleted), into(row.problems), into(record.restored_from));
  bind(select);
  select.start();
  std::vector<VersionRecord> versions;
  while (select.fetch()) {
    auto version = row.taken();
    if (!version) return std::unexpected(version.error());
    versions.push_back(std::move(*version));
  }
  return versions;
}

}  // namespace

Result<void> SqlVersions::insert(const VersionRecord& version) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    VersionRow row(version);
    auto& record = row.record;
    if (auto held = expect_lease(database_, sql, record.workspace); !held) return held;
    // Made again because the answer to the first call was lost.
    int same = 0;
    sql.run("SELECT COUNT(*) FROM versions WHERE id = :id AND workspace = :workspace AND root = :root",
            use(record.id), use(record.workspace), use(row.root), into(same));
    if (same > 0) return {};
    long long newest = 0;
    sql.run("SELECT COALESCE(MAX(created), 0) FROM versions WHERE workspace = :workspace",
            use(record.workspace), into(newest));
    if (row.created <= newest)
      return failure(ErrorCode::invalid_argument, "A version must be later than the one before.");
    const long long now = std::max<long long>(system_clock_now(), row.created);
    auto touch = sql.prepare("UPDATE objects SET touched = :now WHERE owner = :owner AND id = :id", use(now),
                             use(record.owner), use(row.root));
    touch.execute();
    if (touch.affected() == 0)
      return failure(ErrorCode::conflict, "The stored files have changed meanwhile; store them again.",
                     "root " + row.root);
    sql.run(
        "INSERT INTO versions (id, workspace, owner, root, created, kind, name, author, files, bytes, "
        "added, modified, deleted, problems, restored_from) VALUES (:id, :workspace, :owner, :root, "
        ":created, :kind, :name, :author, :files, :bytes, :added, :modified, :deleted, :problems, "
        ":restored_from)",
        use(record.id), use(record.workspace), use(record.owner), use(row.root), use(row.created),
        use(row.kind), use(record.name), use(record.author), use(row.files), use(row.bytes), use(row.added),
        use(row.modified), use(row.deleted), use(row.problems), use(record.restored_from));
    fault_point("version.insert");
    return {};
  });
}

Result<VersionRecord> SqlVersions::find(const std::string& workspace, const std::string& id) {
  return database_.read<VersionRecord>([&](SqlSession& sql) -> Result<VersionRecord> {
    auto found =
        select_versions(sql, std::string(version_columns) + "AND id = :id", [&](SqlStatement& select) {
          select.bind(use(workspace));
          select.bind(use(id));
        });
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return no_such_version();
    return std::move(found->front());
  });
}

Result<std::optional<VersionRecord>> SqlVersions::latest(const std::string& workspace) {
  auto newest = list(workspace, 0, 1);
  if (!newest) return std::unexpected(newest.error());
  if (newest->empty()) return std::nullopt;
  return std::move(newest->front());
}

Result<std::vector<VersionRecord>> SqlVersions::list(const std::string& workspace, std::int64_t before,
                                                     std::size_t limit) {
  return database_.read<std::vector<VersionRecord>>([&](SqlSession& sql) {
    const long long time = before > 0 ? before : std::numeric_limits<long long>::max();
    const long long most = static_cast<long long>(limit);
    return select_versions(
        sql, std::string(version_columns) + "AND created < :before ORDER BY created DESC LIMIT :most",
        [&](SqlStatement& select) {
          select.bind(use(workspace));
          select.bind(use(time));
          select.bind(use(most));
        });
  });
}

Result<void> SqlVersions::rename(const std::string& workspace, const std::string& id,
                                 const std::string& name) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    using protocol::rest::VersionKind;
    const std::string named = boost::describe::enum_to_string(VersionKind::named, ""),
                      automatic = boost::describe::enum_to_string(VersionKind::automatic, "");
    const auto kept_name = storable(name);
    // Whether a person or the server made it stays told by restored and imported; of the other two the name
    // decides.
    auto update = sql.prepare(
        "UPDATE versions SET name = :name, kind = CASE WHEN kind IN (:named, :automatic) THEN "
        ":kind ELSE kind END WHERE workspace = :workspace AND id = :id",
        use(kept_name), use(named), use(automatic), use(name.empty() ? automatic : named), use(workspace),
        use(id));
    update.execute();
    if (update.affected() == 0) return no_such_version();
    return {};
  });
}

Result<void> SqlVersions::remove(const std::string& workspace, const std::vector<std::string>& ids) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    std::string id;
    auto remove = sql.prepare("DELETE FROM versions WHERE workspace = :workspace AND id = :id",
                              use(workspace), use(id));
    for (const auto& one : ids) {
      id = one;
      remove.execute();
    }
    return {};
  });
}

Result<void> SqlVersions::remove_all(const std::string& workspace) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM versions WHERE workspace = :workspace", use(workspace));
    return {};
  });
}

Result<std::vector<std::string>> SqlVersions::workspaces(const std::string& owner) {
  return database_.read<std::vector<std::string>>([&](SqlSession& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> workspaces;
    std::string workspace;
    auto select =
        sql.prepare("SELECT DISTINCT workspace FROM versions WHERE owner = :owner ORDER BY workspace",
                    use(owner), into(workspace));
    select.start();
    while (select.fetch()) workspaces.push_back(workspace);
    return workspaces;
  });
}

}  // namespace berth::server

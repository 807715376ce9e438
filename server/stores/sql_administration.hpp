// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators look at and change, in SQL.
#pragma once

#include "server/administration_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlAdministration final : public AdministrationStore {
 public:
  explicit SqlAdministration(SqlDatabase& database) : database_(database) {}
  Result<std::vector<AdministeredAccount>> accounts(const AccountSearch& search, std::size_t limit) override;
  Result<AdministeredAccount> account(const std::string& id) override;
  Result<void> change(const std::string& account, const AccountChange& change) override;
  Result<std::vector<AdministeredWorkspace>> workspaces(const WorkspaceSearch& search,
                                                        std::size_t limit) override;
  Result<std::vector<WorkspaceEnd>> ends(const std::string& workspace) override;
  Result<AdministrationTotals> totals() override;
  Result<void> order_stop(const StopOrder& order, std::int64_t now) override;
  Result<std::vector<StopOrder>> stops_due() override;
  Result<void> forget_order(const std::string& workspace) override;
  Result<std::int64_t> revision() override;
  Result<void> raise() override;

 private:
  SqlDatabase& database_;
};

class SqlAudit final : public AuditStore {
 public:
  explicit SqlAudit(SqlDatabase& database) : database_(database) {}
  Result<void> append(const AuditRecord& record) override;
  Result<std::int64_t> shorten(std::int64_t cut, std::size_t most, const AuditRecord& told) override;
  Result<std::vector<AuditRecord>> list(const AuditSearch& search, std::size_t limit) override;

 private:
  SqlDatabase& database_;
};

class SqlLoads final : public LoadStore {
 public:
  explicit SqlLoads(SqlDatabase& database) : database_(database) {}
  Result<void> put(const LoadRecord& load, std::int64_t cutoff) override;
  Result<std::vector<LoadRecord>> all() override;

 private:
  SqlDatabase& database_;
};

/// When a line of the audit log was written, from its id; 0 for "".
std::int64_t audit_time(const std::string& id);

/// Remembers what a workspace came to, in the transaction that says so.
void note_end(SqlSession& sql, const WorkspaceRecord& workspace, std::int64_t now);

}  // namespace berth::server

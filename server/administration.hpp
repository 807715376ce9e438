// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators may do: accounts, everybody's workspaces, templates, the audit log, and what the
// servers carry. No HTTP and no SQL. Who asks has been found to be an administrator already. Every call may
// be made on any I/O thread and resumes on the caller's executor.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "server/administration_store.hpp"
#include "server/byte_stream.hpp"
#include "server/clock.hpp"
#include "server/settings.hpp"
#include "server/template_catalog.hpp"
#include "server/workspace_backend.hpp"
#include "server/workspace_uses.hpp"

namespace berth::server {

struct PageWish {
  std::string cursor;
  std::size_t limit = 50;
};

class Administration {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    Settings& settings;
    const TemplateCatalog& templates;
    boost::asio::thread_pool& pool;
    Clock clock;
    std::function<void()> look_now;  // AdministrationWatch::look_now()
    /// What this server carries.
    std::function<protocol::rest::ServerLoad()> load;
    std::string backend;  // where workspaces run
    bool shared = false;  // one of several servers: the others' loads are in the store
    const WorkspaceUses& uses;
    WorkspaceBackend& place;  // asked about images only
  };
  explicit Administration(Parts parts) : parts_(std::move(parts)) {}

  net::Task<Result<protocol::rest::ListAccounts::Result>> accounts(AccountSearch search, PageWish page);
  /// conflict for the last administrator.
  net::Task<Result<protocol::rest::AdminAccount>> update(std::string account,
                                                         protocol::rest::UpdateAccount::Body body);
  net::Task<Result<protocol::rest::ListAllWorkspaces::Result>> workspaces(WorkspaceSearch search,
                                                                          PageWish page);
  /// Has it stopped, wherever it runs; waits for that for a while.
  net::Task<Result<protocol::rest::AdminWorkspace>> stop(std::string workspace);
  net::Task<Result<protocol::rest::GetWorkspaceLog::Result>> log(std::string workspace);
  net::Task<Result<protocol::rest::ListAllTemplates::Result>> templates();
  /// invalid_argument for what is no image; unsupported, saying what to do, for one that can't be used here.
  net::Task<Result<protocol::rest::AdminTemplate>> update_template(std::string id,
                                                                   protocol::rest::UpdateTemplate::Body body);
  net::Task<Result<protocol::rest::ListAudit::Result>> audit(AuditSearch search, PageWish page);
  /// All of it as NDJSON, page by page.
  std::unique_ptr<ByteSource> audit_export(AuditSearch search);
  net::Task<Result<protocol::rest::GetLoad::Result>> load();

 private:
  /// With what it takes while it runs.
  protocol::rest::AdminWorkspace shown(const AdministeredWorkspace& workspace) const;

  Parts parts_;
};

protocol::rest::AuditEntry visible(const AuditRecord& record);
protocol::rest::AdminAccount visible(const AdministeredAccount& account);
protocol::rest::AdminWorkspace visible(const AdministeredWorkspace& workspace);

/// invalid_argument names the field.
Result<AccountChange> checked_change(const protocol::rest::UpdateAccount::Body& body);

}  // namespace berth::server

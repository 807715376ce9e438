// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators look at and change: accounts, everybody's workspaces, the audit log, what the servers
// carry. Same rules as metadata_store.hpp.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/rest_admin.hpp"
#include "server/metadata_store.hpp"
#include "server/stop_order.hpp"

namespace berth::server {

struct AdministeredAccount {
  AccountRecord account;
  std::int64_t last_used = 0;  // the newest of its sign-ins and workspaces
  std::int64_t workspaces = 0;
  std::int64_t running = 0;  // starting and stopping ones too
  std::int64_t stored_bytes = 0;
  std::int64_t members = 0;  // of a team
};

struct AccountSearch {
  std::string text;                // part of its e-mail, name or id; any case
  std::optional<bool> teams = {};  // those alone, or people alone
  std::string after = {};          // account_place()
};

/// Where it stands in a list: people by e-mail, then teams by name. No e-mail has a blank.
inline std::string account_place(const AccountRecord& account) {
  return account.team ? "team " + account.id + " " + account.name : account.email;
}

/// Absent fields stay.
struct AccountChange {
  std::optional<bool> disabled;
  std::optional<bool> administrator;
  std::optional<AccountQuota> quota;
};

struct AdministeredWorkspace {
  WorkspaceRecord workspace;
  std::string owner_email;  // "" of a team
  std::string owner_name;
  bool owner_is_team = false;
};

struct WorkspaceSearch {
  std::string text;  // part of its name or id, or of its owner's e-mail or name; any case of a-z
  std::optional<protocol::rest::WorkspaceState> state;
  std::string after;  // id
};

/// Something that ended, or went wrong.
struct WorkspaceEnd {
  std::int64_t at = 0;
  protocol::rest::WorkspaceState state{};
  std::string reason;
};

struct AdministrationTotals {
  std::int64_t accounts = 0;  // of people, as the next two
  std::int64_t disabled = 0;
  std::int64_t administrators = 0;
  std::map<std::string, std::int64_t> workspaces;  // by state
  std::map<std::string, std::int64_t> templates;   // workspaces by template
};

class AdministrationStore {
 public:
  virtual ~AdministrationStore() = default;
  /// People by e-mail, then teams by name; at most `limit`.
  virtual Result<std::vector<AdministeredAccount>> accounts(const AccountSearch& search,
                                                            std::size_t limit) = 0;
  virtual Result<AdministeredAccount> account(const std::string& id) = 0;  // not_found
  /// not_found; invalid_argument for a team that is to administer; conflict when nobody would be left who can
  /// administer. Disabling ends every sign-in, and whoever is demoted acts as nobody else any more; both are
  /// announced.
  virtual Result<void> change(const std::string& account, const AccountChange& change) = 0;
  /// By id, those after `search.after`, at most `limit`.
  virtual Result<std::vector<AdministeredWorkspace>> workspaces(const WorkspaceSearch& search,
                                                                std::size_t limit) = 0;
  /// The newest first: states that a workspace came to with a reason, and its ends; the last hundred are
  /// kept.
  virtual Result<std::vector<WorkspaceEnd>> ends(const std::string& workspace) = 0;
  virtual Result<AdministrationTotals> totals() = 0;

  /// For the server that looks after it. not_found where there is no such workspace.
  virtual Result<void> order_stop(const StopOrder& order, std::int64_t now) = 0;
  /// The orders, and every workspace of a disabled account that runs or is between two states.
  virtual Result<std::vector<StopOrder>> stops_due() = 0;
  virtual Result<void> forget_order(const std::string& workspace) = 0;
  /// Rises with each change above, by whichever process: who serves looks again what may go on.
  virtual Result<std::int64_t> revision() = 0;
  /// Raises it after a change that is elsewhere (settings).
  virtual Result<void> raise() = 0;
};

/// One line of the audit log.
struct AuditRecord {
  std::string id;  // grows with time; the store's, at append()
  std::int64_t at = 0;
  std::string actor;  // account; "" where nobody is signed in
  std::string actor_email;
  protocol::rest::AuditMeans by = protocol::rest::AuditMeans::sign_in;
  std::string address;
  std::string action;     // a route's name, or "admin accounts disable"
  std::string workspace;  // id
  std::string target;     // id of what else it was about
  std::string outcome;    // "done", or an ErrorCode's name
  std::map<std::string, std::string> data;
};

struct AuditSearch {
  std::string before;  // id; "" for the newest
  std::string actor;   // id or e-mail
  std::string action;
  std::string workspace;
  std::optional<std::int64_t> since, until;  // Unix ms, both included
};

/// Added to; old lines go when the setting `audit_days` says so. The database refuses anything else, whoever
/// asks.
class AuditStore {
 public:
  virtual ~AuditStore() = default;
  virtual Result<void> append(const AuditRecord& record) = 0;
  /// The oldest lines that were written before `cut` (Unix ms), at most `most` of them, go; `told` is
  /// written, with their number in it, in the same transaction. How many; nothing is written for none. An
  /// error, and nothing goes, where one of them is not older than the stored setting allows.
  virtual Result<std::int64_t> shorten(std::int64_t cut, std::size_t most, const AuditRecord& told) = 0;
  /// Newest first, at most `limit`.
  virtual Result<std::vector<AuditRecord>> list(const AuditSearch& search, std::size_t limit) = 0;
};

/// What each server of several carries, told by itself every few seconds.
struct LoadRecord {
  std::string replica;
  std::int64_t at = 0;
  std::string data;  // JSON
};

class LoadStore {
 public:
  virtual ~LoadStore() = default;
  /// Forgets what is older than `cutoff`.
  virtual Result<void> put(const LoadRecord& load, std::int64_t cutoff) = 0;
  virtual Result<std::vector<LoadRecord>> all() = 0;
};

}  // namespace berth::server

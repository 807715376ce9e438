// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the REST API for administrators: the audit log, accounts, everybody's workspaces, templates,
// load. Same rules as rest.hpp.
#pragma once

#include "protocol/rest.hpp"

namespace berth::protocol::rest {

// ---- the audit log
// -----------------------------------------------------------------------------------------

/// By what somebody acted.
enum class AuditMeans { sign_in, token, impersonation, command, system };
BOOST_DESCRIBE_ENUM(AuditMeans, sign_in, token, impersonation, command, system)

struct AuditEntry {
  std::string id;  // grows with time
  std::int64_t at;
  std::string actor;  // account; of an impersonation the administrator; "" where nobody was signed in
  std::string actor_email;
  AuditMeans by;
  std::string address;
  std::string action;     // name of the route, "SignIn", or of the command, "admin accounts disable"
  std::string workspace;  // id, or ""
  std::string target;     // id of what else it was about
  std::string outcome;    // "done", or the error's code
  std::map<std::string, std::string> data;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (),
                      (id, at, actor, actor_email, by, address, action, workspace, target, outcome, data))

struct ListAudit {
  static constexpr std::string_view method = "GET", path = "/api/v1/admin/audit",
                                    summary =
                                        "The audit log, newest first. Query: actor (id or e-mail), action, "
                                        "workspace, since and until (Unix ms), cursor, limit (1..500).";
  static constexpr std::string_view query = "cursor? limit? actor? action? workspace? since? until?";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::vector<AuditEntry> entries;
    std::optional<std::string> next;  // cursor; absent on the last page
  };
};
BOOST_DESCRIBE_STRUCT(ListAudit::Result, (), (entries, next))

struct ExportAudit {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/admin/audit/export",
      summary =
          "The same as NDJSON, an AuditEntry a line, all of it. Query as for the "
          "list, without cursor and limit.";
  static constexpr std::string_view query = "actor? action? workspace? since? until?";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

// ---- accounts
// ----------------------------------------------------------------------------------------------

/// What is absent is as the settings say.
struct Quota {
  std::optional<std::int64_t> workspaces = {};
  std::optional<std::int64_t> running = {};
  std::optional<std::int64_t> storage = {};  // bytes of stored versions; 0: no limit
};
BOOST_DESCRIBE_STRUCT(Quota, (), (workspaces, running, storage))

struct AdminAccount {
  std::string id;
  std::string email;
  std::string name;
  bool administrator;
  std::int64_t created;
  bool disabled;
  std::int64_t last_used;
  std::int64_t workspaces;
  std::int64_t running;
  std::int64_t stored_bytes;
  Quota quota;
  bool team = false;         // not a person: email is "", it can't be an administrator
  std::int64_t members = 0;  // of a team
};
BOOST_DESCRIBE_STRUCT(AdminAccount, (),
                      (id, email, name, administrator, created, disabled, last_used, workspaces, running,
                       stored_bytes, quota, team, members))

struct ListAccounts {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/admin/accounts",
      summary =
          "Accounts by e-mail, teams by name. Query: query (part of e-mail, name or id), kind (person or "
          "team; both when absent), cursor, limit (1..200).";
  static constexpr std::string_view query = "query? kind? cursor? limit?";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::vector<AdminAccount> accounts;
    std::optional<std::string> next;  // cursor; absent on the last page
  };
};
BOOST_DESCRIBE_STRUCT(ListAccounts::Result, (), (accounts, next))

struct UpdateAccount {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/admin/accounts/{id}",
      summary =
          "Disables, enables, promotes or demotes an account, or sets its quota (all of it; what is absent "
          "in it is as the settings say). Disabling ends its sign-ins and stops its workspaces; conflict for "
          "the last administrator.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  struct Body {
    std::optional<bool> disabled = {};
    std::optional<bool> administrator = {};
    std::optional<Quota> quota = {};
  };
  using Result = AdminAccount;
};
BOOST_DESCRIBE_STRUCT(UpdateAccount::Body, (), (disabled, administrator, quota))

struct ResetAccount {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/admin/accounts/{id}/reset",
      summary =
          "A one-time link by which the person sets a password. The old password, linked identities (but "
          "where "
          "people sign in by them only), sign-ins and access tokens end at once; the second factor goes when "
          "asked to.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::optional<bool> remove_second_factor = {};
  };
  struct Result {
    std::string url;
  };
};
BOOST_DESCRIBE_STRUCT(ResetAccount::Body, (), (remove_second_factor))
BOOST_DESCRIBE_STRUCT(ResetAccount::Result, (), (url))

struct Impersonate {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/admin/accounts/{id}/impersonate",
      summary =
          "Signs the administrator in as this account, for 30 min; never as another administrator. Ends with "
          "the administrator's own sign-in.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string reason;  // 1..200 characters, for the audit log
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(Impersonate::Body, (), (reason))

struct EndImpersonation {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/end_impersonation",
      summary = "Ends acting as somebody else; a browser is signed in as the administrator again.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  static constexpr bool while_impersonating = true;
  using Body = NoBody;
  using Result = SignedIn;
};

// ---- workspaces
// --------------------------------------------------------------------------------------------

struct AdminWorkspace {
  std::string id;
  std::string name;
  std::string owner;  // account
  std::string owner_email;
  std::string owner_name;
  std::string template_id;
  WorkspaceState state;
  std::string reason;
  std::int64_t created;
  std::int64_t last_used;
  std::optional<std::int64_t> started;
  bool owner_is_team = false;
  std::optional<ResourceUse> use = {};  // while it runs
};
BOOST_DESCRIBE_STRUCT(AdminWorkspace, (),
                      (id, name, owner, owner_email, owner_name, template_id, state, reason, created,
                       last_used, started, owner_is_team, use))

struct ListAllWorkspaces {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/admin/workspaces",
      summary =
          "Everybody's workspaces. Query: query (part of name, id, or the owner's e-mail or name), state, "
          "cursor, limit (1..200).";
  static constexpr std::string_view query = "query? state? cursor? limit?";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::vector<AdminWorkspace> workspaces;
    std::optional<std::string> next;  // cursor; absent on the last page
  };
};
BOOST_DESCRIBE_STRUCT(ListAllWorkspaces::Result, (), (workspaces, next))

struct StopAnyWorkspace {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/admin/workspaces/{id}/stop",
      summary =
          "Stops a workspace as its owner would: everything is stored first. Answers when it is stopped, or "
          "after 20 s with what it is doing.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  using Result = AdminWorkspace;
};

struct GetWorkspaceLog {
  static constexpr std::string_view method = "GET", path = "/api/v1/admin/workspaces/{id}/log",
                                    summary =
                                        "Its starts, ends and failures with their reasons, newest first; the "
                                        "last hundred.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Entry {
    std::int64_t at;
    WorkspaceState state;
    std::string reason;
  };
  struct Result {
    std::vector<Entry> entries;
  };
};
BOOST_DESCRIBE_STRUCT(GetWorkspaceLog::Entry, (), (at, state, reason))
BOOST_DESCRIBE_STRUCT(GetWorkspaceLog::Result, (), (entries))

struct GetOwnWorkspaceLog {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}/log",
                                    summary =
                                        "The same for who owns the workspace: its starts, ends and failures "
                                        "with their reasons, newest first; the last hundred.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  using Result = GetWorkspaceLog::Result;
};

// ---- templates and load
// ------------------------------------------------------------------------------------

struct AdminTemplate {
  std::string id;
  std::string name;
  std::string description;
  bool enabled;
  std::int64_t workspaces;    // made from it
  std::string image = {};     // what its workspaces run in; an image's name, or a root's
  bool image_is_set = false;  // by an administrator; else it is the installation's
};
BOOST_DESCRIBE_STRUCT(AdminTemplate, (), (id, name, description, enabled, workspaces, image, image_is_set))

struct ListAllTemplates {
  static constexpr std::string_view method = "GET", path = "/api/v1/admin/templates",
                                    summary = "Every template, with those that are not offered.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::vector<AdminTemplate> templates;
  };
};
BOOST_DESCRIBE_STRUCT(ListAllTemplates::Result, (), (templates))

struct UpdateTemplate {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/admin/templates/{id}",
      summary =
          "Offers a template for new workspaces, or not; those that were made from it go on. Sets the image "
          "that its workspaces run in from their next start (\"\": the installation's again).";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  struct Body {
    std::optional<bool> enabled = {};
    std::optional<std::string> image = {};
  };
  using Result = AdminTemplate;
};
BOOST_DESCRIBE_STRUCT(UpdateTemplate::Body, (), (enabled, image))

// ---- ways in
// -----------------------------------------------------------------------------------------------

enum class ProviderKind { oidc, google, github };
BOOST_DESCRIBE_ENUM(ProviderKind, oidc, google, github)

/// An identity provider. Its secret is never shown.
struct AdminProvider {
  std::string id;    // in addresses: a-z, 0-9, -
  std::string name;  // on the button
  ProviderKind kind;
  std::string issuer;  // of oidc; "" else
  std::string client_id;
  bool has_secret;
  std::vector<std::string> scopes;  // beside what is needed
  bool enabled;
  bool fixed;               // by the configuration of the installation: it can't be changed here
  std::string redirect;     // what to register at the provider
  std::int64_t identities;  // accounts linked to it
};
BOOST_DESCRIBE_STRUCT(AdminProvider, (),
                      (id, name, kind, issuer, client_id, has_secret, scopes, enabled, fixed, redirect,
                       identities))

struct ListProviders {
  static constexpr std::string_view method = "GET", path = "/api/v1/admin/providers",
                                    summary = "The identity providers by which people can sign in.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::vector<AdminProvider> providers;
  };
};
BOOST_DESCRIBE_STRUCT(ListProviders::Result, (), (providers))

struct PutProvider {
  static constexpr std::string_view
      method = "PUT",
      path = "/api/v1/admin/providers/{id}",
      summary =
          "Adds an identity provider or changes one; an issuer must answer with its discovery document. "
          "conflict for one that the configuration fixes.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string name;
    ProviderKind kind;
    std::string issuer = {};
    std::string client_id;
    std::optional<std::string> client_secret = {};  // absent: as it was
    std::vector<std::string> scopes = {};
    bool enabled = true;
  };
  using Result = AdminProvider;
};
BOOST_DESCRIBE_STRUCT(PutProvider::Body, (), (name, kind, issuer, client_id, client_secret, scopes, enabled))

struct DeleteProvider {
  static constexpr std::string_view
      method = "DELETE",
      path = "/api/v1/admin/providers/{id}",
      summary = "Takes a provider away; who is linked to it can't sign in by it until it is there again.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

/// What one berthd carries.
struct ServerLoad {
  std::string id;       // of the replica; "" where there is one server only
  std::string address;  // by which the others reach it
  std::string release;
  bool answers;                   // this one gave the answer
  std::int64_t since;             // when it started
  std::int64_t at;                // when this was measured
  std::int64_t memory;            // bytes of its process
  double processor;               // seconds of processors that it used since it started
  double machine_load;            // runnable processes, mean of the last minute
  std::int64_t processors;        // of its machine
  std::int64_t machine_memory;    // bytes
  std::int64_t machine_free;      // bytes that programs could have
  std::int64_t windows;           // open, connected to workspaces
  std::int64_t previews;          // connections, beside plain requests
  std::int64_t requests;          // of the API since it started
  std::int64_t requests_failed;   // answered with 5xx
  std::int64_t requests_running;  // being answered
  std::int64_t sent;              // bytes, from workspaces to windows and previews
  std::int64_t received;          // bytes
};
BOOST_DESCRIBE_STRUCT(ServerLoad, (),
                      (id, address, release, answers, since, at, memory, processor, machine_load, processors,
                       machine_memory, machine_free, windows, previews, requests, requests_failed,
                       requests_running, sent, received))

struct GetLoad {
  static constexpr std::string_view method = "GET", path = "/api/v1/admin/load",
                                    summary = "What the servers carry now; ask again every few seconds.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  struct Result {
    std::int64_t at;
    std::vector<ServerLoad> servers;
    std::map<std::string, std::int64_t> workspaces;  // by state
    std::int64_t accounts;
    std::int64_t disabled_accounts;
    std::string backend;  // where workspaces run
  };
};
BOOST_DESCRIBE_STRUCT(GetLoad::Result, (), (at, servers, workspaces, accounts, disabled_accounts, backend))

using AdminRoutes = boost::mp11::mp_list<ListAudit, ExportAudit, ListAccounts, UpdateAccount, ResetAccount,
                                         Impersonate, EndImpersonation, ListAllWorkspaces, StopAnyWorkspace,
                                         GetWorkspaceLog, GetOwnWorkspaceLog, ListAllTemplates,
                                         UpdateTemplate, ListProviders, PutProvider, DeleteProvider, GetLoad>;

}  // namespace berth::protocol::rest

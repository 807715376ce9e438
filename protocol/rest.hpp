// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API under /api/v1: every route with its types, the source of the OpenAPI document and of the web's
// types. A route is one struct here and one handler in server/ (a missing one does not compile). Times are
// Unix milliseconds. `{name}` in a path is a path parameter. Bodies are JSON unless `raw` says otherwise.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/mp11/list.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::protocol::rest {

/// Who may call: anyone, a signed-in account, or an administrator.
enum class Access { anyone, account, administrator };
BOOST_DESCRIBE_ENUM(Access, anyone, account, administrator)

/// What a personal access token may be used for. A `write` scope includes its `read`; `admin` is worth
/// something in the hands of an administrator only.
enum class Scope { account_read, account_write, workspaces_read, workspaces_write, connect, admin };
BOOST_DESCRIBE_ENUM(Scope, account_read, account_write, workspaces_read, workspaces_write, connect, admin)

/// What a route asks of a token; every route that is not for anyone says it. `no_token`: a person who signed
/// in must make this call.
using NeededScope = std::optional<Scope>;
inline constexpr NeededScope no_token = std::nullopt;

struct Error {
  struct Body {
    std::string code;     // ErrorCode's name
    std::string message;  // for the person
    std::map<std::string, std::string> data;
  };
  Body error;
};
BOOST_DESCRIBE_STRUCT(Error::Body, (), (code, message, data))
BOOST_DESCRIBE_STRUCT(Error, (), (error))

// ---- server and accounts
// -------------------------------------------------------------------------------------------

/// The ways in that the sign-in page offers.
struct SignInOptions {
  struct Provider {
    std::string id;
    std::string name;
  };
  bool password = true;
  std::vector<Provider> providers = {};
  bool mail = false;  // mails are sent: a forgotten password can be set anew
};
BOOST_DESCRIBE_STRUCT(SignInOptions::Provider, (), (id, name))
BOOST_DESCRIBE_STRUCT(SignInOptions, (), (password, providers, mail))

struct ServerInfo {
  std::string release;
  bool setup_needed;  // no administrator yet: the one-time link printed by berthd makes the first
  bool registration_open;
  std::string preview_host;      // "localhost:7070": previews are at <port>--<workspace>.<preview_host>
  std::string preview_fallback;  // origin of the path form, "http://localhost:7071"; "" when off
  bool https;
  SignInOptions sign_in = {};
};
BOOST_DESCRIBE_STRUCT(ServerInfo, (),
                      (release, setup_needed, registration_open, preview_host, preview_fallback, https,
                       sign_in))

struct Account {
  std::string id;
  std::string email;
  std::string name;
  bool administrator;
  std::int64_t created;
  bool email_verified = false;
  std::optional<std::string> impersonated_by = {};  // e-mail of the administrator who acts as this account
  std::optional<std::string> pending_email = {};    // becomes `email` when the link in a mail to it is opened
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, email, name, administrator, created, email_verified, impersonated_by,
                       pending_email))

/// For native clients (`Berth-Client: native` request header): tokens in the body. Browsers get HttpOnly
/// cookies and no tokens.
struct SignedIn {
  Account account;
  std::optional<std::string> access_token;   // JWT (EdDSA), for `Authorization: Bearer`
  std::optional<std::string> refresh_token;  // rotates at each use, 10 s grace
  std::int64_t access_expires;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (account, access_token, refresh_token, access_expires))

struct NoBody {};
BOOST_DESCRIBE_STRUCT(NoBody, (), ())

struct GetServer {
  static constexpr std::string_view method = "GET", path = "/api/v1/server",
                                    summary = "What a client must know before signing in.";
  static constexpr Access access = Access::anyone;
  using Body = NoBody;
  using Result = ServerInfo;
};

struct Setup {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/setup",
      summary = "Makes the first administrator with the one-time token that berthd printed.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string token;
    std::string email;
    std::string name;
    std::string password;  // 10..256 bytes
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(Setup::Body, (), (token, email, name, password))

struct Register {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/register",
      summary = "Makes an account and signs it in; permission_denied while registration is closed.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string email;
    std::string name;
    std::string password;
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(Register::Body, (), (email, name, password))

struct SignIn {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/sign_in",
                                    summary =
                                        "Signs in by e-mail and password; throttled per account and address.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string email;
    std::string password;
    std::optional<std::string> code = {};  // of the second factor, or a recovery code
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(SignIn::Body, (), (email, password, code))

struct Refresh {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/refresh",
                                    summary = "Trades a refresh token (body, or cookie) for a new pair.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::optional<std::string> refresh_token;
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(Refresh::Body, (), (refresh_token))

struct SignOut {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/sign_out",
                                    summary = "Ends this sign-in and its open connections.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  static constexpr bool while_impersonating = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct SignOutEverywhere {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/sign_out_everywhere",
                                    summary = "Ends every sign-in of the account, this one too.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

struct GetMe {
  static constexpr std::string_view method = "GET", path = "/api/v1/me", summary = "The signed-in account.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  using Result = Account;
};

struct UpdateMe {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/me",
      summary =
          "Changes the profile. Another e-mail address takes the password (and a code); where the "
          "server sends mails, it is `pending_email` until the link in the mail to it is opened. The "
          "address that the account has drops one that waits.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    std::optional<std::string> name;
    std::optional<std::string> email;
    // With another `email`. "" for an account that has no password and signed in within ten minutes.
    std::optional<std::string> current_password = {};
    std::optional<std::string> code = {};  // of the second factor, where there is one
  };
  using Result = Account;
};
BOOST_DESCRIBE_STRUCT(UpdateMe::Body, (), (name, email, current_password, code))

struct ChangePassword {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/password",
                                    summary = "Changes the password; ends every other sign-in.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string current_password;
    std::string new_password;
  };
  using Result = NoBody;
};
BOOST_DESCRIBE_STRUCT(ChangePassword::Body, (), (current_password, new_password))

struct Settings {
  bool registration_open;
  std::int64_t idle_stop_minutes;     // 0: never
  std::int64_t maximum_life_minutes;  // 0: unlimited
  std::int64_t workspaces_per_account;
  std::int64_t running_per_account;
  std::int64_t storage_per_account;                    // bytes of stored versions; 0: no limit
  std::vector<std::string> registration_domains = {};  // of e-mail addresses that may register; none: any
  bool password_sign_in = true;  // false: by a provider only; administrators can by password all the same
  std::int64_t workspaces_per_team = 50;
  std::int64_t running_per_team = 10;
  std::int64_t storage_per_team = 0;   // as storage_per_account
  std::int64_t teams_per_account = 5;  // that a person may make; 0: administrators only
  std::int64_t audit_days = 0;         // after which lines of the audit log go; 0: never
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (registration_open, idle_stop_minutes, maximum_life_minutes, workspaces_per_account,
                       running_per_account, storage_per_account, registration_domains, password_sign_in,
                       workspaces_per_team, running_per_team, storage_per_team, teams_per_account,
                       audit_days))

struct GetSettings {
  static constexpr std::string_view method = "GET", path = "/api/v1/settings",
                                    summary = "The server's settings.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  using Body = NoBody;
  using Result = Settings;
};

struct UpdateSettings {
  static constexpr std::string_view method = "PATCH", path = "/api/v1/settings",
                                    summary = "Changes settings; absent ones stay.";
  static constexpr Access access = Access::administrator;
  static constexpr NeededScope scope = Scope::admin;
  struct Body {
    std::optional<bool> registration_open;
    std::optional<std::int64_t> idle_stop_minutes;
    std::optional<std::int64_t> maximum_life_minutes;
    std::optional<std::int64_t> workspaces_per_account;
    std::optional<std::int64_t> running_per_account;
    std::optional<std::int64_t> storage_per_account;
    std::optional<std::vector<std::string>> registration_domains = {};  // "example.org", not its subdomains
    std::optional<bool> password_sign_in = {};
    std::optional<std::int64_t> workspaces_per_team = {};
    std::optional<std::int64_t> running_per_team = {};
    std::optional<std::int64_t> storage_per_team = {};
    std::optional<std::int64_t> teams_per_account = {};
    std::optional<std::int64_t> audit_days = {};  // 30 at least, or 0
  };
  using Result = Settings;
};
BOOST_DESCRIBE_STRUCT(UpdateSettings::Body, (),
                      (registration_open, idle_stop_minutes, maximum_life_minutes, workspaces_per_account,
                       running_per_account, storage_per_account, registration_domains, password_sign_in,
                       workspaces_per_team, running_per_team, storage_per_team, teams_per_account,
                       audit_days))

// ---- workspaces
// ----------------------------------------------------------------------------------------------------

struct Template {
  std::string id;    // "python"
  std::string name;  // "Python"
  std::string description;
  std::string run_command;            // "" when there is nothing to run
  std::optional<std::uint16_t> port;  // what the run command listens on
  std::string open_file;              // shown first, relative to home
};
BOOST_DESCRIBE_STRUCT(Template, (), (id, name, description, run_command, port, open_file))

/// stopped → starting → running → stopping → stopped; failed can be started again; deleting ends in
/// not_found.
enum class WorkspaceState { stopped, starting, running, stopping, failed, deleting };
BOOST_DESCRIBE_ENUM(WorkspaceState, stopped, starting, running, stopping, failed, deleting)

/// A person, or a team.
struct Person {
  std::string id;  // of an account, or of a team
  std::string name;
  std::string email;  // "" for a team
  bool team = false;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, email, team))

/// What a running workspace takes, as measured last (about every half minute).
struct ResourceUse {
  std::int64_t at;
  std::int64_t memory;  // bytes; 0: not known
  double processor;     // of one core, percent
  std::int64_t terminals;
  std::int64_t windows;  // connected
};
BOOST_DESCRIBE_STRUCT(ResourceUse, (), (at, memory, processor, terminals, windows))

/// What a start goes through: it is given room, what it runs in is fetched, its files are brought into its
/// home, its runner answers.
enum class StartPhase { place, image, files, runner };
BOOST_DESCRIBE_ENUM(StartPhase, place, image, files, runner)

/// A phase that a start came to. One that comes again (files: a home is made, and later a version is brought
/// into it) goes on counting.
struct StartStep {
  StartPhase phase;
  std::int64_t took;  // ms; until this answer while it is under way
  bool done = true;
};
BOOST_DESCRIBE_STRUCT(StartStep, (), (phase, took, done))

struct Workspace {
  std::string id;  // server-made, 10 characters a-z 2-7
  std::string name;
  std::string template_id;
  WorkspaceState state;
  std::string reason;  // why it is in this state, for the person; "" when plain
  std::int64_t created;
  std::int64_t last_used;
  std::optional<std::int64_t> started;
  std::optional<std::int64_t> stops_at;  // when idle stop or maximum life will end it, once near
  std::string run_command;
  std::optional<std::uint16_t> port;
  std::string open_file;
  Role role = Role::owner;  // of whoever asks
  Person owner = {};
  bool shared = false;                  // it has other members, invitations or links
  bool public_link = false;             // its code can be read without an account
  bool team_template = false;           // members of its team make workspaces from it
  std::optional<ResourceUse> use = {};  // while it runs
  // Of the start that is under way, or was the last one, in the order in which they began; of what another
  // server of several starts they are not known.
  std::optional<std::vector<StartStep>> start_steps = {};
};
BOOST_DESCRIBE_STRUCT(Workspace, (),
                      (id, name, template_id, state, reason, created, last_used, started, stops_at,
                       run_command, port, open_file, role, owner, shared, public_link, team_template, use,
                       start_steps))

struct ListTemplates {
  static constexpr std::string_view method = "GET", path = "/api/v1/templates",
                                    summary = "What a workspace can be made from.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Template> templates;
  };
};
BOOST_DESCRIBE_STRUCT(ListTemplates::Result, (), (templates))

struct ListWorkspaces {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces",
                                    summary =
                                        "The account's workspaces, those of its teams and those shared with "
                                        "it, last used first. Query: query (part of name or id), owner (id "
                                        "of a person or team), cursor, limit (1..200; 100 when absent).";
  static constexpr std::string_view query = "query? owner? cursor? limit?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Workspace> workspaces;
    std::optional<std::string> next = {};  // cursor; absent on the last page
  };
};
BOOST_DESCRIBE_STRUCT(ListWorkspaces::Result, (), (workspaces, next))

struct CreateWorkspace {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces",
      summary =
          "Makes a workspace from a template, a git repository or another workspace's version and starts "
          "it, unless told not to.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string name;                                // 1..80 characters
    std::string template_id;                         // of a fork: the other's, whatever is said here
    std::optional<bool> start = {};                  // true when absent; a git URL needs a start
    std::optional<std::string> git_url = {};         // http, https, git or ssh: cloned once it runs
    std::optional<std::string> from_workspace = {};  // a fork begins as this workspace's version …
    std::optional<std::string> from_version = {};    // … with this id; its newest when absent
    std::optional<std::string> from_public = {};     // or as the project of this public link's token
    std::optional<std::string> team = {};            // id: it is the team's, not the person's own
  };
  using Result = Workspace;
};
BOOST_DESCRIBE_STRUCT(CreateWorkspace::Body, (),
                      (name, template_id, start, git_url, from_workspace, from_version, from_public, team))

struct GetWorkspace {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}",
                                    summary = "One workspace.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  using Result = Workspace;
};

struct UpdateWorkspace {
  static constexpr std::string_view method = "PATCH", path = "/api/v1/workspaces/{id}",
                                    summary = "Renames a workspace.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::optional<std::string> name;
  };
  using Result = Workspace;
};
BOOST_DESCRIBE_STRUCT(UpdateWorkspace::Body, (), (name))

struct DeleteWorkspace {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/workspaces/{id}",
                                    summary = "Stops a workspace and deletes its files for good.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct StartWorkspace {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/start",
      summary = "Starts it; answers when it runs or has failed, or after 20 s with what it is doing.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = Workspace;
};

struct StopWorkspace {
  static constexpr std::string_view method = "POST", path = "/api/v1/workspaces/{id}/stop",
                                    summary = "Writes all open documents, then stops it.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = Workspace;
};

struct StayWorkspace {
  static constexpr std::string_view method = "POST", path = "/api/v1/workspaces/{id}/stay",
                                    summary = "Answers an idle warning: the idle time starts anew.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = Workspace;
};

struct CreatePreview {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/previews",
      summary = "A URL that signs this person's browser in to the preview of a port; good once, for 60 s.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::connect;
  struct Body {
    std::uint16_t port;
    std::optional<std::string> to;  // path and query to open, "/" when absent
    std::optional<bool> path_form;  // the sandboxed form for browsers that can't open *.localhost
  };
  struct Result {
    std::string url;      // opens the preview, once
    std::string address;  // the plain address, for the address bar
  };
};
BOOST_DESCRIBE_STRUCT(CreatePreview::Body, (), (port, to, path_form))
BOOST_DESCRIBE_STRUCT(CreatePreview::Result, (), (url, address))

// ---- files of a workspace, also while it is stopped
// ----------------------------------------------------------------

struct ListFiles {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}/files",
                                    summary = "A page of a directory. Query: path, cursor, limit.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  using Result = FileList::Result;
};

struct GetFile {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/workspaces/{id}/file",
      summary = "A file's bytes with ETag; Range and If-None-Match are honoured. Query: path.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct PutFile {
  static constexpr std::string_view
      method = "PUT",
      path = "/api/v1/workspaces/{id}/file",
      summary =
          "Writes a file atomically; If-Match and If-None-Match: * guard it. Query: path. Body: the bytes.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  static constexpr bool raw_body = true;
  using Body = NoBody;
  using Result = FileCommit::Result;
};

struct DeleteFile {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/workspaces/{id}/file",
                                    summary = "Moves a file or directory to the trash. Query: path.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = FileDelete::Result;
};

using Routes = boost::mp11::mp_list<GetServer, Setup, Register, SignIn, Refresh, SignOut, SignOutEverywhere,
                                    GetMe, UpdateMe, ChangePassword, GetSettings, UpdateSettings,
                                    ListTemplates, ListWorkspaces, CreateWorkspace, GetWorkspace,
                                    UpdateWorkspace, DeleteWorkspace, StartWorkspace, StopWorkspace,
                                    StayWorkspace, CreatePreview, ListFiles, GetFile, PutFile, DeleteFile>;
// Beside these: GET /api/v1/workspaces/{id}/connect (WebSocket, subprotocol berth.v1), /api/openapi.json,
// /api/docs, /healthz, /readyz.

}  // namespace berth::protocol::rest

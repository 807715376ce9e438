// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API: a table made from protocol::rest::AllRoutes, the checks every call passes (origin,
// credentials, body), and one handler overload for each route struct (route_account.cpp, route_workspace.cpp,
// route_file.cpp, route_history.cpp). No sockets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "protocol/rest_routes.hpp"
#include "server/audit_log.hpp"
#include "server/http_message.hpp"
#include "server/path_locks.hpp"
#include "server/principal.hpp"
#include "server/requests_under_way.hpp"

namespace berth::server {

struct Application;
struct Tokens;
struct Caller;

inline constexpr std::size_t json_body_limit = 256u << 10;         // bytes
inline constexpr std::uint64_t streamed_body_limit = 16ull << 30;  // bytes, of an upload

/// What a handler gets beside its body.
struct RouteContext {
  HttpRequest& request;
  Principal principal;      // when the route asks for one
  Credentials credentials;  // cookies are gone where the Origin rule forbids them
  std::string id;           // `{id}` of the path
  std::string version;      // `{version}` of the path
  bool native = false;      // wants tokens in the body
  bool secure = false;      // cookies get `Secure`
  Headers response_headers = {};
  AuditNote audit = {};  // what the audit log is told beside the request
};

class HttpRoutes {
 public:
  explicit HttpRoutes(Application& application);

  /// True for what belongs to the API rather than to the web IDE's files.
  static bool claims(std::string_view path);

  /// True when the route reads its body as a stream; asked before the body is read.
  bool streams_body(const HttpRequest& request) const;

  /// Answers anything that claims() claims. Errors and exceptions become responses.
  net::Task<HttpResponse> serve(HttpRequest& request);

  /// Those of the connections, from the header to the answer's last byte.
  RequestsUnderWay& under_way() { return under_way_; }

 private:
  struct Route {
    std::string name;       // of its struct
    std::string_view path;  // with its parameters' names
    std::string_view method;
    std::vector<std::string> segments;  // "{id}" and "{version}" stand for any
    protocol::rest::Access access;
    protocol::rest::NeededScope scope;  // of a personal access token
    bool raw_body;
    bool takes_key;                           // Idempotency-Key
    std::optional<protocol::Role> role;       // in the workspace that it is about
    std::optional<protocol::Role> team_role;  // in the team that it is about
    bool while_impersonating;                 // although it is the person's own account that it changes
    std::function<net::Task<Result<HttpResponse>>(RouteContext&)> run;
    const Route* reading = nullptr;  // of what changes something: the GET of the same address
  };
  struct Match {
    const Route* route = nullptr;
    std::string id, version;
    std::string allowed;  // methods that the path knows, when none matched
  };
  Match match(const HttpRequest& request) const;
  /// The Origin rule; drops cookies that may not be used.
  Result<void> check_origin(const HttpRequest& request, Credentials& credentials) const;
  HttpResponse preflight(const HttpRequest& request) const;
  /// Counts a request of `caller`, whose answer gets the headers that say so: limit_exceeded where there were
  /// too many.
  Result<void> count(const std::string& caller, std::int64_t limit, Headers& headers);
  static Result<void> check_rights(const Route& route, const Principal& principal);
  /// Notes what the caller is in the workspace, or the team, that the route is about: not_found to strangers,
  /// permission_denied where that is too little.
  net::Task<Result<void>> admit(const Route& route, RouteContext& context);
  /// If-Match of a request that changes something: conflict where it does not name what its address has now.
  net::Task<Result<void>> check_match(const Route& route, RouteContext& context);
  /// Runs the route for who has the role that it needs, after whatever else changes the same address.
  net::Task<Result<HttpResponse>> work(const Route& route, RouteContext& context);
  /// Writes the request into the audit log, where it belongs there.
  net::Task<void> audit(const Route& route, const RouteContext& context, const Error* failed);
  net::Task<HttpResponse> dispatch(HttpRequest& request);
  /// From the credentials on; `headers` are the answer's besides its own.
  net::Task<HttpResponse> run(const Match& found, RouteContext& context);
  net::Task<HttpResponse> serve_document(HttpRequest& request);
  net::Task<HttpResponse> serve_metrics(HttpRequest& request);
  template <class R>
  Route route();

  Application& application_;
  std::vector<Route> routes_;
  PathLocks changing_;
  RequestsUnderWay under_way_;
};

/// The handlers; a route struct without one does not compile (see http_routes.cpp).
class RouteHandlers {
 public:
  explicit RouteHandlers(Application& application) : application_(application) {}

#define BERTH_HANDLES(R)                                                                               \
  net::Task<Result<protocol::rest::R::Result>> handle(protocol::rest::R, protocol::rest::R::Body body, \
                                                      RouteContext& context)
  BERTH_HANDLES(GetServer);
  BERTH_HANDLES(Setup);
  BERTH_HANDLES(Register);
  BERTH_HANDLES(SignIn);
  BERTH_HANDLES(Refresh);
  BERTH_HANDLES(SignOut);
  BERTH_HANDLES(SignOutEverywhere);
  BERTH_HANDLES(GetMe);
  BERTH_HANDLES(UpdateMe);
  BERTH_HANDLES(ChangePassword);
  BERTH_HANDLES(GetSettings);
  BERTH_HANDLES(UpdateSettings);
  BERTH_HANDLES(ListTemplates);
  BERTH_HANDLES(ListWorkspaces);
  BERTH_HANDLES(CreateWorkspace);
  BERTH_HANDLES(GetWorkspace);
  BERTH_HANDLES(UpdateWorkspace);
  BERTH_HANDLES(DeleteWorkspace);
  BERTH_HANDLES(StartWorkspace);
  BERTH_HANDLES(StopWorkspace);
  BERTH_HANDLES(StayWorkspace);
  BERTH_HANDLES(CreatePreview);
  BERTH_HANDLES(ListFiles);
  BERTH_HANDLES(PutFile);
  BERTH_HANDLES(DeleteFile);
  BERTH_HANDLES(ListVersions);
  BERTH_HANDLES(CreateVersion);
  BERTH_HANDLES(UpdateVersion);
  BERTH_HANDLES(ListVersionChanges);
  BERTH_HANDLES(ListVersionFiles);
  BERTH_HANDLES(RestoreVersion);
  BERTH_HANDLES(ImportWorkspace);
  BERTH_HANDLES(GetStorage);
  BERTH_HANDLES(ListMembers);
  BERTH_HANDLES(AddMember);
  BERTH_HANDLES(UpdateMember);
  BERTH_HANDLES(RemoveMember);
  BERTH_HANDLES(DeleteInvitation);
  BERTH_HANDLES(CreateLink);
  BERTH_HANDLES(DeleteLink);
  BERTH_HANDLES(Join);
  BERTH_HANDLES(TransferWorkspace);
  BERTH_HANDLES(SetPublic);
  BERTH_HANDLES(GetPublic);
  BERTH_HANDLES(ListPublicFiles);
  BERTH_HANDLES(GetPorts);
  BERTH_HANDLES(UpdatePorts);
  BERTH_HANDLES(CreatePortLink);
  BERTH_HANDLES(ListTeams);
  BERTH_HANDLES(CreateTeam);
  BERTH_HANDLES(GetTeam);
  BERTH_HANDLES(UpdateTeam);
  BERTH_HANDLES(DeleteTeam);
  BERTH_HANDLES(ListTeamMembers);
  BERTH_HANDLES(AddTeamMember);
  BERTH_HANDLES(UpdateTeamMember);
  BERTH_HANDLES(RemoveTeamMember);
  BERTH_HANDLES(DeleteTeamInvitation);
  BERTH_HANDLES(JoinTeam);
  BERTH_HANDLES(ListTeamTemplates);
  BERTH_HANDLES(PutTeamTemplate);
  BERTH_HANDLES(DeleteTeamTemplate);
  BERTH_HANDLES(ListSignIns);
  BERTH_HANDLES(EndSignIn);
  BERTH_HANDLES(ListTokens);
  BERTH_HANDLES(CreateToken);
  BERTH_HANDLES(DeleteToken);
  BERTH_HANDLES(GetSecondFactor);
  BERTH_HANDLES(BeginSecondFactor);
  BERTH_HANDLES(ConfirmSecondFactor);
  BERTH_HANDLES(DisableSecondFactor);
  BERTH_HANDLES(RenewRecoveryCodes);
  BERTH_HANDLES(FinishSignIn);
  BERTH_HANDLES(ListAudit);
  BERTH_HANDLES(ListAccounts);
  BERTH_HANDLES(UpdateAccount);
  BERTH_HANDLES(ResetAccount);
  BERTH_HANDLES(Impersonate);
  BERTH_HANDLES(EndImpersonation);
  BERTH_HANDLES(ListAllWorkspaces);
  BERTH_HANDLES(StopAnyWorkspace);
  BERTH_HANDLES(GetWorkspaceLog);
  BERTH_HANDLES(GetOwnWorkspaceLog);
  BERTH_HANDLES(ListAllTemplates);
  BERTH_HANDLES(UpdateTemplate);
  BERTH_HANDLES(ListProviders);
  BERTH_HANDLES(PutProvider);
  BERTH_HANDLES(DeleteProvider);
  BERTH_HANDLES(GetLoad);
  BERTH_HANDLES(GetPreferences);
  BERTH_HANDLES(UpdatePreferences);
  BERTH_HANDLES(SendVerification);
  BERTH_HANDLES(VerifyEmail);
  BERTH_HANDLES(ForgotPassword);
  BERTH_HANDLES(ResetPassword);
  BERTH_HANDLES(LinkIdentity);
  BERTH_HANDLES(ListIdentities);
  BERTH_HANDLES(BeginIdentity);
  BERTH_HANDLES(DeleteIdentity);
  BERTH_HANDLES(BeginNativeSignIn);
  BERTH_HANDLES(TakeNativeSignIn);
  BERTH_HANDLES(GetNativeRequest);
  BERTH_HANDLES(AnswerNativeRequest);
  BERTH_HANDLES(BeginDeviceSignIn);
  BERTH_HANDLES(TakeDeviceSignIn);
  BERTH_HANDLES(GetDeviceRequest);
  BERTH_HANDLES(AnswerDeviceRequest);
#undef BERTH_HANDLES
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetPublicFile, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetFile, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetVersionFile, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::ExportAudit, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::BeginProviderSignIn, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::EndProviderSignIn, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetArchive, protocol::rest::NoBody body,
                                         RouteContext& context);

 private:
  /// Has the principal make something that is to be this team's, where it may.
  net::Task<Result<void>> admit_maker(RouteContext& context, std::string team);
  Caller caller(const RouteContext& context) const;
  protocol::rest::SignedIn deliver(Tokens tokens, RouteContext& context) const;
  void clear_cookies(RouteContext& context) const;

  Application& application_;
};

}  // namespace berth::server

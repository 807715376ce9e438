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
#include "server/http_message.hpp"
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
    std::string_view method;
    std::vector<std::string> segments;  // "{id}" and "{version}" stand for any
    protocol::rest::Access access;
    bool raw_body;
    std::function<net::Task<Result<HttpResponse>>(RouteContext&)> run;
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
  net::Task<HttpResponse> dispatch(HttpRequest& request);
  net::Task<HttpResponse> serve_document(HttpRequest& request);
  net::Task<HttpResponse> serve_metrics(HttpRequest& request);
  template <class R>
  Route route();

  Application& application_;
  std::vector<Route> routes_;
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
#undef BERTH_HANDLES
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetFile, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetVersionFile, protocol::rest::NoBody body,
                                         RouteContext& context);
  net::Task<Result<HttpResponse>> handle(protocol::rest::GetArchive, protocol::rest::NoBody body,
                                         RouteContext& context);

 private:
  Caller caller(const RouteContext& context) const;
  protocol::rest::SignedIn deliver(Tokens tokens, RouteContext& context) const;
  void clear_cookies(RouteContext& context) const;

  Application& application_;
};

}  // namespace berth::server

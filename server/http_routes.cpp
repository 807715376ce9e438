// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_routes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "protocol/codec.hpp"
#include "protocol/schema.hpp"
#include "server/application.hpp"
#include "server/client_network.hpp"
#include "server/http_range.hpp"
#include "server/idempotency.hpp"
#include "server/metrics.hpp"
#include "server/replica.hpp"
#include "server/request_forward.hpp"
#include "server/route_roles.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;

template <class R>
concept HasRawBody = requires { R::raw_body; };
template <class R>
concept HasRawResult = requires { R::raw_result; };
template <class R>
concept HasScope = requires {
  { R::scope } -> std::convertible_to<rest::NeededScope>;
};
template <class R>
concept WhileImpersonating = requires { R::while_impersonating; };
template <class R>
concept Handled = requires(RouteHandlers handlers, R route, typename R::Body body, RouteContext& context) {
  handlers.handle(route, body, context);
};

/// Which field is wrong is said as "body.name: …".
template <class Body>
Result<Body> decode_body(const HttpRequest& request) {
  const auto type = request.header("content-type");
  if (!type.empty() && !type.starts_with("application/json"))
    return failure(ErrorCode::invalid_argument, "body: its Content-Type must be application/json");
  if (request.body.empty()) return protocol::decode<Body>(protocol::Json::object(), "body");
  auto json = protocol::parse_json(request.body);
  if (!json)
    return failure(ErrorCode::invalid_argument, "body: " + json.error().message, json.error().detail);
  return protocol::decode<Body>(*json, "body");
}

constexpr std::size_t longest_question = 100;  // of another server

bool changes_state(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// Of what a GET answers: who has the same already is told so, instead of being given it again.
void add_etag(const HttpRequest& request, HttpResponse& response) {
  const bool plain = response.status == 200 && !response.stream && !response.body.empty() &&
                     find_header(response.headers, "ETag").empty();
  if (!plain || changes_state(request.method)) return;
  const auto etag = etag_of(response);
  response.headers.emplace_back("ETag", '"' + etag + '"');
  if (!matches_etag(request.header("if-none-match"), etag)) return;
  response.status = 304;
  response.body.clear();
}

template <class R>
net::Task<Result<HttpResponse>> run_route(Application& application, RouteContext& context) {
  static_assert(Handled<R>, "this route has no handler: add an overload to RouteHandlers");
  typename R::Body body{};
  if constexpr (!std::is_same_v<typename R::Body, rest::NoBody>) {
    auto decoded = decode_body<typename R::Body>(context.request);
    if (!decoded) co_return std::unexpected(decoded.error());
    body = std::move(*decoded);
  }
  RouteHandlers handlers(application);
  auto result = co_await handlers.handle(R{}, std::move(body), context);
  if (!result) co_return std::unexpected(std::move(result.error()));
  if constexpr (HasRawResult<R>)
    co_return std::move(*result);
  else
    co_return json_response(200, protocol::to_text(protocol::encode(*result)));
}

}  // namespace

template <class R>
HttpRoutes::Route HttpRoutes::route() {
  rest::NeededScope scope;
  if constexpr (HasScope<R>)
    scope = R::scope;
  else
    static_assert(
        R::access == rest::Access::anyone,
        "this route does not say what a personal access token needs: give it a `scope`, or no_token");
  return {protocol::schema::detail::name_of<R>(),
          R::path,
          R::method,
          *split_path(R::path),
          R::access,
          scope,
          HasRawBody<R>,
          boost::mp11::mp_contains<rest::NamedRequests, R>::value,
          role_for<R>(),
          team_role_for<R>(),
          WhileImpersonating<R>,
          [this](RouteContext& context) { return run_route<R>(application_, context); },
          nullptr};
}

HttpRoutes::HttpRoutes(Application& application) : application_(application) {
  boost::mp11::mp_for_each<rest::AllRoutes>([this]<class R>(R) { routes_.push_back(route<R>()); });
  for (auto& route : routes_) {
    if (route.method == "GET" || route.method == "POST") continue;
    const auto reads = [&](const Route& other) { return other.method == "GET" && other.path == route.path; };
    if (const auto found = std::ranges::find_if(routes_, reads); found != routes_.end())
      route.reading = &*found;
  }
}

bool HttpRoutes::claims(std::string_view path) {
  return (path.starts_with("/api/") && path != "/api/docs" && !path.starts_with("/api/docs/")) ||
         path == "/healthz" || path == "/readyz" || path == "/metrics";
}

HttpRoutes::Match HttpRoutes::match(const HttpRequest& request) const {
  Match match;
  const auto segments = split_path(request.path);
  if (!segments) return match;
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const auto& route : routes_) {
    if (route.segments.size() != segments->size()) continue;
    std::string id, version;
    const bool same =
        std::ranges::equal(route.segments, *segments, [&](const auto& pattern, const auto& segment) {
          if (!pattern.starts_with('{')) return pattern == segment;
          (pattern == "{id}" ? id : version) = segment;
          return !segment.empty();
        });
    if (!same) continue;
    if (route.method == method) return {&route, id, version, {}};
    match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return match;
}

bool HttpRoutes::streams_body(const HttpRequest& request) const {
  const auto found = match(request);
  return found.route && found.route->raw_body;
}

Result<void> HttpRoutes::check_origin(const HttpRequest& request, Credentials& credentials) const {
  const auto& origins = *application_.origins;
  const auto origin = request.header("origin");
  const auto forget_cookies = [&] {
    credentials.access_cookie.reset();
    credentials.refresh_cookie.reset();
  };
  if (!origin.empty()) {
    if (origins.is_own(origin, request.header("host"))) return {};
    forget_cookies();
    if (origins.cors_allows(origin)) return {};
    return failure(ErrorCode::permission_denied, "Requests from other web sites are refused.",
                   "origin " + std::string(origin));
  }
  if (!changes_state(request.method)) {
    // Browsers say where a request comes from even where they send no Origin.
    const auto site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none") forget_cookies();
    return {};
  }
  forget_cookies();
  if (!credentials.bearer && request.header("berth-client") != "native")
    return failure(
        ErrorCode::permission_denied,
        "A request without Origin needs `Authorization: Bearer`, or `Berth-Client: native` to sign in.");
  return {};
}

HttpResponse HttpRoutes::preflight(const HttpRequest& request) const {
  HttpResponse response;
  if (!application_.origins->cors_allows(request.header("origin"))) {
    return error_response(
        {ErrorCode::permission_denied, "Requests from other web sites are refused.", {}, {}});
  }
  response.status = 204;
  response.headers = {
      {"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
      {"Access-Control-Allow-Headers",
       "Authorization, Berth-Client, Content-Type, Idempotency-Key, If-Match, If-None-Match, Range"},
      {"Access-Control-Max-Age", "600"}};
  return response;
}

net::Task<HttpResponse> HttpRoutes::serve(HttpRequest& request) {
  HttpResponse response;
  ++application_.traffic.requests;
  try {
    response = co_await dispatch(request);
  } catch (const boost::system::system_error&) {
    throw;  // the connection or the server is ending
  } catch (const std::exception& error) {
    response = error_response(
        {ErrorCode::internal, "The server made a mistake; its log says more.", error.what(), {}});
  }
  if (response.status >= 500) ++application_.traffic.failed_requests;
  if (const auto origin = request.header("origin"); application_.origins->cors_allows(origin)) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers",
                                  "Berth-Notice, ETag, Content-Range, Idempotent-Replayed, RateLimit-Limit, "
                                  "RateLimit-Remaining, RateLimit-Reset, Retry-After");
    response.headers.emplace_back("Vary", "Origin");
  }
  co_return response;
}

Result<void> HttpRoutes::count(const std::string& caller, std::int64_t limit, Headers& headers) {
  if (limit == 0) return {};
  const auto now = std::chrono::steady_clock::now().time_since_epoch() / std::chrono::milliseconds(1);
  const auto verdict = application_.rates.take(caller, limit, now);
  headers.emplace_back("RateLimit-Limit", std::to_string(verdict.limit));
  headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.remaining));
  headers.emplace_back("RateLimit-Reset", std::to_string(verdict.reset));
  if (verdict.allowed) return {};
  const auto seconds = std::to_string(verdict.retry_after);
  return std::unexpected(Error{ErrorCode::limit_exceeded,
                               "Too many requests; try again in " + seconds + " s.",
                               {},
                               {{"retry_after", seconds}}});
}

Result<void> HttpRoutes::check_rights(const Route& route, const Principal& principal) {
  if (principal.scopes && !permits(*principal.scopes, route.scope))
    return std::unexpected(scope_refusal(route.scope));
  if (route.access == rest::Access::administrator && !principal.administrator)
    return failure(ErrorCode::permission_denied, "Only an administrator may do this.");
  const bool personal = !route.scope || *route.scope == rest::Scope::account_write;
  if (!principal.impersonator.empty() && personal && !route.while_impersonating)
    return failure(ErrorCode::permission_denied,
                   "You act as somebody else: their account is theirs alone to change.");
  return {};
}

net::Task<void> HttpRoutes::audit(const Route& route, const RouteContext& context, const Error* failed) {
  if (!application_.audit) co_return;
  auto record = audit_record({.route = route.name,
                              .method = route.method,
                              .path = route.path,
                              .access = route.access,
                              .id = context.id,
                              .other = context.version,
                              .address = context.request.address,
                              .principal = context.principal,
                              .note = context.audit},
                             failed);
  if (record) co_await application_.audit->write(std::move(*record));
}

net::Task<HttpResponse> HttpRoutes::dispatch(HttpRequest& request) {
  if (request.method == "OPTIONS") co_return preflight(request);
  if (!request.path.starts_with("/api/v1/")) co_return co_await serve_document(request);
  const auto found = match(request);
  if (!found.route) {
    if (found.allowed.empty())
      co_return error_response({ErrorCode::not_found, "There is nothing at this address.", {}, {}});
    auto response =
        error_response({ErrorCode::unsupported, "This address takes " + found.allowed + " only.", {}, {}});
    response.status = 405;
    response.headers.emplace_back("Allow", found.allowed);
    co_return response;
  }
  auto credentials = read_credentials(request.header("authorization"), request.header("cookie"),
                                      application_.origins->https());
  if (auto allowed = check_origin(request, credentials); !allowed) co_return error_response(allowed.error());
  RouteContext context{.request = request,
                       .principal = {},
                       .credentials = credentials,
                       .id = found.id,
                       .version = found.version,
                       .native = request.header("berth-client") == "native",
                       .secure = application_.origins->https()};
  auto answer = co_await run(found, context);
  for (auto& header : context.response_headers) answer.headers.push_back(std::move(header));
  co_return answer;
}

net::Task<HttpResponse> HttpRoutes::run(const Match& found, RouteContext& context) {
  const auto& config = application_.config;
  const auto anonymous = "address " + network_of(context.request.address);
  Result<void> counted;
  if (found.route->access == rest::Access::anyone) {
    counted = count(anonymous, config.rate_limit_anonymous, context.response_headers);
  } else {
    auto principal = co_await application_.accounts->authenticate(context.credentials);
    if (!principal) {
      counted = count(anonymous, config.rate_limit_anonymous, context.response_headers);
      co_return error_response(counted ? principal.error() : counted.error());
    }
    context.principal = std::move(*principal);
    counted = count("account " + context.principal.account, config.rate_limit, context.response_headers);
  }
  if (!counted) co_return error_response(counted.error());
  if (found.route->access != rest::Access::anyone) {
    if (auto allowed = check_rights(*found.route, context.principal); !allowed) {
      co_await audit(*found.route, context, &allowed.error());
      co_return error_response(allowed.error());
    }
  }
  Result<HttpResponse> response;
  // What is told again stands in the audit log already, and is told whatever role they have by now.
  bool worked = true;
  if (found.route->takes_key && !context.request.header("idempotency-key").empty()) {
    auto answer = co_await application_.idempotency->once(context.request, context.principal.account,
                                                          [&] { return work(*found.route, context); });
    response = std::move(answer.response);
    worked = answer.worked;
  } else {
    response = co_await work(*found.route, context);
  }
  if (worked) co_await audit(*found.route, context, response ? nullptr : &response.error());
  if (!response) co_return error_response(response.error());
  add_etag(context.request, *response);
  co_return std::move(*response);
}

/// A collector on this machine needs no account; from elsewhere, and behind a proxy, the token of
/// metrics_token_file, or an administrator's.
net::Task<HttpResponse> HttpRoutes::serve_metrics(HttpRequest& request) {
  boost::system::error_code unknown;
  const auto address = boost::asio::ip::make_address(request.address, unknown);
  const bool proxied = !request.header("x-forwarded-for").empty() || !request.header("forwarded").empty();
  bool known = !unknown && address.is_loopback() && !proxied;
  if (!known && !application_.config.metrics_token_file.empty())
    known = co_await net::offload(
        *application_.pool, [this, brought = std::string(request.header("authorization"))] {
          return brings_metrics_token(brought, application_.config.metrics_token_file);
        });
  if (!known) {
    auto credentials = read_credentials(request.header("authorization"), request.header("cookie"),
                                        application_.origins->https());
    if (auto allowed = check_origin(request, credentials); !allowed)
      co_return error_response(allowed.error());
    auto principal = co_await application_.accounts->authenticate(credentials);
    if (!principal) co_return error_response(principal.error());
    if (principal->scopes && !permits(*principal->scopes, rest::Scope::admin))
      co_return error_response(scope_refusal(rest::Scope::admin));
    if (!principal->administrator)
      co_return error_response({ErrorCode::permission_denied, "Only an administrator may do this.", {}, {}});
  }
  HttpResponse response;
  response.headers = {{"Content-Type", metrics_content_type}, {"Cache-Control", "no-store"}};
  response.body = metrics_text(application_.traffic, application_.store_figures);
  co_return response;
}

net::Task<HttpResponse> HttpRoutes::serve_document(HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD")
    co_return error_response({ErrorCode::not_found, "There is nothing at this address.", {}, {}});
  if (request.path == "/healthz") {
    auto alive = json_response(200, R"({"status":"alive"})");
    const auto question = request.header("berth-replica");
    if (application_.replica && !question.empty() && question.size() <= longest_question)
      alive.headers.emplace_back(replica_header,
                                 replica_proof(application_.keys, application_.replica->id(), question));
    co_return alive;
  }
  if (request.path == "/readyz") {
    auto good = co_await net::offload(*application_.pool, [this] { return application_.store->check(); });
    if (!good)
      co_return error_response(
          {ErrorCode::unavailable, "The server's database does not answer.", good.error().detail, {}});
    co_return json_response(200, R"({"status":"ready"})");
  }
  if (request.path == "/metrics") co_return co_await serve_metrics(request);
  if (request.path == "/api/openapi.json") {
    co_return json_response(
        200, co_await net::offload(*application_.pool, [] {
          return protocol::to_text(protocol::schema::openapi(protocol::schema::describe()));
        }));
  }
  co_return error_response({ErrorCode::not_found, "There is nothing at this address.", {}, {}});
}

}  // namespace berth::server

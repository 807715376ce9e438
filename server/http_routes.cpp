// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_routes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "protocol/codec.hpp"
#include "protocol/schema.hpp"
#include "server/application.hpp"
#include "server/metrics.hpp"
#include "server/replica.hpp"
#include "server/request_forward.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;

template <class R>
concept HasRawBody = requires { R::raw_body; };
template <class R>
concept HasRawResult = requires { R::raw_result; };
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
  return {R::method, *split_path(R::path), R::access, HasRawBody<R>,
          [this](RouteContext& context) { return run_route<R>(application_, context); }};
}

HttpRoutes::HttpRoutes(Application& application) : application_(application) {
  boost::mp11::mp_for_each<rest::AllRoutes>([this]<class R>(R) { routes_.push_back(route<R>()); });
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
  response.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
                      {"Access-Control-Allow-Headers",
                       "Authorization, Berth-Client, Content-Type, If-Match, If-None-Match, Range"},
                      {"Access-Control-Max-Age", "600"}};
  return response;
}

net::Task<HttpResponse> HttpRoutes::serve(HttpRequest& request) {
  HttpResponse response;
  try {
    response = co_await dispatch(request);
  } catch (const boost::system::system_error&) {
    throw;  // the connection or the server is ending
  } catch (const std::exception& error) {
    response = error_response(
        {ErrorCode::internal, "The server made a mistake; its log says more.", error.what(), {}});
  }
  if (const auto origin = request.header("origin"); application_.origins->cors_allows(origin)) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers",
                                  "Berth-Notice, ETag, Content-Range, Retry-After");
    response.headers.emplace_back("Vary", "Origin");
  }
  co_return response;
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
  auto credentials = read_credentials(request.header("authorization"), request.header("cookie"));
  if (auto allowed = check_origin(request, credentials); !allowed) co_return error_response(allowed.error());
  RouteContext context{.request = request,
                       .principal = {},
                       .credentials = credentials,
                       .id = found.id,
                       .version = found.version,
                       .native = request.header("berth-client") == "native",
                       .secure = application_.origins->https()};
  if (found.route->access != rest::Access::anyone) {
    auto principal = co_await application_.accounts->authenticate(credentials);
    if (!principal) co_return error_response(principal.error());
    if (found.route->access == rest::Access::administrator && !principal->administrator)
      co_return error_response({ErrorCode::permission_denied, "Only an administrator may do this.", {}, {}});
    context.principal = std::move(*principal);
  }
  auto response = co_await found.route->run(context);
  HttpResponse answer = response ? std::move(*response) : error_response(response.error());
  for (auto& header : context.response_headers) answer.headers.push_back(std::move(header));
  co_return answer;
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
    auto credentials = read_credentials(request.header("authorization"), request.header("cookie"));
    if (auto allowed = check_origin(request, credentials); !allowed)
      co_return error_response(allowed.error());
    auto principal = co_await application_.accounts->authenticate(credentials);
    if (!principal) co_return error_response(principal.error());
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

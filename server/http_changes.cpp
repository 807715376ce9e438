// SPDX-License-Identifier: GPL-3.0-or-later
// What comes between a request and its route's work: what the caller is in the workspace or the team, other
// changes of the same address, If-Match.
#include "server/application.hpp"
#include "server/http_range.hpp"
#include "server/http_routes.hpp"
#include "server/sharing.hpp"
#include "server/teams.hpp"

namespace berth::server {

net::Task<Result<void>> HttpRoutes::admit(const Route& route, RouteContext& context) {
  if (route.role) {
    auto admitted = co_await application_.sharing->admit(context.principal, context.id, *route.role);
    if (!admitted) co_return std::unexpected(std::move(admitted.error()));
    context.principal = std::move(*admitted);
  }
  if (route.team_role) {
    auto admitted = co_await application_.teams->admit(context.principal, context.id, *route.team_role);
    if (!admitted) co_return std::unexpected(std::move(admitted.error()));
    context.principal = std::move(*admitted);
  }
  co_return Result<void>{};
}

net::Task<Result<void>> HttpRoutes::check_match(const Route& route, RouteContext& context) {
  const std::string wanted(context.request.header("if-match"));
  if (wanted.empty() || route.method == "GET" || route.method == "POST") co_return Result<void>{};
  if (!route.reading)
    co_return failure(ErrorCode::invalid_argument, "If-Match: what is at this address has no ETag");
  const auto& reading = *route.reading;
  if (auto allowed = check_rights(reading, context.principal); !allowed) co_return allowed;
  HttpRequest look{.method = "GET",
                   .path = context.request.path,
                   .query = context.request.query,
                   .headers = {{"Host", std::string(context.request.header("host"))},
                               {"If-None-Match", "*"}},  // a file's bytes are not asked for
                   .body = {},
                   .body_stream = nullptr,
                   .content_length = {},
                   .address = context.request.address};
  RouteContext as_reader{.request = look,
                         .principal = context.principal,
                         .credentials = context.credentials,
                         .id = context.id,
                         .version = context.version,
                         .native = context.native,
                         .secure = context.secure};
  if (auto in = co_await admit(reading, as_reader); !in) co_return in;
  const auto now = co_await reading.run(as_reader);
  if (!now) co_return std::unexpected(now.error());
  const auto etag = etag_of(*now);
  if (matches_strongly(wanted, etag)) co_return Result<void>{};
  co_return std::unexpected(Error{ErrorCode::conflict,
                                  "It was changed since you read it (If-Match); read it again first.",
                                  {},
                                  {{"etag", '"' + etag + '"'}}});
}

net::Task<Result<HttpResponse>> HttpRoutes::work(const Route& route, RouteContext& context) {
  if (auto in = co_await admit(route, context); !in) co_return std::unexpected(std::move(in.error()));
  // Who uploads a file may take hours, and compares it in the place where it is written.
  if (route.raw_body) co_return co_await route.run(context);
  std::optional<PathLocks::Hold> changing;
  if (route.reading) {
    auto path = context.request.path;
    for (const auto& [name, value] : context.request.query) path += "\n" + name + "=" + value;
    // The same address is something else for everybody.
    if (path.starts_with("/api/v1/me")) path += "\n" + context.principal.account;
    auto taken = co_await changing_.take(std::move(path));
    if (!taken) co_return std::unexpected(std::move(taken.error()));
    changing.emplace(std::move(*taken));
  }
  if (auto matches = co_await check_match(route, context); !matches)
    co_return std::unexpected(std::move(matches.error()));
  co_return co_await route.run(context);
}

}  // namespace berth::server

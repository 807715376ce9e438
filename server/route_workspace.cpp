// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the workspaces' routes; the rules are in Workspaces.
#include <charconv>

#include "server/administration_wiring.hpp"
#include "server/application.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/imports.hpp"
#include "server/port_sharing.hpp"
#include "server/sharing.hpp"
#include "server/teams.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

constexpr std::size_t usual_list = 100, longest_list = 200;  // workspaces

/// Opaque to clients: when the last one of the page was used, and its id.
std::string list_cursor(const WorkspaceListing::Place& place) {
  return std::to_string(place.last_used) + "." + place.id;
}

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

Result<WorkspaceListing::Place> parse_list_cursor(const std::string& text) {
  WorkspaceListing::Place place;
  const auto dot = text.find('.');
  if (dot == text.npos || !parse_whole(std::string_view(text).substr(0, dot), place.last_used) ||
      !is_workspace_id(text.substr(dot + 1)))
    return failure(ErrorCode::invalid_argument, "query.cursor: this is not the `next` of a page");
  place.id = text.substr(dot + 1);
  return place;
}

Result<WorkspaceListing> asked_listing(const RouteContext& context) {
  WorkspaceListing listing{.account = context.principal.account};
  for (const auto& [name, value] : context.request.query) {
    if (name == "query") listing.text = value;
    if (name == "owner") listing.owner = value;
    if (name != "cursor") continue;
    const auto place = parse_list_cursor(value);
    if (!place) return std::unexpected(place.error());
    listing.after = *place;
  }
  return listing;
}

Result<std::size_t> asked_list_limit(const RouteContext& context) {
  const auto asked = context.request.query.find("limit");
  if (asked == context.request.query.end()) return usual_list;
  std::size_t limit = 0;
  if (!parse_whole(asked->second, limit) || limit < 1 || limit > longest_list)
    return failure(ErrorCode::invalid_argument, "query.limit: must be a number from 1 to 200");
  return limit;
}

}  // namespace

net::Task<Result<rest::ListTemplates::Result>> RouteHandlers::handle(rest::ListTemplates, rest::NoBody,
                                                                     RouteContext&) {
  rest::ListTemplates::Result offered;
  for (const auto& one : application_.templates.all())
    if (application_.settings->offers(one.id)) offered.templates.push_back(one);
  co_return offered;
}

net::Task<Result<rest::ListWorkspaces::Result>> RouteHandlers::handle(rest::ListWorkspaces, rest::NoBody,
                                                                      RouteContext& context) {
  const auto listing = asked_listing(context);
  if (!listing) co_return std::unexpected(listing.error());
  const auto limit = asked_list_limit(context);
  if (!limit) co_return std::unexpected(limit.error());
  auto& sharing = *application_.sharing;
  if (auto in = co_await sharing.take_invitations(context.principal); !in)
    co_return std::unexpected(std::move(in.error()));
  auto page = co_await application_.workspaces->list(*listing, *limit);
  if (!page) co_return std::unexpected(std::move(page.error()));
  auto seen = co_await sharing.complete(context.principal, std::move(page->workspaces));
  if (!seen) co_return std::unexpected(std::move(seen.error()));
  rest::ListWorkspaces::Result result{.workspaces = std::move(*seen), .next = {}};
  if (page->next) result.next = list_cursor(*page->next);
  co_return result;
}

net::Task<Result<void>> RouteHandlers::admit_maker(RouteContext& context, std::string team) {
  context.audit.target = team;
  auto admitted =
      co_await application_.teams->admit(context.principal, std::move(team), protocol::Role::editor);
  if (!admitted) co_return std::unexpected(std::move(admitted.error()));
  context.principal = std::move(*admitted);
  // The team's quota holds, but who may make nothing at all makes nothing in a team either.
  const auto may = co_await net::offload(*application_.pool,
                                         [&] { return quota_of(application_, context.principal.account); });
  if (!may) co_return std::unexpected(may.error());
  co_return Result<void>{};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::CreateWorkspace,
                                                         rest::CreateWorkspace::Body body,
                                                         RouteContext& context) {
  auto& sharing = *application_.sharing;
  const bool fork = body.from_workspace || body.from_version || body.from_public;
  if (!fork && !application_.settings->offers(body.template_id))
    co_return failure(ErrorCode::invalid_argument,
                      "body.template_id: this server does not offer this template");
  if (body.team) {
    auto admitted = co_await admit_maker(context, *body.team);
    if (!admitted) co_return std::unexpected(std::move(admitted.error()));
  }
  if (body.git_url || fork) {
    auto principal = context.principal;
    if (body.from_workspace) {
      auto admitted = co_await sharing.admit(context.principal, *body.from_workspace, protocol::Role::viewer);
      if (!admitted) co_return std::unexpected(std::move(admitted.error()));
      principal = std::move(*admitted);
    }
    if (body.from_workspace && !body.from_version) {
      auto version = co_await application_.teams->template_version(*body.from_workspace);
      if (!version) co_return std::unexpected(std::move(version.error()));
      body.from_version = std::move(*version);
    }
    auto made = co_await application_.imports->create(std::move(principal), std::move(body));
    if (made) context.audit.workspace = made->id;
    co_return co_await sharing.complete(context.principal, std::move(made));
  }
  auto made = co_await application_.workspaces->create(context.principal, std::move(body));
  if (made) context.audit.workspace = made->id;
  co_return co_await sharing.complete(context.principal, std::move(made));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::GetWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  auto workspace = co_await application_.workspaces->get(context.principal, context.id);
  co_return co_await application_.sharing->complete(context.principal, std::move(workspace));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::UpdateWorkspace,
                                                         rest::UpdateWorkspace::Body body,
                                                         RouteContext& context) {
  auto workspace = co_await application_.workspaces->update(context.principal, context.id, std::move(body));
  co_return co_await application_.sharing->complete(context.principal, std::move(workspace));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteWorkspace, rest::NoBody,
                                                      RouteContext& context) {
  auto done = co_await application_.workspaces->remove(context.principal, context.id);
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StartWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  auto workspace = co_await application_.workspaces->start(context.principal, context.id);
  co_return co_await application_.sharing->complete(context.principal, std::move(workspace));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StopWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  auto workspace = co_await application_.workspaces->stop(context.principal, context.id);
  co_return co_await application_.sharing->complete(context.principal, std::move(workspace));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StayWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  auto workspace = co_await application_.workspaces->stay(context.principal, context.id);
  co_return co_await application_.sharing->complete(context.principal, std::move(workspace));
}

net::Task<Result<rest::CreatePreview::Result>> RouteHandlers::handle(rest::CreatePreview,
                                                                     rest::CreatePreview::Body body,
                                                                     RouteContext& context) {
  if (body.port == 0) co_return failure(ErrorCode::invalid_argument, "body.port: must be 1 to 65535");
  if (body.to && !body.to->starts_with('/'))
    co_return failure(ErrorCode::invalid_argument, "body.to: must begin with /");
  const auto pass = co_await application_.ports->pass(
      context.id, body.port, PortVisitor{.account = context.principal.account, .link = {}});
  if (!pass) co_return std::unexpected(pass.error());
  co_return co_await application_.preview->hand_over(context.principal, context.id, std::move(body),
                                                     std::string(context.request.header("host")));
}

}  // namespace berth::server

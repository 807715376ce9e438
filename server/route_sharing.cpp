// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the routes of people in workspaces; the rules are in Sharing, PortSharing and PublicProjects.
// What the caller has to be in the workspace was checked before (route_roles.hpp).
#include <charconv>

#include "server/application.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/port_sharing.hpp"
#include "server/public_projects.hpp"
#include "server/route_version_file.hpp"
#include "server/sharing.hpp"

namespace berth::server {
namespace rest = protocol::rest;
namespace {

std::string shared_query(const RouteContext& context, const std::string& name) {
  const auto it = context.request.query.find(name);
  return it == context.request.query.end() ? std::string() : it->second;
}

}  // namespace

net::Task<Result<rest::ListMembers::Result>> RouteHandlers::handle(rest::ListMembers, rest::NoBody,
                                                                   RouteContext& context) {
  co_return co_await application_.sharing->members(context.principal, context.id);
}

net::Task<Result<rest::AddMember::Result>> RouteHandlers::handle(rest::AddMember, rest::AddMember::Body body,
                                                                 RouteContext& context) {
  co_return co_await application_.sharing->add(
      context.principal, context.id, std::move(body),
      application_.origins->own_origin(context.request.header("host")));
}

net::Task<Result<rest::Member>> RouteHandlers::handle(rest::UpdateMember, rest::UpdateMember::Body body,
                                                      RouteContext& context) {
  co_return co_await application_.sharing->change(context.principal, context.id, context.version, body.role);
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::RemoveMember, rest::NoBody,
                                                      RouteContext& context) {
  auto done = co_await application_.sharing->remove(context.principal, context.id, context.version);
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteInvitation, rest::NoBody,
                                                      RouteContext& context) {
  auto done =
      co_await application_.sharing->remove_waiting(context.principal, context.id, context.version, false);
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::CreateLink::Result>> RouteHandlers::handle(rest::CreateLink,
                                                                  rest::CreateLink::Body body,
                                                                  RouteContext& context) {
  co_return co_await application_.sharing->create_link(
      context.principal, context.id, std::move(body),
      application_.origins->own_origin(context.request.header("host")));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteLink, rest::NoBody, RouteContext& context) {
  auto done =
      co_await application_.sharing->remove_waiting(context.principal, context.id, context.version, true);
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::Join, rest::Join::Body body,
                                                         RouteContext& context) {
  const auto workspace = co_await application_.sharing->join(context.principal, std::move(body.token));
  if (!workspace) co_return std::unexpected(workspace.error());
  const auto admitted =
      co_await application_.sharing->admit(context.principal, *workspace, protocol::Role::viewer);
  if (!admitted) co_return std::unexpected(admitted.error());
  co_return co_await application_.sharing->complete(
      *admitted, co_await application_.workspaces->get(*admitted, *workspace));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::TransferWorkspace,
                                                         rest::TransferWorkspace::Body body,
                                                         RouteContext& context) {
  co_return co_await application_.sharing->complete(
      context.principal,
      co_await application_.sharing->transfer(context.principal, context.id, std::move(body.account)));
}

// ---- the public link

net::Task<Result<rest::SetPublic::Result>> RouteHandlers::handle(rest::SetPublic, rest::SetPublic::Body body,
                                                                 RouteContext& context) {
  if (!body.enabled) {
    auto closed = co_await application_.public_projects->close(context.id);
    if (!closed) co_return std::unexpected(closed.error());
    co_return rest::SetPublic::Result{};
  }
  const auto token = co_await application_.public_projects->open(context.id);
  if (!token) co_return std::unexpected(token.error());
  co_return rest::SetPublic::Result{application_.origins->own_origin(context.request.header("host")) +
                                    "/public/" + *token};
}

net::Task<Result<rest::PublicWorkspace>> RouteHandlers::handle(rest::GetPublic, rest::NoBody,
                                                               RouteContext& context) {
  std::string workspace;
  auto project = co_await application_.public_projects->get(context.version, workspace);
  if (!project) co_return project;
  const auto ports = co_await application_.ports->open_to_all(workspace);
  if (!ports) co_return std::unexpected(ports.error());
  for (const auto port : *ports)
    project->ports.push_back({port, application_.preview->address(workspace, port)});
  co_return project;
}

net::Task<Result<protocol::FileList::Result>> RouteHandlers::handle(rest::ListPublicFiles, rest::NoBody,
                                                                    RouteContext& context) {
  protocol::FileList::Params params{.path = shared_query(context, "path"), .cursor = {}, .limit = {}};
  if (context.request.query.contains("cursor")) params.cursor = shared_query(context, "cursor");
  if (context.request.query.contains("limit")) {
    const auto text = shared_query(context, "limit");
    std::uint32_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size())
      co_return failure(ErrorCode::invalid_argument, "query.limit: not a number");
    params.limit = limit;
  }
  co_return co_await application_.public_projects->list(context.version, std::move(params));
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::GetPublicFile, rest::NoBody,
                                                      RouteContext& context) {
  auto path = shared_query(context, "path");
  if (path.empty()) co_return failure(ErrorCode::invalid_argument, "query.path: missing");
  auto file = co_await application_.public_projects->file(context.version, path);
  if (!file) co_return std::unexpected(std::move(file.error()));
  co_return co_await answer_version_file(context, std::move(path), std::move(*file));
}

// ---- ports

net::Task<Result<rest::GetPorts::Result>> RouteHandlers::handle(rest::GetPorts, rest::NoBody,
                                                                RouteContext& context) {
  co_return co_await application_.ports->list(context.id);
}

net::Task<Result<rest::UpdatePorts::Result>> RouteHandlers::handle(rest::UpdatePorts,
                                                                   rest::UpdatePorts::Body body,
                                                                   RouteContext& context) {
  co_return co_await application_.ports->update(context.id, std::move(body));
}

net::Task<Result<rest::CreatePortLink::Result>> RouteHandlers::handle(rest::CreatePortLink,
                                                                      rest::CreatePortLink::Body body,
                                                                      RouteContext& context) {
  const auto port = parse_port(context.version);
  if (!port) co_return failure(ErrorCode::invalid_argument, "path.port: must be 1 to 65535");
  const auto now = system_clock_now();
  const auto expires = body.expires.value_or(now + longest_port_link);
  // A minute for clocks that differ.
  if (expires <= now || expires > now + longest_port_link + 60'000)
    co_return failure(ErrorCode::invalid_argument, "body.expires: must be within 24 hours from now");
  const auto generation = co_await application_.ports->link_generation(context.id, *port);
  if (!generation) co_return std::unexpected(generation.error());
  co_return rest::CreatePortLink::Result{application_.preview->port_link(
      context.id, *port, *generation, expires, std::string(context.request.header("host")))};
}

}  // namespace berth::server

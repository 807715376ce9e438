// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the workspaces' routes; the rules are in Workspaces.
#include "server/application.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/imports.hpp"

namespace berth::server {
namespace rest = protocol::rest;

net::Task<Result<rest::ListTemplates::Result>> RouteHandlers::handle(rest::ListTemplates, rest::NoBody,
                                                                     RouteContext&) {
  co_return rest::ListTemplates::Result{application_.templates.all()};
}

net::Task<Result<rest::ListWorkspaces::Result>> RouteHandlers::handle(rest::ListWorkspaces, rest::NoBody,
                                                                      RouteContext& context) {
  auto workspaces = co_await application_.workspaces->list(context.principal);
  if (!workspaces) co_return std::unexpected(workspaces.error());
  co_return rest::ListWorkspaces::Result{std::move(*workspaces)};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::CreateWorkspace,
                                                         rest::CreateWorkspace::Body body,
                                                         RouteContext& context) {
  if (body.git_url || body.from_workspace || body.from_version)
    co_return co_await application_.imports->create(context.principal, std::move(body));
  co_return co_await application_.workspaces->create(context.principal, std::move(body));
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::GetWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  co_return co_await application_.workspaces->get(context.principal, context.id);
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::UpdateWorkspace,
                                                         rest::UpdateWorkspace::Body body,
                                                         RouteContext& context) {
  co_return co_await application_.workspaces->update(context.principal, context.id, std::move(body));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteWorkspace, rest::NoBody,
                                                      RouteContext& context) {
  auto done = co_await application_.workspaces->remove(context.principal, context.id);
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StartWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  co_return co_await application_.workspaces->start(context.principal, context.id);
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StopWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  co_return co_await application_.workspaces->stop(context.principal, context.id);
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::StayWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  co_return co_await application_.workspaces->stay(context.principal, context.id);
}

net::Task<Result<rest::CreatePreview::Result>> RouteHandlers::handle(rest::CreatePreview,
                                                                     rest::CreatePreview::Body body,
                                                                     RouteContext& context) {
  if (body.port == 0) co_return failure(ErrorCode::invalid_argument, "body.port: must be 1 to 65535");
  if (body.to && !body.to->starts_with('/'))
    co_return failure(ErrorCode::invalid_argument, "body.to: must begin with /");
  auto own = co_await application_.workspaces->get(context.principal, context.id);
  if (!own) co_return std::unexpected(own.error());
  co_return co_await application_.preview->hand_over(context.principal, context.id, std::move(body),
                                                     std::string(context.request.header("host")));
}

}  // namespace berth::server

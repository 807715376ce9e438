// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the workspaces' routes; the rules are in Workspaces.
#include "server/application.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/imports.hpp"
#include "server/port_sharing.hpp"
#include "server/sharing.hpp"

namespace berth::server {
namespace rest = protocol::rest;

net::Task<Result<rest::ListTemplates::Result>> RouteHandlers::handle(rest::ListTemplates, rest::NoBody,
                                                                     RouteContext&) {
  rest::ListTemplates::Result offered;
  for (const auto& one : application_.templates.all())
    if (application_.settings->offers(one.id)) offered.templates.push_back(one);
  co_return offered;
}

net::Task<Result<rest::ListWorkspaces::Result>> RouteHandlers::handle(rest::ListWorkspaces, rest::NoBody,
                                                                      RouteContext& context) {
  auto shared = co_await application_.sharing->shared_with(context.principal);
  if (!shared) co_return std::unexpected(shared.error());
  auto workspaces = co_await application_.workspaces->list(context.principal, std::move(*shared));
  if (!workspaces) co_return std::unexpected(workspaces.error());
  auto all = co_await application_.sharing->complete(context.principal, std::move(*workspaces));
  if (!all) co_return std::unexpected(all.error());
  co_return rest::ListWorkspaces::Result{std::move(*all)};
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::CreateWorkspace,
                                                         rest::CreateWorkspace::Body body,
                                                         RouteContext& context) {
  auto& sharing = *application_.sharing;
  const bool fork = body.from_workspace || body.from_version || body.from_public;
  if (!fork && !application_.settings->offers(body.template_id))
    co_return failure(ErrorCode::invalid_argument,
                      "body.template_id: this server does not offer this template");
  if (body.git_url || fork) {
    auto principal = context.principal;
    if (body.from_workspace) {
      auto admitted = co_await sharing.admit(context.principal, *body.from_workspace, protocol::Role::viewer);
      if (!admitted) co_return std::unexpected(std::move(admitted.error()));
      principal = std::move(*admitted);
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

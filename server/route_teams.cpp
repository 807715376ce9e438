// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the teams' routes; the rules are in Teams. What the caller has to be in the team was checked
// before (route_roles.hpp).
#include <boost/describe/enum_to_string.hpp>

#include "server/administration_wiring.hpp"
#include "server/application.hpp"
#include "server/http_routes.hpp"
#include "server/sharing.hpp"
#include "server/teams.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

std::string named_role(protocol::Role role) { return boost::describe::enum_to_string(role, ""); }

}  // namespace

net::Task<Result<rest::ListTeams::Result>> RouteHandlers::handle(rest::ListTeams, rest::NoBody,
                                                                 RouteContext& context) {
  if (auto taken = co_await application_.sharing->take_invitations(context.principal); !taken)
    co_return std::unexpected(std::move(taken.error()));
  co_return co_await application_.teams->list(context.principal);
}

net::Task<Result<rest::Team>> RouteHandlers::handle(rest::CreateTeam, rest::CreateTeam::Body body,
                                                    RouteContext& context) {
  // Who has to confirm an address first makes no team either.
  const auto may = co_await net::offload(*application_.pool,
                                         [&] { return quota_of(application_, context.principal.account); });
  if (!may) co_return std::unexpected(may.error());
  auto made = co_await application_.teams->create(context.principal, std::move(body.name));
  if (made) {
    context.audit.target = made->id;
    context.audit.data["name"] = made->name;
  }
  co_return made;
}

net::Task<Result<rest::GetTeam::Result>> RouteHandlers::handle(rest::GetTeam, rest::NoBody,
                                                               RouteContext& context) {
  co_return co_await application_.teams->get(context.principal, context.id);
}

net::Task<Result<rest::Team>> RouteHandlers::handle(rest::UpdateTeam, rest::UpdateTeam::Body body,
                                                    RouteContext& context) {
  auto renamed = co_await application_.teams->rename(context.principal, context.id, std::move(body.name));
  if (renamed) context.audit.data["name"] = renamed->name;
  co_return renamed;
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteTeam, rest::NoBody, RouteContext& context) {
  auto done = co_await application_.teams->remove(context.id);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::ListTeamMembers::Result>> RouteHandlers::handle(rest::ListTeamMembers, rest::NoBody,
                                                                       RouteContext& context) {
  co_return co_await application_.teams->members(context.principal, context.id);
}

net::Task<Result<rest::AddTeamMember::Result>> RouteHandlers::handle(rest::AddTeamMember,
                                                                     rest::AddTeamMember::Body body,
                                                                     RouteContext& context) {
  context.audit.data["role"] = named_role(body.role);
  auto added =
      co_await application_.teams->add(context.principal, context.id, std::move(body),
                                       application_.origins->own_origin(context.request.header("host")));
  if (added && added->member) context.audit.data["account"] = added->member->account;
  if (added && added->invitation) context.audit.data["invitation"] = added->invitation->id;
  co_return added;
}

net::Task<Result<rest::Member>> RouteHandlers::handle(rest::UpdateTeamMember,
                                                      rest::UpdateTeamMember::Body body,
                                                      RouteContext& context) {
  context.audit.data["account"] = context.version;
  context.audit.data["role"] = named_role(body.role);
  co_return co_await application_.teams->change(context.id, context.version, body.role);
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::RemoveTeamMember, rest::NoBody,
                                                      RouteContext& context) {
  context.audit.data["account"] = context.version;
  auto done = co_await application_.teams->remove_member(context.principal, context.id, context.version);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteTeamInvitation, rest::NoBody,
                                                      RouteContext& context) {
  context.audit.data["invitation"] = context.version;
  auto done = co_await application_.teams->remove_invitation(context.id, context.version);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::Team>> RouteHandlers::handle(rest::JoinTeam, rest::JoinTeam::Body body,
                                                    RouteContext& context) {
  auto joined = co_await application_.teams->join(context.principal, std::move(body.token));
  if (joined) context.audit.target = joined->id;
  co_return joined;
}

net::Task<Result<rest::ListTeamTemplates::Result>> RouteHandlers::handle(rest::ListTeamTemplates,
                                                                         rest::NoBody,
                                                                         RouteContext& context) {
  co_return co_await application_.teams->templates(context.id);
}

net::Task<Result<rest::TeamTemplate>> RouteHandlers::handle(rest::PutTeamTemplate,
                                                            rest::PutTeamTemplate::Body body,
                                                            RouteContext& context) {
  context.audit.workspace = context.version;
  co_return co_await application_.teams->put_template(context.id, context.version, std::move(body));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteTeamTemplate, rest::NoBody,
                                                      RouteContext& context) {
  context.audit.workspace = context.version;
  auto done = co_await application_.teams->remove_template(context.id, context.version);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

}  // namespace berth::server

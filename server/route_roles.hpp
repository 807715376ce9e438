// SPDX-License-Identifier: GPL-3.0-or-later
// What a person must be in a workspace, or in a team, to call a route about it: the one table. A route about
// one that is not in it does not compile (http_routes.cpp). What messages of the runner need stands in their
// own structs.
#pragma once

#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <string_view>

#include "protocol/rest_routes.hpp"

namespace berth::server {

namespace roles {

using namespace protocol::rest;

/// See it, its files, versions, members, and previews that are shown to people; leave it.
using Viewer =
    boost::mp11::mp_list<GetWorkspace, CreatePreview, ListFiles, GetFile, ListVersions, ListVersionChanges,
                         ListVersionFiles, GetVersionFile, GetArchive, ListMembers, RemoveMember, GetPorts>;
/// Change what is in it, run it.
using Editor = boost::mp11::mp_list<StartWorkspace, StopWorkspace, StayWorkspace, PutFile, DeleteFile,
                                    CreateVersion, UpdateVersion, RestoreVersion>;
/// Say what becomes of it and who gets in.
using Owner = boost::mp11::mp_list<UpdateWorkspace, DeleteWorkspace, AddMember, UpdateMember,
                                   DeleteInvitation, CreateLink, DeleteLink, TransferWorkspace, SetPublic,
                                   UpdatePorts, CreatePortLink, GetOwnWorkspaceLog>;

}  // namespace roles

/// The same of the routes about a team.
namespace team_roles {

using namespace protocol::rest;

/// See it and who is in it, begin as its templates; leave it. While it is disabled that is all.
using Viewer = boost::mp11::mp_list<GetTeam, ListTeamMembers, RemoveTeamMember, ListTeamTemplates>;
// Editors make workspaces in it beside (CreateWorkspace, whose body names the team).
using Owner = boost::mp11::mp_list<UpdateTeam, DeleteTeam, AddTeamMember, UpdateTeamMember,
                                   DeleteTeamInvitation, PutTeamTemplate, DeleteTeamTemplate>;

}  // namespace team_roles

/// nullopt for what is not about one team.
template <class Route>
constexpr std::optional<protocol::Role> team_role_for() {
  using boost::mp11::mp_contains;
  constexpr bool viewer = mp_contains<team_roles::Viewer, Route>::value,
                 owner = mp_contains<team_roles::Owner, Route>::value;
  static_assert(Route::path.starts_with("/api/v1/teams/{id}") == (viewer || owner),
                "every route about a team stands in the table of roles, and nothing else does");
  static_assert(viewer + owner <= 1, "a route needs one role");
  if (viewer) return protocol::Role::viewer;
  if (owner) return protocol::Role::owner;
  return std::nullopt;
}

/// nullopt for what is not about one workspace.
template <class Route>
constexpr std::optional<protocol::Role> role_for() {
  using boost::mp11::mp_contains;
  constexpr bool viewer = mp_contains<roles::Viewer, Route>::value,
                 editor = mp_contains<roles::Editor, Route>::value,
                 owner = mp_contains<roles::Owner, Route>::value;
  static_assert(Route::path.starts_with("/api/v1/workspaces/{id}") == (viewer || editor || owner),
                "every route about a workspace stands in the table of roles, and nothing else does");
  static_assert(viewer + editor + owner <= 1, "a route needs one role");
  if (viewer) return protocol::Role::viewer;
  if (editor) return protocol::Role::editor;
  if (owner) return protocol::Role::owner;
  return std::nullopt;
}

}  // namespace berth::server

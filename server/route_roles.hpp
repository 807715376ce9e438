// SPDX-License-Identifier: GPL-3.0-or-later
// What a person must be in a workspace to call a route about it: the one table. A route about a workspace
// that is not in it does not compile (http_routes.cpp). What messages of the runner need stands in their own
// structs.
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
using Owner =
    boost::mp11::mp_list<UpdateWorkspace, DeleteWorkspace, AddMember, UpdateMember, DeleteInvitation,
                         CreateLink, DeleteLink, TransferWorkspace, SetPublic, UpdatePorts, CreatePortLink>;

}  // namespace roles

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

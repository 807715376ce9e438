// SPDX-License-Identifier: GPL-3.0-or-later
// Every route of the REST API: what the server's table, the OpenAPI document and the web's types are made
// from.
#pragma once

#include <boost/mp11/algorithm.hpp>

#include "protocol/rest.hpp"
#include "protocol/rest_admin.hpp"
#include "protocol/rest_history.hpp"
#include "protocol/rest_identity.hpp"
#include "protocol/rest_preferences.hpp"
#include "protocol/rest_sharing.hpp"
#include "protocol/rest_sign_in.hpp"
#include "protocol/rest_teams.hpp"

namespace berth::protocol::rest {

using AllRoutes = boost::mp11::mp_append<Routes, HistoryRoutes, IdentityRoutes, PreferenceRoutes,
                                         SharingRoutes, TeamRoutes, SignInRoutes, AdminRoutes>;

/// Those that take an Idempotency-Key: they make something, or start and stop it, so that doing them twice
/// would be another thing than doing them once. Not what sets cookies, is sent as a stream, or is good for
/// seconds.
using NamedRequests =
    boost::mp11::mp_list<CreateWorkspace, StartWorkspace, StopWorkspace, CreateVersion, RestoreVersion,
                         AddMember, CreateLink, Join, TransferWorkspace, CreatePortLink, CreateToken,
                         ConfirmSecondFactor, RenewRecoveryCodes, ResetAccount, CreateTeam, AddTeamMember,
                         JoinTeam>;

}  // namespace berth::protocol::rest

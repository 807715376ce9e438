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

namespace berth::protocol::rest {

using AllRoutes = boost::mp11::mp_append<Routes, HistoryRoutes, IdentityRoutes, PreferenceRoutes,
                                         SharingRoutes, SignInRoutes, AdminRoutes>;

/// Those that take an Idempotency-Key: they make something, and what they answer is no secret.
using NamedRequests = boost::mp11::mp_list<CreateWorkspace, CreateVersion>;

}  // namespace berth::protocol::rest

// SPDX-License-Identifier: GPL-3.0-or-later
// Every route of the REST API: what the server's table, the OpenAPI document and the web's types are made
// from.
#pragma once

#include <boost/mp11/algorithm.hpp>

#include "protocol/rest.hpp"
#include "protocol/rest_history.hpp"

namespace berth::protocol::rest {

using AllRoutes = boost::mp11::mp_append<Routes, HistoryRoutes>;

}  // namespace berth::protocol::rest

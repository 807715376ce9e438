// SPDX-License-Identifier: GPL-3.0-or-later
// What personal access tokens may be used for. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "protocol/rest.hpp"

namespace berth::server {

using Scopes = std::set<protocol::rest::Scope>;

/// Whether a token with these may call what needs `needed`; writing includes reading. Never for no_token.
bool permits(const Scopes& scopes, protocol::rest::NeededScope needed);

/// As stored: names with commas between. What a newer release wrote and this one doesn't know grants nothing.
std::string scopes_text(const Scopes& scopes);
Scopes scopes_of(std::string_view text);

/// permission_denied, with data.scope where another token would do.
Error scope_refusal(protocol::rest::NeededScope needed);

}  // namespace berth::server

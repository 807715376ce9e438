// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the routes of roaming settings; the rules are in Preferences.
#include "server/application.hpp"
#include "server/http_routes.hpp"
#include "server/preferences.hpp"

namespace berth::server {
namespace rest = protocol::rest;

net::Task<Result<rest::Preferences>> RouteHandlers::handle(rest::GetPreferences, rest::NoBody,
                                                           RouteContext& context) {
  co_return co_await application_.preferences->list(context.principal);
}

net::Task<Result<rest::Preferences>> RouteHandlers::handle(rest::UpdatePreferences,
                                                           rest::UpdatePreferences::Body body,
                                                           RouteContext& context) {
  co_return co_await application_.preferences->merge(context.principal, std::move(body));
}

}  // namespace berth::server

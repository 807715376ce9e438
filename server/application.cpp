// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/application.hpp"

#include "server/collection_schedule.hpp"
#include "server/division.hpp"
#include "server/garbage_collection.hpp"
#include "server/history.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/imports.hpp"
#include "server/replica.hpp"
#include "server/shared_events.hpp"
#include "server/static_files.hpp"
#include "server/sync_engine.hpp"

namespace berth::server {

Application::Application() = default;
Application::~Application() = default;

}  // namespace berth::server

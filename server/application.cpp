// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/application.hpp"

#include "server/administration.hpp"
#include "server/administration_watch.hpp"
#include "server/app_sign_in.hpp"
#include "server/audit_log.hpp"
#include "server/collection_schedule.hpp"
#include "server/division.hpp"
#include "server/email_links.hpp"
#include "server/garbage_collection.hpp"
#include "server/history.hpp"
#include "server/http_routes.hpp"
#include "server/http_session.hpp"
#include "server/idempotency.hpp"
#include "server/imports.hpp"
#include "server/mailer.hpp"
#include "server/port_sharing.hpp"
#include "server/preferences.hpp"
#include "server/provider_administration.hpp"
#include "server/provider_catalog.hpp"
#include "server/provider_sign_in.hpp"
#include "server/public_projects.hpp"
#include "server/replica.hpp"
#include "server/shared_events.hpp"
#include "server/sharing.hpp"
#include "server/sign_in_secrets.hpp"
#include "server/static_files.hpp"
#include "server/sync_engine.hpp"
#include "server/teams.hpp"

namespace berth::server {

Application::Application() = default;
Application::~Application() = default;

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/application.hpp"

#include "server/http_routes.hpp"
#include "server/static_files.hpp"

namespace berth::server {

Application::Application() = default;
Application::~Application() = default;

}  // namespace berth::server

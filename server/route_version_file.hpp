// SPDX-License-Identifier: GPL-3.0-or-later
// How a file of a version is answered, wherever it was found: ETag, ranges, bytes piece by piece.
#pragma once

#include <string>

#include "server/history.hpp"
#include "server/http_routes.hpp"

namespace berth::server {

net::Task<Result<HttpResponse>> answer_version_file(RouteContext& context, std::string path,
                                                    VersionFile file);

}  // namespace berth::server

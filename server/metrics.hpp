// SPDX-License-Identifier: GPL-3.0-or-later
// GET /metrics: the server's figures for Prometheus, and the token by which a collector may read them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "server/store_figures.hpp"
#include "server/traffic.hpp"

namespace berth::server {

inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// The figures in Prometheus's text format, version 0.0.4.
std::string metrics_text(const Traffic& traffic, const StoreFigures& store);

/// Whether an Authorization header brings, as a bearer token, what stands in `file` (without white space
/// around it; 16 bytes to 4 KiB). It is read each time, for such files are replaced while the server runs.
/// False where there is no file or it can't be read. Blocks: for worker threads.
bool brings_metrics_token(std::string_view authorization, const std::filesystem::path& file);

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// GET /metrics: the server's figures for Prometheus. Pure text.
#pragma once

#include <string>

#include "server/store_figures.hpp"
#include "server/traffic.hpp"

namespace berth::server {

inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// The figures in Prometheus's text format, version 0.0.4.
std::string metrics_text(const Traffic& traffic, const StoreFigures& store);

}  // namespace berth::server

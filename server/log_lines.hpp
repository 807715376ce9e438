// SPDX-License-Identifier: GPL-3.0-or-later
// How lines of the log look. What others may have put into a message can't end its line and begin another.
#pragma once

#include <spdlog/formatter.h>
#include <memory>
#include <string>
#include <string_view>

namespace berth::server {

/// The text with every control character as "\x0a".
std::string one_line(std::string_view text);

/// "2026-11-22T10:00:00.000 info message".
std::unique_ptr<spdlog::formatter> log_formatter();

}  // namespace berth::server

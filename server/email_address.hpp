// SPDX-License-Identifier: GPL-3.0-or-later
// E-mail addresses as people type them. Pure.
#pragma once

#include <string>

#include "protocol/error.hpp"

namespace berth::server {

/// Trimmed and in lower case; invalid_argument ("body.email: …") for what can't be an address.
Result<std::string> normal_email(const std::string& given);

}  // namespace berth::server

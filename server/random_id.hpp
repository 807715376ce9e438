// SPDX-License-Identifier: GPL-3.0-or-later
// Unguessable names made by the server.
#pragma once

#include <cstddef>
#include <string>

namespace berth::server {

/// `length` random characters a-z 2-7 (5 bits each).
std::string random_id(std::size_t length);

inline constexpr std::size_t workspace_id_length = 10;
inline constexpr std::size_t account_id_length = 16;
inline constexpr std::size_t sign_in_id_length = 26;

}  // namespace berth::server

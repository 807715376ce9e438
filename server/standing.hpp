// SPDX-License-Identifier: GPL-3.0-or-later
// What an open connection stands on: a sign-in, or a personal access token. Both have one kind of name, so
// that gateway, previews and announcements need not tell them apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

class MetadataStore;

/// Principal::sign_in of a token with this id; ids of sign-ins have no ':'.
std::string standing_of_token(const std::string& id);
bool is_token_standing(std::string_view standing);

struct Standing {
  std::string account;
  std::int64_t expires = 0;  // Unix ms; 0: never
};

/// not_found once it has ended. What has expired may still be found. Blocks.
Result<Standing> find_standing(MetadataStore& store, const std::string& standing);

}  // namespace berth::server

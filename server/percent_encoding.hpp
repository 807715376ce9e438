// SPDX-License-Identifier: GPL-3.0-or-later
// Text as a part of an address (RFC 3986). Reading it: percent_decode of http_message.hpp.
#pragma once

#include <string>
#include <string_view>

namespace berth::server {

/// All but letters, digits, "-._~" and the characters of `also` as "%XX".
std::string percent_encoded(std::string_view text, std::string_view also = {});

}  // namespace berth::server

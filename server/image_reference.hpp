// SPDX-License-Identifier: GPL-3.0-or-later
// Names of images as administrators give them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

/// [HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST] by the grammar of github.com/distribution/reference.
bool is_image_reference(std::string_view text);

/// invalid_argument naming `body.image`.
Result<void> check_image_reference(const std::string& text);

}  // namespace berth::server

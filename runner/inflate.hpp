// SPDX-License-Identifier: GPL-3.0-or-later
// Raw inflate of one frame's payload.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::runner {

/// invalid_argument: no deflate stream; too_large: more than `limit` bytes come out.
Result<std::string> inflate(std::string_view deflated, std::size_t limit);

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
// Raw deflate of one frame's payload, without state between frames.
#pragma once

#include <string>
#include <string_view>

namespace berth::runner {

/// Shorter bytes are not worth a frame's deflating; keystrokes' echoes are among them.
inline constexpr std::size_t least_deflated = 1024;

/// Empty when deflating does not make it shorter. Quick rather than tight: about 100 MB/s.
std::string deflate(std::string_view bytes);

}  // namespace berth::runner

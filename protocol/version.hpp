// SPDX-License-Identifier: GPL-3.0-or-later
// The version of the wire and of the programs, with the wire's history.
#pragma once

#include <string_view>

namespace berth::protocol {

// History of the wire. A minor step adds optional fields, messages or capabilities; a major step breaks.
//   1.0  2026-11-21  session, terminal, file, document, port, control
//   1.1  2026-11-21  edits at older versions, catching up by changes, pages, presence, terminals' screens and
//   leaders
//   1.2  2026-11-22  finding and replacing in all files
inline constexpr int version_major = 1;
inline constexpr int version_minor = 2;

/// WebSocket subprotocol that names the major version.
inline constexpr std::string_view subprotocol = "berth.v1";

/// Release of the programs themselves.
inline constexpr std::string_view release = "0.1.0";

}  // namespace berth::protocol

// SPDX-License-Identifier: GPL-3.0-or-later
// How many columns of a terminal a character takes: in the runner's screens and in the desktop's, whose
// emulator counts otherwise.
#pragma once

namespace berth::protocol {

/// 0 (joins the character before), 1 or 2. Each code point by itself, as the libraries of most programs and
/// xterm.js count.
int character_width(char32_t character);

}  // namespace berth::protocol

// SPDX-License-Identifier: GPL-3.0-or-later
// How many columns of a terminal a character takes.
#pragma once

namespace berth::runner {

/// 0 (joins the character before), 1 or 2. Each code point by itself, as both clients' emulators count.
int character_width(char32_t character);

}  // namespace berth::runner

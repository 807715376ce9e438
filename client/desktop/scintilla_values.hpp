// SPDX-License-Identifier: GPL-3.0-or-later
// What Scintilla's messages take as numbers.
#pragma once

#include <QColor>

#include <cstdint>

namespace berth::desktop {

inline std::intptr_t pointer(const char* text) { return reinterpret_cast<std::intptr_t>(text); }

/// Scintilla's colours are 0x00bbggrr.
inline std::intptr_t rgb(const QColor& color) {
  return color.red() | color.green() << 8 | color.blue() << 16;
}

}  // namespace berth::desktop

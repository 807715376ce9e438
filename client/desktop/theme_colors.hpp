// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of the four looks, and Qt's palette of them.
#pragma once

#include <QPalette>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

Colors theme_colors(bool dark, bool contrast);
QPalette theme_palette(const Colors& colors);
/// How far apart two colours are by WCAG 2.2: 1 to 21.
double contrast_between(const QColor& one, const QColor& other);
/// A colour of text as it may stand on the editor's ground: in themes of high contrast 7:1 from it, in its
/// hue.
QColor readable_color(const QColor& color);

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of people in light and dark, as protocol/vectors/presence_colours.json has them for both
// clients, and the round picture with a person's initials.
#pragma once

#include <QColor>
#include <QPixmap>
#include <array>

namespace berth::desktop {

struct PersonPalette {
  QRgb text;  // on a person's colour
  std::array<QRgb, 12> colours;
};
const PersonPalette& person_palette(bool dark);

/// In the theme of the moment; any other number than 0..11 becomes one of them.
QColor person_colour(int colour);
QColor on_person_colour();

/// A disc with initials, `side` logical pixels wide; `away`: half transparent, `ringed`: with a ring around
/// it.
QPixmap avatar(const QString& name, int colour, int side, qreal scale, bool away = false,
               bool ringed = false);

}  // namespace berth::desktop

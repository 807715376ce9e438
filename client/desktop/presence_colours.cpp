// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/presence_colours.hpp"

#include <QPainter>

#include "client/core/presence.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr PersonPalette light_people{
    0xffffffff,
    {0xff1565c0, 0xffc2185b, 0xff2e7d32, 0xffa84b00, 0xff6a1b9a, 0xff00737a, 0xffc62828, 0xff5b6b00,
     0xff283593, 0xff8d4a3a, 0xffa61c9c, 0xff455a64}};
constexpr PersonPalette dark_people{0xff10161e,
                                    {0xff7fb8ff, 0xffff8fb8, 0xff7fdc8a, 0xffffb866, 0xffcfa3ff, 0xff55d6c9,
                                     0xffff8a80, 0xffc6e05a, 0xff9e9cff, 0xffe0b09a, 0xfff59bf0, 0xffb0c4d0}};

}  // namespace

const PersonPalette& person_palette(bool dark) { return dark ? dark_people : light_people; }

QColor person_colour(int colour) {
  const auto& palette = person_palette(Theme::instance()->isDark());
  return palette.colours[static_cast<std::size_t>(colour) % palette.colours.size()];
}

QColor on_person_colour() { return person_palette(Theme::instance()->isDark()).text; }

QPixmap avatar(const QString& name, int colour, int side, qreal scale, bool away, bool ringed) {
  QPixmap pixmap(QSize(side, side) * scale);
  pixmap.setDevicePixelRatio(scale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(away ? 0.5 : 1);
  QRectF disc(0, 0, side, side);
  if (ringed) {
    painter.setPen(QPen(person_colour(colour), 2));
    painter.drawEllipse(disc.adjusted(1, 1, -1, -1));
    disc.adjust(3.5, 3.5, -3.5, -3.5);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(person_colour(colour));
  painter.drawEllipse(disc);
  auto font = Theme::instance()->uiFont(1, QFont::DemiBold);
  font.setPixelSize(static_cast<int>(disc.width() * 0.42));
  painter.setFont(font);
  painter.setPen(on_person_colour());
  painter.drawText(disc, Qt::AlignCenter, client::Presence::initials(name));
  return pixmap;
}

}  // namespace berth::desktop

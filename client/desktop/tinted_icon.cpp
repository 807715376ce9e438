// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/tinted_icon.hpp"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace berth::desktop {
namespace {

/// `size`: on the screen, in px of the interface. Icons are drawn for 16 and for 22 px, whatever the screen's
/// scale.
QByteArray svg_of(const QString& name, int size) {
  if (QFile file(name); name.startsWith(QLatin1Char(':')) && file.open(QIODevice::ReadOnly))
    return file.readAll();
  const auto wanted = size > 18 ? QStringLiteral("22") : QStringLiteral("16");
  for (const auto& px : {wanted, QStringLiteral("16"), QStringLiteral("22")})
    for (const auto* folder : {"actions", "status", "mimetypes", "places", "apps", "devices"}) {
      QFile file(QStringLiteral(":/icons/breeze/%1/%2/%3.svg").arg(QLatin1String(folder), px, name));
      if (file.open(QIODevice::ReadOnly)) return file.readAll();
    }
  return {};
}

}  // namespace

void TintedIcon::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) {
  draw(painter, rect, mode, rect.width());
}

void TintedIcon::draw(QPainter* painter, const QRect& rect, QIcon::Mode mode, int shown) {
  const auto* theme = Theme::instance();
  auto color = theme->tint(tint_);
  if (mode == QIcon::Disabled) color = theme->colors().faint;
  auto svg = svg_of(name_, shown);
  // Breeze colours its icons through a style sheet of named colours inside the file.
  svg.replace("#232629", color.name().toLatin1());
  svg.replace("#3daee9", theme->colors().accent.name().toLatin1());
  svg.replace("#da4453", theme->colors().bad.name().toLatin1());
  QSvgRenderer renderer(svg);
  renderer.setAspectRatioMode(Qt::KeepAspectRatio);
  painter->setRenderHint(QPainter::Antialiasing);
  renderer.render(painter, QRectF(rect));
}

QPixmap TintedIcon::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
  return scaledPixmap(size, mode, state, 1);
}

QPixmap TintedIcon::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) {
  const auto key = QStringLiteral("berth %1 %2 %3 %4x%5 %6")
                       .arg(name_)
                       .arg(static_cast<int>(tint_))
                       .arg(static_cast<int>(mode))
                       .arg(size.width())
                       .arg(size.height())
                       .arg(scale);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  // The size is the interface's: as many pixels as the screen has there.
  pixmap = QPixmap((QSizeF(size) * scale).toSize());
  pixmap.setDevicePixelRatio(scale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  draw(&painter, QRect(QPoint(), size), mode, size.width());
  painter.end();
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

}  // namespace berth::desktop

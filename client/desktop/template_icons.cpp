// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/template_icons.hpp"

#include <QHash>
#include <QIconEngine>
#include <QPainter>

namespace berth::desktop {
namespace {

struct Badge {
  const char* id;
  const char* name;
  const char* letters;
  QRgb color;
};

constexpr Badge badges[] = {
    {"python", "Python", "Py", 0xff3b77a8},
    {"node", "Node.js", "JS", 0xff3f8f46},
    {"cpp", "C++", "C+", 0xff4b5fbf},
    {"c++", "C++", "C+", 0xff4b5fbf},
    {"static", "Static site", "<>", 0xffc4602d},
    {"empty", "Empty", "∅", 0xff6b7a8c},
};

const Badge* badge_of(const QString& id) {
  for (const auto& badge : badges)
    if (id.startsWith(QLatin1String(badge.id))) return &badge;
  return nullptr;
}

/// Letters on a rounded square, sharp at every size.
class BadgeEngine : public QIconEngine {
 public:
  BadgeEngine(QString letters, QColor color) : letters_(std::move(letters)), color_(color) {}
  void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override {
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color_);
    painter->drawRoundedRect(rect, rect.width() * 0.26, rect.width() * 0.26);
    QFont font(QStringLiteral("Inter"));
    font.setWeight(QFont::Bold);
    font.setPixelSize(static_cast<int>(rect.height() * 0.44));
    painter->setFont(font);
    painter->setPen(Qt::white);
    painter->drawText(rect, Qt::AlignCenter, letters_);
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override {
    QPixmap pixmap((QSizeF(size) * scale).toSize());
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }
  QIconEngine* clone() const override { return new BadgeEngine(letters_, color_); }

 private:
  QString letters_;
  QColor color_;
};

}  // namespace

QIcon template_icon(const QString& id) {
  if (const auto* badge = badge_of(id))
    return QIcon(new BadgeEngine(QString::fromUtf8(badge->letters), QColor(badge->color)));
  return QIcon(new BadgeEngine(id.left(2).toUpper(), QColor(0x6b, 0x7a, 0x8c)));
}

QString template_name(const QString& id) {
  if (const auto* badge = badge_of(id)) return QString::fromUtf8(badge->name);
  return id.left(1).toUpper() + id.mid(1);
}

}  // namespace berth::desktop

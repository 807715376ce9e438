// SPDX-License-Identifier: GPL-3.0-or-later
// A Breeze icon drawn in the theme's colours of the moment, so that a change of theme needs no new icons.
#pragma once

#include <QIconEngine>
#include <QString>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

class TintedIcon : public QIconEngine {
 public:
  TintedIcon(QString name, Theme::Tint tint) : name_(std::move(name)), tint_(tint) {}
  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
  QIconEngine* clone() const override { return new TintedIcon(name_, tint_); }

 private:
  void draw(QPainter* painter, const QRect& rect, QIcon::Mode mode, int shown);

  QString name_;
  Theme::Tint tint_;
};

}  // namespace berth::desktop

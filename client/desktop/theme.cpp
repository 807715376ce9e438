// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/theme.hpp"

#include <BreezeIcons>
#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QPixmapCache>
#include <QStyleFactory>
#include <QStyleHints>

#include "client/desktop/tinted_icon.hpp"

// Outside of any namespace, as Qt's macro wants it: the linker leaves out a static library's resources
// otherwise.
static void load_resources() { Q_INIT_RESOURCE(desktop); }

namespace berth::desktop {
namespace {

Theme* the_theme = nullptr;

Colors light_colors() {
  Colors c;
  c.window = QColor(0xf1, 0xf4, 0xf7);
  c.panel = QColor(0xf7, 0xf9, 0xfb);
  c.base = QColor(0xff, 0xff, 0xff);
  c.raised = QColor(0xff, 0xff, 0xff);
  c.border = QColor(0xdb, 0xe2, 0xea);
  c.text = QColor(0x1b, 0x26, 0x33);
  c.muted = QColor(0x5a, 0x69, 0x79);
  c.faint = QColor(0x9c, 0xa9, 0xb6);
  c.accent = QColor(0x0b, 0x7a, 0x86);
  c.accent_text = QColor(0xff, 0xff, 0xff);
  c.accent_soft = QColor(0xd9, 0xee, 0xef);
  c.hover = QColor(0xe8, 0xee, 0xf3);
  c.current_line = QColor(0xf4, 0xf8, 0xfa);
  c.selection = QColor(0xc5, 0xe4, 0xe8);
  c.good = QColor(0x1f, 0x7a, 0x4d);
  c.warning = QColor(0x9a, 0x62, 0x00);
  c.bad = QColor(0xbd, 0x2c, 0x45);
  c.warning_soft = QColor(0xfd, 0xf2, 0xd8);
  c.bad_soft = QColor(0xfb, 0xe4, 0xe8);
  c.good_soft = QColor(0xdd, 0xf2, 0xe6);
  return c;
}

Colors dark_colors() {
  Colors c;
  c.window = QColor(0x10, 0x16, 0x1e);
  c.panel = QColor(0x15, 0x1d, 0x27);
  c.base = QColor(0x0f, 0x15, 0x1c);
  c.raised = QColor(0x1a, 0x24, 0x30);
  c.border = QColor(0x27, 0x33, 0x42);
  c.text = QColor(0xdb, 0xe4, 0xee);
  c.muted = QColor(0x8f, 0xa0, 0xb3);
  c.faint = QColor(0x56, 0x66, 0x78);
  c.accent = QColor(0x2b, 0xb5, 0xb8);
  c.accent_text = QColor(0x06, 0x1a, 0x20);
  c.accent_soft = QColor(0x17, 0x3b, 0x45);
  c.hover = QColor(0x1f, 0x2b, 0x38);
  c.current_line = QColor(0x15, 0x1e, 0x28);
  c.selection = QColor(0x21, 0x48, 0x58);
  c.good = QColor(0x6f, 0xd3, 0x9b);
  c.warning = QColor(0xf2, 0xc4, 0x6d);
  c.bad = QColor(0xff, 0x7a, 0x8a);
  c.warning_soft = QColor(0x3a, 0x2f, 0x17);
  c.bad_soft = QColor(0x40, 0x1e, 0x28);
  c.good_soft = QColor(0x17, 0x37, 0x2a);
  return c;
}

QPalette palette_of(const Colors& c) {
  QPalette palette;
  palette.setColor(QPalette::Window, c.window);
  palette.setColor(QPalette::WindowText, c.text);
  palette.setColor(QPalette::Base, c.base);
  palette.setColor(QPalette::AlternateBase, c.panel);
  palette.setColor(QPalette::Text, c.text);
  palette.setColor(QPalette::Button, c.panel);
  palette.setColor(QPalette::ButtonText, c.text);
  palette.setColor(QPalette::BrightText, c.bad);
  palette.setColor(QPalette::Highlight, c.accent);
  palette.setColor(QPalette::HighlightedText, c.accent_text);
  palette.setColor(QPalette::Accent, c.accent);
  palette.setColor(QPalette::Link, c.accent);
  palette.setColor(QPalette::LinkVisited, c.accent);
  palette.setColor(QPalette::ToolTipBase, c.raised);
  palette.setColor(QPalette::ToolTipText, c.text);
  palette.setColor(QPalette::PlaceholderText, c.faint);
  palette.setColor(QPalette::Light, c.raised);
  palette.setColor(QPalette::Midlight, c.hover);
  palette.setColor(QPalette::Mid, c.border);
  palette.setColor(QPalette::Dark, c.border);
  palette.setColor(QPalette::Shadow, QColor(0, 0, 0, 90));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, c.faint);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, c.hover);
  return palette;
}

QString first_family(const QStringList& wanted, QFontDatabase::SystemFont otherwise) {
  const auto families = QFontDatabase::families();
  for (const auto& family : wanted)
    if (families.contains(family)) return family;
  return QFontDatabase::systemFont(otherwise).family();
}

}  // namespace

Theme::Theme(QApplication* application, ThemeChoice choice)
    : QObject(application), application_(application), choice_(choice) {
  the_theme = this;
  load_resources();
  BreezeIcons::initIcons();
  QApplication::setWindowIcon(Theme::logo());
  uiFamily_ =
      first_family({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("Cantarell")},
                   QFontDatabase::GeneralFont);
  codeFamily_ = first_family(
      {QStringLiteral("JetBrains Mono"), QStringLiteral("Fira Code"), QStringLiteral("DejaVu Sans Mono")},
      QFontDatabase::FixedFont);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  connect(application->styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
    if (choice_ == ThemeChoice::system) apply();
  });
  apply();
}

Theme* Theme::instance() { return the_theme; }

void Theme::choose(ThemeChoice choice) {
  choice_ = choice;
  apply();
}

void Theme::apply() {
  const bool system_dark = application_->styleHints()->colorScheme() == Qt::ColorScheme::Dark;
  dark_ = choice_ == ThemeChoice::dark || (choice_ == ThemeChoice::system && system_dark);
  colors_ = dark_ ? dark_colors() : light_colors();
  QPixmapCache::clear();
  QApplication::setPalette(palette_of(colors_));
  QApplication::setFont(uiFont());
  application_->setStyleSheet(style_sheet(colors_));
  Q_EMIT changed();
}

QFont Theme::uiFont(qreal scale, QFont::Weight weight) const {
  QFont font(uiFamily_);
  font.setPointSizeF(10 * scale);
  font.setWeight(weight);
  return font;
}

QFont Theme::codeFont(int size) const {
  QFont font(codeFamily_);
  font.setStyleHint(QFont::Monospace);
  font.setFixedPitch(true);
  font.setPointSizeF(size * 0.75);
  return font;
}

QColor Theme::tint(Tint tint) const {
  switch (tint) {
    case Tint::text:
      return colors_.text;
    case Tint::muted:
      return colors_.muted;
    case Tint::accent:
      return colors_.accent;
    case Tint::on_accent:
      return colors_.accent_text;
    case Tint::good:
      return colors_.good;
    case Tint::bad:
      return colors_.bad;
    case Tint::warning:
      return colors_.warning;
  }
  return colors_.text;
}

QIcon Theme::icon(const QString& name) { return icon(name, Tint::text); }

QIcon Theme::logo() { return icon(QStringLiteral(":/berth/berth.svg")); }

QIcon Theme::icon(const QString& name, Tint tint) { return QIcon(new TintedIcon(name, tint)); }

}  // namespace berth::desktop

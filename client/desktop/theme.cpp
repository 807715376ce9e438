// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/theme.hpp"

#include <BreezeIcons>
#include <QApplication>
#include <QFontDatabase>
#include <QPixmapCache>
#include <QStyleFactory>
#include <QStyleHints>
#include <tuple>

#include "client/desktop/system_look.hpp"
#include "client/desktop/theme_colors.hpp"
#include "client/desktop/tinted_icon.hpp"

// Outside of any namespace, as Qt's macro wants it: the linker leaves out a static library's resources
// otherwise.
static void load_resources() { Q_INIT_RESOURCE(desktop); }

namespace berth::desktop {
namespace {

Theme* the_theme = nullptr;

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
  system_ = new SystemLook(this);
  const auto follow = [this] {
    if (choice_ == ThemeChoice::system) apply();
  };
  connect(application->styleHints(), &QStyleHints::colorSchemeChanged, this, follow);
  connect(system_, &SystemLook::changed, this, follow);
  apply();
}

Theme* Theme::instance() { return the_theme; }

void Theme::choose(ThemeChoice choice) {
  choice_ = choice;
  apply();
}

void Theme::apply() {
  switch (choice_) {
    case ThemeChoice::system:
      // What the desktop itself says comes first: without a plugin for it Qt knows of neither.
      dark_ = system_->dark().value_or(application_->styleHints()->colorScheme() == Qt::ColorScheme::Dark);
      contrast_ = system_->highContrast();
      break;
    case ThemeChoice::light:
    case ThemeChoice::dark:
      std::tie(dark_, contrast_) = std::pair(choice_ == ThemeChoice::dark, false);
      break;
    case ThemeChoice::contrast_light:
    case ThemeChoice::contrast_dark:
      std::tie(dark_, contrast_) = std::pair(choice_ == ThemeChoice::contrast_dark, true);
      break;
  }
  colors_ = theme_colors(dark_, contrast_);
  QPixmapCache::clear();
  QApplication::setPalette(theme_palette(colors_));
  QApplication::setFont(uiFont());
  application_->setStyleSheet(style_sheet(colors_, contrast_));
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

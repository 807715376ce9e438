// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/theme_colors.hpp"

#include <algorithm>
#include <cmath>

namespace berth::desktop {
namespace {

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
  c.muted = QColor(0x93, 0xa4, 0xb6);
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

/// Text and signs are at 7:1 or more on every ground, borders at 4.5:1 (WCAG 2.2, AAA; a test counts).
Colors contrast_dark_colors() {
  Colors c;
  c.window = QColor(0x00, 0x00, 0x00);
  c.panel = QColor(0x00, 0x00, 0x00);
  c.base = QColor(0x00, 0x00, 0x00);
  c.raised = QColor(0x0a, 0x0a, 0x0a);
  c.border = QColor(0x8c, 0xb4, 0xcc);
  c.text = QColor(0xff, 0xff, 0xff);
  c.muted = QColor(0xe0, 0xe6, 0xec);
  c.faint = QColor(0xb4, 0xbe, 0xc8);
  c.accent = QColor(0x4c, 0xe8, 0xe4);
  c.accent_text = QColor(0x00, 0x00, 0x00);
  c.accent_soft = QColor(0x00, 0x2e, 0x38);
  c.hover = QColor(0x1a, 0x24, 0x2c);
  c.current_line = QColor(0x10, 0x18, 0x1e);
  c.selection = QColor(0x00, 0x42, 0x52);
  c.good = QColor(0x7d, 0xf5, 0xac);
  c.warning = QColor(0xff, 0xd2, 0x4d);
  c.bad = QColor(0xff, 0xa3, 0xad);
  c.warning_soft = QColor(0x2b, 0x20, 0x00);
  c.bad_soft = QColor(0x33, 0x08, 0x10);
  c.good_soft = QColor(0x00, 0x26, 0x14);
  return c;
}

Colors contrast_light_colors() {
  Colors c;
  c.window = QColor(0xff, 0xff, 0xff);
  c.panel = QColor(0xff, 0xff, 0xff);
  c.base = QColor(0xff, 0xff, 0xff);
  c.raised = QColor(0xff, 0xff, 0xff);
  c.border = QColor(0x33, 0x4c, 0x5c);
  c.text = QColor(0x00, 0x00, 0x00);
  c.muted = QColor(0x26, 0x30, 0x38);
  c.faint = QColor(0x46, 0x50, 0x58);
  c.accent = QColor(0x00, 0x4e, 0x58);
  c.accent_text = QColor(0xff, 0xff, 0xff);
  c.accent_soft = QColor(0xdc, 0xf3, 0xf5);
  c.hover = QColor(0xec, 0xf2, 0xf5);
  c.current_line = QColor(0xf2, 0xf7, 0xfa);
  c.selection = QColor(0xa8, 0xe2, 0xea);
  c.good = QColor(0x00, 0x4d, 0x26);
  c.warning = QColor(0x5c, 0x3a, 0x00);
  c.bad = QColor(0x8a, 0x00, 0x1c);
  c.warning_soft = QColor(0xff, 0xf6, 0xde);
  c.bad_soft = QColor(0xff, 0xee, 0xf0);
  c.good_soft = QColor(0xe8, 0xfa, 0xef);
  return c;
}

}  // namespace

Colors theme_colors(bool dark, bool contrast) {
  if (contrast) return dark ? contrast_dark_colors() : contrast_light_colors();
  return dark ? dark_colors() : light_colors();
}

QPalette theme_palette(const Colors& c) {
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

double contrast_between(const QColor& one, const QColor& other) {
  const auto luminance = [](const QColor& color) {
    const auto part = [](double value) {
      return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
  };
  const auto [less, more] = std::minmax({luminance(one), luminance(other)});
  return (more + 0.05) / (less + 0.05);
}

QColor readable_color(const QColor& color) {
  const auto* theme = Theme::instance();
  if (!theme->isHighContrast()) return color;
  constexpr double wanted = 7;
  constexpr int steps = 20;
  auto now = color;
  for (int i = 0; i < steps && contrast_between(now, theme->colors().base) < wanted; ++i) {
    const auto light = now.lightnessF() + (theme->isDark() ? 0.04F : -0.04F);
    now = QColor::fromHslF(std::max(0.0F, color.hslHueF()), color.hslSaturationF(),
                           std::clamp(light, 0.0F, 1.0F));
  }
  return now;
}

}  // namespace berth::desktop

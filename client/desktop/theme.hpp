// SPDX-License-Identifier: GPL-3.0-or-later
// Light and dark, each also of high contrast: the colours, fonts and palette of every window, following the
// system unless the person chose.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QString>

class QApplication;
class QIcon;

namespace berth::desktop {

class SystemLook;

/// In this order they are kept in settings.
enum class ThemeChoice { system, light, dark, contrast_light, contrast_dark };

struct Colors {
  QColor window;  // behind everything
  QColor panel;   // docks, bars
  QColor base;    // editors, lists
  QColor raised;  // cards, menus
  QColor border;
  QColor text;
  QColor muted;  // secondary text
  QColor faint;  // line numbers, disabled text
  QColor accent;
  QColor accent_text;
  QColor accent_soft;  // selected rows
  QColor hover;
  QColor current_line;
  QColor selection;  // of text
  QColor good;
  QColor warning;
  QColor bad;
  QColor warning_soft;
  QColor bad_soft;
  QColor good_soft;
};

class Theme : public QObject {
  Q_OBJECT

 public:
  /// One a process; sets style, palette, fonts and style sheet of `application`.
  Theme(QApplication* application, ThemeChoice choice);

  static Theme* instance();

  bool isDark() const { return dark_; }
  /// Lines around everything, nothing told by a shade alone.
  bool isHighContrast() const { return contrast_; }
  const Colors& colors() const { return colors_; }
  ThemeChoice choice() const { return choice_; }
  void choose(ThemeChoice choice);

  QFont uiFont(qreal scale = 1, QFont::Weight weight = QFont::Normal) const;
  /// Of so many px, which are 1/96 inch: it follows the system's resolution of fonts.
  QFont codeFont(int size = usual_code_size) const;
  static constexpr int usual_code_size = 14;
  /// A Breeze icon tinted for the theme, e.g. "document-new"; it follows a change of theme by itself.
  static QIcon icon(const QString& name);
  /// The same in the accent or another fixed role.
  enum class Tint { text, muted, accent, on_accent, good, bad, warning };
  static QIcon icon(const QString& name, Tint tint);
  /// The program's own icon; drawn here, as Qt's SVG icon plugin may be missing.
  static QIcon logo();
  QColor tint(Tint tint) const;

 Q_SIGNALS:
  void changed();

 private:
  void apply();

  QApplication* application_;
  ThemeChoice choice_;
  SystemLook* system_ = nullptr;
  bool dark_ = false;
  bool contrast_ = false;
  Colors colors_;
  QString uiFamily_;
  QString codeFamily_;
};

/// The application's style sheet for these colours (theme_style.cpp).
QString style_sheet(const Colors& colors, bool contrast);

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of terminals: those of the theme, or one set that the person chose for all of them. What a
// scheme's sixteen colours are is that scheme's; everything around the cells stays the theme's.
#pragma once

#include <QColor>
#include <QList>
#include <QString>
#include <array>
#include <vector>

#include "client/desktop/settings_table.hpp"

namespace berth::desktop {

struct TerminalScheme {
  QString id;  // as it is kept and roams
  QString name;
  QColor background;
  QColor foreground;
  std::array<QColor, 16> colours;  // the eight, then the bright ones
};

class TerminalSchemes {
 public:
  /// Those to choose from besides the theme's.
  static const QList<TerminalScheme>& all();
  /// "theme", or one's id.
  static QString chosen();
  /// It roams.
  static void choose(const QString& id);
  /// What terminals look like now.
  static TerminalScheme current();
  /// A file that QTermWidget reads it from. Its name tells its contents, as the widget reads a name only
  /// once.
  static QString fileOf(const TerminalScheme& scheme);
  /// A scheme as such a file.
  static QByteArray written(const TerminalScheme& scheme);
};

/// "theme" and all the schemes, as the table of settings has choices.
std::vector<SettingChoice> terminal_scheme_choices();

}  // namespace berth::desktop

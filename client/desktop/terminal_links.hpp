// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses and places in files that a line of a terminal names: "https://…", "src/main.py:12:5", "File
// "x.py", line 3", "app.ts(4,2)". Whether such a file is there has to be asked. Pure.
#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace berth::desktop {

struct TextLink {
  qsizetype begin, end;  // UTF-16 units of the line
  QString target;        // an address, or a path as it stands there
  bool is_file = false;
  int line = 0, column = 0;  // from 1; 0: none is named
};

/// From left to right, none within another; at most 40 a line, of at most 8,192 units of it.
QList<TextLink> links_in(const QString& line);
/// The paths below home, relative to it, that a name in a terminal may mean, the likeliest first.
/// `directory`: where the shell is, absolute or empty. Nothing where it can only be outside.
QStringList paths_meant(const QString& name, const QString& directory, const QString& home,
                        const QString& project);

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// A line of an editor with the colours that it has there, for what shows it elsewhere once more.
#pragma once

#include <QColor>
#include <QString>
#include <vector>

class QsciScintillaBase;

namespace berth::desktop {

struct StyledRun {
  QString text;  // tabs are spaces
  QColor colour;
  bool bold;
  bool italic;
};

/// The first `most` bytes of line `line` (from 0).
std::vector<StyledRun> styled_line(const QsciScintillaBase* editor, long line, long most);

}  // namespace berth::desktop

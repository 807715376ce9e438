// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "client/desktop/terminal_view.hpp"

namespace berth::test {

/// What a terminal shows, without the blanks at the ends of lines and below the last one.
inline QStringList shown_lines(desktop::TerminalView* view) {
  auto lines = view->allText().split(u'\n');
  for (auto& line : lines)
    while (line.endsWith(u' ')) line.chop(1);
  while (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
  return lines;
}

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// What stand-ins stand for, painted over their cells. The display is asked to paint into a list
// (paint_recorder.hpp), which tells where it draws stand-ins, in which font and colour and on what ground:
// so cursors, selections, scrolling and blinking are as it has them.
#pragma once

#include <QColor>
#include <QFont>
#include <QRect>
#include <QString>
#include <vector>

class QPainter;
class QRegion;

namespace berth::desktop {

class TerminalSurface;

/// Neighbouring cells that are drawn as one.
struct ShownCells {
  int row, column;  // of what is shown
  int columns;
  QString text;
  QFont font;
  QColor color;
  qreal base_line;  // in display(), px
};

/// Paints those in the region with a painter on a child that covers the surface's display. Returns all that
/// are in sight.
std::vector<ShownCells> paint_stand_ins(QPainter& painter, TerminalSurface& surface, const QRegion& region);
/// A cell's text in the painter's font and pen, no wider than its cells; `base_line` in px.
void paint_in_cells(QPainter& painter, const QRect& cells, int columns, const QString& text, qreal base_line);
bool shows_stand_ins(TerminalSurface& surface);

}  // namespace berth::desktop

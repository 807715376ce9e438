// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/stand_in_paint.hpp"

#include <QFontMetricsF>
#include <QPainter>
#include <QRegion>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "client/desktop/paint_recorder.hpp"
#include "client/desktop/stand_ins.hpp"
#include "client/desktop/terminal_surface.hpp"

namespace berth::desktop {
namespace {

bool has_stand_in(const QString& text, const StandIns& stand_ins) {
  // All of them are beyond U+FFFF, as hardly anything else is.
  if (std::ranges::none_of(text, [](QChar unit) { return unit.isHighSurrogate(); })) return false;
  const auto characters = text.toUcs4();
  return std::ranges::any_of(characters,
                             [&](uint character) { return stand_ins.find(character) != nullptr; });
}

/// Where each one is. The display puts the beginning of each piece into its cell and lets the font say how
/// wide the others are; here each has the cells that it takes.
std::vector<ShownCells> find_cells(const PaintRecorder& record, const TerminalSurface& surface) {
  const auto& stand_ins = surface.standIns();
  const auto origin = surface.rect(0, 0, 1);
  const qreal cell_width = origin.width(), cell_height = origin.height();
  std::vector<ShownCells> shown;
  QPointF drawn_to, cells_to;
  for (const auto& piece : record.texts()) {
    // One that goes on where another ended is of the same string.
    const bool goes_on =
        piece.at.y() == drawn_to.y() && std::abs(piece.at.x() - drawn_to.x()) < 0.01 && !shown.empty();
    qreal x = goes_on ? cells_to.x() : piece.at.x();
    for (const auto character : piece.text.toUcs4()) {
      const auto* cell = stand_ins.find(character);
      const int columns = cell ? cell->width : columns_in_widget(character);
      if (cell) {
        // A base line is far down in its row; one of a font that lacks the characters may be below it.
        const int row = static_cast<int>(std::floor((piece.at.y() - origin.top()) / cell_height - 0.5));
        const int column = qRound((x - origin.left()) / cell_width);
        if (!shown.empty() && cell->joins && shown.back().row == row &&
            shown.back().column + shown.back().columns == column) {
          shown.back().columns += columns;
          shown.back().text += cell->text;
        } else {
          shown.push_back({row, column, columns, cell->text, piece.font, piece.color, piece.at.y()});
        }
      }
      x += columns * cell_width;
    }
    drawn_to = piece.at + QPointF(piece.width, 0);
    cells_to = {x, piece.at.y()};
  }
  return shown;
}

using Shapes = std::vector<PaintRecorder::Shape>;

bool reaches(const PaintRecorder::Shape& shape, const QRectF& cells) {
  return shape.rect.normalized().adjusted(-1, -1, 1, 1).intersects(cells);
}

Shapes shapes_in(const QRectF& cells, const Shapes& all) {
  Shapes found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [&](const auto& shape) { return reaches(shape, cells); });
  return found;
}

/// The cells' ground as the display has it: colours, the cursor.
void paint_ground(QPainter& painter, const QRectF& cells, const Shapes& shapes) {
  for (const auto& shape : shapes) {
    if (!reaches(shape, cells)) continue;
    if (shape.is_line) {
      painter.setPen(shape.pen);
      painter.drawLine(shape.rect.topLeft(), shape.rect.bottomRight());
    } else if (shape.pen.style() == Qt::NoPen) {
      painter.fillRect(shape.rect, shape.brush);
    } else {
      painter.setPen(shape.pen);
      painter.setBrush(shape.brush);
      painter.drawRect(shape.rect);
    }
  }
}

void paint_cells(QPainter& painter, const QRect& cells, const ShownCells& shown) {
  auto font = shown.font;
  font.setItalic(!font.italic());  // stand-ins are marked by being what the text around them is not
  painter.setFont(font);
  painter.setPen(shown.color);
  paint_in_cells(painter, cells, shown.columns, shown.text, shown.base_line);
}

PaintRecorder::Wanted wanted_by(const TerminalSurface& surface) {
  return [&surface](const QString& text) { return has_stand_in(text, surface.standIns()); };
}

}  // namespace

bool shows_stand_ins(TerminalSurface& surface) {
  PaintRecorder record(surface.display(), wanted_by(surface));
  surface.display()->render(&record, QPoint(), QRegion(), QWidget::RenderFlags());
  return !record.texts().empty();
}

void paint_in_cells(QPainter& painter, const QRect& cells, int columns, const QString& text,
                    qreal base_line) {
  painter.save();
  painter.setLayoutDirection(Qt::LeftToRight);
  const qreal natural = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(text);
  const qreal scale = natural > cells.width() ? cells.width() / natural : 1;
  // Emoji stand in the middle of their cells, letters at the left.
  const bool centred = scale == 1 && columns > 1;
  painter.translate(cells.left() + (centred ? (cells.width() - natural) / 2 : 0), base_line);
  painter.scale(scale, scale);
  painter.drawText(QPointF(0, 0), text);
  painter.restore();
}

std::vector<ShownCells> paint_stand_ins(QPainter& painter, TerminalSurface& surface, const QRegion& region) {
  PaintRecorder record(surface.display(), wanted_by(surface));
  surface.display()->render(&record, QPoint(), QRegion(), QWidget::RenderFlags());
  auto shown = find_cells(record, surface);
  Shapes in_row;
  int row = -1;  // of in_row
  for (const auto& each : shown) {
    const auto cells = surface.rect(each.row, each.column, each.columns);
    if (!region.intersects(cells)) continue;
    if (std::exchange(row, each.row) != each.row)
      in_row = shapes_in(surface.rect(row, 0, surface.cells().width()), record.shapes());
    painter.save();
    painter.setClipRect(cells);
    paint_ground(painter, cells, in_row);
    paint_cells(painter, cells, each);
    painter.restore();
  }
  return shown;
}

}  // namespace berth::desktop

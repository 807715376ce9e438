// SPDX-License-Identifier: GPL-3.0-or-later
// What is painted over and beside a terminal's cells: characters that the widget can't show, predicted text,
// the link under the mouse, and how commands ended.
#pragma once

#include <QColor>
#include <QWidget>
#include <optional>

#include "client/core/echo_predictor.hpp"
#include "client/desktop/stand_in_paint.hpp"

namespace berth::desktop {

class TerminalMarks;
class TerminalSurface;

/// Lies over the display while there is something to show; a display under a visible child can't scroll by
/// copying.
class TerminalOverlay : public QWidget {
 public:
  explicit TerminalOverlay(TerminalSurface* surface);
  void setPrediction(const std::optional<client::PredictedLine>& prediction);
  /// Rectangles of cells, in display coordinates.
  void setLink(const QList<QRect>& rows);
  const std::optional<client::PredictedLine>& prediction() const { return prediction_; }
  /// Of what is predicted.
  void setTextColor(const QColor& color) { text_color_ = color; }
  /// Of what is searched for, in display coordinates.
  void setMatches(const QList<QRect>& rows);
  const QList<QRect>& matches() const { return matches_; }
  bool hasLink() const { return !link_.isEmpty(); }
  /// What it painted last over stand-ins.
  const std::vector<ShownCells>& shownCells() const { return shown_cells_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  void lookForStandIns();
  void hideWithoutStandIns();
  void paintPrediction(QPainter& painter) const;
  TerminalSurface* surface_;
  bool stand_ins_ = false;  // may be in sight
  std::vector<ShownCells> shown_cells_;
  std::optional<client::PredictedLine> prediction_;
  QList<QRect> link_;
  QList<QRect> matches_;
  QColor text_color_;
};

/// A dot beside each prompt: what became of its command.
class TerminalGutter : public QWidget {
  Q_OBJECT

 public:
  TerminalGutter(TerminalSurface* surface, const TerminalMarks* marks);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QRect dotAt(int line) const;
  TerminalSurface* surface_;
  const TerminalMarks* marks_;
};

}  // namespace berth::desktop

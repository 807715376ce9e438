// SPDX-License-Identifier: GPL-3.0-or-later
// What is painted over and beside a terminal's cells: predicted text, the link under the mouse, and how
// commands ended.
#pragma once

#include <QWidget>
#include <optional>

#include "client/core/echo_predictor.hpp"

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
  bool hasLink() const { return !link_.isEmpty(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  TerminalSurface* surface_;
  std::optional<client::PredictedLine> prediction_;
  QList<QRect> link_;
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

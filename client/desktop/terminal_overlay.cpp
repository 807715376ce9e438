// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_overlay.hpp"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTimer>
#include <QToolTip>
#include <utility>

#include "client/desktop/terminal_marks.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int gutter_width = 10;  // px
constexpr int gutter_dot = 6;     // px

QString outcome_of(const PromptMark& mark) {
  switch (mark.state) {
    case PromptMark::State::prompt:
      return {};
    case PromptMark::State::running:
      return TerminalGutter::tr("The command is running.");
    case PromptMark::State::succeeded:
      return TerminalGutter::tr("The command succeeded (exit code 0).");
    case PromptMark::State::failed:
      return TerminalGutter::tr("The command failed (exit code %1).").arg(mark.exit_code);
    case PromptMark::State::ended:
      return TerminalGutter::tr("The command ended.");
  }
  return {};
}

}  // namespace

TerminalOverlay::TerminalOverlay(TerminalSurface* surface) : QWidget(surface->display()), surface_(surface) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  hide();
  connect(surface, &TerminalSurface::standInsMoved, this, &TerminalOverlay::lookForStandIns);
}

void TerminalOverlay::lookForStandIns() {
  if (std::exchange(stand_ins_, true)) return;
  refresh();
}

/// None was found. The display may lag behind the output; where there is none in that either, this goes out
/// of the way of a flood.
void TerminalOverlay::hideWithoutStandIns() {
  surface_->refresh();
  stand_ins_ = shows_stand_ins(*surface_);
  refresh();
}

void TerminalOverlay::setPrediction(const std::optional<client::PredictedLine>& prediction) {
  if (prediction == prediction_) return;
  prediction_ = prediction;
  refresh();
}

void TerminalOverlay::setLink(const QList<QRect>& rows) {
  if (rows == link_) return;
  link_ = rows;
  refresh();
}

void TerminalOverlay::setMatches(const QList<QRect>& rows) {
  if (rows == matches_) return;
  matches_ = rows;
  refresh();
}

void TerminalOverlay::refresh() {
  const bool wanted = stand_ins_ || prediction_ || !link_.isEmpty() || !matches_.isEmpty();
  if (wanted) {
    setGeometry(parentWidget()->rect());
    raise();
  }
  setVisible(wanted);
  update();
}

void TerminalOverlay::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  if (stand_ins_) {
    shown_cells_ = paint_stand_ins(painter, *surface_, event->region());
    if (shown_cells_.empty()) QTimer::singleShot(0, this, &TerminalOverlay::hideWithoutStandIns);
  }
  const auto& colors = Theme::instance()->colors();
  for (const auto& row : matches_) {
    auto ground = colors.warning;
    ground.setAlphaF(0.28F);
    painter.fillRect(row, ground);
    painter.setPen(QPen(colors.warning, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(row.adjusted(0, 0, -1, -1));
  }
  for (const auto& row : link_) {
    painter.setPen(QPen(colors.accent, 1));
    painter.drawLine(row.bottomLeft(), row.bottomRight());
  }
  if (prediction_) paintPrediction(painter);
}

/// Text behind the cursor is predicted to move, and may hold stand-ins: these show what they stand for, too.
void TerminalOverlay::paintPrediction(QPainter& painter) const {
  const auto& colors = Theme::instance()->colors();
  const auto& stand_ins = surface_->standIns();
  const auto& cells = prediction_->cells;
  painter.setFont(surface_->display()->font());
  const QFontMetricsF metrics(painter.font(), this);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto* stand_in = stand_ins.find(cells[i].text);
    auto text = stand_in ? stand_in->text : QString::fromUcs4(&cells[i].text, 1);
    const int column = cells[i].column;
    int columns = cells[i].width;
    for (; stand_in && i + 1 < cells.size() && cells[i + 1].column == column + columns; ++i) {
      const auto* next = stand_ins.find(cells[i + 1].text);
      if (!next || !next->joins) break;
      text += next->text;
      columns += cells[i + 1].width;
    }
    const auto rect = surface_->rect(prediction_->row, column, columns);
    painter.fillRect(rect, surface_->background());
    painter.setPen(text_color_);
    if (stand_in) {
      const qreal base_line = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
      paint_in_cells(painter, rect, columns, text, base_line);
    } else {
      painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    painter.setPen(QPen(colors.muted, 1));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
  }
  auto cursor = surface_->rect(prediction_->row, prediction_->cursor, 1);
  painter.setPen(text_color_);
  painter.drawRect(cursor.adjusted(0, 0, -1, -1));
}

TerminalGutter::TerminalGutter(TerminalSurface* surface, const TerminalMarks* marks)
    : surface_(surface), marks_(marks) {
  setFixedWidth(gutter_width);
  setFocusPolicy(Qt::NoFocus);
  connect(surface->scrollBar(), &QScrollBar::valueChanged, this, qOverload<>(&QWidget::update));
  connect(surface->scrollBar(), &QScrollBar::rangeChanged, this, qOverload<>(&QWidget::update));
}

QRect TerminalGutter::dotAt(int line) const {
  const auto cell = surface_->cellPixels();
  // The display's rows, seen from here.
  const auto first = surface_->rect(0, 0, 1);
  const int top = mapFromGlobal(surface_->display()->mapToGlobal(first.topLeft())).y();
  const int middle = top + (line - surface_->topLine()) * cell.height() + cell.height() / 2;
  return {(gutter_width - gutter_dot) / 2 + 1, middle - gutter_dot / 2, gutter_dot, gutter_dot};
}

void TerminalGutter::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto* theme = Theme::instance();
  const auto& colors = theme->colors();
  painter.fillRect(rect(), surface_->background());
  painter.setRenderHint(QPainter::Antialiasing);
  for (const auto& mark : marks_->prompts()) {
    const int row = mark.line - surface_->topLine();
    if (row < 0 || row >= surface_->cells().height() || mark.state == PromptMark::State::prompt) continue;
    const auto dot = QRectF(dotAt(mark.line));
    const auto color = mark.state == PromptMark::State::succeeded ? colors.good
                       : mark.state == PromptMark::State::failed  ? colors.bad
                                                                  : colors.muted;
    painter.setPen(QPen(color, 1.5));
    // Told by shape, too: what runs is a ring, what failed a diamond.
    if (mark.state == PromptMark::State::failed) {
      painter.setBrush(color);
      const auto middle = dot.center();
      const qreal half = dot.width() / 2 + 0.5;
      painter.drawPolygon(QPolygonF({middle - QPointF(0, half), middle + QPointF(half, 0),
                                     middle + QPointF(0, half), middle - QPointF(half, 0)}));
    } else {
      painter.setBrush(mark.state == PromptMark::State::succeeded ? QBrush(color) : QBrush(Qt::NoBrush));
      painter.drawEllipse(dot.adjusted(0.5, 0.5, -0.5, -0.5));
    }
  }
}

bool TerminalGutter::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  auto* help = static_cast<QHelpEvent*>(event);
  for (const auto& mark : marks_->prompts()) {
    if (!dotAt(mark.line).adjusted(-4, -6, 4, 6).contains(help->pos())) continue;
    QToolTip::showText(help->globalPos(), outcome_of(mark), this);
    return true;
  }
  QToolTip::hideText();
  event->ignore();
  return true;
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/paged_view.hpp"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int paged_margin = 14;
constexpr int wheel_notch = 120;
constexpr int rows_of_notch = 3;

}  // namespace

PagedView::PagedView(client::PagedText* text, QWidget* parent) : QAbstractScrollArea(parent), text_(text) {
  text_->setParent(this);
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::StrongFocus);
  setFont(Theme::instance()->codeFont());
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
  viewport()->setCursor(Qt::IBeamCursor);
  verticalScrollBar()->setRange(0, steps);
  verticalScrollBar()->setPageStep(steps / 100);
  connect(text_, &client::PagedText::changed, this, &PagedView::refresh);
  connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, [this](int action) {
    if (action == QAbstractSlider::SliderMove) dragged(verticalScrollBar()->sliderPosition());
  });
  connect(horizontalScrollBar(), &QScrollBar::valueChanged, viewport(), qOverload<>(&QWidget::update));
  text_->jump(0);
}

QString PagedView::summary() const {
  return tr("Read-only. %1 are too much to edit here; you are at %2 %.")
      .arg(QLocale().formattedDataSize(static_cast<qint64>(text_->size()), 1))
      .arg(static_cast<int>(text_->position() * 100));
}

int PagedView::rowHeight() const { return std::max(1, fontMetrics().lineSpacing() + 2); }
int PagedView::rowCount() const { return std::max(1, (viewport()->height() - 8) / rowHeight()); }

void PagedView::refresh() {
  rows_ = text_->rows(rowCount() + 1);
  int widest = 0;
  for (const auto& row : std::as_const(rows_))
    widest = std::max(widest, fontMetrics().horizontalAdvance(row));
  horizontalScrollBar()->setRange(0, std::max(0, widest + 2 * paged_margin - viewport()->width()));
  horizontalScrollBar()->setPageStep(viewport()->width());
  if (!verticalScrollBar()->isSliderDown()) {
    const QSignalBlocker quiet(verticalScrollBar());
    verticalScrollBar()->setValue(static_cast<int>(std::lround(text_->position() * steps)));
  }
  viewport()->setAccessibleDescription(rows_.join(QLatin1Char('\n')));
  viewport()->update();
}

void PagedView::dragged(int value) { text_->jump(static_cast<double>(value) / steps); }

void PagedView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  const auto& colors = Theme::instance()->colors();
  painter.fillRect(viewport()->rect(), colors.base);
  painter.setPen(colors.text);
  painter.setFont(font());
  int y = 4;
  for (const auto& row : std::as_const(rows_)) {
    painter.drawText(QPoint(paged_margin - horizontalScrollBar()->value(), y + fontMetrics().ascent() + 1),
                     QString(row).replace(QLatin1Char('\t'), QStringLiteral("    ")));
    y += rowHeight();
  }
}

void PagedView::resizeEvent(QResizeEvent*) {
  text_->show(rowCount());
  refresh();
}

void PagedView::wheelEvent(QWheelEvent* event) {
  part_of_row_ -= event->angleDelta().y() * rows_of_notch;
  const auto rows = part_of_row_ / wheel_notch;
  part_of_row_ -= rows * wheel_notch;
  if (rows != 0) text_->scroll(rows);
  if (const auto across = event->angleDelta().x(); across != 0)
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - across);
  event->accept();
}

void PagedView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Down:
      return text_->scroll(1);
    case Qt::Key_Up:
      return text_->scroll(-1);
    case Qt::Key_PageDown:
    case Qt::Key_Space:
      return text_->scroll(rowCount() - 1);
    case Qt::Key_PageUp:
      return text_->scroll(1 - rowCount());
    case Qt::Key_Home:
      return text_->jump(0);
    case Qt::Key_End:
      return text_->jump(1);
    case Qt::Key_Left:
    case Qt::Key_Right:
      return horizontalScrollBar()->setValue(horizontalScrollBar()->value() +
                                             (event->key() == Qt::Key_Left ? -40 : 40));
    default:
      return QAbstractScrollArea::keyPressEvent(event);
  }
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/paint_recorder.hpp"

#include <QWidget>
#include <utility>

namespace berth::desktop {

PaintRecorder::PaintRecorder(const QWidget* widget, Wanted wanted)
    : widget_(widget), engine_(std::move(wanted)) {}

int PaintRecorder::metric(PaintDeviceMetric metric) const {
  switch (metric) {
    case PdmWidth:
      return widget_->width();
    case PdmHeight:
      return widget_->height();
    case PdmWidthMM:
      return widget_->widthMM();
    case PdmHeightMM:
      return widget_->heightMM();
    case PdmDpiX:
      return widget_->logicalDpiX();
    case PdmDpiY:
      return widget_->logicalDpiY();
    case PdmPhysicalDpiX:
      return widget_->physicalDpiX();
    case PdmPhysicalDpiY:
      return widget_->physicalDpiY();
    case PdmNumColors:
      return widget_->colorCount();
    case PdmDepth:
      return widget_->depth();
    // Places are told in the widget's own pixels.
    case PdmDevicePixelRatio:
      return 1;
    case PdmDevicePixelRatioScaled:
      return static_cast<int>(devicePixelRatioFScale());
    default:
      return encodeMetricF(metric, 1.0);
  }
}

void PaintRecorder::Engine::updateState(const QPaintEngineState& state) {
  const auto changed = state.state();
  if (changed & DirtyPen) pen_ = state.pen();
  if (changed & DirtyBrush) brush_ = state.brush();
  if (changed & DirtyTransform) transform_ = state.transform();
}

void PaintRecorder::Engine::drawTextItem(const QPointF& at, const QTextItem& item) {
  auto text = item.text();
  if (wanted_(text))
    texts.push_back({transform_.map(at), std::move(text), item.width(), item.font(), pen_.color()});
}

void PaintRecorder::Engine::drawRects(const QRectF* rects, int count) {
  for (int i = 0; i < count; ++i) shapes.push_back({transform_.mapRect(rects[i]), pen_, brush_});
}

void PaintRecorder::Engine::drawRects(const QRect* rects, int count) {
  for (int i = 0; i < count; ++i) shapes.push_back({transform_.mapRect(QRectF(rects[i])), pen_, brush_});
}

void PaintRecorder::Engine::drawLines(const QLine* lines, int count) {
  for (int i = 0; i < count; ++i) {
    const auto line = transform_.map(lines[i]);
    shapes.push_back({QRectF(line.p1(), line.p2()), pen_, QBrush(), true});
  }
}

}  // namespace berth::desktop

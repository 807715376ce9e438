// SPDX-License-Identifier: GPL-3.0-or-later
// What a widget paints, as a list instead of pixels: a widget that shows nothing of its insides shows at
// least that.
#pragma once

#include <QBrush>
#include <QColor>
#include <QFont>
#include <QLine>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPen>
#include <QRectF>
#include <QString>
#include <QTransform>
#include <functional>
#include <vector>

class QWidget;

namespace berth::desktop {

class PaintRecorder : public QPaintDevice {
 public:
  /// Texts that the person wants to hear of; asked for each piece that is drawn.
  using Wanted = std::function<bool(const QString&)>;
  /// A piece of text as the painter hands it out: of one font, left to right.
  struct Text {
    QPointF at;  // left end of its base line
    QString text;
    qreal width;  // as it was drawn
    QFont font;
    QColor color;
  };
  /// A rectangle, or a line (without a brush), of one colour.
  struct Shape {
    QRectF rect;
    QPen pen;
    QBrush brush;
    bool is_line = false;
  };
  /// A device of the widget's size and resolution.
  PaintRecorder(const QWidget* widget, Wanted wanted);

  const std::vector<Text>& texts() const { return engine_.texts; }
  const std::vector<Shape>& shapes() const { return engine_.shapes; }
  QPaintEngine* paintEngine() const override { return &engine_; }

 protected:
  int metric(PaintDeviceMetric metric) const override;

 private:
  class Engine : public QPaintEngine {
   public:
    explicit Engine(Wanted wanted) : QPaintEngine(AllFeatures), wanted_(std::move(wanted)) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    Type type() const override { return User; }
    void updateState(const QPaintEngineState& state) override;
    void drawTextItem(const QPointF& at, const QTextItem& item) override;
    void drawRects(const QRect* rects, int count) override;
    void drawRects(const QRectF* rects, int count) override;
    /// In whole pixels; what decorates text comes in fractions.
    void drawLines(const QLine* lines, int count) override;
    void drawLines(const QLineF*, int) override {}
    void drawEllipse(const QRectF&) override {}
    void drawEllipse(const QRect&) override {}
    void drawPath(const QPainterPath&) override {}
    void drawPoints(const QPointF*, int) override {}
    void drawPoints(const QPoint*, int) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawPolygon(const QPoint*, int, PolygonDrawMode) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawTiledPixmap(const QRectF&, const QPixmap&, const QPointF&) override {}
    void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override {}

    std::vector<Text> texts;
    std::vector<Shape> shapes;

   private:
    const Wanted wanted_;
    QPen pen_;
    QBrush brush_;
    QTransform transform_;
  };

  const QWidget* widget_;
  mutable Engine engine_;
};

}  // namespace berth::desktop

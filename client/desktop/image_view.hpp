// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of the workspace to look at: as large as fits or as the person wants it, with its size told.
// Pictures come from anybody: they are decoded on a thread of the pool, within limits, and fetch nothing.
#pragma once

#include <QImage>
#include <QScrollArea>
#include <memory>

class QBuffer;
class QLabel;
class QMovie;

namespace berth::desktop {

/// What was made of a picture's bytes.
struct DecodedPicture {
  QImage image;        // of an SVG: as large as its view box says
  QByteArray format;   // "png"
  QByteArray svg;      // an SVG, without what it would fetch
  bool moves = false;  // more than one frame
  QString problem;     // for the person
};
DecodedPicture decode_picture(const QByteArray& bytes, const QString& name);
/// Made anew from an SVG for this size in pixels.
QImage render_svg(const QByteArray& svg, QSize size);
/// By its name; what Qt can't read here is none.
bool is_picture_name(const QString& name);

class ImageView : public QWidget {
  Q_OBJECT

 public:
  explicit ImageView(QWidget* parent = nullptr);
  ~ImageView() override;

  void setPicture(const QByteArray& bytes, const QString& name);
  void setProblem(const QString& problem);
  /// "640 × 480 · PNG · 12.4 kB".
  QString facts() const;
  double zoom() const;  // 1: a pixel of the picture is one of 1/96 inch
  void setZoom(double zoom);
  /// As large as there is room, but not larger than it is.
  void fit();

 Q_SIGNALS:
  void shown();
  void readAgainWanted();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  class Canvas;
  QWidget* makeStrip();
  void take(const DecodedPicture& picture);
  void arrange();
  void render();
  QSize roomy() const;

  QScrollArea* area_;
  Canvas* canvas_;
  QLabel* facts_;
  QLabel* zoom_label_;
  QLabel* problem_;
  QWidget* strip_;
  std::unique_ptr<QBuffer> moving_;
  std::unique_ptr<QMovie> movie_;
  QByteArray bytes_;
  QByteArray svg_;
  QString name_;
  QSize size_;
  double zoom_ = 1;
  bool fits_ = true;
  quint64 round_ = 0;  // an older picture that is decoded later is dropped
  QPoint grabbed_;
};

}  // namespace berth::desktop

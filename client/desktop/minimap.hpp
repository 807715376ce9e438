// SPDX-License-Identifier: GPL-3.0-or-later
// The text from afar, beside it: a row of small dots a line, with what is in view marked. A press or drag
// goes there.
#pragma once

#include <QImage>
#include <QTimer>
#include <QWidget>

namespace berth::desktop {

class CodeEditor;

class Minimap : public QWidget {
  Q_OBJECT

 public:
  /// `editor` stands beside it and outlives it.
  explicit Minimap(CodeEditor* editor, QWidget* parent = nullptr);
  /// It takes room only where there is enough of it.
  void fit(int room);
  QSize sizeHint() const override;
  /// Of what is in view, in its own pixels.
  QRect slider() const;
  /// As it is drawn now, if it is.
  const QImage& picture() const { return picture_; }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  static constexpr int row = 2;  // px a line

  long firstLine() const;  // that is drawn
  void draw();
  void goTo(int y);
  QColor markOf(long line) const;
  QColor problemOf(long line) const;

  CodeEditor* editor_;
  QImage picture_;
  QTimer due_;
  int room_ = 0;
  long drawn_from_ = -1;
  int grip_ = 0;  // where within the slider it is held
};

}  // namespace berth::desktop

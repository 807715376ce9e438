// SPDX-License-Identifier: GPL-3.0-or-later
// A file of any size to look at: the rows that fit, with a scroll bar over the whole file.
#pragma once

#include <QAbstractScrollArea>

#include "client/core/paged_text.hpp"

namespace berth::desktop {

class PagedView : public QAbstractScrollArea {
  Q_OBJECT

 public:
  /// Takes over the text.
  explicit PagedView(client::PagedText* text, QWidget* parent = nullptr);
  client::PagedText* text() { return text_; }
  /// "Read-only. 1.2 GB are too much to edit here; you are at 40 %."
  QString summary() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  int rowHeight() const;
  int rowCount() const;
  void refresh();
  void dragged(int value);

  static constexpr int steps = 100'000;  // of the scroll bar
  client::PagedText* text_;
  QStringList rows_;
  int part_of_row_ = 0;  // of the wheel's way, in eighths of a degree
};

}  // namespace berth::desktop

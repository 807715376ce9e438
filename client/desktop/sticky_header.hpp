// SPDX-License-Identifier: GPL-3.0-or-later
// The lines that the first shown line lies within (its function, its class), kept in view above it. They are
// found by indentation, so in every language. A click goes there.
#pragma once

#include <QTimer>
#include <QWidget>
#include <vector>

namespace berth::desktop {

class CodeEditor;

class StickyHeader : public QWidget {
  Q_OBJECT

 public:
  static constexpr int most_headers = 4;

  /// Lives as long as the editor.
  explicit StickyHeader(CodeEditor* editor);
  /// Lines (from 0), the outermost first.
  const std::vector<long>& headers() const { return headers_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void refresh();
  std::vector<long> enclosing(long line) const;
  int rowHeight() const;

  CodeEditor* editor_;
  QTimer due_;
  std::vector<long> headers_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The common shape of a dock: a small title with tool buttons above a body.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace berth::desktop {

class Panel : public QWidget {
  Q_OBJECT

 public:
  explicit Panel(const QString& title, QWidget* parent = nullptr);
  /// A button at the right of the title.
  QToolButton* addTool(const QString& icon, const QString& tip);
  QVBoxLayout* body() { return body_; }

 private:
  QHBoxLayout* tools_;
  QVBoxLayout* body_;
};

}  // namespace berth::desktop

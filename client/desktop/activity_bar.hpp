// SPDX-License-Identifier: GPL-3.0-or-later
// The bar at the left edge of a workspace's window: a button for each panel of the sides.
#pragma once

#include <QToolBar>

namespace berth::desktop {

class PanelDock;

class ActivityBar : public QToolBar {
  Q_OBJECT

 public:
  explicit ActivityBar(QWidget* parent = nullptr);
  /// `action` is the command that shows it; its keys stand in the button's tip.
  void add(PanelDock* dock, QAction* action);
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/activity_bar.hpp"

#include <QAction>
#include <QToolButton>

#include "client/desktop/panel_dock.hpp"

namespace berth::desktop {

ActivityBar::ActivityBar(QWidget* parent) : QToolBar(parent) {
  setObjectName(QStringLiteral("activityBar"));
  setWindowTitle(tr("Panels"));
  setAccessibleName(tr("Panels"));
  setMovable(false);
  setFloatable(false);
  setContextMenuPolicy(Qt::PreventContextMenu);
  setOrientation(Qt::Vertical);
  setIconSize({22, 22});
}

void ActivityBar::add(PanelDock* dock, QAction* action) {
  auto* button = new QToolButton;
  button->setObjectName(QStringLiteral("show.") + dock->id());
  button->setIcon(dock->icon());
  button->setCheckable(true);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(dock->windowTitle());
  const auto refresh_tip = [button, dock, action] {
    const auto keys = action ? action->shortcut().toString(QKeySequence::NativeText) : QString();
    button->setToolTip(keys.isEmpty() ? dock->windowTitle()
                                      : QStringLiteral("%1 (%2)").arg(dock->windowTitle(), keys));
  };
  refresh_tip();
  if (action) connect(action, &QAction::changed, button, refresh_tip);
  connect(button, &QToolButton::clicked, dock, [button, dock] {
    const bool shows = dock->isVisible() && !dock->visibleRegion().isEmpty();
    shows ? dock->hide() : dock->present(true);
    button->setChecked(dock->isVisible());
  });
  connect(dock, &QDockWidget::visibilityChanged, button,
          [button, dock] { button->setChecked(dock->isVisible()); });
  addWidget(button);
}

}  // namespace berth::desktop

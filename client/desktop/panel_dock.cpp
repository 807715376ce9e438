// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/panel_dock.hpp"

#include <QMainWindow>
#include <QToolButton>
#include <algorithm>

#include "client/desktop/panel.hpp"

namespace berth::desktop {

PanelDock::PanelDock(const QString& id, const QString& title, const QIcon& icon, QWidget* panel,
                     Qt::DockWidgetArea usual, QMainWindow* window)
    : QDockWidget(title, window),
      id_(id),
      icon_(icon),
      usual_(usual),
      number_(window->findChildren<PanelDock*>(Qt::FindDirectChildrenOnly).size()) {
  setObjectName(QStringLiteral("panel.") + id);
  setWindowIcon(icon);
  setFeatures(DockWidgetClosable | DockWidgetMovable | DockWidgetFloatable);
  auto* with_header = qobject_cast<Panel*>(panel);
  header_ = with_header ? with_header->takeHeader() : new PanelHeader(title);
  auto* close = header_->addTool(QStringLiteral("window-close"), tr("Hide %1").arg(title));
  close->setObjectName(QStringLiteral("hidePanel"));
  close->setIconSize({12, 12});
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
  setTitleBarWidget(header_);
  setWidget(panel);
  if (panel->accessibleName().isEmpty()) panel->setAccessibleName(title);
  connect(header_, &PanelHeader::chosen, this, [this](const QString& wanted) {
    const auto others = siblings();
    for (auto* other : others)
      if (other->id() == wanted) return other->present(true);
    refreshTitle();
  });
  connect(this, &QDockWidget::dockLocationChanged, this, &PanelDock::settle);
  connect(this, &QDockWidget::topLevelChanged, this, &PanelDock::settle);
  connect(this, &QDockWidget::visibilityChanged, this, [this](bool visible) {
    if (visible) refreshTitle();
  });
}

QList<PanelDock*> PanelDock::siblings() const {
  QList<PanelDock*> out;
  const auto* main = qobject_cast<QMainWindow*>(parentWidget());
  if (!main || isFloating()) return out;
  // Qt tells of those that show; the hidden ones of this edge come into the same place when they are shown.
  const auto beside = main->tabifiedDockWidgets(const_cast<PanelDock*>(this));
  const auto docks = main->findChildren<PanelDock*>(Qt::FindDirectChildrenOnly);
  const auto area = main->dockWidgetArea(const_cast<PanelDock*>(this));
  for (auto* dock : docks)
    if (dock != this && (beside.contains(dock) ||
                         (dock->isHidden() && !dock->isFloating() && main->dockWidgetArea(dock) == area)))
      out.append(dock);
  return out;
}

void PanelDock::present(bool keys) {
  show();
  raise();
  // Shown first: a place without any panel would lose its size.
  const auto others = siblings();
  for (auto* other : others) other->hide();
  refreshTitle();
  if (!keys) return;
  auto* target = widget();
  if (target->focusPolicy() == Qt::NoFocus && !target->focusProxy())
    for (auto* child : target->findChildren<QWidget*>())
      if ((child->focusPolicy() & Qt::TabFocus) && child->isVisibleTo(target) && child->isEnabled()) {
        target = child;
        break;
      }
  target->setFocus(Qt::ShortcutFocusReason);
  if (isFloating()) activateWindow();
}

void PanelDock::setCount(int count) {
  if (std::exchange(count_, count) == count) return;
  refreshTitle();
  const auto others = siblings();
  for (auto* other : others) other->refreshTitle();
  Q_EMIT countChanged();
}

void PanelDock::refreshTitle() {
  const auto* main = qobject_cast<QMainWindow*>(parentWidget());
  QList<PanelHeader::Choice> choices;
  // At the sides there is no room for all; the bar at the left leads to them.
  const auto area = main && !isFloating() ? main->dockWidgetArea(this) : Qt::NoDockWidgetArea;
  const bool wide = area == Qt::BottomDockWidgetArea || area == Qt::TopDockWidgetArea;
  QList<PanelDock*> all = wide ? siblings() : QList<PanelDock*>();
  all.append(const_cast<PanelDock*>(this));
  // In one order wherever one looks from: as they were made.
  auto made = main ? main->findChildren<PanelDock*>(Qt::FindDirectChildrenOnly) : all;
  std::ranges::sort(made, {}, &PanelDock::number_);
  for (auto* dock : made)
    if (all.contains(dock)) choices.append({dock->id(), dock->windowTitle(), dock->count(), dock == this});
  if (choices.isEmpty()) choices.append({id_, windowTitle(), count_, true});
  header_->setChoices(choices);
}

/// Dropped onto another one, it lies before that.
void PanelDock::settle() {
  if (isVisible() && !isFloating()) {
    const auto others = siblings();
    for (auto* other : others)
      if (other->isVisible() && !visibleRegion().isEmpty()) other->hide();
  }
  refreshTitle();
}

}  // namespace berth::desktop

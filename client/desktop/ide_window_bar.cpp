// SPDX-License-Identifier: GPL-3.0-or-later
// The bar on top of a workspace's window.
#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

constexpr int narrow_ide = 760;  // px; below it buttons have no text
constexpr int wide_ide = 1'060;  // px; from it on the menus have room

}  // namespace

void IdeWindow::makeToolBar() {
  makeMenus();
  auto* bar = addToolBar(tr("Main"));
  tool_bar_ = bar;
  bar->setObjectName(QStringLiteral("main"));
  bar->setMovable(false);
  bar->setFloatable(false);
  bar->setContextMenuPolicy(Qt::PreventContextMenu);
  bar->setIconSize({18, 18});
  auto* home = new QToolButton;
  home->setIcon(Theme::logo());
  home->setIconSize({22, 22});
  home->setToolTip(tr("All workspaces"));
  home->setAccessibleName(tr("All workspaces"));
  connect(home, &QToolButton::clicked, this, &IdeWindow::workspacesWanted);
  bar->addWidget(home);
  menus_action_ = bar->addWidget(menu_bar_);
  name_ = new QLabel;
  name_->setTextFormat(Qt::PlainText);
  name_->setFont(Theme::instance()->uiFont(1.05, QFont::DemiBold));
  name_->setContentsMargins(6, 0, 10, 0);
  bar->addWidget(name_);
  auto* space = new QWidget;
  space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(space);
  bar->addWidget(people_);
  share_ = new QToolButton;
  share_->setObjectName(QStringLiteral("share"));
  share_->setIcon(Theme::icon(QStringLiteral("list-add-user")));
  share_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  connect(share_, &QToolButton::clicked, this, &IdeWindow::showSharing);
  bar->addWidget(share_);
  bar->addWidget(run_->runButton());
  bar->addWidget(run_->previewButton());
  bar->addSeparator();
  const auto tool = [&](const char* icon, const char* command) {
    // Not the command's own action: in a bar it would show its text.
    auto* action = keys_->action(QLatin1String(command));
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("tool.") + QLatin1String(command));
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setAccessibleName(action->text());
    const auto refresh = [button, action] {
      const auto keys = action->shortcut().toString(QKeySequence::NativeText);
      button->setToolTip(keys.isEmpty() ? action->text()
                                        : QStringLiteral("%1 (%2)").arg(action->text(), keys));
    };
    refresh();
    connect(action, &QAction::changed, button, refresh);
    connect(button, &QToolButton::clicked, action, &QAction::trigger);
    bar->addWidget(button);
  };
  tool("sidebar-expand-left", "toggle_side_bar");
  tool("dialog-scripts", "toggle_panel");
  tool("view-history", "show_history");
  more_ = new QToolButton;
  more_->setObjectName(QStringLiteral("more"));
  more_->setIcon(Theme::icon(QStringLiteral("application-menu")));
  more_->setToolTip(tr("Menu"));
  more_->setAccessibleName(tr("Menu"));
  more_->setPopupMode(QToolButton::InstantPopup);
  auto* all = new QMenu(more_);
  all->addActions(menu_bar_->actions());
  more_->setMenu(all);
  more_action_ = bar->addWidget(more_);
  fitBars();
}

void IdeWindow::fitBars() {
  if (!tool_bar_) return;
  // So that all of the bar's buttons have room beside those for people.
  for (auto* button : {run_->previewButton(), share_})
    button->setToolButtonStyle(width() < narrow_ide ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
  // A bar without room for the menus has a button for them.
  const bool wide = width() >= wide_ide;
  menus_action_->setVisible(wide);
  more_action_->setVisible(!wide);
}

void IdeWindow::refreshRole() {
  rename_->setEnabled(workspace_->isOwner());
  stop_->setEnabled(workspace_->mayEdit());
  // In the menu, and as "refusal" in the list of commands.
  const auto explain = [](QAction* action, const QString& refusal) {
    action->setProperty("refusal", action->isEnabled() ? QString() : refusal);
    action->setToolTip(action->isEnabled() ? QString() : refusal);
  };
  explain(rename_, tr("Only its owner renames a workspace."));
  explain(stop_, tr("You may look at this workspace, not stop it."));
  const bool owner = workspace_->isOwner();
  share_->setText(owner ? tr("Share") : tr("People"));
  share_->setToolTip(owner ? tr("Share this workspace") : tr("Who is in this workspace"));
  share_->setAccessibleName(share_->toolTip());
  if (history_) history_->setMayChange(workspace_->mayEdit());
}

}  // namespace berth::desktop

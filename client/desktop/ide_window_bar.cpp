// SPDX-License-Identifier: GPL-3.0-or-later
// The bar on top of a workspace's window and its menu.
#include <QAction>
#include <QDockWidget>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

void IdeWindow::makeToolBar() {
  auto* bar = addToolBar(tr("Main"));
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
  const auto toggle = [&](QDockWidget* dock, const char* icon, const QString& tip) {
    auto* action = dock->toggleViewAction();
    action->setIcon(Theme::icon(QLatin1String(icon)));
    action->setToolTip(tip);
    bar->addAction(action);
  };
  toggle(files_dock_, "sidebar-expand-left", tr("Files (Ctrl+B)"));
  toggle(terminals_dock_, "dialog-scripts", tr("Terminals (Ctrl+`)"));
  toggle(ports_dock_, "network-connect", tr("Ports"));
  auto* history = bar->addAction(Theme::icon(QStringLiteral("view-history")), tr("History"), this,
                                 [this] { showHistory({}); });
  history->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_H);
  history->setToolTip(tr("History (Ctrl+Shift+H)"));
  bar->addSeparator();
  bar->addWidget(makeMenu());
}

QToolButton* IdeWindow::makeMenu() {
  auto* more = new QToolButton;
  more->setIcon(Theme::icon(QStringLiteral("application-menu")));
  more->setToolTip(tr("More"));
  more->setAccessibleName(tr("More"));
  more->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(more);
  menu->addAction(Theme::icon(QStringLiteral("list-add-user")), tr("Share…"), this, &IdeWindow::showSharing);
  rename_ =
      menu->addAction(Theme::icon(QStringLiteral("edit-rename")), tr("Rename Workspace…"), this, [this] {
        bool given = false;
        const auto name = QInputDialog::getText(this, tr("Rename Workspace"), tr("Name"), QLineEdit::Normal,
                                                name_->text(), &given)
                              .trimmed();
        if (given && !name.isEmpty()) workspace_->rename(name);
      });
  menu->addAction(Theme::icon(QStringLiteral("download")), tr("Download All…"), this,
                  [this] { files_->downloadArchive({}); });
  stop_ = menu->addAction(Theme::icon(QStringLiteral("media-playback-stop")), tr("Stop Workspace"), this,
                          [this] { workspace_->stop(); });
  rename_->setObjectName(QStringLiteral("renameWorkspace"));
  stop_->setObjectName(QStringLiteral("stopWorkspace"));
  menu->addSeparator();
  auto* theme = menu->addMenu(Theme::icon(QStringLiteral("contrast")), tr("Theme"));
  for (const auto& [choice, text] :
       {std::pair(ThemeChoice::system, tr("Like the System")), std::pair(ThemeChoice::light, tr("Light")),
        std::pair(ThemeChoice::dark, tr("Dark"))}) {
    auto* action = theme->addAction(text, this, [choice] {
      Theme::instance()->choose(choice);
      RoamingSettings::choose(QStringLiteral("theme"), static_cast<int>(choice));
    });
    action->setCheckable(true);
    connect(theme, &QMenu::aboutToShow, action,
            [action, choice] { action->setChecked(Theme::instance()->choice() == choice); });
  }
  auto* editor = menu->addMenu(Theme::icon(QStringLiteral("document-edit")), tr("Editor"));
  editor->setObjectName(QStringLiteral("editorMenu"));
  EditorLook::fillMenu(editor);
  editor->addSeparator();
  editor->addAction(Theme::icon(QStringLiteral("input-keyboard")), tr("Keys…"), this, [this] {
    auto* keys = new KeysDialog(this);
    keys->setAttribute(Qt::WA_DeleteOnClose);
    keys->open();
  });
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("go-home")), tr("All Workspaces"), this,
                  &IdeWindow::workspacesWanted);
  menu->addAction(Theme::icon(QStringLiteral("window-close")), tr("Close Window"), this, &QWidget::close);
  menu->addAction(Theme::icon(QStringLiteral("application-exit")), tr("Quit"), this, &IdeWindow::quitWanted)
      ->setShortcut(QKeySequence::Quit);
  more->setMenu(menu);
  return more;
}

void IdeWindow::refreshRole() {
  rename_->setEnabled(workspace_->isOwner());
  stop_->setEnabled(workspace_->mayEdit());
  const bool owner = workspace_->isOwner();
  share_->setText(owner ? tr("Share") : tr("People"));
  share_->setToolTip(owner ? tr("Share this workspace") : tr("Who is in this workspace"));
  share_->setAccessibleName(share_->toolTip());
  if (history_) history_->setMayChange(workspace_->mayEdit());
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_window.hpp"

#include <QCloseEvent>
#include <QStatusBar>

#include "client/core/base_name.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"

namespace berth::desktop {

EditorWindow::EditorWindow(EditorArea* area, EditorGroups* groups) : area_(area), groups_(groups) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("editorWindow"));
  setMinimumSize(320, 200);
  setCentralWidget(groups);
  resize(900, 680);
  // Why a command can't be done; nothing else is told here.
  auto* told = statusBar();
  told->setSizeGripEnabled(false);
  told->hide();
  connect(told, &QStatusBar::messageChanged, told,
          [told](const QString& text) { told->setVisible(!text.isEmpty()); });
}

void EditorWindow::refreshTitle() {
  const auto groups = groups_->all();
  EditorTab* shown = nullptr;
  for (auto* group : groups)
    if (!shown || group->isActive()) shown = group->current();
  const auto name = area_->workspaceName();
  setWindowTitle(
      shown ? QStringLiteral("%1 – %2 – Berth").arg(client::base_name(shown->document()->path()), name)
            : QStringLiteral("%1 – Berth").arg(name));
}

void EditorWindow::closeEvent(QCloseEvent* event) {
  const auto groups = groups_->all();
  for (auto* group : groups) {
    const auto tabs = group->tabs();
    for (auto* tab : tabs)
      if (!area_->closeTab(tab)) return event->ignore();
  }
  event->accept();
}

}  // namespace berth::desktop

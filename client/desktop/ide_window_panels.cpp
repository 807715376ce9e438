// SPDX-License-Identifier: GPL-3.0-or-later
// The docks of a workspace's window.
#include <QToolBar>

#include "client/core/problems.hpp"
#include "client/desktop/activity_bar.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/history_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/output_panel.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/people_panel.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/problem_marks.hpp"
#include "client/desktop/problems_panel.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {

void IdeWindow::makePanels() {
  addPanel(QStringLiteral("files"), tr("Files"), QStringLiteral("folder"), files_, Qt::LeftDockWidgetArea);
  makeSearch();
  // The versions of the file in front.
  auto* history = new HistoryPanel(workspace_.get());
  addPanel(QStringLiteral("history"), tr("History"), QStringLiteral("view-history"), history,
           Qt::LeftDockWidgetArea)
      ->hide();
  connect(history, &HistoryPanel::historyWanted, this, &IdeWindow::showHistory);
  connect(history, &HistoryPanel::workspaceMade, this, &IdeWindow::workspaceMade);
  connect(history, &HistoryPanel::openWanted, editors_,
          [this](const QString& path) { editors_->openFile(path); });
  connect(editors_, &EditorArea::currentChanged, history, [this, history] {
    history->setFile(editors_->current() ? editors_->current()->document()->path() : QString());
  });
  people_panel_ = new PeoplePanel(workspace_.get(), people_);
  addPanel(QStringLiteral("people"), tr("People"), QStringLiteral("system-users"), people_panel_,
           Qt::LeftDockWidgetArea);
  connect(people_panel_, &PeoplePanel::followWanted, presence_, &PresenceView::follow);
  connect(people_panel_, &PeoplePanel::jumpWanted, presence_, &PresenceView::jump);
  connect(people_panel_, &PeoplePanel::shareWanted, this, &IdeWindow::showSharing);
  addPanel(QStringLiteral("terminals"), tr("Terminals"), QStringLiteral("dialog-scripts"), terminals_,
           Qt::BottomDockWidgetArea);
  problems_panel_ = new ProblemsPanel(problems_);
  problems_panel_->setPlaces(
      [this]() -> ProblemsPanel::Place {
        auto* tab = editors_->current();
        if (!tab || tab->isPaged() || !tab->document()->isLoaded()) return {};
        return {tab->document()->path(), tab->editor()->cursorLine(), tab->editor()->cursorColumn()};
      },
      [this](const client::Problem& problem) {
        for (auto* tab : editors_->tabs())
          if (tab->document()->path() == problem.path)
            if (auto* marks = tab->editor()->findChild<ProblemMarks*>()) return marks->lineNow(problem);
        return problem.line;
      });
  addPanel(QStringLiteral("problems"), tr("Problems"), QStringLiteral("dialog-warning"), problems_panel_,
           Qt::BottomDockWidgetArea);
  connect(problems_panel_, &ProblemsPanel::openWanted, editors_,
          [this](const QString& path, int line, int column) {
            editors_->openFile(path, line, column);
            editors_->focusText();
          });
  output_panel_ = new OutputPanel(log_);
  addPanel(QStringLiteral("output"), tr("Output"), QStringLiteral("view-list-text"), output_panel_,
           Qt::BottomDockWidgetArea);
  addPanel(QStringLiteral("ports"), tr("Ports"), QStringLiteral("network-connect"), ports_,
           Qt::BottomDockWidgetArea);
  resetLayout();
}

QDockWidget* IdeWindow::addPanel(const QString& id, const QString& title, const QString& icon, QWidget* panel,
                                 Qt::DockWidgetArea area) {
  auto* dock = new PanelDock(id, title, Theme::icon(icon), panel, area, this);
  addDockWidget(area, dock);
  panels_.append(dock);
  connect(dock, &QDockWidget::visibilityChanged, this, &IdeWindow::layoutChanged);
  connect(dock, &QDockWidget::dockLocationChanged, this, &IdeWindow::layoutChanged);
  connect(dock, &QDockWidget::topLevelChanged, this, &IdeWindow::layoutChanged);
  // Whoever moves or shows one changes what stands in the titles of others: told once all has moved.
  titles_due_.setSingleShot(true);
  for (const auto moved : {&QDockWidget::visibilityChanged, &QDockWidget::topLevelChanged})
    connect(dock, moved, &titles_due_, [this] { titles_due_.start(0); });
  connect(dock, &QDockWidget::dockLocationChanged, &titles_due_, [this] { titles_due_.start(0); });
  connect(&titles_due_, &QTimer::timeout, dock, &PanelDock::refreshTitle);
  // Some have their command under the name that the web has for it; the files' is with the tree.
  const auto command =
      id == QLatin1String("people") || id == QLatin1String("ports") || id == QLatin1String("search")
          ? QStringLiteral("show_") + id
          : QStringLiteral("panel.") + id;
  if (id == QLatin1String("files") || panelCommand(id) || keys_->action(command)) return dock;
  KeyBindings::instance()->add(command, tr("Go to %1").arg(title), {});
  keys_->add(command, [this, id] { showPanel(id); });
  return dock;
}

/// The history has a command of the web's name, too, which opens its window.
QAction* IdeWindow::panelCommand(const QString& id) const {
  if (auto* action = keys_->action(QStringLiteral("panel.") + id)) return action;
  return keys_->action(QStringLiteral("show_") + id);
}

QDockWidget* IdeWindow::panel(const QString& id) const {
  for (auto* dock : panels_)
    if (dock->id() == id) return dock;
  return nullptr;
}

void IdeWindow::showPanel(const QString& id, bool keys) {
  for (auto* dock : panels_)
    if (dock->id() == id) dock->present(keys);
}

QList<PanelDock*> IdeWindow::panelsIn(Qt::DockWidgetArea area) const {
  QList<PanelDock*> out;
  for (auto* dock : panels_)
    if (!dock->isFloating() && dockWidgetArea(dock) == area) out.append(dock);
  return out;
}

PanelDock* IdeWindow::shownIn(Qt::DockWidgetArea area) const {
  for (auto* dock : panelsIn(area))
    if (!dock->isHidden()) return dock;
  return nullptr;
}

void IdeWindow::toggleArea(Qt::DockWidgetArea area, const QString& usual) {
  if (auto* shown = shownIn(area)) {
    const auto* focus = focusWidget();
    bool had_keys = false;
    shown_before_[area] = shown->id();
    for (auto* dock : panelsIn(area)) {
      had_keys = had_keys || (focus && dock->isAncestorOf(focus));
      dock->hide();
    }
    if (had_keys) editors_->focusText();
    return;
  }
  showPanel(shown_before_.value(area, usual), false);
}

void IdeWindow::resetLayout() {
  laying_out_ = true;
  setUpdatesEnabled(false);
  QHash<Qt::DockWidgetArea, PanelDock*> first;
  for (auto* dock : panels_) {
    dock->setFloating(false);
    removeDockWidget(dock);
    addDockWidget(dock->usualArea(), dock);
    if (auto* before = first.value(dock->usualArea()))
      tabifyDockWidget(before, dock);
    else
      first.insert(dock->usualArea(), dock);
  }
  for (auto* dock : panels_) {
    const bool shown = dock->id() == QLatin1String("files") || dock->id() == QLatin1String("terminals");
    dock->setVisible(shown);
    dock->refreshTitle();
  }
  shown_before_.clear();
  resizeDocks({panel(QStringLiteral("files"))}, {260}, Qt::Horizontal);
  resizeDocks({panel(QStringLiteral("terminals"))}, {240}, Qt::Vertical);
  for (auto* bar :
       {static_cast<QWidget*>(tool_bar_), static_cast<QWidget*>(activity_), static_cast<QWidget*>(status_)})
    if (bar) bar->show();
  before_zen_.clear();
  setUpdatesEnabled(true);
  laying_out_ = false;
  Q_EMIT layoutChanged();
}

void IdeWindow::makeActivityBar() {
  activity_ = new ActivityBar(this);
  for (auto* dock : panels_) {
    if (dock->usualArea() != Qt::LeftDockWidgetArea && dock->usualArea() != Qt::RightDockWidgetArea) continue;
    activity_->add(dock, panelCommand(dock->id()));
  }
  addToolBar(Qt::LeftToolBarArea, activity_);
}

void IdeWindow::showProblems() {
  for (auto* tab : editors_->tabs())
    if (auto* marks = tab->editor()->findChild<ProblemMarks*>())
      marks->set(problems_->of(tab->document()->path()));
  for (auto* dock : panels_)
    if (dock->id() == QLatin1String("problems")) dock->setCount(static_cast<int>(problems_->all().size()));
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/ide_window.hpp"

#include <QCloseEvent>
#include <QDeadlineTimer>
#include <QDockWidget>
#include <QLabel>
#include <QSettings>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/quick_open.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

constexpr int narrow_ide = 760;    // px
constexpr int last_words = 1'000;  // ms

}  // namespace

IdeWindow::IdeWindow(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                     QWidget* parent)
    : QMainWindow(parent), workspace_(std::make_unique<client::Workspace>(server, facts)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setDockNestingEnabled(true);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setMinimumSize(480, 360);
  editors_ = new EditorArea(workspace_.get());
  files_ = new FilePanel(workspace_.get());
  terminals_ = new TerminalPanel(workspace_.get());
  ports_ = new PortsPanel(workspace_.get());
  connection_bar_ = new ConnectionBar(workspace_.get());
  run_ = new RunControl(workspace_.get(), terminals_, this);
  status_ = new StatusStrip(workspace_.get(), editors_);
  people_ = new PeopleStrip(workspace_.get());
  presence_ = new PresenceView(workspace_.get(), editors_, terminals_, people_);
  follow_bar_ = new FollowBar(workspace_->presence(), people_);

  auto* center = new QWidget;
  auto* column = new QVBoxLayout(center);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(connection_bar_);
  column->addWidget(follow_bar_);
  column->addWidget(editors_, 1);
  setCentralWidget(center);
  files_dock_ = addPanel(tr("Files"), files_, Qt::LeftDockWidgetArea);
  ports_dock_ = addPanel(tr("Ports"), ports_, Qt::LeftDockWidgetArea);
  terminals_dock_ = addPanel(tr("Terminals"), terminals_, Qt::BottomDockWidgetArea);
  setStatusBar(status_);
  makeToolBar();
  makeShortcuts();

  connect(files_, &FilePanel::openWanted, editors_,
          [this](const QString& path) { editors_->openFile(path); });
  connect(editors_, &EditorArea::downloadWanted, files_, &FilePanel::download);
  connect(editors_, &EditorArea::historyWanted, this, &IdeWindow::showHistory);
  connect(files_, &FilePanel::historyWanted, this, &IdeWindow::showHistory);
  connect(status_, &StatusStrip::historyWanted, this, [this] { showHistory({}); });
  connect(editors_, &EditorArea::newFileWanted, files_, &FilePanel::newFile);
  connect(editors_, &EditorArea::openByNameWanted, this, &IdeWindow::quickOpen);
  connect(editors_, &EditorArea::newTerminalWanted, this, [this] {
    terminals_dock_->show();
    terminals_->open();
  });
  connect(files_, &FilePanel::findWanted, this, &IdeWindow::quickOpen);
  connect(files_, &FilePanel::terminalWanted, this, [this](const QString& folder) {
    terminals_dock_->show();
    terminals_->openIn(folder);
  });
  connect(editors_, &EditorArea::currentChanged, files_, [this] {
    if (auto* tab = editors_->current()) files_->reveal(tab->document()->path());
  });
  connect(editors_, &EditorArea::currentChanged, this, &IdeWindow::refreshTitle);
  connect(terminals_, &TerminalPanel::hideWanted, terminals_dock_, &QWidget::hide);
  connect(terminals_, &TerminalPanel::showWanted, terminals_dock_, &QWidget::show);
  connect(terminals_, &TerminalPanel::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(ports_, &PortsPanel::previewWanted, run_, &RunControl::openPreview);
  connect(terminals_, &TerminalPanel::previewWanted, run_, &RunControl::openPreview);
  connect(ports_, &PortsPanel::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(ports_, &PortsPanel::told, this, [this](const QString& text) {
    connection_bar_->noticeBar()->show(MessageBar::Kind::good, text, {}, true);
  });
  connect(run_, &RunControl::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(run_->runButton(), &QToolButton::clicked, terminals_dock_, [this] {
    if (!run_->isRunning()) terminals_dock_->show();  // what it says is to be seen
  });
  connect(run_, &RunControl::serverReady, this, [this](quint16 port) {
    auto* bar = connection_bar_->noticeBar();
    bar->show(MessageBar::Kind::good, tr("A server listens on port %1.").arg(port),
              {{tr("Open Preview"),
                [this, port, bar] {
                  bar->hide();
                  run_->openPreview(port);
                }}},
              true);
  });
  connect(workspace_.get(), &client::Workspace::factsChanged, this, &IdeWindow::refreshTitle);
  connect(workspace_.get(), &client::Workspace::factsChanged, this, &IdeWindow::refreshRole);
  connect(workspace_->connection(), &client::WorkspaceConnection::established, this, &IdeWindow::refreshRole);
  connect(connection_bar_, &ConnectionBar::closeWanted, this, &QWidget::close);
  connect(workspace_.get(), &client::Workspace::removed, this, &QWidget::close);
  connect(workspace_->connection(), &client::WorkspaceConnection::established, this,
          &IdeWindow::openFirstFiles);
  connect(workspace_->connection(), &client::WorkspaceConnection::stateChanged, this, [this] {
    // One that is gone has nothing to tell but that.
    if (workspace_->connection()->state() == client::LinkState::ended && !workspace_->isGone())
      workspace_->refresh();
  });
  connect(editors_, &EditorArea::closedUnsent, this, [this](const QString& path) {
    connection_bar_->noticeBar()->show(
        MessageBar::Kind::info,
        tr("The last changes to %1 are kept on this device; they are sent once the workspace is reached.")
            .arg(client::base_name(path)),
        {}, true);
  });
  refreshTitle();
  refreshRole();
  restorePlace();
  workspace_->documents()->findUnsent();
  workspace_->open();
}

IdeWindow::~IdeWindow() {
  // The views hold documents and terminals of the workspace: they go first.
  delete history_;
  delete sharing_;
  delete presence_;
  delete takeCentralWidget();
  delete files_dock_;
  delete terminals_dock_;
  delete ports_dock_;
  delete status_;
  delete people_;
}

QDockWidget* IdeWindow::addPanel(const QString& name, QWidget* panel, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(name, this);
  dock->setObjectName(name);
  dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
  dock->setTitleBarWidget(new QWidget);  // the panels have their own titles
  dock->setWidget(panel);
  addDockWidget(area, dock);
  return dock;
}

ShareDialog* IdeWindow::showSharing() {
  if (!sharing_) {
    sharing_ = new ShareDialog(workspace_->server(), workspace_->facts(), this);
    sharing_->setAttribute(Qt::WA_DeleteOnClose);
    connect(sharing_, &ShareDialog::changed, workspace_.get(), &client::Workspace::refresh);
    // Somebody who was taken out is told by the bar, and keeps what was typed before his eyes.
    connect(sharing_, &ShareDialog::left, this, [this](bool wished) {
      if (wished) close();
    });
  }
  sharing_->open();
  return sharing_;
}

HistoryWindow* IdeWindow::showHistory(const QString& path) {
  if (!history_) {
    history_ = new HistoryWindow(workspace_->server(), workspace_->facts(), workspace_->transfers(), this);
    connect(history_, &HistoryWindow::workspaceMade, this, &IdeWindow::workspaceMade);
  }
  history_->setFacts(workspace_->facts());
  history_->setMayChange(workspace_->mayEdit());
  history_->show();
  history_->raise();
  history_->activateWindow();
  history_->showPath(path);
  return history_;
}

void IdeWindow::quickOpen() {
  auto* choice = new QuickOpen(workspace_->index(), editors_->recentPaths(), this);
  connect(choice, &QuickOpen::chosen, editors_, [this](const QString& path) { editors_->openFile(path); });
}

void IdeWindow::goToSymbol(const QString& typed) {
  if (auto* tab = editors_->current(); tab && !tab->isPaged()) new SymbolPopup(tab->editor(), typed, this);
}

/// Shows the terminals and gives them the keys; where they have them already, hides them and gives them to
/// the text.
void IdeWindow::toggleTerminals() {
  const auto* focus = focusWidget();
  if (terminals_dock_->isVisible() && focus && terminals_->isAncestorOf(focus)) {
    terminals_dock_->hide();
    editors_->focusText();
    return;
  }
  terminals_dock_->show();
  if (auto* view = terminals_->current()) view->setFocus();
}

void IdeWindow::makeShortcuts() {
  auto* keys = new WindowKeys(this);
  makeEditorShortcuts(keys);
  keys->add("quick_open", [this] { quickOpen(); });
  // Not the button's own shortcut: a button forgets that with each change of its text.
  keys->add("run", [this] { run_->runButton()->click(); });
  keys->add("files.new", [this] { files_->newFile(); });
  keys->add("toggle_side_bar", [this] { files_dock_->setVisible(!files_dock_->isVisible()); });
  keys->add("show_files", [this] {
    files_dock_->show();
    files_->tree()->setFocus();
  });
  keys->add("focus_group_1", [this] { editors_->focusText(); });
  keys->add("toggle_panel", [this] { terminals_dock_->setVisible(!terminals_dock_->isVisible()); });
  keys->add("toggle_terminal", [this] { toggleTerminals(); });
  keys->add("new_terminal", [this] {
    terminals_dock_->show();
    terminals_->open();
  });
}

void IdeWindow::makeEditorShortcuts(WindowKeys* keys) {
  keys->add("next_tab", [this] { editors_->step(1); });
  keys->add("previous_tab", [this] { editors_->step(-1); });
  keys->add("search.find", [this] {
    if (auto* tab = editors_->current()) tab->findBar()->open(false);
  });
  keys->add("search.replace", [this] {
    if (auto* tab = editors_->current()) tab->findBar()->open(true);
  });
  keys->add("search.next", [this] {
    if (auto* tab = editors_->current()) tab->findBar()->findNext(true);
  });
  keys->add("close_tab", [this] {
    if (auto* tab = editors_->current()) editors_->closeTab(tab);
  });
  keys->add("go_to_line", [this] { goToSymbol(QStringLiteral(":")); });
  keys->add("symbols.go", [this] { goToSymbol({}); });
  keys->add("enlarge_font", [] { EditorChoices::instance()->enlarge("editor/font_size", 1, 40); });
  keys->add("shrink_font", [] { EditorChoices::instance()->enlarge("editor/font_size", -1, 40); });
  keys->add("font.usual",
            [] { EditorChoices::instance()->choose("editor/font_size", Theme::usual_code_size); });
}

QString IdeWindow::settingsKey(const QString& name) const {
  return QStringLiteral("workspaces/%1/%2").arg(workspace_->id(), name);
}

void IdeWindow::restorePlace() {
  QSettings settings;
  resize(1280, 820);
  resizeDocks({files_dock_}, {250}, Qt::Horizontal);
  resizeDocks({files_dock_, ports_dock_}, {520, 150}, Qt::Vertical);
  resizeDocks({terminals_dock_}, {240}, Qt::Vertical);
  // A window never seen before takes the shape of the last one.
  for (const auto& key : {settingsKey(QStringLiteral("geometry")), QStringLiteral("ide/geometry")})
    if (restoreGeometry(settings.value(key).toByteArray())) break;
  for (const auto& key : {settingsKey(QStringLiteral("docks")), QStringLiteral("ide/docks")})
    if (restoreState(settings.value(key).toByteArray(), 1)) break;
}

void IdeWindow::storePlace() {
  QSettings settings;
  for (const auto& prefix : {settingsKey(QString()), QStringLiteral("ide/")}) {
    settings.setValue(prefix + QStringLiteral("geometry"), saveGeometry());
    settings.setValue(prefix + QStringLiteral("docks"), saveState(1));
  }
  settings.setValue(settingsKey(QStringLiteral("files")), editors_->openPaths());
  if (auto* tab = editors_->current())
    settings.setValue(settingsKey(QStringLiteral("current")), tab->document()->path());
}

void IdeWindow::openFirstFiles() {
  if (std::exchange(opened_files_, true)) return;
  QSettings settings;
  const auto stored = settings.value(settingsKey(QStringLiteral("files")));
  for (const auto& path : stored.toStringList()) editors_->openFile(path);
  if (const auto current = settings.value(settingsKey(QStringLiteral("current"))).toString();
      editors_->tabOf(current))
    editors_->openFile(current);
  if (!stored.isValid() && !workspace_->facts().open_file.empty()) openFirstFile();
}

/// The template's; a project that came from elsewhere may not have it, or not yet.
void IdeWindow::openFirstFile() {
  const auto path = QString::fromStdString(workspace_->facts().open_file);
  workspace_->files()->stat(path, this, [this, path](Result<protocol::FileStat::Result> answer) {
    const bool lacks = !answer && answer.error().code == ErrorCode::not_found;
    editors_->offerFirstFile(!lacks);
    if (editors_->current()) return;  // the person was faster
    if (!lacks) {
      editors_->openFile(path);
    } else if (const auto& import = workspace_->projectImport()->now(); import && !import->finished) {
      connect(workspace_->projectImport(), &client::ProjectImport::changed, this, [this] {
        if (!workspace_->projectImport()->now() && !editors_->current()) openFirstFile();
      });
    }
  });
}

void IdeWindow::refreshTitle() {
  const auto name = QString::fromStdString(workspace_->facts().name);
  name_->setText(name);
  auto* tab = editors_->current();
  setWindowTitle(tab ? QStringLiteral("%1 – %2 – Berth").arg(client::base_name(tab->document()->path()), name)
                     : QStringLiteral("%1 – Berth").arg(name));
}

/// What was typed just before is given a moment to arrive: then nothing of it is left for the next window.
void IdeWindow::letTypingArrive() {
  const QPointer<IdeWindow> still_here(this);
  const QDeadlineTimer deadline(last_words);
  while (still_here && workspace_->connection()->online() && editors_->isSending() && !deadline.hasExpired())
    QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents | QEventLoop::WaitForMoreEvents, 20);
}

void IdeWindow::resizeEvent(QResizeEvent* event) {
  // So that all of the bar's buttons have room beside those for people.
  for (auto* button : {run_->previewButton(), share_})
    button->setToolButtonStyle(width() < narrow_ide ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
  QMainWindow::resizeEvent(event);
}

void IdeWindow::closeEvent(QCloseEvent* event) {
  if (!editors_->mayClose()) return event->ignore();
  const QPointer<IdeWindow> still_here(this);
  letTypingArrive();
  if (!still_here) return;  // the sign-in ended meanwhile
  storePlace();
  event->accept();
  Q_EMIT closed(editors_->unsentPaths());
}

}  // namespace berth::desktop

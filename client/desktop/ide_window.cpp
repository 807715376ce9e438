// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/ide_window.hpp"

#include <QApplication>
#include <QCloseEvent>
#include <QDeadlineTimer>
#include <QDockWidget>
#include <QLabel>
#include <QSettings>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/output_log.hpp"
#include "client/core/problems.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/command_palette.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/file_commands.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/problem_marks.hpp"
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

constexpr int last_words = 1'000;     // ms
constexpr int refusal_shown = 5'000;  // ms

}  // namespace

IdeWindow::IdeWindow(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                     QWidget* parent)
    : QMainWindow(parent),
      workspace_(std::make_unique<client::Workspace>(server, facts)),
      keys_(new WindowKeys(this)),
      problems_(new client::Problems(workspace_.get(), workspace_.get())),
      log_(new client::OutputLog(workspace_.get(), workspace_.get())) {
  setAttribute(Qt::WA_DeleteOnClose);
  setDockNestingEnabled(true);
  setDockOptions(dockOptions() & ~QMainWindow::AnimatedDocks);
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
  makePanels();
  setStatusBar(status_);
  makeShortcuts();
  makeToolBar();
  makeActivityBar();

  connect(files_, &FilePanel::openWanted, editors_,
          [this](const QString& path) { editors_->openFile(path); });
  connect(editors_, &EditorArea::downloadWanted, files_, &FilePanel::download);
  connect(editors_, &EditorArea::historyWanted, this, &IdeWindow::showHistory);
  connect(files_, &FilePanel::historyWanted, this, &IdeWindow::showHistory);
  connect(status_, &StatusStrip::historyWanted, this, [this] { showHistory({}); });
  connect(editors_, &EditorArea::newFileWanted, files_, &FilePanel::newFile);
  connect(editors_, &EditorArea::openByNameWanted, this, &IdeWindow::quickOpen);
  connect(editors_, &EditorArea::newTerminalWanted, this, [this] {
    showPanel(QStringLiteral("terminals"), false);
    terminals_->open();
  });
  connect(files_, &FilePanel::findWanted, this, &IdeWindow::quickOpen);
  connect(files_, &FilePanel::terminalWanted, this, [this](const QString& folder) {
    showPanel(QStringLiteral("terminals"));
    terminals_->openIn(folder);
  });
  connect(editors_, &EditorArea::currentChanged, files_, [this] {
    if (auto* tab = editors_->current()) files_->reveal(tab->document()->path());
  });
  connect(editors_, &EditorArea::currentChanged, this, &IdeWindow::refreshTitle);
  connect(editors_, &EditorArea::layoutChanged, this, &IdeWindow::layoutChanged);
  connect(editors_, &EditorArea::windowOpened, keys_, [this](EditorWindow* window) { keys_->serve(window); });
  connect(editors_, &EditorArea::tabOpened, this, [this](EditorTab* tab) {
    auto* marks = new ProblemMarks(tab->editor());  // the editor's
    marks->set(problems_->of(tab->document()->path()));
    connect(EditorCommands::of(tab->editor()), &EditorCommands::refused, keys_, &WindowKeys::refused);
  });
  connect(problems_, &client::Problems::changed, this, &IdeWindow::showProblems);
  auto* terminals_dock = panel(QStringLiteral("terminals"));
  connect(terminals_, &TerminalPanel::hideWanted, terminals_dock, &QWidget::hide);
  connect(terminals_, &TerminalPanel::showWanted, this,
          [this] { showPanel(QStringLiteral("terminals"), false); });
  connect(terminals_, &TerminalPanel::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(ports_, &PortsPanel::previewWanted, run_, &RunControl::openPreview);
  connect(terminals_, &TerminalPanel::previewWanted, run_, &RunControl::openPreview);
  connect(terminals_, &TerminalPanel::fileWanted, editors_,
          [this](const QString& path, int line, int column) { editors_->openFile(path, line, column); });
  ports_->showNoticesIn(connection_bar_->noticeBar());
  connect(ports_, &PortsPanel::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(ports_, &PortsPanel::told, this, [this](const QString& text) {
    connection_bar_->noticeBar()->show(MessageBar::Kind::good, text, {}, true);
  });
  connect(run_, &RunControl::failed, connection_bar_, &ConnectionBar::showNotice);
  connect(run_->runButton(), &QToolButton::clicked, terminals_dock, [this] {
    if (!run_->isRunning()) showPanel(QStringLiteral("terminals"), false);  // what it says is to be seen
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
  blockSignals(true);  // whoever hears of a change now would ask for a layout
  // The views hold documents and terminals of the workspace: they go first.
  delete history_;
  delete sharing_;
  delete presence_;
  delete takeCentralWidget();
  qDeleteAll(panels_);
  delete status_;
  delete people_;
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

QMainWindow* IdeWindow::frontWindow() {
  auto* front = QApplication::activeWindow();
  for (auto* window : editors_->windows())
    if (window == front) return window;
  return this;
}

void IdeWindow::quickOpen() {
  auto* choice = new QuickOpen(workspace_->index(), editors_->recentPaths(), frontWindow());
  connect(choice, &QuickOpen::chosen, editors_, [this](const QString& path, int line, bool aside) {
    aside ? editors_->openAside(path, line) : editors_->openFile(path, line);
  });
  connect(choice, &QuickOpen::otherWanted, this, [this](QChar kind) {
    if (kind == u'>') return showCommands();
    goToSymbol(kind == u':' ? QStringLiteral(":") : QString());
  });
}

void IdeWindow::showCommands() {
  new CommandPalette(palette_commands(keys_, editors_->current(), this), frontWindow());
}

void IdeWindow::goToSymbol(const QString& typed) {
  if (auto* tab = editors_->current(); tab && !tab->isPaged())
    new SymbolPopup(tab->editor(), typed, frontWindow());
}

/// Shows the terminals and gives them the keys; where they have them already, hides them and gives them to
/// the text.
void IdeWindow::toggleTerminals() {
  const auto* focus = focusWidget();
  if (terminals_->isVisible() && focus && terminals_->isAncestorOf(focus)) {
    panel(QStringLiteral("terminals"))->hide();
    editors_->focusText();
    return;
  }
  showPanel(QStringLiteral("terminals"), false);
  if (auto* view = terminals_->current()) view->setFocus();
}

void IdeWindow::makeShortcuts() {
  auto* keys = keys_;
  // Where the person looks, and where it shows: below the window that has the keys, also of only the text.
  connect(keys, &WindowKeys::refused, this,
          [this](const QString& reason) { frontWindow()->statusBar()->showMessage(reason, refusal_shown); });
  connect(status_, &QStatusBar::messageChanged, this, [this](const QString& text) {
    if (!before_zen_.isEmpty()) status_->setVisible(!text.isEmpty());
  });
  makeGroupCommands();
  makeViewCommands();
  makeTextCommands();
  keys->add("show_commands", [this] { showCommands(); });
  terminals_->addCommands(keys);
  ports_->addCommands(keys);
  makeEditorShortcuts(keys);
  keys->add("quick_open", [this] { quickOpen(); });
  // Not the button's own shortcut: a button forgets that with each change of its text.
  keys->add(
      "run", [this] { run_->runButton()->click(); },
      [this] { return run_->runButton()->isEnabled() ? QString() : tr("Nothing can be run here now."); });
  add_file_commands(keys, workspace_.get(), files_, editors_);
  keys->add("show_files", [this] {
    showPanel(QStringLiteral("files"), false);
    files_->tree()->setFocus();
  });
  keys->add("toggle_terminal", [this] { toggleTerminals(); });
  keys->add(
      "new_terminal",
      [this] {
        showPanel(QStringLiteral("terminals"), false);
        terminals_->open();
      },
      [this] {
        return workspace_->mayEdit() ? QString()
                                     : tr("You may look at this workspace, not run programs in it.");
      });
}

void IdeWindow::makeEditorShortcuts(WindowKeys* keys) {
  const auto open = [this] { return editors_->current() ? QString() : tr("No text is open."); };
  const auto text = [this] {
    auto* tab = editors_->current();
    return !tab ? tr("No text is open.") : tab->isPaged() ? tr("This file is shown in pages.") : QString();
  };
  keys->add("next_tab", [this] { editors_->step(1); }, open);
  keys->add("previous_tab", [this] { editors_->step(-1); }, open);
  keys->add("search.find", [this] { editors_->current()->findBar()->open(false); }, text);
  keys->add("search.replace", [this] { editors_->current()->findBar()->open(true); }, text);
  keys->add("search.next", [this] { editors_->current()->findBar()->findNext(true); }, text);
  keys->add("close_tab", [this] { editors_->closeTab(editors_->current()); }, open);
  keys->add("go_to_line", [this] { goToSymbol(QStringLiteral(":")); }, text);
  keys->add("symbols.go", [this] { goToSymbol({}); }, text);
  keys->add("enlarge_font", [] { EditorChoices::instance()->enlarge("editor/font_size", 1, 40); });
  keys->add("shrink_font", [] { EditorChoices::instance()->enlarge("editor/font_size", -1, 40); });
  keys->add("font.usual",
            [] { EditorChoices::instance()->choose("editor/font_size", Theme::usual_code_size); });
}

/// The template's; a project that came from elsewhere may not have it, or not yet.
void IdeWindow::openFirstFile() {
  const auto path = QString::fromStdString(workspace_->facts().open_file);
  // For the editors: they go before the workspace, whose end answers all that is asked.
  workspace_->files()->stat(path, editors_, [this, path](Result<protocol::FileStat::Result> answer) {
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
  QMainWindow::resizeEvent(event);
  fitBars();
  Q_EMIT layoutChanged();
}

void IdeWindow::moveEvent(QMoveEvent* event) {
  QMainWindow::moveEvent(event);
  Q_EMIT layoutChanged();
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

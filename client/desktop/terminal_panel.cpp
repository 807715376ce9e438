// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/notifier.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/terminal_drop.hpp"
#include "client/desktop/terminal_group.hpp"
#include "client/desktop/terminal_links.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int usual_long_command = 10'000;  // ms; who waits so long looks elsewhere
constexpr qint64 between_calls = 3'000;     // ms between two notifications

/// Links that a development server prints: of the workspace, not of this machine.
bool is_of_workspace(const QUrl& target) {
  static const QStringList hosts = {QStringLiteral("localhost"), QStringLiteral("127.0.0.1"),
                                    QStringLiteral("0.0.0.0"), QStringLiteral("::1")};
  return target.scheme().startsWith(QLatin1String("http")) && hosts.contains(target.host());
}

}  // namespace

TerminalPanel::TerminalPanel(client::Workspace* workspace, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      tabs_(new QTabWidget),
      drop_(new TerminalDrop(workspace, this)),
      empty_(new QWidget) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  tabs_->setDocumentMode(true);
  tabs_->setMovable(true);
  tabs_->setElideMode(Qt::ElideRight);
  tabs_->setIconSize({16, 16});
  tabs_->setCornerWidget(makeCorner(), Qt::TopRightCorner);
  layout->addWidget(tabs_, 1);

  makeEmpty();
  layout->addWidget(empty_, 1);
  empty_->hide();

  connect(tabs_->tabBar(), &QTabBar::tabBarDoubleClicked, this, [this](int at) {
    if (auto* group = qobject_cast<TerminalGroup*>(tabs_->widget(at)))
      if (auto* view = group->current()) rename(view);
  });
  connect(tabs_, &QTabWidget::currentChanged, this, [this] {
    auto* view = current();
    if (!view) return;
    view->setFocus();
    refreshTitle(view);  // what called for somebody is seen
    store_.start();
  });
  connect(tabs_->tabBar(), &QTabBar::tabMoved, this, [this] { store_.start(); });
  store_.setSingleShot(true);
  store_.setInterval(300);
  connect(&store_, &QTimer::timeout, this, &TerminalPanel::storeArrangement);
  connect(workspace->connection(), &client::WorkspaceConnection::established, this,
          &TerminalPanel::refreshRole);
  auto* terminals = workspace->terminals();
  connect(terminals, &client::Terminals::added, this, &TerminalPanel::add);
  connect(terminals, &client::Terminals::removed, this, &TerminalPanel::remove);
  connect(terminals, &client::Terminals::listed, this, [this] {
    if (!std::exchange(first_, false)) return;
    if (tabs_->count() > 0) return restoreArrangement();
    workspace_->mayEdit() ? open() : showWhetherEmpty();
  });
}

QWidget* TerminalPanel::makeCorner() {
  auto* corner = new QWidget;
  corner->setObjectName(QStringLiteral("tabCorner"));
  corner->setAttribute(Qt::WA_StyledBackground);
  auto* buttons = new QHBoxLayout(corner);
  buttons->setContentsMargins(4, 3, 6, 3);
  buttons->setSpacing(2);
  const auto tool = [&](const char* icon, const QString& tip, auto run) {
    auto* button = new QToolButton;
    button->setIcon(Theme::icon(QLatin1String(icon), Theme::Tint::muted));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setAutoRaise(true);
    connect(button, &QToolButton::clicked, this, run);
    buttons->addWidget(button);
    return button;
  };
  new_ = tool("list-add", tr("New Terminal (Ctrl+Shift+T)"), [this] { open(); });
  new_->setObjectName(QStringLiteral("newTerminal"));
  auto* profiles = new QMenu(new_);
  profiles->setObjectName(QStringLiteral("terminalProfiles"));
  connect(profiles, &QMenu::aboutToShow, this, [this, profiles] { fillProfiles(profiles); });
  new_->setMenu(profiles);
  new_->setPopupMode(QToolButton::MenuButtonPopup);
  new_->setStyleSheet(
      QStringLiteral("QToolButton{padding-right:16px}"
                     "QToolButton::menu-button{background:transparent;border:none;width:16px}"));
  split_ = tool("view-split-left-right", tr("Split (Ctrl+Shift+5)"), [this] { split(Qt::Horizontal); });
  split_->setObjectName(QStringLiteral("splitTerminal"));
  tool("go-down", tr("Hide"), [this] { Q_EMIT hideWanted(); });
  return corner;
}

void TerminalPanel::makeEmpty() {
  auto* column = new QVBoxLayout(empty_);
  column->setAlignment(Qt::AlignCenter);
  first_terminal_ = new QPushButton(Theme::icon(QStringLiteral("dialog-scripts")), tr("New Terminal"));
  connect(first_terminal_, &QPushButton::clicked, this, [this] { open(); });
  column->addWidget(first_terminal_, 0, Qt::AlignCenter);
  nothing_ = new QLabel(tr("No terminal is open. You may watch those that others open."));
  nothing_->setProperty("role", QStringLiteral("muted"));
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  column->addWidget(nothing_);
  nothing_->hide();
}

void TerminalPanel::refreshRole() {
  const bool may = workspace_->mayEdit();
  new_->setEnabled(may);
  split_->setEnabled(may);
  first_terminal_->setVisible(may);
  nothing_->setVisible(!may);
  for (int i = 0; i < tabs_->count(); ++i)
    if (auto* close = tabs_->tabBar()->tabButton(i, QTabBar::RightSide)) close->setVisible(may);
  for (auto* view : views()) view->refreshRole();
}

client::Terminals::Start TerminalPanel::startOf(const TerminalProfile& profile) const {
  client::Terminals::Start start;
  if (!profile.command.isEmpty()) start.command = profile.command;
  for (auto at = profile.environment.begin(); at != profile.environment.end(); ++at)
    start.environment[at.key().toStdString()] = at.value().toStdString();
  const auto own = TerminalProfiles::own();
  // A person's own is called what they called it; else the program says what it is.
  if (std::ranges::contains(own, profile)) start.title = profile.name;
  if (!profile.folder.isEmpty()) start.cwd = profile.folder;
  // Otherwise it begins where the one that is shown is, if that is in the home.
  const auto& hello = workspace_->connection()->hello();
  if (!start.cwd && current() && hello) {
    const auto directory = current()->directory() + QLatin1Char('/');
    const auto home = QString::fromStdString(hello->home) + QLatin1Char('/');
    if (directory.startsWith(home)) start.cwd = directory.mid(home.size()).chopped(directory == home ? 0 : 1);
  }
  return start;
}

void TerminalPanel::open(const QString& command, const QString& title) {
  if (command.isEmpty()) return open(TerminalProfiles::usual(workspace_->terminals()->programs()));
  client::Terminals::Start start;
  start.command = command;
  if (!title.isEmpty()) start.title = title;
  open(std::move(start));
}

void TerminalPanel::open(const TerminalProfile& profile) { open(startOf(profile)); }

void TerminalPanel::openIn(const QString& folder) {
  auto start = startOf(TerminalProfiles::usual(workspace_->terminals()->programs()));
  start.cwd = folder;
  open(std::move(start));
}

void TerminalPanel::split(Qt::Orientation orientation) {
  open(startOf(TerminalProfiles::usual(workspace_->terminals()->programs())), {0, current(), orientation});
}

void TerminalPanel::open(client::Terminals::Start start, TerminalPlace place) {
  if (!workspace_->mayEdit())
    return Q_EMIT failed(tr("You may look at this workspace, not run programs in it."));
  auto room = tabs_->size();
  if (place.beside)
    room = place.orientation == Qt::Horizontal ? QSize(place.beside->width() / 2, place.beside->height())
                                               : QSize(place.beside->width(), place.beside->height() / 2);
  const auto cells = TerminalView::cellsFor(room);
  start.columns = cells.width();
  start.rows = cells.height();
  start.scrollback = TerminalView::scrollback();
  const int number = place.number = ++opened_;
  opening_.append(place);
  workspace_->terminals()->open(start, this, [this, start, number](Result<client::Terminal*> answer) {
    const auto mine = std::ranges::find(opening_, number, &TerminalPlace::number);
    const auto place = mine == opening_.end() ? TerminalPlace{} : *mine;
    if (mine != opening_.end()) opening_.erase(mine);
    if (!answer && start.cwd && answer.error().code == ErrorCode::not_found) {
      auto elsewhere = start;  // the folder was deleted meanwhile
      elsewhere.cwd.reset();
      return open(std::move(elsewhere), place);
    }
    if (!answer) return Q_EMIT failed(sentence(answer.error()));
    show(*answer);
  });
}

void TerminalPanel::add(client::Terminal* terminal) {
  // One that has viewers already is another window's.
  const bool fresh = !opening_.isEmpty() && (!terminal->info().viewers || terminal->info().viewers->empty());
  auto* view = new TerminalView(terminal, fresh);
  listenTo(view);
  put(view, fresh ? opening_.takeFirst() : TerminalPlace{});
  refreshRole();
}

void TerminalPanel::put(TerminalView* view, const TerminalPlace& place) {
  auto* group = place.beside ? groupOf(place.beside) : nullptr;
  if (group) {
    group->add(view, place.beside, place.orientation);
  } else {
    group = makeGroup();
    group->add(view, nullptr, Qt::Horizontal);
  }
  refreshTitle(group);
  showWhetherEmpty();
  store_.start();
}

void TerminalPanel::end(TerminalView* view) {
  if (view->terminal() && workspace_->mayEdit()) workspace_->terminals()->close(view->terminal());
}

void TerminalPanel::rename(TerminalView* one) {
  const QPointer<TerminalView> view(one);
  if (!view || !view->terminal() || !workspace_->mayEdit()) return;
  bool given = false;
  const auto title = QInputDialog::getText(this, tr("Name the Terminal"),
                                           tr("Name (empty: the program's own)"), QLineEdit::Normal,
                                           QString::fromStdString(view->terminal()->info().title), &given);
  if (given && view && view->terminal()) view->terminal()->rename(title);
}

void TerminalPanel::listenTo(TerminalView* view) {
  connect(view, &TerminalView::closeWanted, this, [this, view] { end(view); });
  connect(view, &TerminalView::restartWanted, this, [this, view] {
    if (!view->terminal() || !workspace_->mayEdit()) return;
    const auto info = view->terminal()->info();
    client::Terminals::Start start;
    start.command = QString::fromStdString(info.command);
    start.title = QString::fromStdString(info.title);
    // In its place.
    auto* group = groupOf(view);
    open(std::move(start), {0, group && group->views().size() > 1 ? view : nullptr, Qt::Horizontal});
    workspace_->terminals()->close(view->terminal());
  });
  connect(view, &TerminalView::paneWanted, this, [this, view](int dx, int dy) {
    auto* group = groupOf(view);
    auto* next = group ? group->neighbour(view, dx, dy) : nullptr;
    if (!next) return;
    group->setCurrent(next);
    next->setFocus();
  });
  connect(view, &TerminalView::paneResizeWanted, this, [this, view](int dx, int dy) {
    if (auto* group = groupOf(view)) group->resizeCurrent(dx, dy);
  });
  connect(view, &TerminalView::fileActivated, this, &TerminalPanel::fileWanted);
  connect(view, &TerminalView::dropped, this,
          [this, view](const QMimeData* data) { drop_->drop(view, data); });
  view->setFileCheck([this, view](const QString& name, std::function<void(const QString& path)> done) {
    checkFile(view, name, std::move(done));
  });
  connect(view->terminal(), &client::Terminal::infoChanged, view, [this, view] { refreshTitle(view); });
  connect(view, &TerminalView::directoryChanged, this, [this, view] { refreshTitle(view); });
  connect(view, &TerminalView::rang, this, [this, view] {
    if (isSeen(view)) return QApplication::beep();
    callFor(view, tr("A terminal rings"), titleOf(view));
  });
  connect(view, &TerminalView::commandFinished, this, [this, view](int code, qint64 took) {
    const auto long_command =
        QSettings().value(QStringLiteral("terminal/long_command"), usual_long_command).toLongLong();
    if (took < long_command || isSeen(view)) return;
    const auto name = titleOf(view);
    const auto seconds = static_cast<int>(took / 1000);
    callFor(view, code > 0 ? tr("A command failed") : tr("A command is done"),
            code > 0 ? tr("%1: exit code %2 after %n s", nullptr, seconds).arg(name).arg(code)
                     : tr("%1: after %n s", nullptr, seconds).arg(name));
  });
  connect(view, &TerminalView::clipboardWanted, this,
          [this, view](const QString& text) { putOnClipboard(view, text); });
  connect(view, &TerminalView::linkActivated, this, &TerminalPanel::openLink);
  connect(view, &TerminalView::menuOpening, this, &TerminalPanel::addChoices);
}

bool TerminalPanel::isSeen(const TerminalView* view) const {
  return view->isVisible() && QApplication::activeWindow() == window();
}

void TerminalPanel::callFor(TerminalView* view, const QString& title, const QString& text) {
  auto* group = groupOf(view);
  const auto at = tabs_->indexOf(group);
  if (at >= 0 && group != currentGroup())
    tabs_->setTabIcon(at, Theme::icon(QStringLiteral("notifications"), Theme::Tint::accent));
  if (told_.isValid() && told_.elapsed() < between_calls) return;
  told_.start();
  if (!QSettings().value(QStringLiteral("terminal/notifications"), true).toBool()) return;
  const QPointer<TerminalView> caller(view);
  Notifier::instance()->notify({window(), title, text, [this, caller] {
                                  if (!caller) return;
                                  Q_EMIT showWanted();
                                  show(caller->terminal());
                                }});
}

QString TerminalPanel::clipboardKey() const {
  return QStringLiteral("terminal/clipboard/") + workspace_->id();
}

/// Asked for once a workspace; what it may read is never asked, as it may not.
void TerminalPanel::putOnClipboard(TerminalView* view, const QString& text) {
  const auto key = clipboardKey();
  const auto answer = QSettings().value(key);
  if (answer.isValid()) {
    // Where nobody looks, nothing that was copied is replaced.
    if (answer.toBool() && isSeen(view)) QApplication::clipboard()->setText(text);
    return;
  }
  auto* bar = view->bar();
  const auto decide = [key, bar, text](bool allow) {
    QSettings().setValue(key, allow);
    if (allow) QApplication::clipboard()->setText(text);
    bar->hide();
  };
  bar->show(MessageBar::Kind::info, tr("A program in this terminal wants to put text on your clipboard."),
            {{tr("Allow in This Workspace"), [decide] { decide(true); }},
             {tr("Never"), [decide] { decide(false); }}},
            true);
}

void TerminalPanel::openLink(const QUrl& target) {
  if (is_of_workspace(target)) return Q_EMIT previewWanted(static_cast<quint16>(target.port(80)));
  QDesktopServices::openUrl(target);
}

/// The first of the files that a name may mean.
void TerminalPanel::checkFile(const TerminalView* view, const QString& name,
                              std::function<void(const QString& path)> done) {
  const auto& hello = workspace_->connection()->hello();
  if (!hello) return done({});
  const auto paths =
      paths_meant(name, view->directory(), QString::fromStdString(hello->home), QStringLiteral("project"));
  if (paths.isEmpty()) return done({});
  const auto look = [this, done = std::move(done)](auto&& self, const QStringList& left) -> void {
    const auto path = left.first();
    workspace_->files()->stat(
        path, this, [self, path, left, done](Result<protocol::FileStat::Result> answer) {
          const bool is_file = answer && (answer->entry.type == protocol::EntryType::file ||
                                          answer->entry.target_type == protocol::EntryType::file);
          if (is_file) return done(path);
          if (left.size() == 1) return done({});
          self(self, left.mid(1));
        });
  };
  look(look, paths);
}

void TerminalPanel::remove(client::Terminal* terminal) {
  if (auto* view = viewOf(terminal)) {
    auto* group = groupOf(view);
    const bool had_keys = view->isAncestorOf(QApplication::focusWidget());
    if (group) {
      group->take(view);
      refreshTitle(group);
      dropIfEmpty(group);
    }
    view->deleteLater();
    if (had_keys && current()) current()->setFocus();
  }
  showWhetherEmpty();
  store_.start();
}

void TerminalPanel::showWhetherEmpty() {
  const bool none = tabs_->count() == 0;
  tabs_->setVisible(!none);
  empty_->setVisible(none);
}

TerminalView* TerminalPanel::viewOf(const client::Terminal* terminal) const {
  for (auto* view : views())
    if (view->terminal() == terminal) return view;
  return nullptr;
}

TerminalGroup* TerminalPanel::groupOf(const TerminalView* view) const {
  for (int i = 0; i < tabs_->count(); ++i)
    if (tabs_->widget(i)->isAncestorOf(view)) return qobject_cast<TerminalGroup*>(tabs_->widget(i));
  return nullptr;
}

TerminalGroup* TerminalPanel::currentGroup() const {
  return qobject_cast<TerminalGroup*>(tabs_->currentWidget());
}

void TerminalPanel::show(client::Terminal* terminal) {
  auto* view = viewOf(terminal);
  auto* group = view ? groupOf(view) : nullptr;
  if (!group) return;
  group->setCurrent(view);
  tabs_->setCurrentWidget(group);
  view->setFocus();
}

TerminalView* TerminalPanel::current() const {
  auto* group = currentGroup();
  return group ? group->current() : nullptr;
}

QList<TerminalView*> TerminalPanel::views() const {
  QList<TerminalView*> out;
  for (int i = 0; i < tabs_->count(); ++i)
    if (auto* group = qobject_cast<TerminalGroup*>(tabs_->widget(i))) out += group->views();
  return out;
}

void TerminalPanel::step(int direction) {
  auto* group = currentGroup();
  const auto all = group ? group->views() : QList<TerminalView*>();
  if (all.size() < 2) return;
  const auto at = all.indexOf(group->current());
  auto* next = all[(at + direction + all.size()) % all.size()];
  group->setCurrent(next);
  next->setFocus();
}

}  // namespace berth::desktop

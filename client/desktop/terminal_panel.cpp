// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_panel.hpp"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/notifier.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int usual_long_command = 10'000;  // ms; who waits so long looks elsewhere
constexpr qint64 between_calls = 3'000;     // ms between two notifications

QString notifications_key() { return QStringLiteral("terminal/notifications"); }

/// Links that a development server prints: of the workspace, not of this machine.
bool is_of_workspace(const QUrl& target) {
  static const QStringList hosts = {QStringLiteral("localhost"), QStringLiteral("127.0.0.1"),
                                    QStringLiteral("0.0.0.0"), QStringLiteral("::1")};
  return target.scheme().startsWith(QLatin1String("http")) && hosts.contains(target.host());
}

}  // namespace

TerminalPanel::TerminalPanel(client::Workspace* workspace, QWidget* parent)
    : QWidget(parent), workspace_(workspace), tabs_(new QTabWidget), empty_(new QWidget) {
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
    const QPointer<TerminalView> view(qobject_cast<TerminalView*>(tabs_->widget(at)));
    if (!view || !view->terminal() || !workspace_->mayEdit()) return;
    bool given = false;
    const auto title = QInputDialog::getText(this, tr("Name the Terminal"),
                                             tr("Name (empty: the program's own)"), QLineEdit::Normal,
                                             QString::fromStdString(view->terminal()->info().title), &given);
    if (given && view && view->terminal()) view->terminal()->rename(title);
  });
  connect(tabs_, &QTabWidget::currentChanged, this, [this] {
    auto* view = current();
    if (!view) return;
    view->setFocus();
    refreshTitle(view);  // what called for somebody is seen
  });
  connect(workspace->connection(), &client::WorkspaceConnection::established, this,
          &TerminalPanel::refreshRole);
  auto* terminals = workspace->terminals();
  connect(terminals, &client::Terminals::added, this, &TerminalPanel::add);
  connect(terminals, &client::Terminals::removed, this, &TerminalPanel::remove);
  connect(terminals, &client::Terminals::listed, this, [this] {
    if (!std::exchange(first_, false)) return;
    if (tabs_->count() > 0) return;
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
  first_terminal_->setVisible(may);
  nothing_->setVisible(!may);
  for (int i = 0; i < tabs_->count(); ++i) {
    if (auto* close = tabs_->tabBar()->tabButton(i, QTabBar::RightSide)) close->setVisible(may);
    if (auto* view = qobject_cast<TerminalView*>(tabs_->widget(i))) view->refreshRole();
  }
}

void TerminalPanel::open(const QString& command, const QString& title) {
  client::Terminals::Start start;
  if (!command.isEmpty()) start.command = command;
  if (!title.isEmpty()) start.title = title;
  // A further shell begins where the one that is shown is, if that is in the home.
  const auto& hello = workspace_->connection()->hello();
  if (command.isEmpty() && current() && hello) {
    const auto directory = current()->directory() + QLatin1Char('/');
    const auto home = QString::fromStdString(hello->home) + QLatin1Char('/');
    if (directory.startsWith(home)) start.cwd = directory.mid(home.size()).chopped(directory == home ? 0 : 1);
  }
  open(std::move(start));
}

void TerminalPanel::openIn(const QString& folder) {
  client::Terminals::Start start;
  start.cwd = folder;
  open(std::move(start));
}

void TerminalPanel::open(client::Terminals::Start start) {
  if (!workspace_->mayEdit())
    return Q_EMIT failed(tr("You may look at this workspace, not run programs in it."));
  const auto cells = TerminalView::cellsFor(tabs_->size());
  start.columns = cells.width();
  start.rows = cells.height();
  start.scrollback = TerminalView::scrollback();
  opening_ = true;
  workspace_->terminals()->open(start, this, [this, start](Result<client::Terminal*> answer) {
    opening_ = false;
    if (!answer && start.cwd && answer.error().code == ErrorCode::not_found) {
      auto elsewhere = start;  // the folder was deleted meanwhile
      elsewhere.cwd.reset();
      return open(std::move(elsewhere));
    }
    if (!answer) return Q_EMIT failed(sentence(answer.error()));
    show(*answer);
  });
}

void TerminalPanel::add(client::Terminal* terminal) {
  // One that has viewers already is another window's.
  const bool fresh = opening_ && (!terminal->info().viewers || terminal->info().viewers->empty());
  auto* view = new TerminalView(terminal, fresh);
  listenTo(view);
  connect(view, &TerminalView::closeWanted, this, [this, view] {
    if (view->terminal() && workspace_->mayEdit()) workspace_->terminals()->close(view->terminal());
  });
  connect(view, &TerminalView::restartWanted, this, [this, view] {
    if (!view->terminal() || !workspace_->mayEdit()) return;
    const auto info = view->terminal()->info();
    workspace_->terminals()->close(view->terminal());
    open(QString::fromStdString(info.command), QString::fromStdString(info.title));
  });
  const int at =
      tabs_->addTab(view, Theme::icon(QStringLiteral("dialog-scripts"), Theme::Tint::muted), QString());
  auto* close = new QToolButton;
  close->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  close->setIconSize({12, 12});
  close->setFixedSize(18, 18);
  close->setStyleSheet(
      QStringLiteral("QToolButton{background:transparent;border:none;padding:0;margin-left:4px}"));
  close->setToolTip(tr("End and close"));
  close->setAccessibleName(tr("End and close the terminal"));
  connect(close, &QToolButton::clicked, view, &TerminalView::closeWanted);
  tabs_->tabBar()->setTabButton(at, QTabBar::RightSide, close);
  refreshRole();
  refreshTitle(view);
  tabs_->show();
  empty_->hide();
}

void TerminalPanel::listenTo(TerminalView* view) {
  connect(view->terminal(), &client::Terminal::infoChanged, view, [this, view] { refreshTitle(view); });
  connect(view, &TerminalView::directoryChanged, this, [this, view] { refreshTitle(view); });
  connect(view, &TerminalView::rang, this, [this, view] {
    if (isSeen(view)) return QApplication::beep();
    callFor(view, tr("A terminal rings"), tabs_->tabText(tabs_->indexOf(view)));
  });
  connect(view, &TerminalView::commandFinished, this, [this, view](int code, qint64 took) {
    const auto long_command =
        QSettings().value(QStringLiteral("terminal/long_command"), usual_long_command).toLongLong();
    if (took < long_command || isSeen(view)) return;
    const auto name = tabs_->tabText(tabs_->indexOf(view));
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
  const auto at = tabs_->indexOf(view);
  if (at >= 0 && view != current())
    tabs_->setTabIcon(at, Theme::icon(QStringLiteral("notifications"), Theme::Tint::accent));
  if (told_.isValid() && told_.elapsed() < between_calls) return;
  told_.start();
  if (!QSettings().value(notifications_key(), true).toBool()) return;
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

void TerminalPanel::addChoices(QMenu* menu) {
  auto* lines = menu->addMenu(tr("Lines Kept of New Terminals"));
  auto* group = new QActionGroup(lines);
  for (const int count : {1'000, 10'000, 50'000, 100'000}) {
    auto* action = lines->addAction(QLocale().toString(count), this, [count] {
      RoamingSettings::choose(QStringLiteral("terminal/scrollback"), count);
    });
    action->setCheckable(true);
    action->setChecked(TerminalView::scrollback() == count);
    group->addAction(action);
  }
  const auto choice = [&](const QString& text, const QString& key, bool usual) {
    auto* action = menu->addAction(text, this, [key](bool on) { RoamingSettings::choose(key, on); });
    action->setCheckable(true);
    action->setChecked(QSettings().value(key, usual).toBool());
  };
  choice(tr("Call for Me When It Rings or a Long Command Ends"), notifications_key(), true);
  choice(tr("Programs May Put Text on the Clipboard"), clipboardKey(), false);
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

void TerminalPanel::remove(client::Terminal* terminal) {
  if (auto* view = viewOf(terminal)) {
    tabs_->removeTab(tabs_->indexOf(view));
    view->deleteLater();
  }
  showWhetherEmpty();
}

void TerminalPanel::showWhetherEmpty() {
  const bool none = tabs_->count() == 0;
  tabs_->setVisible(!none);
  empty_->setVisible(none);
}

void TerminalPanel::refreshTitle(TerminalView* view) {
  const auto at = tabs_->indexOf(view);
  if (at < 0 || !view->terminal()) return;
  const auto& info = view->terminal()->info();
  auto title = QString::fromStdString(info.title).left(40);
  if (title.isEmpty()) title = tr("Terminal");
  title.replace(QLatin1Char('&'), QLatin1String("&&"));
  if (!info.running) title += tr(" (ended)");
  tabs_->setTabText(at, title);
  if (view == current())
    tabs_->setTabIcon(at, Theme::icon(QStringLiteral("dialog-scripts"), Theme::Tint::muted));
  QStringList facts = {info.command.empty() ? tr("Login shell") : QString::fromStdString(info.command)};
  if (const auto directory = view->directory(); !directory.isEmpty())
    facts.append(tr("in %1").arg(directory));
  if (info.viewers && info.viewers->size() > 1)
    facts.append(tr("Shown in %n windows", nullptr, static_cast<int>(info.viewers->size())));
  tabs_->setTabToolTip(at, client::plain_tip(facts.join(QLatin1Char('\n'))));
}

TerminalView* TerminalPanel::viewOf(const client::Terminal* terminal) const {
  for (auto* view : views())
    if (view->terminal() == terminal) return view;
  return nullptr;
}

void TerminalPanel::show(client::Terminal* terminal) {
  if (auto* view = viewOf(terminal)) {
    tabs_->setCurrentWidget(view);
    view->setFocus();
  }
}

TerminalView* TerminalPanel::current() const { return qobject_cast<TerminalView*>(tabs_->currentWidget()); }

QList<TerminalView*> TerminalPanel::views() const {
  QList<TerminalView*> out;
  for (int i = 0; i < tabs_->count(); ++i) out.append(static_cast<TerminalView*>(tabs_->widget(i)));
  return out;
}

}  // namespace berth::desktop

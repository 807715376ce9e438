// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_panel.hpp"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/workspace.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

TerminalPanel::TerminalPanel(client::Workspace* workspace, QWidget* parent)
    : QWidget(parent), workspace_(workspace), tabs_(new QTabWidget), empty_(new QWidget) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  tabs_->setDocumentMode(true);
  tabs_->setMovable(true);
  tabs_->setElideMode(Qt::ElideRight);
  tabs_->setIconSize({16, 16});
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
  };
  tool("list-add", tr("New Terminal (Ctrl+Shift+T)"), [this] { open(); });
  tool("go-down", tr("Hide"), [this] { Q_EMIT hideWanted(); });
  tabs_->setCornerWidget(corner, Qt::TopRightCorner);
  layout->addWidget(tabs_, 1);

  auto* column = new QVBoxLayout(empty_);
  column->setAlignment(Qt::AlignCenter);
  auto* first = new QPushButton(Theme::icon(QStringLiteral("dialog-scripts")), tr("New Terminal"));
  connect(first, &QPushButton::clicked, this, [this] { open(); });
  column->addWidget(first, 0, Qt::AlignCenter);
  layout->addWidget(empty_, 1);
  empty_->hide();

  connect(tabs_->tabBar(), &QTabBar::tabBarDoubleClicked, this, [this](int at) {
    auto* view = qobject_cast<TerminalView*>(tabs_->widget(at));
    if (!view || !view->terminal()) return;
    bool given = false;
    const auto title = QInputDialog::getText(this, tr("Name the Terminal"),
                                             tr("Name (empty: the program's own)"), QLineEdit::Normal,
                                             QString::fromStdString(view->terminal()->info().title), &given);
    if (given && view->terminal()) view->terminal()->rename(title);
  });
  connect(tabs_, &QTabWidget::currentChanged, this, [this] {
    if (auto* view = current()) view->setFocus();
  });
  auto* terminals = workspace->terminals();
  connect(terminals, &client::Terminals::added, this, &TerminalPanel::add);
  connect(terminals, &client::Terminals::removed, this, &TerminalPanel::remove);
  connect(terminals, &client::Terminals::listed, this, [this] {
    if (!std::exchange(first_, false)) return;
    const auto role = workspace_->connection()->hello()->role;
    if (tabs_->count() == 0 && role != protocol::Role::viewer) open();
  });
}

void TerminalPanel::open(const QString& command, const QString& title) {
  client::Terminals::Start start;
  if (!command.isEmpty()) start.command = command;
  if (!title.isEmpty()) start.title = title;
  open(std::move(start));
}

void TerminalPanel::openIn(const QString& folder) {
  client::Terminals::Start start;
  start.cwd = folder;
  open(std::move(start));
}

void TerminalPanel::open(client::Terminals::Start start) {
  const auto cells = TerminalView::cellsFor(tabs_->size());
  start.columns = cells.width();
  start.rows = cells.height();
  opening_ = true;
  workspace_->terminals()->open(start, this, [this](Result<client::Terminal*> answer) {
    opening_ = false;
    if (!answer) return Q_EMIT failed(sentence(answer.error()));
    show(*answer);
  });
}

void TerminalPanel::add(client::Terminal* terminal) {
  auto* view = new TerminalView(terminal, opening_);
  connect(terminal, &client::Terminal::infoChanged, view, [this, view] { refreshTitle(view); });
  connect(view, &TerminalView::closeWanted, this, [this, view] {
    if (view->terminal()) workspace_->terminals()->close(view->terminal());
  });
  connect(view, &TerminalView::restartWanted, this, [this, view] {
    if (!view->terminal()) return;
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
  refreshTitle(view);
  tabs_->show();
  empty_->hide();
}

void TerminalPanel::remove(client::Terminal* terminal) {
  if (auto* view = viewOf(terminal)) {
    tabs_->removeTab(tabs_->indexOf(view));
    view->deleteLater();
  }
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
  tabs_->setTabToolTip(at, info.command.empty() ? tr("Login shell") : QString::fromStdString(info.command));
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

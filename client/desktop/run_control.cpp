// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/run_control.hpp"

#include <QDesktopServices>
#include <QMenu>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

#include "client/core/plain_tip.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int interrupt_time = 1'500;  // ms that a program has to end after Ctrl-C

}  // namespace

RunControl::RunControl(client::Workspace* workspace, TerminalPanel* terminals, QObject* parent)
    : QObject(parent),
      workspace_(workspace),
      terminals_(terminals),
      run_(new QToolButton),
      preview_(new QToolButton) {
  run_->setObjectName(QStringLiteral("runButton"));
  run_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  preview_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  preview_->setText(tr("Preview"));
  preview_->setIcon(Theme::icon(QStringLiteral("internet-services")));
  preview_->setPopupMode(QToolButton::DelayedPopup);
  connect(run_, &QToolButton::clicked, this, &RunControl::toggle);
  connect(preview_, &QToolButton::clicked, this, [this] {
    const auto& ports = workspace_->ports()->ports();
    const auto own = workspace_->facts().port;
    if (own && (ports.empty() || workspace_->ports()->isListening(*own))) return openPreview(*own);
    if (ports.size() == 1) return openPreview(ports.front().port);
    auto* menu = new QMenu(preview_);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto& port : ports) {
      auto process = QString::fromStdString(port.process);
      process.replace(u'&', QLatin1String("&&"));
      menu->addAction(tr("Port %1 – %2").arg(port.port).arg(process), this,
                      [this, number = port.port] { openPreview(number); });
    }
    menu->popup(preview_->mapToGlobal(QPoint(0, preview_->height())));
  });
  auto* list = workspace->terminals();
  connect(list, &client::Terminals::added, this, [this](client::Terminal* terminal) {
    connect(terminal, &client::Terminal::infoChanged, this, &RunControl::refresh);
    refresh();
  });
  connect(list, &client::Terminals::removed, this, &RunControl::refresh);
  connect(workspace->connection(), &client::WorkspaceConnection::stateChanged, this, &RunControl::refresh);
  connect(workspace->ports(), &client::Ports::changed, this, &RunControl::refresh);
  connect(workspace->ports(), &client::Ports::opened, this, [this](quint16 port) {
    if (workspace_->facts().port == port || isRunning()) Q_EMIT serverReady(port);
  });
  refresh();
}

client::Terminal* RunControl::runningTerminal() const {
  const auto& command = workspace_->facts().run_command;
  if (command.empty()) return nullptr;
  for (auto* terminal : workspace_->terminals()->all())
    if (terminal->info().running && terminal->info().command == command) return terminal;
  return nullptr;
}

bool RunControl::isRunning() const { return runningTerminal() != nullptr; }

void RunControl::refresh() {
  const bool running = isRunning();
  if (!running) stopping_ = false;
  const auto& command = workspace_->facts().run_command;
  run_->setText(running ? tr("Stop") : tr("Run"));
  run_->setIcon(running ? Theme::icon(QStringLiteral("media-playback-stop"), Theme::Tint::bad)
                        : Theme::icon(QStringLiteral("media-playback-start"), Theme::Tint::on_accent));
  const bool may_run = workspace_->mayEdit();
  run_->setToolTip(client::plain_tip(!may_run ? tr("You may look at this workspace, not run programs in it")
                                     : command.empty() ? tr("This workspace has no run command")
                                     : running ? tr("Stop “%1” (F5)").arg(QString::fromStdString(command))
                                               : tr("Run “%1” (F5)").arg(QString::fromStdString(command))));
  run_->setEnabled(may_run && !command.empty() && workspace_->connection()->online());
  if (run_->property("running") != running) {
    run_->setProperty("running", running);
    run_->style()->unpolish(run_);
    run_->style()->polish(run_);
  }
  const bool reachable = !workspace_->ports()->ports().empty();
  preview_->setEnabled(reachable && workspace_->connection()->online());
  preview_->setToolTip(reachable ? tr("Open what the workspace serves in the browser")
                                 : tr("Nothing listens in the workspace yet"));
}

void RunControl::toggle() {
  if (isRunning()) return stop();
  const auto& command = workspace_->facts().run_command;
  if (command.empty()) return;
  // Terminals of earlier runs that have ended only take room.
  for (auto* terminal : QList<client::Terminal*>(workspace_->terminals()->all()))
    if (!terminal->info().running && terminal->info().command == command)
      workspace_->terminals()->close(terminal);
  terminals_->open(QString::fromStdString(command), tr("Run"));
}

void RunControl::stop() {
  auto* terminal = runningTerminal();
  if (!terminal) return;
  if (stopping_) return workspace_->terminals()->close(terminal);  // pressed again: at once
  stopping_ = true;
  terminal->send("\x03");
  QTimer::singleShot(interrupt_time, terminal, [this, terminal] {
    if (terminal->info().running) workspace_->terminals()->close(terminal);
  });
}

void RunControl::openPreview(quint16 port) {
  workspace_->server()->createPreview(
      workspace_->id(), port, this, [this](Result<client::rest::CreatePreview::Result> answer) {
        if (!answer) return Q_EMIT failed(sentence(answer.error()));
        const QUrl url(QString::fromStdString(answer->url));
        if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https"))
          return Q_EMIT failed(tr("The server gave an address that is no web page."));
        Q_EMIT previewOpened(url);
        if (!QDesktopServices::openUrl(url))
          Q_EMIT failed(tr("No browser could be opened. The address: %1").arg(url.toString()));
      });
}

}  // namespace berth::desktop

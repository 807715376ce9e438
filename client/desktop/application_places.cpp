// SPDX-License-Identifier: GPL-3.0-or-later
// The ways to a workspace: what the program was started for, this machine, those opened last, folders.
#include <QApplication>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>

#include "client/core/server_address.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/application.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/recent_list.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/window_keys.hpp"
#include "client/desktop/workspaces_page.hpp"

namespace berth::desktop {
namespace {

/// Where an imported folder lies in its workspace.
const auto project_folder = QStringLiteral("project/");

}  // namespace

void Application::follow(const client::StartOrder& order) {
  // Wayland lets a window come to the front by this alone.
  if (!order.activation.isEmpty()) qputenv("XDG_ACTIVATION_TOKEN", order.activation.toUtf8());
  const auto options = read_command_line(order);
  if (!options) {  // it was told in its terminal
    showStart();
    return;
  }
  apply(*options);
}

/// While the program runs, or at its start where that was for a folder, a file or the last workspace.
void Application::apply(const Options& options) {
  if (!options.problem.isEmpty()) {
    showStart();
    return start_->tell(options.problem);
  }
  if (!options.folder.isEmpty()) return openFolder(options.folder);
  if (!options.file.isEmpty()) return openFile(options.file);
  if (options.last && !recent_.all().isEmpty()) return openRecent(recent_.all().constFirst());
  if (options.this_machine) return openThisMachine();
  if (!options.server.isEmpty()) {
    options_.workspace = options.workspace;
    showStart();
    return start_->follow(options.server);
  }
  if (!options.workspace.isEmpty()) {
    options_.workspace = options.workspace;
    if (!open_servers_.isEmpty()) return openWanted(open_servers_.constFirst().connection);
  }
  // Started once more: what is open comes to the front.
  const auto all = windows();
  auto* active = QApplication::activeWindow();
  if (options.list || all.isEmpty()) return showStart();
  auto* window = qobject_cast<IdeWindow*>(active) ? active : static_cast<QWidget*>(all.constFirst());
  window->show();
  window->raise();
  window->activateWindow();
}

void Application::openThisMachine() {
  show_machine_ = true;
  showStart();
  this_machine_.open();
  machineChanged();
}

void Application::machineChanged() {
  using State = client::ThisMachine::State;
  if (this_machine_.state() == State::failed) {
    show_machine_ = false;
    if (!folder_.isEmpty()) start_->tell(this_machine_.words());
    folder_.clear();
    failWanted(client::ThisMachine::key(), {}, this_machine_.words());
  }
  if (this_machine_.state() != State::ready) return;
  const auto connection = this_machine_.connection();
  const auto folder = std::exchange(folder_, {});
  if (std::exchange(show_machine_, false) || !folder.isEmpty()) {
    start_->enter(connection);
  } else {
    entered(connection);
  }
  if (!folder.isEmpty()) makeWorkspaceOf(folder);
}

void Application::openRecent(const client::RecentWorkspace& workspace, const QString& file) {
  wanted_.append({{workspace.server, workspace.origin, workspace.email, workspace.id}, true, file});
  if (const auto known = connectionTo(workspace.server, workspace.email)) return openWanted(known);
  reach();
}

void Application::reach() {
  bool machine = false;
  QList<client::RememberedServer> servers;
  for (const auto& wanted : wanted_) {
    const auto& window = wanted.window;
    machine = machine || window.server == client::ThisMachine::key();
    const client::RememberedServer remembered{window.origin, window.email};
    if (window.server == window.origin.toEncoded() && !servers.contains(remembered) &&
        !connectionTo(window.server, window.email))
      servers.append(remembered);
  }
  if (machine) this_machine_.open();
  for (const auto& server : servers) reach(server);
}

void Application::reach(const client::RememberedServer& remembered) {
  // The connect page signs in to one of them already.
  for (const auto& server : reaching_)
    if (server->origin() == remembered.server) return;
  if (start_->connectPage()->isSigningIn(remembered.server)) return;
  const auto key = remembered.server.toEncoded();
  if (!servers_.servers().contains(remembered))
    return failWanted(key, remembered.email,
                      tr("You are signed out of %1.").arg(remembered.server.authority()));
  auto connection = std::make_shared<client::ServerConnection>(remembered.server, &secrets_);
  reaching_.append(connection);
  connection->restore(remembered.email, this,
                      [this, connection, remembered, key](Result<client::rest::Account> answer) {
                        QTimer::singleShot(0, this, [this, connection] { reaching_.removeAll(connection); });
                        if (connectionTo(key, remembered.email)) return;  // the person was faster
                        if (answer) return entered(connection);
                        failWanted(key, remembered.email, QString::fromStdString(answer.error().message));
                      });
}

/// Nobody waits for windows that can't be opened; what the person asked for says why.
void Application::failWanted(const QByteArray& server, const QString& email, const QString& why) {
  const auto fits = [&](const Wanted& wanted) {
    return wanted.window.server == server && (email.isEmpty() || wanted.window.email == email);
  };
  bool asked = false;
  for (const auto& wanted : wanted_) asked = asked || (fits(wanted) && wanted.asked);
  wanted_.removeIf([&](const Wanted& wanted) { return fits(wanted) && wanted.asked; });
  if (!asked) return;
  showStart();
  if (server != client::ThisMachine::key()) start_->connectPage()->offer(QString::fromUtf8(server));
  start_->tell(why);
}

void Application::openFolder(const QString& folder) {
  if (const auto known = recent_.madeOf(client::ThisMachine::key(), folder)) return openRecent(*known);
  folder_ = folder;
  openThisMachine();
}

void Application::openFile(const QString& file) {
  if (const auto known = recent_.containing(client::ThisMachine::key(), file))
    return openRecent(*known, project_folder + file.mid(known->source.size() + 1));
  showStart();
  const auto folder = QFileInfo(file).path();
  start_->offer(tr("Berth edits files in workspaces, and there is none of the folder %1 that %2 lies in.")
                    .arg(folder, QFileInfo(file).fileName()),
                tr("Make One of This Folder"), [this, folder] { openFolder(folder); });
}

/// By the usual dialog: it shows what will be copied, and the person says so.
void Application::makeWorkspaceOf(const QString& folder) {
  showStart();
  auto* dialog = start_->workspacesPage()->create();
  dialog->setSource(CreateWorkspaceDialog::Source::folder);
  dialog->field()->setText(folder);
  const auto connection = start_->connection();
  connect(
      dialog, &CreateWorkspaceDialog::created, this,
      [this, connection, folder, dialog](const protocol::rest::Workspace& workspace) {
        if (dialog->source() != CreateWorkspaceDialog::Source::folder || dialog->field()->text() != folder)
          return;
        recent_.remember(
            {connection->key(), connection->origin(), QString::fromStdString(connection->account()->email),
             QString::fromStdString(workspace.id), QString::fromStdString(workspace.name), folder});
      });
}

/// The ways to other workspaces, among the window's commands; its menus show those.
void Application::addCommands(IdeWindow* window) {
  auto* menu = new RecentMenu(&recent_, window);
  connect(menu, &RecentMenu::openWanted, this,
          [this](const client::RecentWorkspace& workspace) { openRecent(workspace); });
  auto* commands = window->commands();
  commands->add("workspace.recent", [menu, window] {
    menu->fill();
    menu->popup(window->mapToGlobal(QPoint((window->width() - menu->sizeHint().width()) / 2, 80)));
  });
  commands->add("workspace.this_machine", [this] { openThisMachine(); });
  commands->add("workspace.servers", [this] {
    start_->showServers();
    showStart();
  });
}

}  // namespace berth::desktop

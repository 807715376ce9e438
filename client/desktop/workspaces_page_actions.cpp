// SPDX-License-Identifier: GPL-3.0-or-later
// What is done about one workspace of the list.
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

#include "client/core/server_connection.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/save_question.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"

namespace berth::desktop {

using protocol::rest::WorkspaceState;

void WorkspacesPage::stop(const QString& id) {
  stops_[id] = false;
  server_->stopWorkspace(id, this, [this, id](Result<client::rest::Workspace> answer) {
    if (!answer) {
      stops_.remove(id);
      fail(answer.error());
    } else {
      if (stops_.contains(id)) stops_[id] = true;
      followStop(*answer);
    }
    refresh();
  });
  poll_.start(200);
}

/// A stop that could not store the last changes leaves the workspace running: the person is told and may try
/// again.
void WorkspacesPage::followStop(const protocol::rest::Workspace& workspace) {
  const auto id = QString::fromStdString(workspace.id);
  const auto known = stops_.find(id);
  if (known == stops_.end()) return;
  if (workspace.state == WorkspaceState::stopping) {
    *known = true;
  } else if (*known) {
    stops_.erase(known);
    if (workspace.state != WorkspaceState::running || workspace.reason.empty()) return;
    bar_->setProperty("offline", false);
    bar_->show(MessageBar::Kind::error,
               tr("“%1” still runs. %2")
                   .arg(QString::fromStdString(workspace.name), QString::fromStdString(workspace.reason)),
               {{tr("Try Again"),
                 [this, id] {
                   bar_->hide();
                   stop(id);
                 }}},
               true);
  }
}

HistoryWindow* WorkspacesPage::showHistory(const protocol::rest::Workspace& workspace) {
  const auto id = QString::fromStdString(workspace.id);
  if (history_ && history_of_ != id) delete history_;
  if (!history_) {
    history_ = new HistoryWindow(server_, workspace, &transfers_, this);
    connect(history_, &HistoryWindow::workspaceMade, this, &WorkspacesPage::openWanted);
  }
  history_of_ = id;
  history_->setFacts(workspace);
  history_->setMayChange(workspace.role != protocol::Role::viewer);
  history_->show();
  history_->raise();
  history_->activateWindow();
  history_->showPath({});
  return history_;
}

void WorkspacesPage::download(const protocol::rest::Workspace& workspace) {
  const auto name = QString::fromStdString(workspace.name);
  ask_where_to_save_archive(
      this, name, this,
      [this, name, id = QString::fromStdString(workspace.id)](const QString& file, const QString& format) {
        auto* transfer = transfers_.downloadArchive(server_, id, {{}, format}, file);
        connect(transfer, &client::Transfer::finished, this, [this, transfer, name] {
          const bool done = transfer->state() == client::Transfer::State::done;
          bar_->setProperty("offline", false);
          bar_->show(done ? MessageBar::Kind::good : MessageBar::Kind::error,
                     done ? tr("“%1” was downloaded to %2.").arg(name, transfer->local())
                          : tr("“%1” was not downloaded: %2").arg(name, transfer->problem()),
                     {}, true);
        });
      });
}

void WorkspacesPage::rename(WorkspaceRow* row) {
  bool given = false;
  const auto id = QString::fromStdString(row->facts().id);  // the row may be gone when the answer comes
  const auto old = QString::fromStdString(row->facts().name);
  const auto name =
      QInputDialog::getText(this, tr("Rename Workspace"), tr("Name"), QLineEdit::Normal, old, &given)
          .trimmed();
  if (!given || name.isEmpty() || name == old) return;
  server_->renameWorkspace(id, name, this, [this](Result<client::rest::Workspace> answer) {
    if (!answer) fail(answer.error());
    refresh();
  });
}

void WorkspacesPage::remove(WorkspaceRow* row) {
  const auto name = QString::fromStdString(row->facts().name);
  const auto id = QString::fromStdString(row->facts().id);
  // It stays open while the list goes on; nothing waits on the stack for the answer.
  auto* box =
      new QMessageBox(QMessageBox::Warning, tr("Delete Workspace"),
                      tr("Delete “%1” and all its files for good?").arg(name), QMessageBox::Cancel, this);
  box->setObjectName(QStringLiteral("deleteWorkspace"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setTextFormat(Qt::PlainText);
  const auto* yes = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
  box->setDefaultButton(QMessageBox::Cancel);
  connect(box, &QMessageBox::buttonClicked, this, [this, id, yes](const QAbstractButton* clicked) {
    if (clicked != yes) return;
    server_->deleteWorkspace(id, this, [this](Result<client::rest::NoBody> answer) {
      if (!answer) fail(answer.error());
      refresh();
    });
    poll_.start(200);
  });
  box->open();
}

ShareDialog* WorkspacesPage::share(const protocol::rest::Workspace& workspace) {
  auto* dialog = new ShareDialog(server_, workspace, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ShareDialog::changed, this, &WorkspacesPage::refresh);
  connect(dialog, &ShareDialog::left, this, &WorkspacesPage::refresh);
  dialog->open();
  return dialog;
}

void WorkspacesPage::leave(WorkspaceRow* row) {
  leave_workspace(
      server_, row->facts(), this, [this] { refresh(); }, [this](const Error& error) { fail(error); });
}

}  // namespace berth::desktop

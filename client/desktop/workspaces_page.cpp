// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspaces_page.hpp"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/server_connection.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/workspace_row.hpp"

namespace berth::desktop {
namespace {

constexpr int moving_poll = 1'000;  // ms, while some workspace changes its state
constexpr int quiet_poll = 6'000;   // ms
using protocol::rest::WorkspaceState;

}  // namespace

WorkspacesPage::WorkspacesPage(client::ServerConnection* server, QWidget* parent)
    : QWidget(parent), server_(server), bar_(new MessageBar), rows_(new QVBoxLayout), empty_(new QWidget) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(bar_);
  auto* header = new QHBoxLayout;
  header->setContentsMargins(28, 22, 24, 14);
  header->setSpacing(10);
  auto* logo = new QLabel;
  logo->setPixmap(Theme::logo().pixmap(34, 34));
  header->addWidget(logo);
  auto* title = new QLabel(tr("Workspaces"));
  title->setProperty("role", QStringLiteral("title"));
  header->addWidget(title);
  header->addStretch();
  auto* account = new QToolButton;
  const auto& who = server->account();
  account->setText(who ? QString::fromStdString(who->name.empty() ? who->email : who->name) : QString());
  account->setIcon(Theme::icon(QStringLiteral("user")));
  account->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  account->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(account);
  if (who)
    menu->addAction(tr("%1 on %2").arg(QString::fromStdString(who->email), server->origin().authority()))
        ->setEnabled(false);
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("system-log-out")), tr("Sign Out"), this,
                  &WorkspacesPage::signOutWanted);
  account->setMenu(menu);
  header->addWidget(account);
  auto* create =
      new QPushButton(Theme::icon(QStringLiteral("list-add"), Theme::Tint::on_accent), tr("New Workspace"));
  create->setProperty("primary", true);
  create->setObjectName(QStringLiteral("newWorkspace"));
  connect(create, &QPushButton::clicked, this, &WorkspacesPage::create);
  header->addWidget(create);
  layout->addLayout(header);

  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(28, 4, 28, 24);
  column->setSpacing(10);
  rows_->setSpacing(10);
  column->addLayout(rows_);
  auto* nothing = new QVBoxLayout(empty_);
  nothing->setContentsMargins(0, 60, 0, 0);
  nothing->setSpacing(14);
  auto* text = new QLabel(
      tr("No workspace yet. Each is a small Linux machine of its own, with files, terminals and previews."));
  text->setWordWrap(true);
  text->setAlignment(Qt::AlignCenter);
  text->setProperty("role", QStringLiteral("muted"));
  nothing->addWidget(text);
  auto* first = new QPushButton(tr("Create Your First Workspace"));
  connect(first, &QPushButton::clicked, this, &WorkspacesPage::create);
  nothing->addWidget(first, 0, Qt::AlignHCenter);
  empty_->hide();
  column->addWidget(empty_);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);  // its rows have the focus
  layout->addWidget(scroll, 1);
  poll_.setSingleShot(true);
  connect(&poll_, &QTimer::timeout, this, &WorkspacesPage::refresh);
}

void WorkspacesPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
}

void WorkspacesPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  poll_.stop();
}

void WorkspacesPage::refresh() {
  server_->listWorkspaces(this, [this](Result<client::rest::ListWorkspaces::Result> answer) {
    if (!answer) {
      fail(answer.error());
      if (isVisible()) poll_.start(quiet_poll);
      return;
    }
    if (bar_->property("offline").toBool()) bar_->hide();
    take(answer->workspaces);
  });
}

QList<WorkspaceRow*> WorkspacesPage::rows() const {
  QList<WorkspaceRow*> out;
  for (int i = 0; i < rows_->count(); ++i) out.append(static_cast<WorkspaceRow*>(rows_->itemAt(i)->widget()));
  return out;
}

void WorkspacesPage::take(const std::vector<protocol::rest::Workspace>& workspaces) {
  bool moving = false;
  // Rows are kept where they are still true: a rebuilt one would lose focus and an open menu.
  auto old = rows();
  int place = 0;
  for (const auto& workspace : workspaces) {
    moving |= workspace.state != WorkspaceState::running && workspace.state != WorkspaceState::stopped &&
              workspace.state != WorkspaceState::failed;
    const auto known =
        std::ranges::find_if(old, [&](WorkspaceRow* row) { return row->facts().id == workspace.id; });
    auto* row = known == old.end() ? addRow(workspace) : *known;
    if (known != old.end()) {
      row->setFacts(workspace);
      old.erase(known);
    }
    if (rows_->indexOf(row) != place) {
      rows_->removeWidget(row);
      rows_->insertWidget(place, row);
    }
    ++place;
  }
  for (auto* row : old) {
    rows_->removeWidget(row);
    row->deleteLater();
  }
  empty_->setVisible(workspaces.empty());
  // Keys begin where people do: at the newest workspace, or at making the first one.
  if (!std::exchange(listed_, true)) {
    if (auto* first = rows().value(0)) {
      first->setFocus();
    } else {
      findChild<QPushButton*>(QStringLiteral("newWorkspace"))->setFocus();
    }
  }
  if (isVisible()) poll_.start(moving ? moving_poll : quiet_poll);
}

WorkspaceRow* WorkspacesPage::addRow(const protocol::rest::Workspace& workspace) {
  auto* row = new WorkspaceRow(workspace);
  const auto id = QString::fromStdString(workspace.id);
  const auto answered = [this](Result<client::rest::Workspace> answer) {
    if (!answer) fail(answer.error());
    refresh();
  };
  connect(row, &WorkspaceRow::openWanted, this, [this, row] { Q_EMIT openWanted(row->facts()); });
  connect(row, &WorkspaceRow::startWanted, this, [this, id, answered] {
    server_->startWorkspace(id, this, answered);
    poll_.start(200);
  });
  connect(row, &WorkspaceRow::stopWanted, this, [this, id, answered] {
    server_->stopWorkspace(id, this, answered);
    poll_.start(200);
  });
  connect(row, &WorkspaceRow::renameWanted, this, [this, row] { rename(row); });
  connect(row, &WorkspaceRow::deleteWanted, this, [this, row] { remove(row); });
  rows_->addWidget(row);
  return row;
}

void WorkspacesPage::rename(WorkspaceRow* row) {
  bool given = false;
  const auto old = QString::fromStdString(row->facts().name);
  const auto name =
      QInputDialog::getText(this, tr("Rename Workspace"), tr("Name"), QLineEdit::Normal, old, &given)
          .trimmed();
  if (!given || name.isEmpty() || name == old) return;
  server_->renameWorkspace(QString::fromStdString(row->facts().id), name, this,
                           [this](Result<client::rest::Workspace> answer) {
                             if (!answer) fail(answer.error());
                             refresh();
                           });
}

void WorkspacesPage::remove(WorkspaceRow* row) {
  const auto name = QString::fromStdString(row->facts().name);
  const auto id = QString::fromStdString(row->facts().id);
  QMessageBox box(QMessageBox::Warning, tr("Delete Workspace"),
                  tr("Delete “%1” and all its files for good?").arg(name), QMessageBox::Cancel, this);
  const auto* yes = box.addButton(tr("Delete"), QMessageBox::DestructiveRole);
  box.setDefaultButton(QMessageBox::Cancel);
  box.exec();
  if (box.clickedButton() != yes) return;
  server_->deleteWorkspace(id, this, [this](Result<client::rest::NoBody> answer) {
    if (!answer) fail(answer.error());
    refresh();
  });
  poll_.start(200);
}

void WorkspacesPage::create() {
  auto* dialog = new CreateWorkspaceDialog(server_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &CreateWorkspaceDialog::created, this, [this](const protocol::rest::Workspace& workspace) {
    refresh();
    Q_EMIT openWanted(workspace);
  });
  dialog->open();
}

void WorkspacesPage::fail(const Error& error) {
  bar_->setProperty("offline", error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout);
  bar_->show(MessageBar::Kind::error, sentence(error), {}, true);
}

}  // namespace berth::desktop

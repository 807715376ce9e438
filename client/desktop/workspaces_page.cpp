// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspaces_page.hpp"

#include <QDesktopServices>
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
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/save_question.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/storage_meter.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/transfer_strip.hpp"
#include "client/desktop/workspace_row.hpp"

namespace berth::desktop {
namespace {

constexpr int moving_poll = 1'000;  // ms, while some workspace changes its state
constexpr int quiet_poll = 6'000;   // ms
constexpr int narrow_page = 580;    // px below which the head says less
constexpr int usage_poll = 15'000;  // ms
using protocol::rest::WorkspaceState;

}  // namespace

WorkspacesPage::WorkspacesPage(client::ServerConnection* server, QWidget* parent)
    : QWidget(parent),
      server_(server),
      usage_(server),
      bar_(new MessageBar),
      storage_bar_(new MessageBar),
      rows_(new QVBoxLayout),
      empty_(new QWidget) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(bar_);
  layout->addWidget(storage_bar_);
  layout->addLayout(makeHeader());
  storage_meter_ = new StorageMeter(&usage_);
  storage_meter_->setContentsMargins(28, 0, 28, 10);
  layout->addWidget(storage_meter_);
  layout->addWidget(makeList(), 1);
  auto* strip = new TransferStrip(&transfers_);
  strip->setObjectName(QStringLiteral("transfers"));
  strip->setContentsMargins(28, 6, 24, 6);
  layout->addWidget(strip);
  connect(&usage_, &client::StorageUsage::changed, this, &WorkspacesPage::refreshStorage);
  poll_.setSingleShot(true);
  connect(&poll_, &QTimer::timeout, this, &WorkspacesPage::refresh);
}

QLayout* WorkspacesPage::makeHeader() {
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
  account_ = makeAccountMenu();
  header->addWidget(account_);
  create_ =
      new QPushButton(Theme::icon(QStringLiteral("list-add"), Theme::Tint::on_accent), tr("New Workspace"));
  create_->setProperty("primary", true);
  create_->setObjectName(QStringLiteral("newWorkspace"));
  create_->setAccessibleName(tr("New Workspace"));
  connect(create_, &QPushButton::clicked, this, &WorkspacesPage::create);
  header->addWidget(create_);
  return header;
}

QToolButton* WorkspacesPage::makeAccountMenu() {
  auto* account = new QToolButton;
  const auto& who = server_->account();
  account->setText(who ? QString::fromStdString(who->name.empty() ? who->email : who->name) : QString());
  account->setIcon(Theme::icon(QStringLiteral("user")));
  account->setAccessibleName(tr("Account"));
  account->setToolTip(tr("Account and storage"));
  account->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  account->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(account);
  if (who)
    menu->addAction(tr("%1 on %2").arg(QString::fromStdString(who->email), server_->origin().authority()))
        ->setEnabled(false);
  auto* stored = menu->addAction(tr("Storage is not known yet"));
  stored->setEnabled(false);
  connect(&usage_, &client::StorageUsage::changed, stored,
          [this, stored] { stored->setText(storage_words(*usage_.now())); });
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("user-identity")), tr("Account…"), this,
                  &WorkspacesPage::openAccount)
      ->setObjectName(QStringLiteral("account"));
  menu->addAction(Theme::icon(QStringLiteral("system-log-out")), tr("Sign Out"), this,
                  &WorkspacesPage::signOutWanted);
  account->setMenu(menu);
  return account;
}

QWidget* WorkspacesPage::makeList() {
  auto* inner = new QWidget;
  column_ = new QVBoxLayout(inner);
  auto* column = column_;
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
  return scroll;
}

void WorkspacesPage::refreshStorage() {
  const auto warning = storage_warning(*usage_.now());
  // One that the person closed stays closed until it is worse.
  if (std::exchange(storage_warning_, warning) == warning) return;
  if (warning.isEmpty()) return storage_bar_->hide();
  storage_bar_->show(
      usage_.room() == client::StorageUsage::Room::none ? MessageBar::Kind::error : MessageBar::Kind::warning,
      warning, {}, true);
}

void WorkspacesPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
}

void WorkspacesPage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool narrow = width() < narrow_page;
  account_->setToolButtonStyle(narrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
  create_->setText(narrow ? tr("New") : tr("New Workspace"));
  column_->setContentsMargins(narrow ? 14 : 28, 4, narrow ? 14 : 28, 24);
}

void WorkspacesPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  poll_.stop();
}

void WorkspacesPage::refresh() {
  if (!usage_asked_.isValid() || usage_asked_.elapsed() > usage_poll) {
    usage_asked_.start();
    usage_.refresh();
  }
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
    followStop(workspace);
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
      create_->setFocus();
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
  connect(row, &WorkspaceRow::stopWanted, this, [this, id] { stop(id); });
  connect(row, &WorkspaceRow::historyWanted, this, [this, row] { showHistory(row->facts()); });
  connect(row, &WorkspaceRow::downloadWanted, this, [this, row] { download(row->facts()); });
  connect(row, &WorkspaceRow::renameWanted, this, [this, row] { rename(row); });
  connect(row, &WorkspaceRow::deleteWanted, this, [this, row] { remove(row); });
  connect(row, &WorkspaceRow::shareWanted, this, [this, row] { share(row->facts()); });
  connect(row, &WorkspaceRow::leaveWanted, this, [this, row] { leave(row); });
  rows_->addWidget(row);
  return row;
}

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
  QMessageBox box(QMessageBox::Warning, tr("Delete Workspace"),
                  tr("Delete “%1” and all its files for good?").arg(name), QMessageBox::Cancel, this);
  box.setTextFormat(Qt::PlainText);
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

/// Password, second factor, devices and tokens are the web page's: there the browser's sign-in proves who
/// asks.
void WorkspacesPage::openAccount() {
  QUrl page = server_->origin();
  page.setPath(QStringLiteral("/account"));
  if (!QDesktopServices::openUrl(page))
    fail({ErrorCode::unavailable,
          "No browser could be opened. Open " + page.toString().toStdString() + " in one.",
          {},
          {}});
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

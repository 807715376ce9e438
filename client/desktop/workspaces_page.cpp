// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspaces_page.hpp"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/server_connection.hpp"
#include "client/core/this_machine.hpp"
#include "client/desktop/about_dialog.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/email_notice.hpp"
#include "client/desktop/join_dialog.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/settings_dialog.hpp"
#include "client/desktop/storage_meter.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/transfer_strip.hpp"
#include "client/desktop/workspace_filter.hpp"
#include "client/desktop/workspace_log_dialog.hpp"
#include "client/desktop/workspace_row.hpp"

namespace berth::desktop {
namespace {

constexpr int moving_poll = 1'000;      // ms, while some workspace changes its state
constexpr int quiet_poll = 6'000;       // ms
constexpr int narrow_page = 580;        // px below which the head says less
constexpr int usage_poll = 15'000;      // ms
constexpr std::size_t filter_from = 6;  // workspaces
using protocol::rest::WorkspaceState;

}  // namespace

WorkspacesPage::WorkspacesPage(client::ServerConnection* server, QWidget* parent)
    : QWidget(parent),
      server_(server),
      usage_(server),
      list_(server),
      bar_(new MessageBar),
      storage_bar_(new MessageBar),
      email_(new EmailNotice(server)),
      rows_(new QVBoxLayout),
      empty_(new QWidget) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(bar_);
  layout->addWidget(storage_bar_);
  layout->addWidget(email_);
  layout->addLayout(makeHeader());
  storage_meter_ = new StorageMeter(&usage_);
  storage_meter_->setContentsMargins(28, 0, 28, 10);
  layout->addWidget(storage_meter_);
  filter_ =
      new WorkspaceFilter(server->account() ? QString::fromStdString(server->account()->id) : QString());
  filter_->setContentsMargins(28, 0, 28, 10);
  filter_->hide();
  layout->addWidget(filter_);
  layout->addWidget(makeList(), 1);
  auto* strip = new TransferStrip(&transfers_);
  strip->setObjectName(QStringLiteral("transfers"));
  strip->setContentsMargins(28, 6, 24, 6);
  layout->addWidget(strip);
  connect(&usage_, &client::StorageUsage::changed, this, &WorkspacesPage::refreshStorage);
  connect(&list_, &client::WorkspaceList::changed, this, [this] {
    if (bar_->property("offline").toBool()) bar_->hide();
    take(list_.workspaces());
  });
  connect(&list_, &client::WorkspaceList::failed, this, [this](const Error& error) {
    fail(error);
    if (isVisible()) poll_.start(quiet_poll);
  });
  connect(filter_, &WorkspaceFilter::changed, this,
          [this] { list_.setFilter(filter_->text(), filter_->owner()); });
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
  join_ = new QPushButton(Theme::icon(QStringLiteral("list-add-user")), tr("Join…"));
  join_->setObjectName(QStringLiteral("joinByLink"));
  join_->setAccessibleName(tr("Join by Link"));
  join_->setToolTip(tr("Join a workspace or a team by a link that you were sent"));
  connect(join_, &QPushButton::clicked, this, [this] { join({}); });
  header->addWidget(join_);
  create_ =
      new QPushButton(Theme::icon(QStringLiteral("list-add"), Theme::Tint::on_accent), tr("New Workspace"));
  create_->setProperty("primary", true);
  create_->setObjectName(QStringLiteral("newWorkspace"));
  create_->setAccessibleName(tr("New Workspace"));
  connect(create_, &QPushButton::clicked, this, &WorkspacesPage::create);
  header->addWidget(create_);
  return header;
}

bool WorkspacesPage::isThisMachine() const { return server_->key() == client::ThisMachine::key(); }

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
  if (who && !isThisMachine())
    menu->addAction(tr("%1 on %2").arg(QString::fromStdString(who->email), server_->origin().authority()))
        ->setEnabled(false);
  auto* stored = menu->addAction(tr("Storage is not known yet"));
  stored->setEnabled(false);
  connect(&usage_, &client::StorageUsage::changed, stored,
          [this, stored] { stored->setText(storage_words(*usage_.now())); });
  menu->addSeparator();
  menu->addAction(Theme::icon(QStringLiteral("network-server")), tr("Other Servers…"), this,
                  &WorkspacesPage::serversWanted)
      ->setObjectName(QStringLiteral("otherServers"));
  menu->addAction(Theme::icon(QStringLiteral("configure")), tr("Settings…"), this,
                  [this] { SettingsDialog::open(this); })
      ->setObjectName(QStringLiteral("openSettings"));
  menu->addAction(Theme::icon(QStringLiteral("help-about")), tr("About Berth"), this,
                  [this] { AboutDialog::open(this); })
      ->setObjectName(QStringLiteral("about"));
  // Nobody signs in to this machine: what there is of an account is this program's.
  if (isThisMachine()) {
    account->setText(tr("This Machine"));
    account->setIcon(Theme::icon(QStringLiteral("computer")));
    account->setMenu(menu);
    return account;
  }
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
  column->addWidget(makeNoMatch());
  more_ = new QPushButton(tr("Show More"));
  more_->setObjectName(QStringLiteral("moreWorkspaces"));
  more_->hide();
  connect(more_, &QPushButton::clicked, this, [this] { list_.more(); });
  column->addWidget(more_, 0, Qt::AlignHCenter);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);  // its rows have the focus
  return scroll;
}

QWidget* WorkspacesPage::makeNoMatch() {
  no_match_ = new QWidget;
  no_match_->setObjectName(QStringLiteral("noMatch"));
  auto* column = new QVBoxLayout(no_match_);
  column->setContentsMargins(0, 60, 0, 0);
  column->setSpacing(14);
  auto* text = new QLabel(tr("No workspace fits."));
  text->setAlignment(Qt::AlignCenter);
  text->setProperty("role", QStringLiteral("muted"));
  column->addWidget(text);
  auto* all = new QPushButton(tr("Show All"));
  connect(all, &QPushButton::clicked, this, [this] { filter_->clear(); });
  column->addWidget(all, 0, Qt::AlignHCenter);
  no_match_->hide();
  return no_match_;
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
  join_->setText(narrow ? QString() : tr("Join…"));
  filter_->setContentsMargins(narrow ? 14 : 28, 0, narrow ? 14 : 28, 10);
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
  if (!teams_asked_.isValid() || teams_asked_.elapsed() > usage_poll) {
    teams_asked_.start();
    server_->listTeams(this, [this](Result<client::rest::ListTeams::Result> answer) {
      if (!answer) return;
      has_teams_ = !answer->teams.empty();
      filter_->setTeams(answer->teams);
      refreshFilter();
    });
  }
  list_.refresh();
}

/// There is nothing to find among a few.
void WorkspacesPage::refreshFilter() {
  filter_->setVisible(has_teams_ || list_.isFiltered() || list_.hasMore() ||
                      list_.workspaces().size() >= filter_from);
  more_->setVisible(list_.hasMore());
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
  empty_->setVisible(workspaces.empty() && !list_.isFiltered());
  no_match_->setVisible(workspaces.empty() && list_.isFiltered());
  refreshFilter();
  // Keys begin where people do: at the newest workspace, or at making the first one.
  if (!std::exchange(listed_, true)) {
    if (auto* first = rows().value(0)) {
      first->setFocus();
    } else {
      create_->setFocus();
    }
    if (!isThisMachine()) email_->look();
  }
  // Many pages are asked for less often.
  if (isVisible()) poll_.start((moving ? moving_poll : quiet_poll) * list_.pages());
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
  connect(row, &WorkspaceRow::logWanted, this,
          [this, row] { (new WorkspaceLogDialog(server_, row->facts(), this))->open(); });
  connect(row, &WorkspaceRow::downloadWanted, this, [this, row] { download(row->facts()); });
  connect(row, &WorkspaceRow::renameWanted, this, [this, row] { rename(row); });
  connect(row, &WorkspaceRow::deleteWanted, this, [this, row] { remove(row); });
  connect(row, &WorkspaceRow::shareWanted, this, [this, row] { share(row->facts()); });
  connect(row, &WorkspaceRow::leaveWanted, this, [this, row] { leave(row); });
  rows_->addWidget(row);
  return row;
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

CreateWorkspaceDialog* WorkspacesPage::create() {
  auto* dialog = new CreateWorkspaceDialog(server_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &CreateWorkspaceDialog::created, this, [this](const protocol::rest::Workspace& workspace) {
    refresh();
    Q_EMIT openWanted(workspace);
  });
  dialog->open();
  return dialog;
}

JoinDialog* WorkspacesPage::join(const QString& link) {
  auto* dialog = new JoinDialog(server_, link, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &JoinDialog::joined, this, [this](const protocol::rest::Workspace& workspace) {
    refresh();
    Q_EMIT openWanted(workspace);
  });
  connect(dialog, &JoinDialog::joinedTeam, this, [this](const protocol::rest::Team& team) {
    teams_asked_.invalidate();
    refresh();
    bar_->setProperty("offline", false);
    bar_->show(MessageBar::Kind::good,
               tr("You are in the team “%1” now; its workspaces are in this list.")
                   .arg(QString::fromStdString(team.name)),
               {}, true);
  });
  connect(dialog, &JoinDialog::serverWanted, this, &WorkspacesPage::serverWanted);
  dialog->open();
  return dialog;
}

void WorkspacesPage::fail(const Error& error) {
  bar_->setProperty("offline", error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout);
  bar_->show(MessageBar::Kind::error, sentence(error), {}, true);
}

}  // namespace berth::desktop

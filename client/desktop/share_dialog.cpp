// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/share_dialog.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "client/desktop/key_order.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/share_links.hpp"
#include "client/desktop/share_people.hpp"
#include "client/desktop/share_team.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

QString leave_question(const protocol::rest::Workspace& facts) {
  return ShareDialog::tr("Leave “%1”? You come back only when somebody invites you again.")
      .arg(QString::fromStdString(facts.name));
}

}  // namespace

ShareDialog::ShareDialog(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                         QWidget* parent)
    : QDialog(parent),
      sharing_(server, facts),
      title_(new QLabel),
      bar_(new MessageBar),
      invite_(new InviteForm(&sharing_)),
      wait_(new QLabel(tr("One moment…"))),
      leave_(new QPushButton(tr("Leave…"))) {
  setObjectName(QStringLiteral("shareDialog"));
  resize(560, 640);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(bar_);
  auto* column = new QVBoxLayout;
  column->setContentsMargins(22, 18, 22, 10);
  column->setSpacing(12);
  title_->setTextFormat(Qt::PlainText);
  title_->setWordWrap(true);
  title_->setProperty("role", QStringLiteral("title"));
  column->addWidget(title_);
  column->addWidget(invite_);
  wait_->setProperty("role", QStringLiteral("muted"));
  column->addWidget(wait_);
  layout->addLayout(column);
  owners_.append(invite_);
  content_ = makeContent(server);
  layout->addWidget(content_, 1);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(22, 10, 22, 18);
  leave_->setObjectName(QStringLiteral("leave"));
  leave_->setProperty("danger", true);
  leave_->setAutoDefault(false);
  connect(leave_, &QPushButton::clicked, this, &ShareDialog::leave);
  buttons->addWidget(leave_);
  buttons->addStretch();
  auto* done = new QPushButton(tr("Done"));
  done->setObjectName(QStringLiteral("done"));
  done->setAutoDefault(false);
  connect(done, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(done);
  layout->addLayout(buttons);

  connect(&sharing_, &client::Sharing::changed, this, [this] {
    if (bar_->property("unloaded").toBool()) bar_->hide();
    refresh();
    order_keys_by_layout(this);
    Q_EMIT changed();
  });
  connect(&sharing_, &client::Sharing::failed, this, [this](const Error& error) {
    bar_->setProperty("unloaded", !sharing_.isLoaded());
    if (sharing_.isLoaded()) return bar_->show(MessageBar::Kind::error, sentence(error), {}, true);
    bar_->show(MessageBar::Kind::error, sentence(error), {{tr("Try Again"), [this] { sharing_.refresh(); }}});
  });
  connect(&sharing_, &client::Sharing::added, bar_, [this] { bar_->hide(); });
  connect(&sharing_, &client::Sharing::transferred, this, [this](const QString& name) {
    bar_->show(MessageBar::Kind::good, tr("It belongs to %1 now; you may go on editing it.").arg(name), {},
               true);
  });
  connect(&sharing_, &client::Sharing::left, this, [this](bool wished) {
    Q_EMIT left(wished);
    accept();
  });
  server->fetchServer(this, [this](Result<client::rest::ServerInfo> info) {
    if (info) invite_->setMail(info->sign_in.mail);
  });
  refresh();
  sharing_.refresh();
}

QWidget* ShareDialog::makeContent(client::ServerConnection* server) {
  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(22, 2, 18, 12);
  column->setSpacing(8);
  addSection(column, tr("PEOPLE"), new SharePeople(&sharing_));
  for (const auto& [title, section] :
       {std::pair<QString, QWidget*>(tr("LINKS"), new ShareLinks(&sharing_)),
        std::pair<QString, QWidget*>(tr("PUBLIC PAGE"), new SharePublic(&sharing_))}) {
    column->addSpacing(12);
    owners_.append(addSection(column, title, section));
    owners_.append(section);
  }
  column->addSpacing(12);
  team_ = new ShareTeam(&sharing_, server);
  team_title_ = addSection(column, tr("HAND OVER TO A TEAM"), team_);
  connect(team_, &ShareTeam::offered, this, &ShareDialog::refresh);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  return scroll;
}

QLabel* ShareDialog::addSection(QVBoxLayout* column, const QString& title, QWidget* section) {
  auto* label = new QLabel(title);
  label->setProperty("role", QStringLiteral("panelTitle"));
  column->addWidget(label);
  column->addWidget(section);
  return label;
}

void ShareDialog::refresh() {
  const auto& facts = sharing_.facts();
  const auto name = QString::fromStdString(facts.name);
  const bool owner = sharing_.mayChange();
  title_->setText(owner ? tr("Share “%1”").arg(name) : tr("People in “%1”").arg(name));
  setWindowTitle(title_->text());
  wait_->setVisible(!sharing_.isLoaded());
  content_->setVisible(sharing_.isLoaded());
  for (auto* part : owners_) part->setVisible(owner);
  for (QWidget* part : {static_cast<QWidget*>(team_title_), static_cast<QWidget*>(team_)})
    part->setVisible(owner && team_->isOffered());
  leave_->setVisible(!owner);
}

void ShareDialog::leave() {
  ask_before(this, tr("Leave"), leave_question(sharing_.facts()), tr("Leave"), [this] { sharing_.leave(); });
}

void leave_workspace(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                     QWidget* parent, std::function<void()> done, std::function<void(const Error&)> failed) {
  const auto go = [=] {
    auto* sharing = new client::Sharing(server, facts, parent);
    QObject::connect(sharing, &client::Sharing::left, parent, [sharing, done] {
      sharing->deleteLater();
      done();
    });
    QObject::connect(sharing, &client::Sharing::failed, parent, [sharing, failed](const Error& error) {
      sharing->deleteLater();
      failed(error);
    });
    sharing->leave();
  };
  ask_before(parent, ShareDialog::tr("Leave"), leave_question(facts), ShareDialog::tr("Leave"), go);
}

}  // namespace berth::desktop

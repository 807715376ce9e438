// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/people_panel.hpp"

#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int person_side = 30;  // px of a picture

}  // namespace

PeoplePanel::PeoplePanel(client::Workspace* workspace, PeopleStrip* words, QWidget* parent)
    : Panel(tr("People"), parent),
      workspace_(workspace),
      presence_(workspace->presence()),
      words_(words),
      list_(new QListWidget),
      follow_(new QPushButton),
      jump_(new QPushButton(Theme::icon(QStringLiteral("go-jump")), tr("Go There"))) {
  setObjectName(QStringLiteral("peoplePanel"));
  list_->setObjectName(QStringLiteral("people"));
  list_->setAccessibleName(tr("People here"));
  list_->setIconSize({person_side, person_side});
  list_->setSpacing(2);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  follow_->setToolTip(tr("See what this person sees, until you do something yourself"));
  jump_->setToolTip(tr("Go to where this person is"));
  auto* strip = new QWidget;
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(8, 6, 8, 8);
  row->addWidget(follow_, 1);
  row->addWidget(jump_, 1);
  body()->addWidget(list_, 1);
  body()->addWidget(strip);
  auto* share = addTool(QStringLiteral("list-add-user"), tr("Share this workspace"));
  connect(share, &QToolButton::clicked, this, &PeoplePanel::shareWanted);
  setFocusProxy(list_);
  connect(list_, &QListWidget::currentRowChanged, this, &PeoplePanel::refreshButtons);
  connect(list_, &QListWidget::itemActivated, this, [this] {
    if (jump_->isEnabled()) Q_EMIT jumpWanted(chosen());
  });
  connect(jump_, &QPushButton::clicked, this, [this] { Q_EMIT jumpWanted(chosen()); });
  connect(follow_, &QPushButton::clicked, this, [this] {
    const auto session = chosen();
    if (presence_->following() == session) return presence_->stopFollowing();
    Q_EMIT followWanted(session);
  });
  connect(presence_, &client::Presence::peopleChanged, this, &PeoplePanel::refresh);
  connect(presence_, &client::Presence::followingChanged, this, &PeoplePanel::refresh);
  connect(workspace->terminals(), &client::Terminals::removed, this, &PeoplePanel::refresh);
  connect(Theme::instance(), &Theme::changed, this, &PeoplePanel::refresh);
  refresh();
}

std::string PeoplePanel::chosen() const {
  const auto* item = list_->currentItem();
  return item ? item->data(Qt::UserRole).toString().toStdString() : std::string();
}

void PeoplePanel::refresh() {
  const auto before = chosen();
  {
    const QSignalBlocker blocker(list_);
    list_->clear();
    const auto all = presence_->all();
    for (const auto& who : all) {
      const bool followed = presence_->following() == who.session;
      auto second = words_->role(who);
      if (!presence_->isSelf(who)) second += QStringLiteral(" · ") + words_->where(who);
      if (!presence_->session().empty() && who.following == presence_->session())
        second += QStringLiteral(" · ") + tr("follows you");
      if (followed) second += QStringLiteral(" · ") + tr("you follow");
      auto* item = new QListWidgetItem(QIcon(avatar(QString::fromStdString(who.name), who.colour, person_side,
                                                    devicePixelRatioF(), !who.connected, followed)),
                                       QStringLiteral("%1\n%2").arg(presence_->label(who), second), list_);
      item->setData(Qt::UserRole, QString::fromStdString(who.session));
      item->setToolTip(client::plain_tip(item->text()));
      item->setData(Qt::AccessibleTextRole, QStringLiteral("%1, %2").arg(presence_->label(who), second));
      if (who.session == before) list_->setCurrentItem(item);
    }
  }
  refreshButtons();
}

void PeoplePanel::refreshButtons() {
  const auto session = chosen();
  const auto* who = presence_->find(session);
  const bool other = who && !presence_->isSelf(*who);
  const bool followed = other && presence_->following() == session;
  follow_->setText(followed ? tr("Stop Following") : tr("Follow"));
  follow_->setIcon(
      Theme::icon(followed ? QStringLiteral("media-playback-stop") : QStringLiteral("view-visible")));
  follow_->setEnabled(other && (who->connected || followed));
  jump_->setEnabled(other && (who->path.has_value() || who->terminal.has_value()));
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/share_team.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "client/desktop/owner_choice.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/share_people.hpp"

namespace berth::desktop {

ShareTeam::ShareTeam(client::Sharing* sharing, client::ServerConnection* server, QWidget* parent)
    : QWidget(parent),
      sharing_(sharing),
      server_(server),
      to_(new ChoiceBox),
      hand_over_(new QPushButton(tr("Hand Over…"))) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  auto* about =
      new QLabel(tr("A workspace of a team is for all its members, each with their role there, and "
                    "counts against the team's limits. It has to be stopped first."));
  about->setWordWrap(true);
  about->setTextFormat(Qt::PlainText);
  about->setProperty("role", QStringLiteral("muted"));
  column->addWidget(about);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  to_->setObjectName(QStringLiteral("handOverTo"));
  to_->setAccessibleName(tr("Whom to hand it over to"));
  to_->setMinimumWidth(180);
  to_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  row->addWidget(to_);
  hand_over_->setObjectName(QStringLiteral("handOver"));
  hand_over_->setAutoDefault(false);
  row->addWidget(hand_over_);
  row->addStretch();
  column->addLayout(row);
  connect(hand_over_, &QPushButton::clicked, this, &ShareTeam::ask);
  connect(sharing_, &client::Sharing::changed, this, &ShareTeam::refresh);
  connect(sharing_, &client::Sharing::busyChanged, this,
          [this] { hand_over_->setEnabled(!sharing_->isBusy()); });
  // A server without teams, or one that can't be asked, offers none.
  server_->listTeams(this, [this](Result<client::rest::ListTeams::Result> answer) {
    if (answer) teams_ = std::move(answer->teams);
    refresh();
  });
}

bool ShareTeam::isOffered() const { return to_->count() > 0; }

void ShareTeam::refresh() {
  const auto chosen = to_->currentData();
  const auto& owner = sharing_->facts().owner;
  to_->clear();
  for (const auto& team : teams_)
    if (may_make_in(team) && team.id != owner.id)
      to_->addItem(QString::fromStdString(team.name), QString::fromStdString(team.id));
  if (owner.team && server_->account())
    to_->addItem(tr("Me"), QString::fromStdString(server_->account()->id));
  to_->setCurrentIndex(std::max(0, to_->findData(chosen)));
  Q_EMIT offered();
}

void ShareTeam::ask() {
  if (!isOffered()) return;
  const auto to = to_->currentData().toString();
  const bool mine = server_->account() && to == QString::fromStdString(server_->account()->id);
  const auto question =
      mine ? tr("Make it yours? The team's members do not come in any more, unless you share it with them.")
           : tr("Hand it over to the team “%1”? Its members may use it, and its owners decide about it from "
                "then on.")
                 .arg(to_->currentText());
  ask_before(this, tr("Hand Over"), question, tr("Hand Over"), [this, to] { sharing_->transfer(to); });
}

}  // namespace berth::desktop

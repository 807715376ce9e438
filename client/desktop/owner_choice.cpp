// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/owner_choice.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <algorithm>

#include "client/desktop/role_choice.hpp"

namespace berth::desktop {

bool may_make_in(const protocol::rest::Team& team) {
  return !team.disabled && team.role != protocol::Role::viewer;
}

OwnerChoice::OwnerChoice(QWidget* parent) : QWidget(parent), choice_(new ChoiceBox) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(10);
  auto* label = new QLabel(tr("It belongs to"));
  label->setBuddy(choice_);
  row->addWidget(label);
  row->addWidget(choice_, 1);
  choice_->setObjectName(QStringLiteral("workspaceOwner"));
  choice_->setAccessibleName(tr("Whose the workspace is"));
  choice_->addItem(tr("Me"), QString());
  connect(choice_, &QComboBox::currentIndexChanged, this, &OwnerChoice::chosen);
  hide();
}

void OwnerChoice::setTeams(const std::vector<protocol::rest::Team>& teams) {
  for (const auto& team : teams)
    if (may_make_in(team))
      choice_->addItem(QString::fromStdString(team.name), QString::fromStdString(team.id));
  setVisible(choice_->count() > 1);
}

QString OwnerChoice::team() const { return choice_->currentData().toString(); }

QString OwnerChoice::teamName() const { return choice_->currentText(); }

}  // namespace berth::desktop

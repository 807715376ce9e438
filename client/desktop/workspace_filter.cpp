// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspace_filter.hpp"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>

#include "client/desktop/role_choice.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int typing_pause = 250;  // ms
constexpr int longest_text = 80;   // characters, as a workspace's name

}  // namespace

WorkspaceFilter::WorkspaceFilter(const QString& account, QWidget* parent)
    : QWidget(parent), account_(account), text_(new QLineEdit), owner_(new ChoiceBox) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  text_->setObjectName(QStringLiteral("findWorkspace"));
  text_->setPlaceholderText(tr("Find a workspace"));
  text_->setAccessibleName(tr("Find a workspace"));
  text_->setMaxLength(longest_text);
  text_->setClearButtonEnabled(true);
  text_->addAction(Theme::icon(QStringLiteral("edit-find"), Theme::Tint::muted), QLineEdit::LeadingPosition);
  row->addWidget(text_, 1);
  owner_->setObjectName(QStringLiteral("workspacesOf"));
  owner_->setAccessibleName(tr("Whose workspaces"));
  owner_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  owner_->setMinimumContentsLength(12);
  row->addWidget(owner_);
  typed_.setSingleShot(true);
  connect(text_, &QLineEdit::textChanged, this, [this] { typed_.start(typing_pause); });
  connect(text_, &QLineEdit::returnPressed, this, [this] { typed_.start(0); });
  connect(&typed_, &QTimer::timeout, this, &WorkspaceFilter::changed);
  setTeams({});
  connect(owner_, &QComboBox::currentIndexChanged, this, [this] {
    typed_.stop();
    Q_EMIT changed();
  });
}

void WorkspaceFilter::setTeams(const std::vector<protocol::rest::Team>& teams) {
  const auto chosen = owner_->currentData().toString();
  {
    const QSignalBlocker blocker(owner_);
    owner_->clear();
    owner_->addItem(tr("Everybody’s"), QString());
    owner_->addItem(tr("Mine"), account_);
    for (const auto& team : teams)
      owner_->addItem(QString::fromStdString(team.name), QString::fromStdString(team.id));
    owner_->setCurrentIndex(std::max(0, owner_->findData(chosen)));
  }
  owner_->setVisible(!teams.empty());
  if (owner() != chosen) Q_EMIT changed();
}

QString WorkspaceFilter::text() const { return text_->text().trimmed(); }

QString WorkspaceFilter::owner() const { return owner_->currentData().toString(); }

void WorkspaceFilter::clear() {
  text_->clear();
  owner_->setCurrentIndex(0);
  typed_.start(0);
}

}  // namespace berth::desktop

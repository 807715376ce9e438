// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/server_list.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

ServerList::ServerList(client::RememberedServers* servers, QWidget* parent)
    : QWidget(parent), servers_(servers), rows_(new QVBoxLayout(this)) {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(8);
  connect(servers_, &client::RememberedServers::changed, this, &ServerList::rebuild);
  rebuild();
}

void ServerList::rebuild() {
  while (auto* item = rows_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  auto* label = new QLabel(tr("RECENT"));
  label->setProperty("role", QStringLiteral("panelTitle"));
  rows_->addWidget(label);
  for (const auto& remembered : servers_->servers()) rows_->addWidget(makeRow(remembered));
  Q_EMIT rebuilt();
}

QWidget* ServerList::makeRow(const client::RememberedServer& remembered) {
  auto* row = new QFrame;
  row->setObjectName(QStringLiteral("serverRow"));
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(14, 8, 8, 8);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* host = new QLabel(remembered.server.authority());
  host->setTextFormat(Qt::PlainText);
  host->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  auto* who = new QLabel(remembered.email.isEmpty() ? tr("Signed out") : remembered.email);
  who->setTextFormat(Qt::PlainText);
  who->setProperty("role", QStringLiteral("muted"));
  texts->addWidget(host);
  texts->addWidget(who);
  layout->addLayout(texts, 1);
  auto* open = new QPushButton(remembered.email.isEmpty() ? tr("Sign In") : tr("Open"));
  connect(open, &QPushButton::clicked, this, [this, remembered] { Q_EMIT openWanted(remembered); });
  layout->addWidget(open);
  auto* forget = new QToolButton;
  forget->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  forget->setToolTip(tr("Forget this server"));
  forget->setAccessibleName(tr("Forget %1").arg(remembered.server.authority()));
  connect(forget, &QToolButton::clicked, this, [this, remembered] { Q_EMIT forgetWanted(remembered); });
  layout->addWidget(forget);
  return row;
}

}  // namespace berth::desktop

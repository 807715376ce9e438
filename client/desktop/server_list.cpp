// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/server_list.hpp"

#include <QLabel>
#include <QVBoxLayout>

#include "client/desktop/place_row.hpp"
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
  auto* label = new QLabel(tr("SERVERS"));
  label->setProperty("role", QStringLiteral("panelTitle"));
  rows_->addWidget(label);
  for (const auto& remembered : servers_->servers()) rows_->addWidget(makeRow(remembered));
  Q_EMIT rebuilt();
}

QWidget* ServerList::makeRow(const client::RememberedServer& remembered) {
  auto* row = new PlaceRow(Theme::icon(QStringLiteral("network-server")), remembered.server.authority(),
                           remembered.email.isEmpty() ? tr("Sign In") : tr("Open"));
  row->setWords(remembered.email.isEmpty() ? tr("Signed out") : remembered.email);
  row->makeForgettable(tr("Forget this server"));
  connect(row, &PlaceRow::openWanted, this, [this, remembered] { Q_EMIT openWanted(remembered); });
  connect(row, &PlaceRow::forgetWanted, this, [this, remembered] { Q_EMIT forgetWanted(remembered); });
  return row;
}

}  // namespace berth::desktop

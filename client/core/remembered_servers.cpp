// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/remembered_servers.hpp"

#include <QSettings>

namespace berth::client {

RememberedServers::RememberedServers(QObject* parent) : QObject(parent) {
  QSettings settings;
  const int count = settings.beginReadArray(QStringLiteral("servers"));
  for (int i = 0; i < count; ++i) {
    settings.setArrayIndex(i);
    const QUrl url(settings.value(QStringLiteral("url")).toString());
    if (url.isValid() && !url.host().isEmpty())
      servers_.append({url, settings.value(QStringLiteral("email")).toString()});
  }
  settings.endArray();
}

void RememberedServers::remember(const RememberedServer& server) {
  servers_.removeAll(server);
  servers_.removeAll({server.server, {}});
  servers_.prepend(server);
  store();
}

void RememberedServers::forget(const RememberedServer& server) {
  if (servers_.removeAll(server)) store();
}

void RememberedServers::store() {
  QSettings settings;
  settings.remove(QStringLiteral("servers"));
  settings.beginWriteArray(QStringLiteral("servers"), static_cast<int>(servers_.size()));
  for (int i = 0; i < servers_.size(); ++i) {
    settings.setArrayIndex(i);
    settings.setValue(QStringLiteral("url"), servers_[i].server.toString());
    settings.setValue(QStringLiteral("email"), servers_[i].email);
  }
  settings.endArray();
  Q_EMIT changed();
}

}  // namespace berth::client

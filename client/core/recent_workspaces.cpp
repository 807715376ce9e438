// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/recent_workspaces.hpp"

#include <QDateTime>
#include <QSettings>

namespace berth::client {

RecentWorkspaces::RecentWorkspaces(QObject* parent) : QObject(parent) {
  QSettings settings;
  const int count = settings.beginReadArray(QStringLiteral("recent"));
  for (int i = 0; i < count && all_.size() < most; ++i) {
    settings.setArrayIndex(i);
    const auto text = [&](const char* key) { return settings.value(QLatin1String(key)).toString(); };
    RecentWorkspace one{text("server").toUtf8(),
                        QUrl(text("origin")),
                        text("email"),
                        text("id"),
                        text("name"),
                        text("source"),
                        settings.value(QStringLiteral("used")).toLongLong()};
    if (!one.server.isEmpty() && !one.id.isEmpty()) all_.append(one);
  }
  settings.endArray();
}

void RecentWorkspaces::remember(RecentWorkspace workspace) {
  for (const auto& known : all_)
    if (known.isSame(workspace) && workspace.source.isEmpty()) workspace.source = known.source;
  if (workspace.used == 0) workspace.used = QDateTime::currentMSecsSinceEpoch();
  all_.removeIf([&](const auto& known) { return known.isSame(workspace); });
  all_.prepend(workspace);
  if (all_.size() > most) all_.resize(most);
  store();
}

void RecentWorkspaces::rename(const QByteArray& server, const QString& id, const QString& name) {
  for (auto& one : all_) {
    if (one.server != server || one.id != id || one.name == name) continue;
    one.name = name;
    store();
    return;
  }
}

void RecentWorkspaces::forget(const QByteArray& server, const QString& id) {
  if (all_.removeIf([&](const auto& one) { return one.server == server && one.id == id; }) > 0) store();
}

void RecentWorkspaces::forgetAccount(const QByteArray& server, const QString& email) {
  if (all_.removeIf([&](const auto& one) { return one.server == server && one.email == email; }) > 0) store();
}

std::optional<RecentWorkspace> RecentWorkspaces::madeOf(const QByteArray& server,
                                                        const QString& folder) const {
  for (const auto& one : all_)
    if (one.server == server && !folder.isEmpty() && one.source == folder) return one;
  return std::nullopt;
}

std::optional<RecentWorkspace> RecentWorkspaces::containing(const QByteArray& server,
                                                            const QString& path) const {
  std::optional<RecentWorkspace> deepest;
  for (const auto& one : all_)
    if (one.server == server && !one.source.isEmpty() && path.startsWith(one.source + QLatin1Char('/')) &&
        (!deepest || one.source.size() > deepest->source.size()))
      deepest = one;
  return deepest;
}

void RecentWorkspaces::store() {
  QSettings settings;
  settings.remove(QStringLiteral("recent"));
  settings.beginWriteArray(QStringLiteral("recent"), static_cast<int>(all_.size()));
  for (int i = 0; i < all_.size(); ++i) {
    settings.setArrayIndex(i);
    const auto& one = all_[i];
    settings.setValue(QStringLiteral("server"), QString::fromUtf8(one.server));
    settings.setValue(QStringLiteral("origin"), one.origin.toString());
    settings.setValue(QStringLiteral("email"), one.email);
    settings.setValue(QStringLiteral("id"), one.id);
    settings.setValue(QStringLiteral("name"), one.name);
    settings.setValue(QStringLiteral("source"), one.source);
    settings.setValue(QStringLiteral("used"), one.used);
  }
  settings.endArray();
  Q_EMIT changed();
}

}  // namespace berth::client

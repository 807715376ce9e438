// SPDX-License-Identifier: GPL-3.0-or-later
#include "notification_service.hpp"

namespace berth::test {
namespace {

constexpr QLatin1StringView service_name("org.freedesktop.Notifications");
constexpr QLatin1StringView connection_name("the test's notification service");

}  // namespace

NotificationService::NotificationService(bool markup)
    : bus_(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connection_name)),
      markup_(markup),
      there_(bus_.registerObject(QStringLiteral("/org/freedesktop/Notifications"), this,
                                 QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
             bus_.registerService(service_name)) {}

NotificationService::~NotificationService() {
  bus_.unregisterService(service_name);
  QDBusConnection::disconnectFromBus(connection_name);
}

void NotificationService::click(uint id) {
  Q_EMIT ActivationToken(id, QStringLiteral("a token"));
  Q_EMIT ActionInvoked(id, QStringLiteral("default"));
  Q_EMIT NotificationClosed(id, 2);
}

QStringList NotificationService::GetCapabilities() const {
  QStringList all{QStringLiteral("body"), QStringLiteral("actions")};
  if (markup_) all.append(QStringLiteral("body-markup"));
  return all;
}

uint NotificationService::Notify(const QString& application, uint, const QString& icon, const QString& title,
                                 const QString& text, const QStringList& actions, const QVariantMap& hints,
                                 int) {
  const auto id = static_cast<uint>(told_.size() + 1);
  told_.push_back({id, application, icon, title, text, actions, hints});
  return id;
}

}  // namespace berth::test

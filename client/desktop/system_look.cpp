// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/system_look.hpp"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QMap>
#include <utility>

namespace berth::desktop {
namespace {

constexpr QLatin1StringView portal_service("org.freedesktop.portal.Desktop");
constexpr QLatin1StringView portal_path("/org/freedesktop/portal/desktop");
constexpr QLatin1StringView portal_settings("org.freedesktop.portal.Settings");
constexpr QLatin1StringView appearance("org.freedesktop.appearance");

// Values of the portal's keys.
constexpr uint prefers_dark = 1;
constexpr uint prefers_light = 2;
constexpr uint prefers_more_contrast = 1;

}  // namespace

SystemLook::SystemLook(QObject* parent) : QObject(parent) {
  // Without a session bus Qt would try to start one.
  if (qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) ask(QDBusConnection::sessionBus());
}

SystemLook::SystemLook(const QDBusConnection& bus, QObject* parent) : QObject(parent) { ask(bus); }

void SystemLook::ask(QDBusConnection bus) {
  // On a bus only what the portal itself says counts; a peer has no name.
  const QString from = bus.baseService().isEmpty() ? QString() : QString(portal_service);
  bus.connect(from, portal_path, portal_settings, QStringLiteral("SettingChanged"), this,
              SLOT(settingChanged(QString, QString, QDBusVariant)));
  auto message =
      QDBusMessage::createMethodCall(portal_service, portal_path, portal_settings, QStringLiteral("ReadAll"));
  message << QStringList{appearance};
  auto* asked = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
  connect(asked, &QDBusPendingCallWatcher::finished, this, [this, asked] {
    asked->deleteLater();
    // a{sa{sv}}: by name space, then by name.
    const QDBusMessage answer = asked->reply();
    if (answer.type() != QDBusMessage::ReplyMessage || answer.signature() != QLatin1String("a{sa{sv}}"))
      return;
    const auto spaces =
        qdbus_cast<QMap<QString, QVariantMap>>(answer.arguments().constFirst().value<QDBusArgument>());
    const auto found = spaces.value(appearance);
    bool news = false;
    for (auto at = found.begin(); at != found.end(); ++at) news = take(at.key(), at.value()) || news;
    if (news) Q_EMIT changed();
  });
}

bool SystemLook::take(const QString& name, const QVariant& value) {
  bool is_number = false;
  const auto number = value.toUInt(&is_number);
  if (!is_number) return false;
  if (name == QLatin1String("contrast"))
    return std::exchange(contrast_, number == prefers_more_contrast) != contrast_;
  if (name != QLatin1String("color-scheme")) return false;
  std::optional<bool> dark;
  if (number == prefers_dark || number == prefers_light) dark = number == prefers_dark;
  return std::exchange(dark_, dark) != dark_;
}

void SystemLook::settingChanged(const QString& space, const QString& name, const QDBusVariant& value) {
  if (space == appearance && take(name, value.variant())) Q_EMIT changed();
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/notifier.hpp"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>
#include <QWidget>

namespace berth::desktop {
namespace {

std::function<void(const QString&, const QString&)> notification_observer;

}  // namespace

void set_notification_observer(std::function<void(const QString&, const QString&)> observer) {
  notification_observer = std::move(observer);
}

void notify_person(QWidget* window, const QString& title, const QString& text) {
  if (notification_observer) return notification_observer(title, text);
  if (window) QApplication::alert(window->window());
  // Without a session bus Qt would try to start one.
  if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
  auto message = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
  // The text may come from a program in a terminal; services read markup in it.
  message << QApplication::applicationDisplayName() << 0u << QStringLiteral("io.berth.Berth") << title
          << text.toHtmlEscaped() << QStringList() << QVariantMap() << -1;
  QDBusConnection::sessionBus().send(message);
}

}  // namespace berth::desktop

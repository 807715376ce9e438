// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/notifier.hpp"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>
#include <QWidget>

namespace berth::desktop {
namespace {

constexpr std::size_t most_shown = 64;  // that are remembered: not every service says that one was closed

constexpr QLatin1StringView notification_service("org.freedesktop.Notifications");
constexpr QLatin1StringView notification_path("/org/freedesktop/Notifications");

QDBusMessage call_of(const char* method) {
  return QDBusMessage::createMethodCall(notification_service, notification_path, notification_service,
                                        QLatin1String(method));
}

}  // namespace

Notifier* Notifier::instance() {
  static QPointer<Notifier> only;
  if (!only) only = new Notifier(QApplication::instance());
  return only;
}

Notifier::Notifier(QObject* parent) : QObject(parent) {
  // Without a session bus Qt would try to start one.
  if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
  auto bus = QDBusConnection::sessionBus();
  bus.connect(notification_service, notification_path, notification_service, QStringLiteral("ActionInvoked"),
              this, SLOT(actionInvoked(uint, QString)));
  bus.connect(notification_service, notification_path, notification_service,
              QStringLiteral("ActivationToken"), this, SLOT(activationToken(uint, QString)));
  bus.connect(notification_service, notification_path, notification_service,
              QStringLiteral("NotificationClosed"), this, SLOT(notificationClosed(uint, uint)));
}

void Notifier::notify(Call call) {
  if (call.window) QApplication::alert(call.window->window());
  if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
  // Asked each time: another service may have taken the place of the one before.
  auto* asked =
      new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call_of("GetCapabilities")), this);
  connect(asked, &QDBusPendingCallWatcher::finished, this, [this, asked, call = std::move(call)] {
    asked->deleteLater();
    const QDBusPendingReply<QStringList> capabilities = *asked;
    if (capabilities.isError()) return;  // there is no service now
    send(call, capabilities.value().contains(QStringLiteral("body-markup")));
  });
}

void Notifier::send(Call call, bool markup) {
  auto message = call_of("Notify");
  message << QApplication::applicationDisplayName() << 0u << QStringLiteral("io.berth.Berth") << call.title
          << (markup ? call.text.toHtmlEscaped() : call.text)
          << QStringList{QStringLiteral("default"), tr("Show")}
          << QVariantMap{{QStringLiteral("desktop-entry"), QApplication::desktopFileName()}} << -1;
  auto* sent = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), this);
  connect(sent, &QDBusPendingCallWatcher::finished, this, [this, sent, call = std::move(call)] {
    sent->deleteLater();
    const QDBusPendingReply<uint> id = *sent;
    if (id.isError()) return;
    shown_[id.value()] = call;
    if (shown_.size() > most_shown) shown_.erase(shown_.begin());
  });
}

void Notifier::actionInvoked(uint id, const QString& action) {
  const auto found = shown_.find(id);
  if (found == shown_.end() || action != QLatin1String("default")) return;
  const auto call = found->second;
  shown_.erase(found);
  if (!call.window) return;
  auto* window = call.window->window();
  window->setWindowState(window->windowState() & ~Qt::WindowMinimized);
  window->show();
  window->raise();
  window->activateWindow();
  if (call.chosen) call.chosen();
}

/// Comes before the click: with it a Wayland compositor lets the window come to the front.
void Notifier::activationToken(uint id, const QString& token) {
  if (shown_.contains(id)) qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
}

void Notifier::notificationClosed(uint id, uint) { shown_.erase(id); }

}  // namespace berth::desktop

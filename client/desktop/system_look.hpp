// SPDX-License-Identifier: GPL-3.0-or-later
// How the person set their desktop: dark or light, high contrast. It is asked of the settings portal
// (org.freedesktop.portal.Settings, org.freedesktop.appearance), which GNOME, Plasma and others have, without
// waiting; and followed.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <optional>

class QDBusVariant;

namespace berth::desktop {

class SystemLook : public QObject {
  Q_OBJECT

 public:
  /// On the session's bus, where there is one.
  explicit SystemLook(QObject* parent);
  SystemLook(const QDBusConnection& bus, QObject* parent);

  /// None: it was not told (yet), or the person likes both.
  std::optional<bool> dark() const { return dark_; }
  bool highContrast() const { return contrast_; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void settingChanged(const QString& space, const QString& name, const QDBusVariant& value);

 private:
  void ask(QDBusConnection bus);
  /// Whether it changed something.
  bool take(const QString& name, const QVariant& value);

  std::optional<bool> dark_;
  bool contrast_ = false;
};

}  // namespace berth::desktop

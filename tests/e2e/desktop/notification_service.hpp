// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop's notification service (org.freedesktop.Notifications) of the test's own: it remembers what it
// was told, and is clicked by the test.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QStringList>
#include <QVariantMap>
#include <vector>

namespace berth::test {

class NotificationService : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

 public:
  struct Told {
    uint id;
    QString application;
    QString icon;
    QString title;
    QString text;
    QStringList actions;
    QVariantMap hints;
  };
  /// On a connection of its own to this process's session bus; `markup`: whether it reads that in texts.
  explicit NotificationService(bool markup);
  ~NotificationService() override;

  bool isThere() const { return there_; }
  const std::vector<Told>& told() const { return told_; }
  /// As a person clicks on it.
  void click(uint id);

 public Q_SLOTS:
  // The interface; its names are the specification's.
  QStringList GetCapabilities() const;
  uint Notify(const QString& application, uint replaces, const QString& icon, const QString& title,
              const QString& text, const QStringList& actions, const QVariantMap& hints, int timeout);

 Q_SIGNALS:
  void ActivationToken(uint id, const QString& token);
  void ActionInvoked(uint id, const QString& action);
  void NotificationClosed(uint id, uint reason);

 private:
  QDBusConnection bus_;
  bool markup_;
  bool there_;
  std::vector<Told> told_;
};

}  // namespace berth::test

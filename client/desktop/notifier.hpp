// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a person who looks elsewhere that something happened: by the desktop's notification service
// (org.freedesktop.Notifications), and by the window asking for attention in the task bar.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <functional>
#include <map>

class QWidget;

namespace berth::desktop {

class Notifier : public QObject {
  Q_OBJECT

 public:
  struct Call {
    QPointer<QWidget> window;  // comes to the front when the notification is clicked
    QString title;
    QString text;                  // plain; it may come from a program in a terminal
    std::function<void()> chosen;  // then; not called once the window is gone
  };

  /// The one of this process; goes with the application.
  static Notifier* instance();
  /// Nothing waits for the service; where there is none, only the task bar tells.
  void notify(Call call);

 private Q_SLOTS:
  void actionInvoked(uint id, const QString& action);
  void activationToken(uint id, const QString& token);
  void notificationClosed(uint id, uint reason);

 private:
  explicit Notifier(QObject* parent);
  void send(Call call, bool markup);

  std::map<uint, Call> shown_;  // by the service's id
};

}  // namespace berth::desktop

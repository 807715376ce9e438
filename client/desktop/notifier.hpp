// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a person who looks elsewhere that something happened.
#pragma once

#include <QString>
#include <functional>

class QWidget;

namespace berth::desktop {

/// By the desktop's notification service (org.freedesktop.Notifications), and by the window asking for
/// attention in the task bar. Nothing waits for the service.
void notify_person(QWidget* window, const QString& title, const QString& text);

/// Tests read what would be told; nothing is then.
void set_notification_observer(std::function<void(const QString& title, const QString& text)> observer);

}  // namespace berth::desktop

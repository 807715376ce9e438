// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a workspace's window, by command: a person may change them, and where the web has the command
// it has the same name there, so that a change holds in both.
#pragma once

#include <QHash>
#include <QObject>
#include <QShortcut>
#include <functional>

namespace berth::desktop {

class KeyBindings;

/// Makes the window's commands known, with the keys that they have to begin with.
void add_window_commands(KeyBindings* bindings);

class WindowKeys : public QObject {
  Q_OBJECT

 public:
  explicit WindowKeys(QWidget* window);
  /// What the command of this name does in the window.
  void add(const char* id, std::function<void()> run);

 private:
  void follow(const QString& id);

  QWidget* window_;
  QHash<QString, std::function<void()>> all_;
  QHash<QString, QList<QShortcut*>> shortcuts_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a workspace's window: each is a QAction with its keys, which a person may change; where the
// web has the command it has the same name there, so that a change holds in both. Menus, the command palette
// and further windows of the same workspace show and run the same actions.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <functional>

class QAction;
class QWidget;

namespace berth::desktop {

class KeyBindings;

/// Makes the window's commands known, with the keys that they have to begin with.
void add_window_commands(KeyBindings* bindings);

class WindowKeys : public QObject {
  Q_OBJECT

 public:
  /// Why a command can't be done now, as a sentence for the person; "" when it can.
  using Refusal = std::function<QString()>;

  explicit WindowKeys(QWidget* window);
  /// What the command of this name does in the window. One that is not in window_keys.cpp's table has to be
  /// made known to KeyBindings before.
  void add(const char* id, std::function<void()> run, Refusal refusal = {});
  void add(const QString& id, std::function<void()> run, Refusal refusal = {});
  /// The keys hold in that window too.
  void serve(QWidget* window);
  /// The commands' actions, in the order they were added; their object name is the command's. They are never
  /// disabled: what can't be done says why when it is asked for.
  QList<QAction*> actions() const { return order_; }
  /// nullptr where the window has no such command.
  QAction* action(const QString& id) const;
  QString refusal(const QString& id) const;

 Q_SIGNALS:
  /// A command was asked for that can't be done now.
  void refused(const QString& reason);

 private:
  struct Command {
    QAction* action;
    Refusal refusal;
  };
  void follow(const QString& id);

  QList<QPointer<QWidget>> windows_;
  QHash<QString, Command> all_;
  QList<QAction*> order_;
};

}  // namespace berth::desktop

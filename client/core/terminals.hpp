// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace's terminals, also those that other windows opened.
#pragma once

#include <QList>
#include <QObject>
#include <QStringList>
#include <map>
#include <optional>
#include <string>

#include "client/core/reply.hpp"
#include "client/core/terminal.hpp"

namespace berth::client {

class Terminals : public QObject {
  Q_OBJECT

 public:
  explicit Terminals(WorkspaceConnection* connection, QObject* parent = nullptr);

  struct Start {
    int columns = 80;
    int rows = 24;
    std::optional<QString> command;
    std::optional<QString> title;
    std::optional<QString> cwd;                           // relative to home
    std::optional<int> scrollback;                        // lines that a later window gets
    std::map<std::string, std::string> environment = {};  // beside what each terminal has
  };
  /// Starts a terminal; `added` comes before `done`.
  void open(const Start& start, QObject* context, Reply<Terminal*> done);
  /// Hangs it up and forgets it.
  void close(Terminal* terminal);
  const QList<Terminal*>& all() const { return terminals_; }
  bool isListed() const { return listed_; }
  /// Shells and the like that the workspace has, by name; known from `listed` on, empty where it does not
  /// tell.
  const QStringList& programs() const { return programs_; }

 Q_SIGNALS:
  /// The list was received for the first time on this connection.
  void listed();
  void added(Terminal* terminal);
  /// It is deleted after this.
  void removed(Terminal* terminal);

 private:
  Terminal* find(const std::string& id) const;
  Terminal* take(const protocol::TerminalInfo& info);
  void drop(Terminal* terminal);
  void list();

  WorkspaceConnection* connection_;
  QList<Terminal*> terminals_;
  QStringList programs_;
  bool listed_ = false;
};

}  // namespace berth::client

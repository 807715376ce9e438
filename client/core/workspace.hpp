// SPDX-License-Identifier: GPL-3.0-or-later
// One open workspace: its connection and the models that hang on it.
#pragma once

#include <QObject>
#include <QTimer>

#include "client/core/documents.hpp"
#include "client/core/file_index.hpp"
#include "client/core/file_tree.hpp"
#include "client/core/files.hpp"
#include "client/core/ports.hpp"
#include "client/core/presence.hpp"
#include "client/core/project_import.hpp"
#include "client/core/storage_state.hpp"
#include "client/core/terminals.hpp"
#include "client/core/transfers.hpp"
#include "client/core/workspace_connection.hpp"
#include "protocol/rest.hpp"

namespace berth::client {

class ServerConnection;

class Workspace : public QObject {
  Q_OBJECT

 public:
  /// `server` outlives this.
  Workspace(ServerConnection* server, protocol::rest::Workspace facts, QObject* parent = nullptr);
  ~Workspace() override;

  QString id() const { return QString::fromStdString(facts_.id); }
  const protocol::rest::Workspace& facts() const { return facts_; }
  ServerConnection* server() { return server_; }
  /// What unsent texts of this workspace are kept under: they are one person's, on one server.
  QString unsentKey() const { return unsentKey(*server_, id()); }
  static QString unsentKey(const ServerConnection& server, const QString& workspace);
  /// What all of the signed-in person's names of workspaces begin with; the id follows.
  static QString unsentPerson(const ServerConnection& server);
  WorkspaceConnection* connection() { return &connection_; }
  /// What this person is in it: as the runner knows it while there is a connection, else as the server said.
  protocol::Role role() const { return connection_.online() ? connection_.hello()->role : facts_.role; }
  /// False once it is known that this person may only look.
  bool mayEdit() const { return role() != protocol::Role::viewer; }
  bool isOwner() const { return role() == protocol::Role::owner; }
  /// The server knows no such workspace any more, as far as this person is concerned.
  bool isGone() const {
    return connection_.state() == LinkState::ended && connection_.endedBy() == ErrorCode::not_found;
  }
  FileTree* tree() { return &tree_; }
  FileIndex* index() { return &index_; }
  Files* files() { return &files_; }
  Documents* documents() { return &documents_; }
  Terminals* terminals() { return &terminals_; }
  Ports* ports() { return &ports_; }
  Transfers* transfers() { return &transfers_; }
  StorageState* storage() { return &storage_; }
  ProjectImport* projectImport() { return &import_; }
  Presence* presence() { return &presence_; }

  /// Starts it where that is needed, and this person may, and connects.
  void open();
  /// Starts it again after it was stopped, then connects.
  void restart();
  /// Asks the server for its state, name and times again.
  void refresh();
  void stay();
  /// For everybody. Where its last changes can't be stored it stays, and `stopRefused` says why.
  void stop();
  /// Its files too, for good.
  void remove();
  void rename(const QString& name);

 Q_SIGNALS:
  void factsChanged();
  /// While this window was open; models and views that hang on the connection's `established` know it by
  /// then.
  void roleChanged(berth::protocol::Role before, berth::protocol::Role now);
  void failed(const QString& problem);
  void stopRefused(const QString& reason);
  void removed();

 private:
  void lookQuietly();
  void followRole();
  void stopAnswered(Result<protocol::rest::Workspace> answer);
  void take(Result<protocol::rest::Workspace> answer);

  ServerConnection* server_;
  protocol::rest::Workspace facts_;
  WorkspaceConnection connection_;
  FileTree tree_;
  FileIndex index_;
  Files files_;
  Presence presence_;  // before the documents: it hears whose change comes before they take it
  Documents documents_;
  Terminals terminals_;
  Ports ports_;
  Transfers transfers_;
  StorageState storage_;
  ProjectImport import_;
  QTimer look_;
  std::optional<protocol::Role> connected_as_;
};

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace.hpp"

#include "client/core/server_connection.hpp"

namespace berth::client {

Workspace::Workspace(ServerConnection* server, protocol::rest::Workspace facts, QObject* parent)
    : QObject(parent),
      server_(server),
      facts_(std::move(facts)),
      connection_([server, id = QString::fromStdString(facts_.id)](bool check, QObject* context,
                                                                   Reply<QNetworkRequest> done) {
        server->dialRequest(id, check, context, std::move(done));
      }),
      tree_(&connection_, QStringLiteral("project")),
      index_(&connection_, QStringLiteral("project")),
      files_(&connection_),
      documents_(&connection_),
      terminals_(&connection_),
      ports_(&connection_),
      transfers_(&connection_),
      storage_(&connection_) {
  connect(&connection_, &WorkspaceConnection::refusedCredential, server_, &ServerConnection::distrustToken);
}

Workspace::~Workspace() { connection_.close(); }

void Workspace::open() { facts_.state == rest::WorkspaceState::running ? connection_.open() : restart(); }

void Workspace::restart() {
  server_->startWorkspace(id(), this, [this](Result<rest::Workspace> answer) {
    take(std::move(answer));
    // Also after a failure: the connection then says why, and is what retries.
    connection_.state() == LinkState::idle ? connection_.open() : connection_.retryNow();
  });
}

void Workspace::refresh() {
  server_->fetchWorkspace(id(), this, [this](Result<rest::Workspace> answer) { take(std::move(answer)); });
}

void Workspace::stay() {
  server_->stay(id(), this, [this](Result<rest::Workspace> answer) { take(std::move(answer)); });
}

void Workspace::rename(const QString& name) {
  server_->renameWorkspace(id(), name, this,
                           [this](Result<rest::Workspace> answer) { take(std::move(answer)); });
}

void Workspace::take(Result<rest::Workspace> answer) {
  if (!answer) return Q_EMIT failed(QString::fromStdString(answer.error().message));
  facts_ = std::move(*answer);
  Q_EMIT factsChanged();
}

}  // namespace berth::client

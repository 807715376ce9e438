// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace.hpp"

#include <QCryptographicHash>
#include <QRegularExpression>

#include "client/core/server_connection.hpp"

namespace berth::client {
namespace {

constexpr int stop_poll = 1'000;            // ms
constexpr int look_while_waiting = 20'000;  // ms, while storing does not work

QString short_hash(const QByteArray& bytes) {
  return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().left(16));
}

}  // namespace

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
      presence_(&connection_),
      documents_(&connection_),
      terminals_(&connection_),
      ports_(&connection_),
      transfers_(&connection_),
      storage_(&connection_),
      import_(&connection_) {
  documents_.keepUnsentIn(UnsentStore::shared(), unsentKey());
  connect(&connection_, &WorkspaceConnection::refusedCredential, server_, &ServerConnection::distrustToken);
  // Its state has a reason that no notification brings: what could not be brought back at the start, or why a
  // stop that nobody here asked for did not come about.
  connect(&connection_, &WorkspaceConnection::established, this, &Workspace::lookQuietly);
  // Behind what the models and views do with the new connection.
  connect(&connection_, &WorkspaceConnection::established, this, &Workspace::followRole,
          Qt::QueuedConnection);
  look_.setInterval(look_while_waiting);
  connect(&look_, &QTimer::timeout, this, &Workspace::lookQuietly);
  connect(&storage_, &StorageState::changed, this, [this] {
    const bool waits = storage_.now()->progress == protocol::StorageProgress::waiting;
    if (waits != look_.isActive()) waits ? look_.start() : look_.stop();
  });
}

Workspace::~Workspace() { connection_.close(); }

QString Workspace::unsentPerson(const ServerConnection& server) {
  const auto account = server.account() ? QByteArray::fromStdString(server.account()->id) : QByteArray();
  return short_hash(server.key() + ' ' + account) + QLatin1Char('-');
}

QString Workspace::unsentKey(const ServerConnection& server, const QString& workspace) {
  // It becomes part of a file's name, whatever a server says.
  static const QRegularExpression harmless(QStringLiteral("\\A[A-Za-z0-9_-]{1,64}\\z"));
  const bool fits = harmless.match(workspace).hasMatch();
  return unsentPerson(server) + (fits ? workspace : short_hash(workspace.toUtf8()));
}

void Workspace::open() {
  const bool waits = facts_.state != rest::WorkspaceState::running && mayEdit();
  waits ? restart() : connection_.open();
}

/// The server closes connections whose role is another one now; the next one has it.
void Workspace::followRole() {
  if (!connection_.hello()) return;
  const auto now = connection_.hello()->role;
  const auto before = std::exchange(connected_as_, now);
  if (before && *before != now) Q_EMIT roleChanged(*before, now);
}

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

void Workspace::lookQuietly() {
  server_->fetchWorkspace(id(), this, [this](Result<rest::Workspace> answer) {
    if (answer) take(std::move(answer));
  });
}

void Workspace::stay() {
  server_->stay(id(), this, [this](Result<rest::Workspace> answer) { take(std::move(answer)); });
}

void Workspace::stop() {
  server_->stopWorkspace(id(), this,
                         [this](Result<rest::Workspace> answer) { stopAnswered(std::move(answer)); });
}

void Workspace::stopAnswered(Result<rest::Workspace> answer) {
  const bool stopping = answer && answer->state == rest::WorkspaceState::stopping;
  const bool stayed = answer && answer->state == rest::WorkspaceState::running;
  take(std::move(answer));
  if (stopping) {
    // Storing may take longer than the server lets a request wait.
    QTimer::singleShot(stop_poll, this, [this] {
      server_->fetchWorkspace(id(), this,
                              [this](Result<rest::Workspace> now) { stopAnswered(std::move(now)); });
    });
  } else if (stayed) {
    Q_EMIT stopRefused(facts_.reason.empty() ? tr("It was not stopped. Try again.")
                                             : QString::fromStdString(facts_.reason));
  }
}

void Workspace::remove() {
  server_->deleteWorkspace(id(), this, [this](Result<rest::NoBody> answer) {
    answer ? Q_EMIT removed() : Q_EMIT failed(QString::fromStdString(answer.error().message));
  });
}

void Workspace::rename(const QString& name) {
  server_->renameWorkspace(id(), name, this,
                           [this](Result<rest::Workspace> answer) { take(std::move(answer)); });
}

void Workspace::take(Result<rest::Workspace> answer) {
  if (!answer && answer.error().code == ErrorCode::not_found && isGone()) return;  // that is told already
  if (!answer) return Q_EMIT failed(QString::fromStdString(answer.error().message));
  facts_ = std::move(*answer);
  Q_EMIT factsChanged();
}

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/transfers.hpp"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFileInfo>
#include <QPointer>
#include <QThreadPool>

#include "client/core/file_tree.hpp"
#include "client/core/plain_tip.hpp"
#include "client/core/request.hpp"
#include "client/core/rest_download.hpp"
#include "client/core/server_connection.hpp"

namespace berth::client {
namespace {

constexpr int most_files_in_folder = 20'000;  // of one dropped folder

}  // namespace

Transfers::Transfers(WorkspaceConnection* connection, QObject* parent)
    : QAbstractListModel(parent), connection_(connection) {}

void Transfers::upload(const QList<QUrl>& files, const QString& folder, bool replace) {
  for (const auto& url : files) {
    if (!url.isLocalFile()) continue;
    const QFileInfo file(url.toLocalFile());
    if (!file.isDir()) {
      add(new Upload(connection_, file.filePath(), joined(folder, file.fileName()), replace, this));
      continue;
    }
    walk(file.absoluteFilePath(), folder, replace);
  }
}

void Transfers::walk(const QString& folder, const QString& into, bool replace) {
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  walks_.append(stop);
  QThreadPool::globalInstance()->start([self = QPointer<Transfers>(this),
                                        application = QCoreApplication::instance(), stop, folder, into,
                                        replace] {
    QStringList files;
    bool too_many = false;
    QDirIterator inside(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (inside.hasNext() && !*stop && !too_many) {
      files.append(inside.next());
      too_many = files.size() > most_files_in_folder;
    }
    QMetaObject::invokeMethod(application, [self, stop, folder, into, replace, files, too_many] {
      if (!self || !self->walks_.removeOne(stop) || *stop) return;
      const QDir above(QFileInfo(folder).dir());
      if (too_many) {
        Q_EMIT self->failed(
            QFileInfo(folder).fileName(),
            tr("The folder holds more than %1 files; upload it as an archive.").arg(most_files_in_folder));
      } else {
        for (const auto& path : files)
          self->append(
              new Upload(self->connection_, path, joined(into, above.relativeFilePath(path)), replace, self));
        self->next();
        // One that holds no file is made by itself.
        if (files.isEmpty())
          request<protocol::FileCreateDirectory>(self->connection_,
                                                 {joined(into, QFileInfo(folder).fileName()).toStdString()},
                                                 self, [](Result<protocol::Empty>) {});
      }
      Q_EMIT self->activeChanged();
    });
  });
  Q_EMIT activeChanged();
}

Transfers::~Transfers() {
  for (const auto& stop : walks_) *stop = true;
}

Transfer* Transfers::download(const QString& remote, const QString& local) {
  auto* transfer = new Download(connection_, remote, local, this);
  add(transfer);
  return transfer;
}

Transfer* Transfers::downloadArchive(ServerConnection* server, const QString& workspace,
                                     const Archive& archive, const QString& local) {
  auto* transfer = new RestDownload(
      [server, workspace, archive](QObject* context, Reply<QNetworkRequest> done) {
        server->archiveRequest(workspace, archive, context, std::move(done));
      },
      QFileInfo(local).fileName(), local, this);
  add(transfer);
  return transfer;
}

Transfer* Transfers::downloadOldFile(ServerConnection* server, const QString& workspace,
                                     const QString& version, const QString& path, const QString& local) {
  auto* transfer = new RestDownload(
      [server, workspace, version, path](QObject* context, Reply<QNetworkRequest> done) {
        server->oldFileRequest(workspace, version, path, context, std::move(done));
      },
      QFileInfo(local).fileName(), local, this);
  add(transfer);
  return transfer;
}

void Transfers::add(Transfer* transfer) {
  append(transfer);
  next();
  Q_EMIT activeChanged();
}

void Transfers::append(Transfer* transfer) {
  const auto row = static_cast<int>(transfers_.size());
  beginInsertRows({}, row, row);
  transfers_.append(transfer);
  endInsertRows();
  connect(transfer, &Transfer::changed, this, [this, transfer] {
    const auto at = index(static_cast<int>(transfers_.indexOf(transfer)));
    Q_EMIT dataChanged(at, at);
  });
  connect(transfer, &Transfer::finished, this, [this, transfer] {
    const bool done = transfer->state() != Transfer::State::failed;
    const auto name = QFileInfo(transfer->isUpload() ? transfer->local() : transfer->remote()).fileName();
    // When its turn comes the transfer may be cleared away already.
    QMetaObject::invokeMethod(
        this,
        [this, done, name, problem = transfer->problem()] {
          if (!done) Q_EMIT failed(name, problem);
          next();
          Q_EMIT activeChanged();
        },
        Qt::QueuedConnection);
  });
}

void Transfers::next() {
  for (auto* transfer : transfers_)
    if (transfer->state() == Transfer::State::running) return;
  for (auto* transfer : transfers_)
    if (transfer->state() == Transfer::State::waiting) return transfer->start();
}

void Transfers::cancel(int row) {
  if (auto* transfer = at(row)) transfer->cancel();
}

void Transfers::cancelAll() {
  for (const auto& stop : std::exchange(walks_, {})) *stop = true;
  for (auto* transfer : QList<Transfer*>(transfers_)) transfer->cancel();
  Q_EMIT activeChanged();
}

void Transfers::clearFinished() {
  for (int row = static_cast<int>(transfers_.size()) - 1; row >= 0; --row) {
    auto* transfer = transfers_[row];
    if (transfer->state() == Transfer::State::running || transfer->state() == Transfer::State::waiting)
      continue;
    beginRemoveRows({}, row, row);
    transfers_.removeAt(row);
    endRemoveRows();
    transfer->deleteLater();
  }
}

int Transfers::active() const {
  const auto transfers = std::ranges::count_if(transfers_, [](const Transfer* transfer) {
    return transfer->state() == Transfer::State::running || transfer->state() == Transfer::State::waiting;
  });
  return static_cast<int>(transfers + walks_.size());
}

int Transfers::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(transfers_.size());
}

QVariant Transfers::data(const QModelIndex& index, int role) const {
  const auto* transfer = at(index.row());
  if (!transfer) return {};
  switch (role) {
    case Qt::DisplayRole:
      return QFileInfo(transfer->isUpload() ? transfer->local() : transfer->remote()).fileName();
    case Qt::ToolTipRole:
      return plain_tip(transfer->problem().isEmpty() ? transfer->remote() : transfer->problem());
    case ProgressRole:
      return transfer->size() > 0 ? static_cast<int>(transfer->bytes() * 1000 / transfer->size()) : 0;
    case StateRole:
      return static_cast<int>(transfer->state());
    case ProblemRole:
      return transfer->problem();
    case IsUploadRole:
      return transfer->isUpload();
    default:
      return {};
  }
}

}  // namespace berth::client

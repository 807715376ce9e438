// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/transfers.hpp"

#include <QDirIterator>
#include <QFileInfo>

#include "client/core/file_tree.hpp"
#include "client/core/plain_tip.hpp"
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
    const QDir above(file.dir());
    QDirIterator inside(file.filePath(), QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                        QDirIterator::Subdirectories);
    for (int count = 0; inside.hasNext(); ++count) {
      if (count == most_files_in_folder) {
        Q_EMIT failed(
            file.fileName(),
            tr("The folder holds more than %1 files; upload it as an archive.").arg(most_files_in_folder));
        break;
      }
      const auto path = inside.next();
      add(new Upload(connection_, path, joined(folder, above.relativeFilePath(path)), replace, this));
    }
  }
}

void Transfers::download(const QString& remote, const QString& local) {
  add(new Download(connection_, remote, local, this));
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
  next();
  Q_EMIT activeChanged();
}

void Transfers::next() {
  for (auto* transfer : transfers_)
    if (transfer->state() == Transfer::State::running) return;
  for (auto* transfer : transfers_)
    if (transfer->state() == Transfer::State::waiting) return transfer->start();
}

void Transfers::cancelAll() {
  for (auto* transfer : QList<Transfer*>(transfers_)) transfer->cancel();
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
  return static_cast<int>(std::ranges::count_if(transfers_, [](const Transfer* transfer) {
    return transfer->state() == Transfer::State::running || transfer->state() == Transfer::State::waiting;
  }));
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

// SPDX-License-Identifier: GPL-3.0-or-later
// All uploads and downloads of a window, one after the other, as a list with progress.
#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QUrl>
#include <deque>

#include "client/core/transfer.hpp"

namespace berth::client {

class ServerConnection;
struct Archive;

class Transfers : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Roles { ProgressRole = Qt::UserRole + 1, StateRole, ProblemRole, IsUploadRole };  // progress: 0..1000

  /// Without a connection (nullptr) only what the server gives by REST can be downloaded.
  explicit Transfers(WorkspaceConnection* connection, QObject* parent = nullptr);

  /// Files, and folders with all that is in them, into a folder of the workspace.
  void upload(const QList<QUrl>& files, const QString& folder, bool replace);
  void download(const QString& remote, const QString& local);
  /// A folder or everything (""), now or as in a version, as one archive; `server` outlives this. The result
  /// lives until the next clearFinished().
  Transfer* downloadArchive(ServerConnection* server, const QString& workspace, const Archive& archive,
                            const QString& local);
  /// A file as it was in a version.
  Transfer* downloadOldFile(ServerConnection* server, const QString& workspace, const QString& version,
                            const QString& path, const QString& local);
  void cancelAll();
  void clearFinished();
  int active() const;
  Transfer* at(int row) const { return transfers_.value(row); }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

 Q_SIGNALS:
  void activeChanged();
  void failed(const QString& name, const QString& problem);

 private:
  void add(Transfer* transfer);
  void next();

  WorkspaceConnection* connection_;
  QList<Transfer*> transfers_;
};

}  // namespace berth::client

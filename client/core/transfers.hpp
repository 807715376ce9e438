// SPDX-License-Identifier: GPL-3.0-or-later
// All uploads and downloads of a window, one after the other, as a list with progress.
#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QUrl>
#include <atomic>
#include <deque>
#include <memory>

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
  ~Transfers() override;

  /// Files, and folders with all that is in them, into a folder of the workspace. Folders are looked through
  /// on a thread of the pool; until that is done they count as one that is active.
  void upload(const QList<QUrl>& files, const QString& folder, bool replace);
  /// The result lives until the next clearFinished().
  Transfer* download(const QString& remote, const QString& local);
  /// A folder or everything (""), now or as in a version, as one archive; `server` outlives this. The result
  /// lives until the next clearFinished().
  Transfer* downloadArchive(ServerConnection* server, const QString& workspace, const Archive& archive,
                            const QString& local);
  /// A file as it was in a version.
  Transfer* downloadOldFile(ServerConnection* server, const QString& workspace, const QString& version,
                            const QString& path, const QString& local);
  void cancelAll();
  void cancel(int row);
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
  void append(Transfer* transfer);
  void next();
  void walk(const QString& folder, const QString& into, bool replace);

  WorkspaceConnection* connection_;
  QList<Transfer*> transfers_;
  QList<std::shared_ptr<std::atomic<bool>>> walks_;  // set: nobody wants it any more
};

}  // namespace berth::client

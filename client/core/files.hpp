// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to files by hand: new, rename, copy, delete and take the deletion back.
#pragma once

#include <QObject>

#include "client/core/reply.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class Files : public QObject {
  Q_OBJECT

 public:
  explicit Files(WorkspaceConnection* connection, QObject* parent = nullptr);

  /// An empty file; already_exists when there is one.
  void createFile(const QString& path, QObject* context, Reply<protocol::Empty> done);
  void createDirectory(const QString& path, QObject* context, Reply<protocol::Empty> done);
  void rename(const QString& from, const QString& to, QObject* context, Reply<protocol::Empty> done);
  void copy(const QString& from, const QString& to, QObject* context, Reply<protocol::Empty> done);
  /// To the trash; the result undoes it.
  void remove(const QString& path, QObject* context, Reply<protocol::FileDelete::Result> done);
  void undelete(const QString& trash, QObject* context, Reply<protocol::FileUndelete::Result> done);
  void stat(const QString& path, QObject* context, Reply<protocol::FileStat::Result> done);

 private:
  WorkspaceConnection* connection_;
};

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// Files and folders of the workspace brought to this machine, into a folder of their own that only the person
// reads: what a drag or a copy out of the tree promises. It goes with this object.
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTemporaryDir>
#include <QUrl>
#include <deque>

#include "client/core/transfers.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class LocalCopy : public QObject {
  Q_OBJECT

 public:
  enum class State { idle, running, done, failed };

  static constexpr qint64 usualMost = qint64{4} << 30;
  /// `most`: bytes of all files together, as they are said to be and as they come.
  LocalCopy(WorkspaceConnection* connection, Transfers* transfers, QStringList paths,
            QObject* parent = nullptr, qint64 most = usualMost);
  ~LocalCopy() override;

  /// Begins, once.
  void start();
  void cancel();
  State state() const { return state_; }
  const QStringList& paths() const { return paths_; }
  /// Why it failed, for the person.
  const QString& problem() const { return problem_; }
  /// What was asked for, as it lies on this machine; empty until all of it is there.
  QList<QUrl> urls() const;

 Q_SIGNALS:
  void finished();

 private:
  void stat(const QString& path);
  void take(const QString& path, const QString& local, const protocol::FileEntry& entry);
  void list(const QString& folder, const QString& local, std::optional<std::string> cursor);
  void fetch(const QString& path, const QString& local);
  void next();
  void lookAtSize();
  void finish(const QString& problem);

  WorkspaceConnection* connection_;
  QPointer<Transfers> transfers_;
  QStringList paths_;
  std::optional<QTemporaryDir> folder_;
  std::deque<std::pair<QString, QString>> folders_;  // still to be listed: path, local place
  QList<QPointer<Transfer>> under_way_;
  QList<QUrl> urls_;
  State state_ = State::idle;
  QString problem_;
  int asked_ = 0;  // answers and files that are still to come
  int files_ = 0;
  const qint64 most_;
  qint64 stated_ = 0;
  qint64 arrived_ = 0;  // of the files that are whole here
  bool listing_ = false;
};

}  // namespace berth::client

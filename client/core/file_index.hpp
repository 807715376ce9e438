// SPDX-License-Identifier: GPL-3.0-or-later
// The names of the project's files, for opening one by a few letters of its name. Walked anew each time
// somebody asks; what an earlier walk found is there at once.
#pragma once

#include <QObject>
#include <QStringList>
#include <optional>

#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class FileIndex : public QObject {
  Q_OBJECT

 public:
  /// `root`: path relative to home below which files are looked for.
  FileIndex(WorkspaceConnection* connection, QString root, QObject* parent = nullptr);

  /// Lists every folder once, some at a time; `changed` as files come. A walk under way goes on.
  void walk();
  /// Paths relative to home, nearest to the root first; at most ten thousand.
  const QStringList& files() const { return files_; }
  bool isWalking() const { return walking_; }
  /// There are more files than are looked through.
  bool isCut() const { return cut_; }

 Q_SIGNALS:
  void changed();

 private:
  void next();
  void take(const QString& folder, const protocol::FileList::Result& page);
  void finish();

  WorkspaceConnection* connection_;
  QString root_;
  QStringList files_;
  QStringList found_;    // by the walk under way
  QStringList waiting_;  // folders
  int asked_ = 0;        // folders, in this walk
  int pending_ = 0;      // answers
  bool walking_ = false;
  bool cut_ = false;
};

/// How well a path answers what was typed, higher is better; nothing when its letters are not in it in that
/// order. Beginnings of the name come before its middle, that before letters spread over the path; short
/// paths first.
std::optional<double> match_score(const QString& typed, const QString& path);

/// The best `most` of `files`; with nothing typed, `recent` comes first.
QStringList best_matches(const QString& typed, const QStringList& files, const QStringList& recent, int most);

}  // namespace berth::client

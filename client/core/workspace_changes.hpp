// SPDX-License-Identifier: GPL-3.0-or-later
// Which files are new, changed or gone since the workspace was started: the server's comparison of the newest
// stored version with the one of the start, and until the next one comes what the watched folders tell.
#pragma once

#include <QHash>
#include <QObject>
#include <QTimer>
#include <optional>

#include "client/core/reply.hpp"
#include "protocol/file_messages.hpp"
#include "protocol/rest_history.hpp"

namespace berth::client {

class Workspace;

class WorkspaceChanges : public QObject {
  Q_OBJECT

 public:
  enum class Kind : quint8 { none, added, modified, deleted };

  /// `workspace` outlives this.
  explicit WorkspaceChanges(Workspace* workspace, QObject* parent = nullptr);

  /// Of a file.
  Kind of(const QString& path) const;
  /// Of a folder: `added` where all that changed in it is new, else `modified`; none where nothing changed.
  Kind below(const QString& folder) const;
  int countBelow(const QString& folder) const;
  /// The version that the workspace started from; nothing until it is known, or where there is none.
  const std::optional<protocol::rest::Version>& start() const { return start_; }
  /// More differs than the server tells.
  bool isTruncated() const { return truncated_; }

 Q_SIGNALS:
  void changed();

 private:
  struct Count {
    int added = 0;
    int other = 0;
  };
  struct Seen {
    Kind kind;
    quint64 serial;
  };

  void wish();
  void ask();
  void findStart(const QString& cursor, int pages);
  void compare();
  void compared(Result<protocol::rest::ListVersionChanges::Result> answer, quint64 serial);
  void answered();
  void watched(const protocol::FileChanged::Params& change);
  void set(const QString& path, Kind kind);
  void count(const QString& path, Kind kind, int by);
  static Kind after(Kind stored, const protocol::FileChange& change);

  Workspace* workspace_;
  std::optional<protocol::rest::Version> start_;
  std::optional<qint64> started_;  // Unix ms; the start that start_ was looked for
  QString newest_;                 // id of the newest stored version
  QHash<QString, Kind> stored_;    // as compared last
  QHash<QString, Seen> seen_;      // since then, by the watches
  QHash<QString, Kind> kinds_;     // both
  QHash<QString, Count> folders_;  // how many of kinds_ are below
  QTimer pause_;
  quint64 serial_ = 0;
  bool asking_ = false;
  bool wished_ = false;
  bool truncated_ = false;
};

}  // namespace berth::client

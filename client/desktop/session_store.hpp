// SPDX-License-Identifier: GPL-3.0-or-later
// Which windows are open and how each looks, written as things change, so that a start after a crash finds
// them: one file, replaced atomically on a thread of its own, read by nobody else. No text of files is in it
// (that is client/core's unsent_store).
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QThreadPool>
#include <QUrl>
#include <mutex>
#include <optional>

namespace berth::desktop {

/// A workspace's window, open or to be opened.
struct SessionWindow {
  QByteArray server;  // ServerConnection::key()
  QUrl origin;
  QString email;
  QString workspace;
  QByteArray layout = {};  // IdeWindow::saveLayout(); "" where none is known
};

struct Session {
  /// The program ended by itself: it was told to.
  bool ended = true;
  /// How often it was begun with these windows and did not live for long.
  int tries = 0;
  QList<SessionWindow> windows = {};
};

class SessionStore {
 public:
  /// `file`: "" is the person's own.
  explicit SessionStore(const QString& file = {});
  /// Waits until all is written.
  ~SessionStore();
  static QString usualFile();

  /// An empty one where there is none, or where it can't be read.
  Session load() const;
  /// Soon; of several that wait the newest is written.
  void write(const Session& session);
  void wait() { thread_.waitForDone(); }

 private:
  void writeNext();

  const QString file_;
  std::mutex mutex_;
  std::optional<QByteArray> next_;
  QByteArray last_;  // what was asked for last
  QThreadPool thread_;
};

}  // namespace berth::desktop

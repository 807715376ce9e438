// SPDX-License-Identifier: GPL-3.0-or-later
// What is dropped on a terminal becomes paths in its command line: of the tree as they are; of this machine
// once they are in the folder where the shell is.
#pragma once

#include <QObject>
#include <QPointer>
#include <QUrl>

class QMimeData;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TerminalView;

/// Of paths dragged out of the tree, relative to home, one a line (client/core file_tree).
inline constexpr const char* tree_paths_mime = "application/x-berth-paths";

/// A word of a command line of sh, bash, zsh and fish, whatever the path holds.
QString shell_word(const QString& path);
/// How a shell in `directory` would name a path below home, as a word.
QString shell_path(const QString& path, const QString& home, const QString& directory);

class TerminalDrop : public QObject {
  Q_OBJECT

 public:
  TerminalDrop(client::Workspace* workspace, QObject* parent);
  void drop(TerminalView* view, const QMimeData* data);

 private:
  void upload(TerminalView* view, const QList<QUrl>& files, const QString& folder);
  void send(TerminalView* view, const QList<QUrl>& files, const QString& folder, bool replace);
  void insertPaths(TerminalView* view, const QStringList& paths);

  client::Workspace* workspace_;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of the project's files with what can be done to them.
#pragma once

#include "client/desktop/panel.hpp"

class QToolButton;
class QTreeView;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class MessageBar;

class FilePanel : public Panel {
  Q_OBJECT

 public:
  explicit FilePanel(client::Workspace* workspace, QWidget* parent = nullptr);
  QTreeView* tree() { return tree_; }
  /// Asks for a name and makes the file in the selected folder, then opens it.
  void newFile();
  void newFolder();
  /// Asks where to put it, then fetches it.
  void download(const QString& path);
  /// The same for a folder, or everything (""), as one archive.
  void downloadArchive(const QString& path);
  void removeSelected();
  /// Opens the folders above a file and selects it; the keys stay where they go.
  void reveal(const QString& path);

 Q_SIGNALS:
  void openWanted(const QString& path);
  /// A file is to be found by its name.
  void findWanted();
  void terminalWanted(const QString& folder);
  void renamed(const QString& from, const QString& to);
  /// The versions of a file or folder are to be seen; "" is everything.
  void historyWanted(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showWanted();
  /// Who may only look changes nothing in the tree.
  void refreshRole();
  bool mayChange();
  void contextMenu(const QPoint& position);
  void addChanges(QMenu& menu, const QModelIndex& index, const QString& path);
  QString selectedPath() const;
  QString selectedFolder() const;
  QString askName(const QString& title, const QString& label);
  void rename(const QString& from, const QString& to);
  void remove(const QString& path);
  void upload(const QList<QUrl>& files, const QString& folder);
  void fail(const QString& problem);

  client::Workspace* workspace_;
  QTreeView* tree_;
  MessageBar* bar_;
  QList<QToolButton*> changing_tools_;
  QString revealed_;  // the file shown last: choosing another row by hand stands until the next one
  QString wanted_;    // to be revealed once its folders are listed
};

}  // namespace berth::desktop

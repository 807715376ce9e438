// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of the project's files with what can be done to them.
#pragma once

#include "client/desktop/panel.hpp"

class QLineEdit;
class QLabel;
class QMenu;
class QStackedWidget;
class QToolButton;
class QTreeView;
class QModelIndex;

namespace berth::client {
class LocalCopy;
class Workspace;
class WorkspaceChanges;
}  // namespace berth::client

namespace berth::desktop {

class FileActions;
class FileMatches;
class FileView;
class MessageBar;

class FilePanel : public Panel {
  Q_OBJECT

 public:
  explicit FilePanel(client::Workspace* workspace, QWidget* parent = nullptr);
  QTreeView* tree();
  /// What the filter found; shown while something stands in it.
  QTreeView* matches();
  QLineEdit* filterField() { return filter_; }
  MessageBar* bar() { return bar_; }
  FileActions* actions() { return actions_; }
  client::WorkspaceChanges* changes() { return changes_; }
  /// A field for the name of a new file or folder, in the chosen folder; a file is opened then.
  void newFile();
  void newFolder();
  /// Files of this machine, into the chosen folder.
  void chooseUploads();
  void renameSelected();
  /// Asks where to put it, then fetches it.
  void download(const QString& path);
  /// The same for a folder, or everything (""), as one archive.
  void downloadArchive(const QString& path);
  void removeSelected();
  void duplicateSelected();
  /// To be moved or copied by pasteHere(), here or in another window of this workspace.
  void cutSelected();
  void copySelected();
  /// Into the chosen folder: what was cut or copied in a tree, or files of this machine.
  void pasteHere();
  void undo();
  void collapseAll();
  /// Shows the filter and gives it the keys.
  void find();
  void closeFilter();
  /// Opens the folders above a file and selects it; the keys stay where they go.
  void reveal(const QString& path);
  /// The same because a person asked for it: the tree shows and gets the keys.
  void revealAgain(const QString& path);
  QStringList selectedPaths() const;
  /// Of two chosen files, or the chosen one and the one marked before.
  void compareSelected();
  void compareWithStart();

 Q_SIGNALS:
  void openWanted(const QString& path);
  /// A file is to be found by its name.
  void findWanted();
  void terminalWanted(const QString& folder);
  /// Something is to be looked for in the files below it.
  void searchWanted(const QString& folder);
  void renamed(const QString& from, const QString& to);
  /// The versions of a file or folder are to be seen; "" is everything.
  void historyWanted(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void makeTools();
  void makeFilter();
  void connectTree(FileView* view);
  void connectActions();
  void showWanted();
  void showDock();
  void refreshMatches();
  /// Who may only look changes nothing in the tree.
  void refreshRole();
  bool mayChange();
  void newEntry(bool directory);
  void showDraft();
  void contextMenu(FileView* view, const QPoint& position);
  void addOpening(QMenu& menu, const QStringList& paths, bool folder);
  void addClipboard(QMenu& menu, const QStringList& paths);
  void addComparisons(QMenu& menu, const QStringList& paths, bool folder);
  void addChanges(QMenu& menu, const QStringList& paths);
  FileView* view() const;
  void upload(const QList<QUrl>& files, const QString& folder);
  void takeForeign(client::LocalCopy* files, const QString& folder);
  void tellLate(client::LocalCopy* files);
  void carry(bool cut);
  void tell(const QString& sentence, bool undoable);
  void fail(const QString& problem);

  client::Workspace* workspace_;
  client::WorkspaceChanges* changes_;
  FileActions* actions_;
  QStackedWidget* pages_;
  FileView* tree_;
  FileView* found_;
  FileMatches* matches_;
  QWidget* filter_row_;
  QLineEdit* filter_;
  QLabel* filter_hint_;
  MessageBar* bar_;
  QList<QToolButton*> changing_tools_;
  QString revealed_;  // the file shown last: choosing another row by hand stands until the next one
  QString wanted_;    // to be revealed once its folders are listed
  QString marked_;    // to be compared with another one
  QString draft_in_;  // the folder that a new name is to be asked for in, once it is open
  bool draft_folder_ = false;
  quint64 draft_round_ = 0;
};

}  // namespace berth::desktop

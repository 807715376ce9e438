// SPDX-License-Identifier: GPL-3.0-or-later
// A tree of files as it is shown: icons, colours and letters of what changed since the start, several rows
// chosen, drags in and out, keys. What is done with files is its owner's.
#pragma once

#include <QDeadlineTimer>
#include <QPointer>
#include <QSet>
#include <QTreeView>

namespace berth::client {
class LocalCopy;
class Workspace;
class WorkspaceChanges;
}  // namespace berth::client

namespace berth::desktop {

class DraggedFiles;
class FileRows;

class FileView : public QTreeView {
  Q_OBJECT

 public:
  /// `files` has FileTree's roles; `changes` may be nullptr.
  FileView(client::Workspace* workspace, QAbstractItemModel* files, client::WorkspaceChanges* changes,
           QWidget* parent = nullptr);

  ~FileView() override;

  QString pathAt(const QModelIndex& index) const;
  bool isFolder(const QModelIndex& index) const;
  /// Of the row that has the keys; "" where none has.
  QString currentPath() const;
  /// Of the chosen rows, top to bottom; what lies in another one of them is left out.
  QStringList selectedPaths() const;
  /// The folder that something new at the chosen row belongs into; `root` where none is chosen.
  QString currentFolder(const QString& root) const;
  /// Whether anything here may be changed by this person.
  void setMayChange(bool may);
  /// Rows that were cut are faint until they are put somewhere.
  void setCut(const QStringList& paths);
  bool isCut(const QString& path) const { return cut_.contains(path); }
  QModelIndex fromSource(const QModelIndex& index) const;
  /// For a drag that leaves the tree. One that another program asked for too early is taken once more, for a
  /// minute.
  client::LocalCopy* copyOf(const QStringList& paths);

 Q_SIGNALS:
  void openWanted(const QString& path);
  void removeWanted();
  void cutWanted();
  void copyWanted();
  void pasteWanted();
  void undoWanted();
  void findWanted();
  /// The field of a new name is gone, however that ended.
  void nameFieldClosed();
  /// Files of another workspace's window were dropped.
  void foreignFilesDropped(berth::client::LocalCopy* files, const QString& folder);
  /// Another program asked for files before they were here.
  void dragWasLate(berth::client::LocalCopy* files);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void startDrag(Qt::DropActions supported) override;

 private:
  bool isKeyOfOurs(const QKeyEvent& event) const;

  client::Workspace* workspace_;
  FileRows* rows_;
  QSet<QString> cut_;
  QList<QPointer<client::LocalCopy>> copies_;
  QPointer<client::LocalCopy> late_;
  QDeadlineTimer late_until_;
  bool may_change_ = true;
};

}  // namespace berth::desktop

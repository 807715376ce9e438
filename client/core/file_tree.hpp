// SPDX-License-Identifier: GPL-3.0-or-later
// The project's files as a tree model: listed when a folder is opened, a page at a time, and kept true by
// watches.
#pragma once

#include <QAbstractItemModel>
#include <memory>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class FileTree : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Roles { PathRole = Qt::UserRole + 1, IsDirectoryRole, EntryTypeRole };

  /// `root`: path relative to home whose entries are the top rows.
  FileTree(WorkspaceConnection* connection, const QString& root, QObject* parent = nullptr);
  ~FileTree() override;

  QString path(const QModelIndex& index) const;  // relative to home; the root's for an invalid index
  bool isDirectory(const QModelIndex& index) const;
  /// The folder that a new entry at `index` belongs into.
  QString folderFor(const QModelIndex& index) const;
  /// The index of a path that is loaded; invalid otherwise.
  QModelIndex indexOf(const QString& path) const;
  const QString& root() const { return root_path_; }
  /// True when some watched folder is polled because the system ran out of watches.
  bool isDegraded() const { return degraded_; }

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& child) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool hasChildren(const QModelIndex& parent = {}) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;
  Qt::DropActions supportedDropActions() const override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                       const QModelIndex& parent) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                    const QModelIndex& parent) override;

 Q_SIGNALS:
  void degradedChanged();
  void failed(const QString& problem);
  /// The person edited a name in place.
  void renameWanted(const QString& from, const QString& to);
  /// Local files were dropped on a folder.
  void uploadWanted(const QList<QUrl>& files, const QString& folder);
  /// The first page of a folder arrived.
  void listed(const QString& folder);

 private:
  struct Node;
  enum class Listing { none, running, partial, complete };

  Node* node(const QModelIndex& index) const;
  QModelIndex indexFor(const Node* node) const;
  Node* find(const std::string& path) const;
  void listNext(Node* node);
  void listed(const std::string& path, const protocol::FileList::Result& page);
  void watch(Node* node);
  void unwatch(const Node* node);
  void refreshAll();
  void refresh(const std::string& path, std::vector<protocol::FileEntry> seen,
               std::optional<std::string> cursor);
  void merge(Node* node, const std::vector<protocol::FileEntry>& entries, bool complete);
  void put(Node* node, const protocol::FileEntry& entry);
  void remove(Node* node, const std::string& name);
  void onChanged(const protocol::FileChanged::Params& change);
  void setDegraded(bool degraded);

  WorkspaceConnection* connection_;
  QString root_path_;
  std::unique_ptr<Node> root_;
  bool degraded_ = false;
};

/// Directories first, then by name without regard to ASCII case: the order of file/list.
bool entry_before(const protocol::FileEntry& a, const protocol::FileEntry& b);

/// "a/b" + "c" → "a/b/c"; "" + "c" → "c".
QString joined(const QString& folder, const QString& name);

}  // namespace berth::client

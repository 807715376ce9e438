// SPDX-License-Identifier: GPL-3.0-or-later
// The project's files as a tree model: listed when a folder is opened, a page at a time, and kept true by
// watches.
#pragma once

#include <QAbstractItemModel>
#include <QStringList>
#include <memory>
#include <vector>

#include "protocol/messages.hpp"

class QMimeData;

namespace berth::client {

class WorkspaceConnection;

/// What a drag or a copy of entries carries: their paths, a line each, and whose workspace they are in.
inline constexpr auto path_mime = "application/x-berth-paths";
inline constexpr auto origin_mime = "application/x-berth-workspace";

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
  /// Names the workspace: paths that are dropped here move only where they come from the same one.
  void setOrigin(const QByteArray& origin) { origin_ = origin; }
  const QByteArray& origin() const { return origin_; }

  /// A row without a name in a folder, for the person to write one; `createWanted` follows, or nothing. There
  /// is at most one; the view removes it when the name's field is gone.
  QModelIndex beginDraft(const QString& folder, bool directory);
  void removeDraft();

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
  /// A draft was given a name, which may have folders before it.
  void createWanted(const QString& path, bool directory);
  /// Entries were dropped on another folder of the tree.
  void moveWanted(const QStringList& paths, const QString& folder, bool copy);
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
  void append(Node* node, const std::vector<protocol::FileEntry>& entries);
  void remove(Node* node, const std::string& name);
  void removeRows(Node* node, std::size_t first, std::size_t last);
  void onChanged(const protocol::FileChanged::Params& change);
  void setDegraded(bool degraded);

  WorkspaceConnection* connection_;
  QString root_path_;
  std::unique_ptr<Node> root_;
  Node* draft_ = nullptr;
  QByteArray origin_;
  bool degraded_ = false;
};

/// Directories first, then by name without regard to ASCII case: the order of file/list.
bool entry_before(const protocol::FileEntry& a, const protocol::FileEntry& b);

/// "a/b" + "c" → "a/b/c"; "" + "c" → "c".
QString joined(const QString& folder, const QString& name);

/// Of a drag or the clipboard, where they are of this workspace; a path's own line feeds can't be told apart.
QStringList carried_paths(const QMimeData* data, const QByteArray& origin);
QMimeData* carry_paths(const QStringList& paths, const QByteArray& origin, QMimeData* data);
/// One name of a path: not empty, no slash, neither "." nor "..".
bool is_entry_name(std::string_view name);

}  // namespace berth::client

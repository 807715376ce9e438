// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_tree.hpp"

#include <QLocale>
#include <QMimeData>
#include <QUrl>
#include <algorithm>
#include <set>

#include "client/core/plain_tip.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::uint32_t page = 2'000;  // entries
const auto path_mime = QStringLiteral("application/x-berth-paths");

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_directory(const protocol::FileEntry& entry) {
  return entry.type == protocol::EntryType::directory ||
         (entry.type == protocol::EntryType::symlink && entry.target_type == protocol::EntryType::directory);
}

}  // namespace

bool entry_before(const protocol::FileEntry& a, const protocol::FileEntry& b) {
  const bool a_directory = a.type == protocol::EntryType::directory;
  const bool b_directory = b.type == protocol::EntryType::directory;
  if (a_directory != b_directory) return a_directory;
  const auto order = std::lexicographical_compare_three_way(
      a.name.begin(), a.name.end(), b.name.begin(), b.name.end(), [](char x, char y) {
        return static_cast<unsigned char>(folded(x)) <=> static_cast<unsigned char>(folded(y));
      });
  return order != 0 ? order < 0 : a.name < b.name;
}

QString joined(const QString& folder, const QString& name) {
  return folder.isEmpty() ? name : folder + QLatin1Char('/') + name;
}

struct FileTree::Node {
  Node* parent = nullptr;
  protocol::FileEntry entry;
  std::vector<std::unique_ptr<Node>> children;
  Listing listing = Listing::none;
  std::optional<std::string> cursor;

  std::string path(const std::string& root) const {
    if (!parent) return root;
    const auto above = parent->path(root);
    return above.empty() ? entry.name : above + "/" + entry.name;
  }
  int row() const {
    if (!parent) return 0;
    const auto found = std::ranges::lower_bound(
        parent->children, this, [](const Node* a, const Node* b) { return entry_before(a->entry, b->entry); },
        [](const auto& child) { return child.get(); });
    // The order may be stale for an instant while an entry changes its type; look then.
    if (found != parent->children.end() && found->get() == this)
      return static_cast<int>(found - parent->children.begin());
    for (std::size_t i = 0; i < parent->children.size(); ++i)
      if (parent->children[i].get() == this) return static_cast<int>(i);
    return 0;
  }
  Node* child(std::string_view name) const {
    for (const auto& item : children)
      if (item->entry.name == name) return item.get();
    return nullptr;
  }
};

FileTree::FileTree(WorkspaceConnection* connection, const QString& root, QObject* parent)
    : QAbstractItemModel(parent), connection_(connection), root_path_(root), root_(std::make_unique<Node>()) {
  root_->entry.type = protocol::EntryType::directory;
  connect(connection, &WorkspaceConnection::established, this, &FileTree::refreshAll);
  connect(connection, &WorkspaceConnection::fileChanged, this, &FileTree::onChanged);
  if (connection->online()) listNext(root_.get());
}

FileTree::~FileTree() = default;

FileTree::Node* FileTree::node(const QModelIndex& index) const {
  return index.isValid() ? static_cast<Node*>(index.internalPointer()) : root_.get();
}

QModelIndex FileTree::indexFor(const Node* node) const {
  return node->parent ? createIndex(node->row(), 0, node) : QModelIndex();
}

FileTree::Node* FileTree::find(const std::string& path) const {
  const auto root = root_path_.toStdString();
  if (path == root) return root_.get();
  std::string_view rest = path;
  if (!root.empty()) {
    if (!rest.starts_with(root + "/")) return nullptr;
    rest.remove_prefix(root.size() + 1);
  }
  Node* at = root_.get();
  while (at && !rest.empty()) {
    const auto slash = std::min(rest.find('/'), rest.size());
    at = at->child(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return at;
}

QString FileTree::path(const QModelIndex& index) const {
  return QString::fromStdString(node(index)->path(root_path_.toStdString()));
}

bool FileTree::isDirectory(const QModelIndex& index) const { return is_directory(node(index)->entry); }

QString FileTree::folderFor(const QModelIndex& index) const {
  return isDirectory(index) ? path(index) : path(index.parent());
}

QModelIndex FileTree::indexOf(const QString& path) const {
  const auto* found = find(path.toStdString());
  return found ? indexFor(found) : QModelIndex();
}

QModelIndex FileTree::index(int row, int column, const QModelIndex& parent) const {
  const auto* above = node(parent);
  if (column != 0 || row < 0 || row >= static_cast<int>(above->children.size())) return {};
  return createIndex(row, column, above->children[static_cast<std::size_t>(row)].get());
}

QModelIndex FileTree::parent(const QModelIndex& child) const {
  const auto* above = node(child)->parent;
  return above ? indexFor(above) : QModelIndex();
}

int FileTree::rowCount(const QModelIndex& parent) const {
  return static_cast<int>(node(parent)->children.size());
}

int FileTree::columnCount(const QModelIndex&) const { return 1; }

QVariant FileTree::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& entry = node(index)->entry;
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return QString::fromStdString(entry.name);
    case PathRole:
      return path(index);
    case IsDirectoryRole:
      return is_directory(entry);
    case EntryTypeRole:
      return static_cast<int>(entry.type);
    case Qt::ToolTipRole: {
      auto text = path(index);
      if (entry.target) text += QStringLiteral(" → ") + QString::fromStdString(*entry.target);
      if (entry.type == protocol::EntryType::file)
        text += QStringLiteral("\n") + QLocale().formattedDataSize(static_cast<qint64>(entry.size));
      return plain_tip(text);
    }
    default:
      return {};
  }
}

bool FileTree::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto name = value.toString().trimmed();
  if (role != Qt::EditRole || !index.isValid() || name.isEmpty() ||
      name == data(index, Qt::EditRole).toString())
    return false;
  if (name.contains(QLatin1Char('/')) || name == QLatin1String(".") || name == QLatin1String("..")) {
    Q_EMIT failed(tr("“%1” can't be a name.").arg(name));
    return false;
  }
  Q_EMIT renameWanted(path(index), joined(path(index.parent()), name));
  return false;  // the watch brings the new name
}

Qt::ItemFlags FileTree::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::ItemIsDropEnabled;
  auto flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemIsEditable;
  if (isDirectory(index)) flags |= Qt::ItemIsDropEnabled;
  return flags;
}

bool FileTree::hasChildren(const QModelIndex& parent) const {
  const auto* at = node(parent);
  if (!is_directory(at->entry)) return false;
  return at->listing == Listing::none || at->listing == Listing::running || !at->children.empty();
}

bool FileTree::canFetchMore(const QModelIndex& parent) const {
  const auto* at = node(parent);
  return is_directory(at->entry) && connection_->online() &&
         (at->listing == Listing::none || at->listing == Listing::partial);
}

void FileTree::fetchMore(const QModelIndex& parent) { listNext(node(parent)); }

void FileTree::listNext(Node* at) {
  if (at->listing == Listing::running || at->listing == Listing::complete || !connection_->online()) return;
  const auto path = at->path(root_path_.toStdString());
  // The watch comes first, so that no change between the two is missed.
  if (at->listing == Listing::none) watch(at);
  at->listing = Listing::running;
  request<protocol::FileList>(connection_, {path, at->cursor, page}, this,
                              [this, path](Result<protocol::FileList::Result> answer) {
                                if (answer) return listed(path, *answer);
                                auto* at = find(path);
                                if (!at) return;
                                at->listing = at->cursor ? Listing::partial : Listing::none;
                                if (answer.error().code != ErrorCode::unavailable) {
                                  at->listing = Listing::complete;
                                  Q_EMIT failed(QString::fromStdString(answer.error().message));
                                }
                              });
}

void FileTree::listed(const std::string& path, const protocol::FileList::Result& answer) {
  auto* at = find(path);
  if (!at) return;
  const bool first = !at->cursor;
  at->cursor = answer.cursor;
  at->listing = answer.cursor ? Listing::partial : Listing::complete;
  // A page that follows what is there is appended in one step; entries that a watch brought meanwhile are put
  // in place.
  std::set<std::string_view> known;
  for (const auto& child : at->children) known.insert(child->entry.name);
  std::vector<std::unique_ptr<Node>> fresh;
  const auto parent = indexFor(at);
  const auto last = at->children.empty() ? nullptr : &at->children.back()->entry;
  for (const auto& entry : answer.entries) {
    if (known.contains(entry.name) || (last && entry_before(entry, *last))) {
      put(at, entry);
      continue;
    }
    auto child = std::make_unique<Node>();
    child->parent = at;
    child->entry = entry;
    fresh.push_back(std::move(child));
  }
  std::ranges::sort(fresh, [](const auto& a, const auto& b) { return entry_before(a->entry, b->entry); });
  if (!fresh.empty()) {
    const auto begin = static_cast<int>(at->children.size());
    beginInsertRows(parent, begin, begin + static_cast<int>(fresh.size()) - 1);
    std::ranges::move(fresh, std::back_inserter(at->children));
    endInsertRows();
  }
  if (first) Q_EMIT listed(QString::fromStdString(path));
}

void FileTree::watch(Node* at) {
  request<protocol::FileWatch>(connection_, {at->path(root_path_.toStdString())}, this,
                               [this](Result<protocol::FileWatch::Result> answer) {
                                 if (answer && answer->degraded) setDegraded(true);
                               });
}

void FileTree::unwatch(const Node* at) {
  if (at->listing != Listing::none)
    request<protocol::FileUnwatch>(connection_, {at->path(root_path_.toStdString())}, this,
                                   [](Result<protocol::Empty>) {});
  for (const auto& child : at->children) unwatch(child.get());
}

// A new connection: every folder that was listed may have changed meanwhile.
void FileTree::refreshAll() {
  std::vector<Node*> open{root_.get()};
  for (std::size_t i = 0; i < open.size(); ++i) {
    auto* at = open[i];
    if (at->listing == Listing::none || at->listing == Listing::running) {
      const bool wanted = at->listing == Listing::running || at == root_.get();
      at->listing = at->cursor ? Listing::partial : Listing::none;
      if (wanted) listNext(at);
    } else {
      watch(at);
      refresh(at->path(root_path_.toStdString()), {}, {});
    }
    for (const auto& child : at->children)
      if (child->listing != Listing::none) open.push_back(child.get());
  }
}

void FileTree::refresh(const std::string& path, std::vector<protocol::FileEntry> seen,
                       std::optional<std::string> cursor) {
  request<protocol::FileList>(
      connection_, {path, std::move(cursor), 10'000}, this,
      [this, path, seen = std::move(seen)](Result<protocol::FileList::Result> answer) mutable {
        auto* at = find(path);
        if (!at) return;
        if (!answer) {
          if (answer.error().code == ErrorCode::not_found && at->parent)
            remove(at->parent, std::string(at->entry.name));
          return;
        }
        seen.insert(seen.end(), answer->entries.begin(), answer->entries.end());
        const bool enough = seen.size() >= at->children.size();
        if (answer->cursor && !enough) return refresh(path, std::move(seen), answer->cursor);
        at->cursor = answer->cursor;
        at->listing = answer->cursor ? Listing::partial : Listing::complete;
        merge(at, seen, !answer->cursor);
      });
}

void FileTree::merge(Node* at, const std::vector<protocol::FileEntry>& entries, bool complete) {
  std::set<std::string_view> present;
  for (const auto& entry : entries) present.insert(entry.name);
  std::vector<std::string> absent;
  for (const auto& child : at->children) {
    const bool covered = complete || entries.empty() || !entry_before(entries.back(), child->entry);
    if (covered && !present.contains(child->entry.name)) absent.push_back(child->entry.name);
  }
  for (const auto& name : absent) remove(at, name);
  for (const auto& entry : entries) put(at, entry);
}

void FileTree::put(Node* at, const protocol::FileEntry& entry) {
  if (auto* known = at->child(entry.name)) {
    if (known->entry.type == entry.type && known->entry.target_type == entry.target_type) {
      known->entry = entry;
      const auto index = indexFor(known);
      return Q_EMIT dataChanged(index, index);
    }
    remove(at, entry.name);
  }
  const auto place =
      std::ranges::lower_bound(at->children, entry, entry_before,
                               [](const auto& child) -> const protocol::FileEntry& { return child->entry; });
  // Past the last loaded entry of a folder that has more pages, its own page brings it.
  if (place == at->children.end() && at->listing == Listing::partial) return;
  const auto row = static_cast<int>(place - at->children.begin());
  beginInsertRows(indexFor(at), row, row);
  auto child = std::make_unique<Node>();
  child->parent = at;
  child->entry = entry;
  at->children.insert(place, std::move(child));
  endInsertRows();
}

void FileTree::remove(Node* at, const std::string& name) {
  auto* child = at->child(name);
  if (!child) return;
  unwatch(child);
  const auto row = child->row();
  beginRemoveRows(indexFor(at), row, row);
  at->children.erase(at->children.begin() + row);
  endRemoveRows();
}

void FileTree::onChanged(const protocol::FileChanged::Params& change) {
  if (change.degraded) setDegraded(true);
  auto* at = find(change.path);
  if (!at || at->listing == Listing::none) return;
  if (change.overflow) return refresh(change.path, {}, {});
  for (const auto& item : change.changes) {
    if (item.kind == protocol::ChangeKind::deleted || !item.entry) {
      remove(at, item.name);
    } else {
      put(at, *item.entry);
    }
  }
}

void FileTree::setDegraded(bool degraded) {
  if (degraded_ == degraded) return;
  degraded_ = degraded;
  Q_EMIT degradedChanged();
}

Qt::DropActions FileTree::supportedDropActions() const { return Qt::CopyAction | Qt::MoveAction; }

QStringList FileTree::mimeTypes() const { return {QStringLiteral("text/uri-list"), path_mime}; }

QMimeData* FileTree::mimeData(const QModelIndexList& indexes) const {
  QStringList paths;
  for (const auto& index : indexes) paths.append(path(index));
  auto* data = new QMimeData;
  data->setData(path_mime, paths.join(QLatin1Char('\n')).toUtf8());
  data->setText(paths.join(QLatin1Char('\n')));
  return data;
}

bool FileTree::canDropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex&) const {
  return data->hasFormat(path_mime) || data->hasUrls();
}

bool FileTree::dropMimeData(const QMimeData* data, Qt::DropAction action, int, int,
                            const QModelIndex& parent) {
  if (action == Qt::IgnoreAction) return true;
  const auto folder = folderFor(parent);
  if (data->hasFormat(path_mime)) {
    for (const auto& from :
         QString::fromUtf8(data->data(path_mime)).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
      const auto to = joined(folder, from.section(QLatin1Char('/'), -1));
      if (to != from && !(folder + QLatin1Char('/')).startsWith(from + QLatin1Char('/')))
        Q_EMIT renameWanted(from, to);
    }
    return false;  // the watch moves the row
  }
  if (!data->hasUrls()) return false;
  Q_EMIT uploadWanted(data->urls(), folder);
  return true;
}

}  // namespace berth::client

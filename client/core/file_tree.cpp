// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/file_tree.hpp"

#include <QLocale>
#include <algorithm>
#include <set>

#include "client/core/plain_tip.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr std::uint32_t page = 2'000;         // entries, of what is seen at first …
constexpr std::uint32_t later_page = 10'000;  // … and of what is scrolled to

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
  /// By the order, in which a folder of the name and anything else of it have different places: a folder
  /// with 100,000 entries is looked into as often as any other.
  Node* child(std::string_view name) const {
    protocol::FileEntry wanted{std::string(name), protocol::EntryType::directory, 0, 0, 0, {}, {}};
    for (const auto type : {protocol::EntryType::directory, protocol::EntryType::file}) {
      wanted.type = type;
      const auto found = std::ranges::lower_bound(
          children, wanted, entry_before,
          [](const auto& item) -> const protocol::FileEntry& { return item->entry; });
      if (found != children.end() && (*found)->entry.name == name) return found->get();
    }
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
  const auto* at = node(index);
  const bool is_draft = at == draft_;
  // A new file may bring folders with it; one that is renamed stays where it is.
  const auto parts = is_draft ? name.split(QLatin1Char('/')) : QStringList{name};
  if (!std::ranges::all_of(parts, [](const QString& part) { return is_entry_name(part.toStdString()); })) {
    Q_EMIT failed(tr("“%1” can't be a name.").arg(name));
    return false;
  }
  if (is_draft) {
    Q_EMIT createWanted(joined(path(index.parent()), name), is_directory(at->entry));
    return false;  // the watch brings it
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
  request<protocol::FileList>(connection_, {path, at->cursor, at->cursor ? later_page : page}, this,
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
  append(at, answer.entries);
  if (first) Q_EMIT listed(QString::fromStdString(path));
}

// What follows the rows that are there is added in one step; what a watch brought meanwhile is put in place.
void FileTree::append(Node* at, const std::vector<protocol::FileEntry>& entries) {
  std::vector<std::unique_ptr<Node>> fresh;
  const auto* last = at->children.empty() ? nullptr : at->children.back().get();
  for (const auto& entry : entries) {
    if (!is_entry_name(entry.name)) continue;
    if ((last && entry_before(entry, last->entry)) || at->child(entry.name)) {
      put(at, entry);
      last = at->children.back().get();
      continue;
    }
    auto child = std::make_unique<Node>();
    child->parent = at;
    child->entry = entry;
    fresh.push_back(std::move(child));
  }
  const auto before = [](const auto& a, const auto& b) { return entry_before(a->entry, b->entry); };
  std::ranges::sort(fresh, before);
  // A runner that names one entry twice.
  const auto twice =
      std::ranges::unique(fresh, [](const auto& a, const auto& b) { return a->entry.name == b->entry.name; });
  fresh.erase(twice.begin(), twice.end());
  if (fresh.empty()) return;
  const auto begin = static_cast<int>(at->children.size());
  beginInsertRows(indexFor(at), begin, begin + static_cast<int>(fresh.size()) - 1);
  std::ranges::move(fresh, std::back_inserter(at->children));
  endInsertRows();
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
  const auto is_gone = [&](const Node* child) {
    const bool covered = complete || entries.empty() || !entry_before(entries.back(), child->entry);
    return child != draft_ && covered && !present.contains(child->entry.name);
  };
  // In as few steps as there are runs of rows: a folder of 100,000 that was emptied goes in one.
  for (auto end = at->children.size(); end > 0;) {
    if (!is_gone(at->children[end - 1].get())) {
      --end;
      continue;
    }
    auto begin = end - 1;
    while (begin > 0 && is_gone(at->children[begin - 1].get())) --begin;
    removeRows(at, begin, end);
    end = begin;
  }
  std::vector<protocol::FileEntry> behind;
  const auto old_rows = at->children.size();
  for (const auto& entry : entries) {
    const bool is_behind = old_rows == 0 || entry_before(at->children.back()->entry, entry);
    is_behind ? behind.push_back(entry) : put(at, entry);
  }
  append(at, behind);
}

void FileTree::put(Node* at, const protocol::FileEntry& entry) {
  if (!is_entry_name(entry.name)) return;
  if (auto* known = at->child(entry.name)) {
    if (known->entry.type == entry.type && known->entry.target_type == entry.target_type) {
      if (known->entry.size == entry.size && known->entry.modified == entry.modified &&
          known->entry.mode == entry.mode && known->entry.target == entry.target)
        return;
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
  if (const auto* child = at->child(name)) {
    const auto row = static_cast<std::size_t>(child->row());
    removeRows(at, row, row + 1);
  }
}

void FileTree::removeRows(Node* at, std::size_t first, std::size_t last) {
  for (auto row = first; row < last; ++row) {
    const auto* child = at->children[row].get();
    unwatch(child);
    for (const auto* above = draft_; above; above = above->parent)
      if (above == child) draft_ = nullptr;
  }
  beginRemoveRows(indexFor(at), static_cast<int>(first), static_cast<int>(last) - 1);
  at->children.erase(at->children.begin() + static_cast<long>(first),
                     at->children.begin() + static_cast<long>(last));
  endRemoveRows();
}

// Its empty name stands before all others, so the order holds.
QModelIndex FileTree::beginDraft(const QString& folder, bool directory) {
  removeDraft();
  auto* at = find(folder.toStdString());
  if (!at || !is_directory(at->entry)) return {};
  auto child = std::make_unique<Node>();
  child->parent = at;
  child->entry.type = directory ? protocol::EntryType::directory : protocol::EntryType::file;
  child->listing = Listing::complete;
  const auto place =
      std::ranges::lower_bound(at->children, child->entry, entry_before,
                               [](const auto& item) -> const protocol::FileEntry& { return item->entry; });
  const auto row = static_cast<int>(place - at->children.begin());
  beginInsertRows(indexFor(at), row, row);
  draft_ = at->children.insert(place, std::move(child))->get();
  endInsertRows();
  return indexFor(draft_);
}

void FileTree::removeDraft() {
  if (!draft_) return;
  auto* at = draft_->parent;
  const auto row = static_cast<std::size_t>(draft_->row());
  draft_->listing = Listing::none;
  removeRows(at, row, row + 1);
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

}  // namespace berth::client

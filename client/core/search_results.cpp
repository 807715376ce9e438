// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/search_results.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"

namespace berth::client {
namespace {

constexpr int most_matches = 200'000;  // whatever comes: more than any search is told to give

std::unique_ptr<FoundLine> found_line(const protocol::SearchLine& said, FoundFile* file) {
  auto line = std::make_unique<FoundLine>();
  line->line = said.line;
  line->text = QString::fromStdString(said.text);
  line->cut = static_cast<int>(std::min<std::uint32_t>(said.cut, INT_MAX));
  line->file = file;
  line->places.reserve(said.matches.size());
  for (const auto& match : said.matches) {
    const auto in_text = [&](std::uint32_t unit) {
      return static_cast<int>(std::clamp<qint64>(qint64(unit) - line->cut, -1, line->text.size() + 1));
    };
    const int start = in_text(match.start);
    line->places.push_back(
        {start, std::max(start, in_text(match.end)), QString::fromStdString(match.replacement.value_or(""))});
  }
  return line;
}

QString first_words(const FoundLine& line) {
  constexpr qsizetype longest = 200;
  return line.text.trimmed().left(longest);
}

}  // namespace

SearchResults::SearchResults(QObject* parent) : QAbstractItemModel(parent) {}
SearchResults::~SearchResults() = default;

void SearchResults::clear() {
  beginResetModel();
  files_.clear();
  by_path_.clear();
  matches_ = 0;
  has_replacements_ = false;
  endResetModel();
}

QModelIndex SearchResults::indexOf(const FoundFile* file) const { return createIndex(file->row, 0); }

QModelIndex SearchResults::indexOf(const QString& path) const {
  const auto* file = by_path_.value(path);
  return file ? indexOf(file) : QModelIndex();
}

void SearchResults::add(const std::vector<protocol::SearchFile>& found) {
  Files files;
  for (const auto& said : found) {
    if (said.lines.empty() || matches_ >= most_matches) continue;
    const auto path = QString::fromStdString(said.path);
    if (auto* known = by_path_.value(path)) {
      if (known->row < fileCount() && files_[static_cast<std::size_t>(known->row)].get() == known) {
        addLines(known, said);
        continue;
      }
      addFiles(std::exchange(files, {}));  // it came a moment ago
      addLines(known, said);
      continue;
    }
    auto file = std::make_unique<FoundFile>();
    file->path = path;
    for (const auto& line : said.lines) {
      file->lines.push_back(found_line(line, file.get()));
      file->matches += static_cast<int>(line.matches.size());
      has_replacements_ = has_replacements_ || (!line.matches.empty() && line.matches.front().replacement);
    }
    matches_ += file->matches;
    file->row = fileCount() + static_cast<int>(files.size());
    by_path_.insert(path, file.get());
    files.push_back(std::move(file));
  }
  addFiles(std::move(files));
}

/// At the end, then into their places: in one step each, as every row that a view keeps open is looked at in
/// each.
void SearchResults::addFiles(Files files) {
  if (files.empty()) return;
  const auto before = fileCount();
  beginInsertRows({}, before, before + static_cast<int>(files.size()) - 1);
  std::ranges::move(files, std::back_inserter(files_));
  endInsertRows();
  const auto path_of = [](const auto& file) -> const QString& { return file->path; };
  if (std::ranges::is_sorted(files_, {}, path_of)) return;
  Q_EMIT layoutAboutToBeChanged();
  const auto old = persistentIndexList();
  std::vector<const FoundFile*> shown;
  shown.reserve(static_cast<std::size_t>(old.size()));
  for (const auto& index : old) shown.push_back(fileOf(index));
  const auto added = files_.begin() + before;
  std::ranges::sort(added, files_.end(), {}, path_of);
  std::ranges::inplace_merge(files_, added, {}, path_of);
  number();
  QModelIndexList now;
  now.reserve(old.size());
  for (qsizetype i = 0; i < old.size(); ++i) {
    const auto* file = shown[static_cast<std::size_t>(i)];
    now.append(file ? indexOf(file) : old[i]);  // a line's place is in its file
  }
  changePersistentIndexList(old, now);
  Q_EMIT layoutChanged();
}

void SearchResults::number() {
  for (std::size_t row = 0; row < files_.size(); ++row) files_[row]->row = static_cast<int>(row);
}

void SearchResults::addLines(FoundFile* file, const protocol::SearchFile& found) {
  const auto parent = indexOf(file);
  const auto first = static_cast<int>(file->lines.size());
  beginInsertRows(parent, first, first + static_cast<int>(found.lines.size()) - 1);
  for (const auto& line : found.lines) {
    file->lines.push_back(found_line(line, file));
    file->matches += static_cast<int>(line.matches.size());
    matches_ += static_cast<int>(line.matches.size());
  }
  endInsertRows();
  Q_EMIT dataChanged(parent, parent);
}

void SearchResults::takeOut(const QModelIndex& index) {
  if (const auto* line = lineOf(index)) {
    auto* file = line->file;
    if (file->lines.size() == 1) return takeOutFile(file->path);
    const auto matches = static_cast<int>(line->places.size());
    const auto parent = indexOf(file);
    beginRemoveRows(parent, index.row(), index.row());
    file->lines.erase(file->lines.begin() + index.row());
    file->matches -= matches;
    file->reduced = true;
    matches_ -= matches;
    endRemoveRows();
    Q_EMIT dataChanged(parent, parent);
  } else if (const auto* whole = fileOf(index)) {
    takeOutFile(QString(whole->path));
  }
}

void SearchResults::takeOutFile(const QString& path) {
  const auto* file = by_path_.value(path);
  if (!file) return;
  const auto row = file->row;
  beginRemoveRows({}, row, row);
  matches_ -= file->matches;
  by_path_.remove(path);
  files_.erase(files_.begin() + row);
  number();
  endRemoveRows();
}

void SearchResults::keepOnly(const QSet<QString>& paths) {
  beginResetModel();
  std::erase_if(files_, [&](const auto& file) {
    if (paths.contains(file->path)) return false;
    matches_ -= file->matches;
    by_path_.remove(file->path);
    return true;
  });
  number();
  endResetModel();
}

const FoundFile* SearchResults::fileOf(const QModelIndex& index) const {
  if (!index.isValid() || index.internalPointer() || index.row() >= fileCount()) return nullptr;
  return files_[static_cast<std::size_t>(index.row())].get();
}

const FoundLine* SearchResults::lineOf(const QModelIndex& index) const {
  if (!index.isValid() || !index.internalPointer()) return nullptr;
  const auto* file = static_cast<const FoundFile*>(index.internalPointer());
  const auto row = static_cast<std::size_t>(index.row());
  return row < file->lines.size() ? file->lines[row].get() : nullptr;
}

std::vector<protocol::ReplaceFile> SearchResults::toReplace(const QModelIndex& index) const {
  std::vector<protocol::ReplaceFile> asked;
  if (const auto* line = lineOf(index)) {
    asked.push_back({line->file->path.toStdString(), std::vector<std::uint64_t>{line->line}});
    return asked;
  }
  const auto add_file = [&](const FoundFile& file) {
    auto& one = asked.emplace_back(file.path.toStdString(), std::nullopt);
    if (!file.reduced) return;
    one.only_lines.emplace();
    for (const auto& line : file.lines) one.only_lines->push_back(line->line);
  };
  if (const auto* file = fileOf(index)) {
    add_file(*file);
  } else {
    for (const auto& each : files_) add_file(*each);
  }
  return asked;
}

int SearchResults::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) return fileCount();
  const auto* file = fileOf(parent);
  return file ? static_cast<int>(file->lines.size()) : 0;
}

bool SearchResults::hasChildren(const QModelIndex& parent) const { return rowCount(parent) > 0; }

QModelIndex SearchResults::index(int row, int column, const QModelIndex& parent) const {
  if (row < 0 || column != 0 || row >= rowCount(parent)) return {};
  const auto* file = fileOf(parent);
  return file ? createIndex(row, column, file) : createIndex(row, column);
}

QModelIndex SearchResults::parent(const QModelIndex& index) const {
  if (!index.isValid() || !index.internalPointer()) return {};
  return indexOf(static_cast<const FoundFile*>(index.internalPointer()));
}

QVariant SearchResults::data(const QModelIndex& index, int role) const {
  if (const auto* line = lineOf(index)) {
    switch (role) {
      case Qt::DisplayRole:
        return first_words(*line);
      case Qt::AccessibleTextRole:
        return tr("Line %1: %2").arg(line->line).arg(first_words(*line));
      case PathRole:
        return line->file->path;
      case MatchesRole:
        return static_cast<int>(line->places.size());
      default:
        return {};
    }
  }
  const auto* file = fileOf(index);
  if (!file) return {};
  switch (role) {
    case Qt::DisplayRole:
      return base_name(file->path);
    case Qt::ToolTipRole:
      return plain_tip(file->path);
    case Qt::AccessibleTextRole:
      return file->matches == 1 ? tr("%1, 1 match").arg(file->path)
                                : tr("%1, %n matches", nullptr, file->matches).arg(file->path);
    case PathRole:
      return file->path;
    case MatchesRole:
      return file->matches;
    default:
      return {};
  }
}

}  // namespace berth::client

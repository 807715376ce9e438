// SPDX-License-Identifier: GPL-3.0-or-later
// What a search has found, as files with their lines, sorted by path while it grows. What a person takes out
// is not replaced.
#pragma once

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>
#include <memory>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::client {

struct FoundPlace {
  int start, end;  // in `text` of its line; outside of it where that is cut
  QString replacement;
};

struct FoundFile;

struct FoundLine {
  quint64 line;  // from 1
  QString text;
  int cut;  // UTF-16 units of the line before `text`
  std::vector<FoundPlace> places;
  FoundFile* file = nullptr;
};

struct FoundFile {
  QString path;
  std::vector<std::unique_ptr<FoundLine>> lines;
  int matches = 0;
  bool reduced = false;  // lines were taken out
  int row = 0;
};

class SearchResults : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Roles { PathRole = Qt::UserRole + 1, MatchesRole };

  explicit SearchResults(QObject* parent = nullptr);
  ~SearchResults() override;

  void clear();
  void add(const std::vector<protocol::SearchFile>& files);
  /// A file or line is left alone from now on.
  void takeOut(const QModelIndex& index);
  void takeOutFile(const QString& path);
  /// Files but these are left alone from now on; at once, however many.
  void keepOnly(const QSet<QString>& paths);
  int fileCount() const { return static_cast<int>(files_.size()); }
  int matchCount() const { return matches_; }
  /// With a replacement: each place has what would stand there.
  bool hasReplacements() const { return has_replacements_; }
  /// nullptr for a file or line respectively.
  const FoundFile* fileOf(const QModelIndex& index) const;
  const FoundLine* lineOf(const QModelIndex& index) const;
  QModelIndex indexOf(const QString& path) const;
  /// What stands there, for search/replace: everything, a file, or a line.
  std::vector<protocol::ReplaceFile> toReplace(const QModelIndex& index = {}) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& = {}) const override { return 1; }
  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool hasChildren(const QModelIndex& parent = {}) const override;

 private:
  using Files = std::vector<std::unique_ptr<FoundFile>>;
  QModelIndex indexOf(const FoundFile* file) const;
  void addLines(FoundFile* file, const protocol::SearchFile& found);
  void addFiles(Files files);
  void number();

  Files files_;  // by path
  QHash<QString, FoundFile*> by_path_;
  int matches_ = 0;
  bool has_replacements_ = false;
};

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// The files whose names have some letters, as a small tree with the folders above them: what the tree shows
// while something stands in its filter. Roles are FileTree's.
#pragma once

#include <QStandardItemModel>

namespace berth::desktop {

class FileMatches : public QStandardItemModel {
  Q_OBJECT

 public:
  explicit FileMatches(QObject* parent = nullptr);
  /// Those of `files` (paths below `root`) that have `typed` in their name, or in their path where `typed`
  /// has a slash, without regard to case; at most 500, and then false.
  bool show(const QString& root, const QStringList& files, const QString& typed);
  int count() const { return count_; }

 private:
  int count_ = 0;
};

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_matches.hpp"

#include <QHash>

#include "client/core/base_name.hpp"
#include "client/core/file_tree.hpp"
#include "client/core/plain_tip.hpp"

namespace berth::desktop {
namespace {

constexpr int most_matches = 500;

QStandardItem* entry_item(const QString& path, bool folder) {
  auto* item = new QStandardItem(client::base_name(path));
  item->setData(path, client::FileTree::PathRole);
  item->setData(folder, client::FileTree::IsDirectoryRole);
  item->setToolTip(client::plain_tip(path));
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
  return item;
}

}  // namespace

FileMatches::FileMatches(QObject* parent) : QStandardItemModel(parent) {}

bool FileMatches::show(const QString& root, const QStringList& files, const QString& typed) {
  clear();
  count_ = 0;
  const bool whole_path = typed.contains(QLatin1Char('/'));
  QStringList found;
  for (const auto& path : files) {
    const auto text = whole_path ? path.mid(root.size() + 1) : client::base_name(path);
    if (!text.contains(typed, Qt::CaseInsensitive)) continue;
    if (found.size() == most_matches) break;
    found.append(path);
  }
  count_ = static_cast<int>(found.size());
  QHash<QString, QStandardItem*> folders;
  const std::function<QStandardItem*(const QString&)> folder_of = [&](const QString& path) {
    const auto above = path.section(QLatin1Char('/'), 0, -2);
    if (above == root || above.isEmpty()) return invisibleRootItem();
    if (auto* known = folders.value(above)) return known;
    auto* item = entry_item(above, true);
    folder_of(above)->appendRow(item);
    return folders.insert(above, item).value();
  };
  // Folders before the files beside them, as everywhere.
  for (const auto& path : found) folder_of(path);
  for (const auto& path : found) folder_of(path)->appendRow(entry_item(path, false));
  return count_ < most_matches;
}

}  // namespace berth::desktop

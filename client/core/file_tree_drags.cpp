// SPDX-License-Identifier: GPL-3.0-or-later
// What a drag, a drop and the clipboard carry of the tree.
#include <QMimeData>
#include <QUrl>

#include "client/core/file_tree.hpp"

namespace berth::client {

bool is_entry_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
         name.find('\0') == name.npos;
}

QMimeData* carry_paths(const QStringList& paths, const QByteArray& origin, QMimeData* data) {
  QStringList lines;
  for (const auto& path : paths)
    if (!path.contains(QLatin1Char('\n'))) lines.append(path);
  data->setData(QLatin1String(path_mime), lines.join(QLatin1Char('\n')).toUtf8());
  data->setData(QLatin1String(origin_mime), origin);
  return data;
}

QStringList carried_paths(const QMimeData* data, const QByteArray& origin) {
  if (!data || !data->hasFormat(QLatin1String(path_mime)) || data->data(QLatin1String(origin_mime)) != origin)
    return {};
  return QString::fromUtf8(data->data(QLatin1String(path_mime))).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

Qt::DropActions FileTree::supportedDropActions() const { return Qt::CopyAction | Qt::MoveAction; }

QStringList FileTree::mimeTypes() const {
  return {QStringLiteral("text/uri-list"), QLatin1String(path_mime)};
}

QMimeData* FileTree::mimeData(const QModelIndexList& indexes) const {
  QStringList paths;
  for (const auto& index : indexes) paths.append(path(index));
  auto* data = carry_paths(paths, origin_, new QMimeData);
  data->setText(paths.join(QLatin1Char('\n')));
  return data;
}

bool FileTree::canDropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex&) const {
  return !carried_paths(data, origin_).isEmpty() || data->hasUrls();
}

bool FileTree::dropMimeData(const QMimeData* data, Qt::DropAction action, int, int,
                            const QModelIndex& parent) {
  if (action == Qt::IgnoreAction) return true;
  const auto folder = folderFor(parent);
  if (const auto carried = carried_paths(data, origin_); !carried.isEmpty()) {
    const bool copy = action == Qt::CopyAction;
    QStringList paths;
    for (const auto& from : carried) {
      const bool into_itself = (folder + QLatin1Char('/')).startsWith(from + QLatin1Char('/'));
      const bool stays = joined(folder, from.section(QLatin1Char('/'), -1)) == from;
      if (!into_itself && (copy || !stays)) paths.append(from);
    }
    if (!paths.isEmpty()) Q_EMIT moveWanted(paths, folder, copy);
    return false;  // the watch moves the rows
  }
  if (!data->hasUrls()) return false;
  Q_EMIT uploadWanted(data->urls(), folder);
  return true;
}

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_icons.hpp"

#include <QHash>
#include <QMimeDatabase>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

QIcon file_icon(const QString& name) {
  static QHash<QString, QIcon> icons;
  const auto suffix = name.contains(QLatin1Char('.')) ? name.section(QLatin1Char('.'), -1).toLower() : name;
  if (const auto known = icons.constFind(suffix); known != icons.constEnd()) return *known;
  // By name alone: the content is elsewhere.
  const auto type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
  auto icon = type.iconName();
  const auto exists = [](const QString& candidate) {
    return QFile::exists(QStringLiteral(":/icons/breeze/mimetypes/16/%1.svg").arg(candidate));
  };
  if (!exists(icon)) icon = type.genericIconName();
  if (!exists(icon)) icon = QStringLiteral("text-x-generic");
  return *icons.insert(suffix, Theme::icon(icon, Theme::Tint::muted));
}

QIcon folder_icon(bool open) {
  static const auto closed_icon = Theme::icon(QStringLiteral("folder"), Theme::Tint::accent);
  static const auto open_icon = Theme::icon(QStringLiteral("folder-open"), Theme::Tint::accent);
  return open ? open_icon : closed_icon;
}

}  // namespace berth::desktop

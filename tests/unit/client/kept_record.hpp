// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on the disk of text that could not be sent (client/core/unsent_record.hpp).
#pragma once

#include <QDir>
#include <QFile>

namespace berth::test {

/// A record in this folder was written after so many changes.
inline bool has_record_of(const QString& folder, qint64 changes) {
  const auto said = QStringLiteral("\"changes\":%1,").arg(changes).toUtf8();
  for (const auto& record : QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files)) {
    QFile file(record.filePath());
    if (file.open(QIODevice::ReadOnly) && file.readAll().contains(said)) return true;
  }
  return false;
}

}  // namespace berth::test

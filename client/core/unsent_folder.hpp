// SPDX-License-Identifier: GPL-3.0-or-later
// The files of an UnsentStore; blocking, for the store's own thread.
//
//   <owner>.lock                        locked (flock) as long as the owner, a program, runs
//   <owner>.<workspace>.<random>.json   a record
//   <owner>.<workspace>.<random>.text   the text that it builds on; a record that was taken over keeps it
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>
#include <optional>

#include "client/core/unsent_store.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::client {

class UnsentFolder {
 public:
  explicit UnsentFolder(QString path);

  const QString& owner() const { return owner_; }
  Result<void> write(const QString& name, UnsentRecord record, const std::optional<std::string>& text);
  Result<void> remove(const QString& name);
  Result<std::optional<RestoredEdits>> take(const QString& workspace, const QString& path,
                                            const QString& newName, const QSet<QString>& inUse);
  Result<QStringList> list(const QString& workspace, const QSet<QString>& inUse);
  Result<QStringList> workspaces(const QString& person, const QSet<QString>& inUse);
  Result<UnsentStore::Kept> keepAsFiles(const QString& workspace, const QString& folder,
                                        const QSet<QString>& inUse);

 private:
  Result<void> claim();
  bool isFree(const QString& name, const QSet<QString>& inUse);
  bool lives(const QString& owner);
  QStringList freeRecords(const QString& pattern, const QSet<QString>& inUse);
  Result<UnsentRecord> read(const QString& name) const;
  std::optional<RestoredEdits> readWhole(const QString& name) const;
  bool takeOver(const QString& name, const RestoredEdits& restored);
  Result<void> replace(const QString& name, std::string_view bytes);
  Result<void> sync() const;
  void sweep();
  qint64 bytesWithout(const QString& name) const;

  QString path_;
  QString owner_;  // this program, at random
  net::FileDescriptor lock_;
  QHash<QString, QString> texts_;  // of records written here: the file of their text
};

}  // namespace berth::client

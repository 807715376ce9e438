// SPDX-License-Identifier: GPL-3.0-or-later
// Where unsent text is kept on this machine: one record (JSON) and the text it builds on for each document,
// files that only their owner reads, replaced atomically and fsynced on a thread of its own. A record belongs
// to the program that wrote it as long as that runs; then whoever opens the document next takes it over.
#pragma once

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <optional>

#include "client/core/reply.hpp"
#include "client/core/unsent_record.hpp"

namespace berth::client {

class UnsentFolder;

/// A record with the name it has here and the text that its edits build on.
struct RestoredEdits {
  QString name;
  UnsentRecord record;
  std::string base;

  /// The text as the person saw it; nullopt where the edits do not fit.
  std::optional<std::string> text() const;
};

/// Of a path in the workspace, as part of a file's name on this device: without slashes, the end of a long
/// one.
QString name_for_person(const QString& path);

class UnsentStore : public QObject {
  Q_OBJECT

 public:
  static constexpr qint64 largest = 1ll << 30;  // bytes of all records of a person on this machine

  /// `folder` is made when something is written. Use it on one thread.
  explicit UnsentStore(const QString& folder);
  /// Waits until all is written.
  ~UnsentStore() override;
  /// The one of this program's user, made when first asked for, gone with the last that holds it.
  static std::shared_ptr<UnsentStore> shared();

  /// A name for a record of a workspace, in use until release().
  QString newName(const QString& workspace);
  /// Writes a record; `text`, where given, makes the text it builds on, on the store's thread; where it makes
  /// none nothing is written. `done` comes once it is durable. Writes and removals happen in the order they
  /// were asked for.
  void write(const QString& name, UnsentRecord record, std::function<std::optional<std::string>()> text,
             QObject* context, Reply<void> done);
  void remove(const QString& name, QObject* context, Reply<void> done);
  /// The record stays; another document may take it from now on.
  void release(const QString& name) { in_use_.remove(name); }

  /// Takes over the oldest record of a document that nobody has in use; nullopt where there is none.
  void take(const QString& workspace, const QString& path, QObject* context,
            Reply<std::optional<RestoredEdits>> done);
  /// Paths with records that nobody has in use.
  void list(const QString& workspace, QObject* context, Reply<QStringList> done);
  /// Workspaces, by the names they have here, with such records; `person` is what those names begin with.
  void workspaces(const QString& person, QObject* context, Reply<QStringList> done);
  /// The paths of files that were made of texts, and why some could not be: "" where all were.
  struct Kept {
    QStringList files;
    QString problem;
  };
  /// Makes files of the texts of a workspace that is gone, in a folder that is made where it is missing;
  /// their records go once the files are durable. An error where there are texts and none could be kept.
  void keepAsFiles(const QString& workspace, const QString& folder, QObject* context, Reply<Kept> done);
  /// Where texts are put that can't be sent any more, for the person to find.
  static QString filesFolder();
  /// Waits until all that was asked for is on the disk.
  void wait();

 private:
  template <class T>
  void run(std::function<Result<T>(UnsentFolder&)> work, QObject* context, Reply<T> done);

  std::shared_ptr<UnsentFolder> folder_;
  QThreadPool thread_;
  QSet<QString> in_use_;
};

}  // namespace berth::client

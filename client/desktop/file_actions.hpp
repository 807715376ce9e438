// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to files and folders of the tree, several at a time: made, named, moved, copied,
// deleted, and all of that taken back. Asks where a name is taken; nothing is overwritten for good.
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/error.hpp"

class QWidget;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class FileActions : public QObject {
  Q_OBJECT

 public:
  /// `window` is the parent of the questions and of this.
  FileActions(client::Workspace* workspace, QWidget* window);

  void create(const QString& path, bool directory);
  void rename(const QString& from, const QString& to);
  /// Into another folder.
  void transfer(const QStringList& paths, const QString& folder, bool copy);
  void duplicate(const QStringList& paths);
  /// To the trash.
  void remove(const QStringList& paths);
  /// Takes back what was done last, once.
  void undo();
  bool canUndo() const { return !done_.empty() && !busy_; }

 Q_SIGNALS:
  /// `undoable`: undo() takes it back.
  void done(const QString& sentence, bool undoable);
  void failed(const QString& sentence);
  void created(const QString& path, bool directory);
  void renamed(const QString& from, const QString& to);

 private:
  /// How one thing is taken back.
  struct Step {
    enum class Kind { name, copy, trash } kind;
    QString from;  // name: what it was called; copy: nothing; trash: its key there
    QString to;    // name: what it is called; copy: what was made
  };
  struct Batch;
  enum class Answer { replace, keep_both, skip };
  using Next = std::function<void(std::optional<Error>)>;

  void begin(std::shared_ptr<Batch> batch);
  void next(std::shared_ptr<Batch> batch);
  void finish(const std::shared_ptr<Batch>& batch);
  void place(std::shared_ptr<Batch> batch, const QString& from, const QString& to, int attempt);
  void taken(std::shared_ptr<Batch> batch, const QString& from, const QString& to);
  void settle(std::shared_ptr<Batch> batch, const QString& from, const QString& to, Answer answer);
  void trash(std::shared_ptr<Batch> batch, const QString& path, std::function<void(bool)> then);
  void takeBack(std::shared_ptr<Batch> batch);

  client::Workspace* workspace_;
  QWidget* window_;
  struct Done {
    QString words;
    std::vector<Step> steps;
  };
  std::vector<Done> done_;  // the newest last
  std::deque<std::shared_ptr<Batch>> waiting_;
  bool busy_ = false;
};

/// "notes.txt" → "notes copy.txt", "notes copy 2.txt" …; `number` from 1.
QString copy_name(const QString& name, int number);

}  // namespace berth::desktop

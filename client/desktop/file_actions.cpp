// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_actions.hpp"

#include <QCheckBox>
#include <QMessageBox>
#include <QPushButton>

#include "client/core/base_name.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/rest_error.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t most_undone = 50;  // operations
constexpr int most_numbers = 99;         // "name copy 99"

bool is_taken(const Error& error) {
  return error.code == ErrorCode::already_exists || error.code == ErrorCode::conflict;
}

}  // namespace

QString copy_name(const QString& name, int number) {
  const auto dot = name.lastIndexOf(QLatin1Char('.'));
  const auto stem = dot > 0 ? name.left(dot) : name;
  const auto ending = dot > 0 ? name.mid(dot) : QString();
  const auto words =
      number > 1 ? FileActions::tr("%1 copy %2").arg(stem).arg(number) : FileActions::tr("%1 copy").arg(stem);
  return words + ending;
}

/// Paths that are done one after the other, and what came of it.
struct FileActions::Batch {
  enum class Kind { move, copy, duplicate, remove, undo } kind;
  QStringList paths;
  QString folder;  // where to
  qsizetype at = 0;
  std::vector<Step> steps = {};  // how to take it back; of an undo: what is still to be taken back
  int done = 0;
  QString last = {};  // name of what was done last
  QStringList problems = {};
  std::optional<Answer> for_all = {};
};

FileActions::FileActions(client::Workspace* workspace, QWidget* window)
    : QObject(window), workspace_(workspace), window_(window) {}

void FileActions::create(const QString& path, bool directory) {
  const auto answered = [this, path, directory](const Result<protocol::Empty>& answer) {
    if (answer) return Q_EMIT created(path, directory);
    if (is_taken(answer.error())) return Q_EMIT failed(tr("%1 exists already.").arg(client::base_name(path)));
    Q_EMIT failed(sentence(answer.error()));
  };
  directory ? workspace_->files()->createDirectory(path, this, answered)
            : workspace_->files()->createFile(path, this, answered);
}

void FileActions::rename(const QString& from, const QString& to) {
  workspace_->files()->rename(from, to, this, [this, from, to](const Result<protocol::Empty>& answer) {
    if (!answer && is_taken(answer.error()))
      return Q_EMIT failed(tr("%1 exists already.").arg(client::base_name(to)));
    if (!answer) return Q_EMIT failed(sentence(answer.error()));
    done_.push_back({tr("Renamed %1 to %2.").arg(client::base_name(from), client::base_name(to)),
                     {{Step::Kind::name, from, to}}});
    if (done_.size() > most_undone) done_.erase(done_.begin());
    Q_EMIT renamed(from, to);
  });
}

void FileActions::transfer(const QStringList& paths, const QString& folder, bool copy) {
  begin(std::make_shared<Batch>(Batch{copy ? Batch::Kind::copy : Batch::Kind::move, paths, folder}));
}

void FileActions::duplicate(const QStringList& paths) {
  begin(std::make_shared<Batch>(Batch{Batch::Kind::duplicate, paths, {}}));
}

void FileActions::remove(const QStringList& paths) {
  begin(std::make_shared<Batch>(Batch{Batch::Kind::remove, paths, {}}));
}

void FileActions::undo() {
  if (!canUndo()) return;
  auto last = std::move(done_.back());
  done_.pop_back();
  auto batch = std::make_shared<Batch>(Batch{Batch::Kind::undo, {}, {}});
  batch->steps = std::move(last.steps);
  batch->last = last.words;
  begin(std::move(batch));
}

void FileActions::begin(std::shared_ptr<Batch> batch) {
  if (busy_) return waiting_.push_back(std::move(batch));
  busy_ = true;
  next(std::move(batch));
}

void FileActions::next(std::shared_ptr<Batch> batch) {
  if (batch->kind == Batch::Kind::undo) return takeBack(std::move(batch));
  if (batch->at == batch->paths.size()) return finish(batch);
  const auto path = batch->paths[batch->at++];
  const auto name = client::base_name(path);
  const auto above = path.section(QLatin1Char('/'), 0, -2);
  switch (batch->kind) {
    case Batch::Kind::remove:
      return trash(batch, path, [this, batch, name](bool trashed) {
        if (trashed) {
          ++batch->done;
          batch->last = name;
        }
        next(batch);
      });
    case Batch::Kind::duplicate:
      return place(batch, path, client::joined(above, copy_name(name, 1)), 1);
    default:
      // A copy into its own folder is a duplicate.
      if (above == batch->folder) return place(batch, path, client::joined(above, copy_name(name, 1)), 1);
      return place(batch, path, client::joined(batch->folder, name), 0);
  }
}

/// `attempt`: 0 asks where the name is taken, others take the next number.
void FileActions::place(std::shared_ptr<Batch> batch, const QString& from, const QString& to, int attempt) {
  const bool moves = batch->kind == Batch::Kind::move;
  const auto answered = [this, batch, from, to, attempt, moves](const Result<protocol::Empty>& answer) {
    if (answer) {
      ++batch->done;
      batch->last = client::base_name(to);
      batch->steps.push_back({moves ? Step::Kind::name : Step::Kind::copy, from, to});
      if (moves) Q_EMIT renamed(from, to);
      return next(batch);
    }
    if (is_taken(answer.error()) && attempt == 0) return taken(batch, from, to);
    if (is_taken(answer.error()) && attempt < most_numbers)
      return place(batch, from,
                   client::joined(to.section(QLatin1Char('/'), 0, -2),
                                  copy_name(client::base_name(from), attempt + 1)),
                   attempt + 1);
    batch->problems.append(tr("%1: %2").arg(client::base_name(from), sentence(answer.error())));
    next(batch);
  };
  moves ? workspace_->files()->rename(from, to, this, answered)
        : workspace_->files()->copy(from, to, this, answered);
}

void FileActions::taken(std::shared_ptr<Batch> batch, const QString& from, const QString& to) {
  if (batch->for_all) return settle(batch, from, to, *batch->for_all);
  auto* box = new QMessageBox(QMessageBox::Question, tr("Name Taken"),
                              tr("%1 is in that folder already.").arg(client::base_name(to)),
                              QMessageBox::NoButton, window_);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setObjectName(QStringLiteral("nameTaken"));
  box->setTextFormat(Qt::PlainText);
  box->setInformativeText(tr("What is replaced goes to the trash."));
  auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
  auto* both = box->addButton(tr("Keep Both"), QMessageBox::AcceptRole);
  auto* skip = box->addButton(tr("Skip"), QMessageBox::RejectRole);
  box->setDefaultButton(both);
  box->setEscapeButton(skip);
  auto* all = new QCheckBox(tr("The same for all others"));
  if (batch->at < batch->paths.size()) {
    box->setCheckBox(all);
  } else {
    all->setParent(box);
    all->hide();
  }
  connect(box, &QMessageBox::finished, this, [this, box, replace, both, all, batch, from, to] {
    const auto* clicked = box->clickedButton();
    const auto answer = clicked == replace ? Answer::replace
                        : clicked == both  ? Answer::keep_both
                                           : Answer::skip;
    if (all->isChecked()) batch->for_all = answer;
    settle(batch, from, to, answer);
  });
  box->open();
}

void FileActions::settle(std::shared_ptr<Batch> batch, const QString& from, const QString& to,
                         Answer answer) {
  switch (answer) {
    case Answer::skip:
      return next(batch);
    case Answer::keep_both:
      return place(batch, from,
                   client::joined(to.section(QLatin1Char('/'), 0, -2), copy_name(client::base_name(from), 1)),
                   1);
    case Answer::replace:
      return trash(batch, to, [this, batch, from, to](bool trashed) {
        // A name that is taken again by now gets a number.
        trashed ? place(batch, from, to, 1) : next(batch);
      });
  }
}

void FileActions::trash(std::shared_ptr<Batch> batch, const QString& path, std::function<void(bool)> then) {
  workspace_->files()->remove(
      path, this, [batch, path, then = std::move(then)](const Result<protocol::FileDelete::Result>& answer) {
        if (!answer)
          batch->problems.append(
              FileActions::tr("%1: %2").arg(client::base_name(path), sentence(answer.error())));
        if (answer && answer->trash)
          batch->steps.push_back({Step::Kind::trash, QString::fromStdString(*answer->trash), path});
        then(answer.has_value());
      });
}

void FileActions::takeBack(std::shared_ptr<Batch> batch) {
  if (batch->steps.empty()) return finish(batch);
  const auto step = batch->steps.back();
  batch->steps.pop_back();
  const auto answered = [this, batch, step](const std::optional<Error>& problem) {
    if (problem) {
      batch->problems.append(tr("%1: %2").arg(client::base_name(step.to), sentence(*problem)));
    } else {
      ++batch->done;
      if (step.kind == Step::Kind::name) Q_EMIT renamed(step.to, step.from);
    }
    next(batch);
  };
  const auto of = [answered](const auto& answer) {
    answer ? answered(std::nullopt) : answered(answer.error());
  };
  switch (step.kind) {
    case Step::Kind::name:
      return workspace_->files()->rename(step.to, step.from, this, of);
    case Step::Kind::copy:
      return workspace_->files()->remove(step.to, this, of);
    case Step::Kind::trash:
      return workspace_->files()->undelete(step.from, this, of);
  }
}

void FileActions::finish(const std::shared_ptr<Batch>& batch) {
  busy_ = false;
  if (!waiting_.empty()) {
    auto following = waiting_.front();
    waiting_.pop_front();
    // Behind what is told of this one.
    QMetaObject::invokeMethod(this, [this, following] { begin(following); }, Qt::QueuedConnection);
  }
  const bool one = batch->done == 1;
  QString words;
  switch (batch->kind) {
    case Batch::Kind::move:
      words = one ? tr("%1 was moved to %2.").arg(batch->last, client::base_name(batch->folder))
                  : tr("%1 items were moved to %2.").arg(batch->done).arg(client::base_name(batch->folder));
      break;
    case Batch::Kind::copy:
    case Batch::Kind::duplicate:
      words = one ? tr("%1 was made.").arg(batch->last) : tr("%1 copies were made.").arg(batch->done);
      break;
    case Batch::Kind::remove:
      words = one ? tr("%1 was moved to the trash.").arg(batch->last)
                  : tr("%1 items were moved to the trash.").arg(batch->done);
      break;
    case Batch::Kind::undo:
      words = tr("Taken back: %1").arg(batch->last);
      break;
  }
  const bool undoable = batch->kind != Batch::Kind::undo && !batch->steps.empty();
  if (undoable) {
    done_.push_back({words, std::move(batch->steps)});
    if (done_.size() > most_undone) done_.erase(done_.begin());
  }
  if (!batch->problems.isEmpty()) {
    auto text = batch->problems.mid(0, 3).join(QLatin1Char('\n'));
    if (batch->problems.size() > 3)
      text += QLatin1Char('\n') + tr("and %1 more").arg(batch->problems.size() - 3);
    return Q_EMIT failed(text);
  }
  if (batch->done > 0) Q_EMIT done(words, undoable);
}

}  // namespace berth::desktop

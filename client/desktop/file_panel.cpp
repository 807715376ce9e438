// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_panel.hpp"

#include <QAbstractItemModel>
#include <QDockWidget>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/local_copy.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/core/workspace_changes.hpp"
#include "client/desktop/file_actions.hpp"
#include "client/desktop/file_matches.hpp"
#include "client/desktop/file_view.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/save_question.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int undo_time = 12'000;  // ms for which taking something back is offered

}  // namespace

FilePanel::FilePanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("Files"), parent),
      workspace_(workspace),
      changes_(new client::WorkspaceChanges(workspace, this)),
      actions_(new FileActions(workspace, this)),
      pages_(new QStackedWidget),
      bar_(new MessageBar) {
  auto* model = workspace->tree();
  model->setOrigin(workspace->unsentKey().toUtf8());
  matches_ = new FileMatches(this);
  tree_ = new FileView(workspace, model, changes_);
  tree_->setObjectName(QStringLiteral("fileTree"));
  tree_->setAccessibleName(tr("Files of the project"));
  found_ = new FileView(workspace, matches_, changes_);
  found_->setObjectName(QStringLiteral("fileMatches"));
  found_->setAccessibleName(tr("Files that the filter found"));
  makeTools();
  makeFilter();
  pages_->addWidget(tree_);
  pages_->addWidget(found_);
  body()->addWidget(filter_row_);
  body()->addWidget(filter_hint_);
  body()->addWidget(bar_);
  body()->addWidget(pages_, 1);
  bar_->hide();
  connectTree(tree_);
  connectTree(found_);
  connectActions();
  refreshRole();
  connect(model, &client::FileTree::renameWanted, this, [this](const QString& from, const QString& to) {
    if (mayChange()) actions_->rename(from, to);
  });
  connect(model, &client::FileTree::createWanted, this, [this](const QString& path, bool directory) {
    if (mayChange()) actions_->create(path, directory);
  });
  connect(model, &client::FileTree::moveWanted, this,
          [this](const QStringList& paths, const QString& folder, bool copy) {
            if (mayChange()) actions_->transfer(paths, folder, copy);
          });
  connect(model, &client::FileTree::uploadWanted, this, &FilePanel::upload);
  connect(model, &client::FileTree::failed, this, &FilePanel::fail);
  connect(model, qOverload<const QString&>(&client::FileTree::listed), this, [this] {
    showWanted();
    showDraft();
  });
  // A folder made a moment ago comes as a change, not with a listing; later, when the view knows the row.
  connect(model, &QAbstractItemModel::rowsInserted, this, [this] { showWanted(); }, Qt::QueuedConnection);
  connect(model, &client::FileTree::degradedChanged, this, [this, model] {
    if (model->isDegraded())
      bar_->show(MessageBar::Kind::info, tr("Too many folders to watch: changes show after a few seconds."),
                 {}, true);
  });
  connect(workspace->index(), &client::FileIndex::changed, this, &FilePanel::refreshMatches);
  connect(workspace->transfers(), &client::Transfers::failed, this,
          [this](const QString& name, const QString& problem) { fail(tr("%1: %2").arg(name, problem)); });
  connect(workspace->connection(), &client::WorkspaceConnection::established, this, &FilePanel::refreshRole);
}

QTreeView* FilePanel::tree() { return tree_; }

QTreeView* FilePanel::matches() { return found_; }

FileView* FilePanel::view() const { return pages_->currentIndex() == 1 ? found_ : tree_; }

void FilePanel::makeTools() {
  connect(addTool(QStringLiteral("edit-find"), tr("Find a file by name (Ctrl+P)")), &QToolButton::clicked,
          this, &FilePanel::findWanted);
  auto* filter = addTool(QStringLiteral("view-filter"), tr("Filter the files (Ctrl+Alt+F)"));
  filter->setObjectName(QStringLiteral("filterFiles"));
  connect(filter, &QToolButton::clicked, this, [this] { filter_row_->isVisible() ? closeFilter() : find(); });
  changing_tools_ = {addTool(QStringLiteral("document-new"), tr("New file")),
                     addTool(QStringLiteral("folder-new"), tr("New folder")),
                     addTool(QStringLiteral("cloud-upload"), tr("Upload files"))};
  connect(changing_tools_[0], &QToolButton::clicked, this, &FilePanel::newFile);
  connect(changing_tools_[1], &QToolButton::clicked, this, &FilePanel::newFolder);
  connect(changing_tools_[2], &QToolButton::clicked, this, &FilePanel::chooseUploads);
  auto* collapse = addTool(QStringLiteral("collapse-all"), tr("Close all folders"));
  collapse->setObjectName(QStringLiteral("collapseAll"));
  connect(collapse, &QToolButton::clicked, this, &FilePanel::collapseAll);
}

void FilePanel::makeFilter() {
  filter_row_ = new QWidget;
  auto* row = new QHBoxLayout(filter_row_);
  row->setContentsMargins(8, 4, 8, 4);
  filter_ = new QLineEdit;
  filter_->setObjectName(QStringLiteral("fileFilter"));
  filter_->setPlaceholderText(tr("Part of a name"));
  filter_->setAccessibleName(tr("Filter the files by a part of their name"));
  filter_->setClearButtonEnabled(true);
  filter_->installEventFilter(this);
  row->addWidget(filter_);
  filter_row_->hide();
  filter_hint_ = new QLabel;
  filter_hint_->setTextFormat(Qt::PlainText);
  filter_hint_->setWordWrap(true);
  filter_hint_->setProperty("role", QStringLiteral("muted"));
  filter_hint_->setContentsMargins(12, 2, 12, 6);
  filter_hint_->hide();
  connect(filter_, &QLineEdit::textChanged, this, &FilePanel::refreshMatches);
}

void FilePanel::connectTree(FileView* view) {
  connect(view, &QWidget::customContextMenuRequested, this,
          [this, view](const QPoint& position) { contextMenu(view, position); });
  connect(view, &FileView::openWanted, this, &FilePanel::openWanted);
  connect(view, &FileView::removeWanted, this, &FilePanel::removeSelected);
  connect(view, &FileView::cutWanted, this, &FilePanel::cutSelected);
  connect(view, &FileView::copyWanted, this, &FilePanel::copySelected);
  connect(view, &FileView::pasteWanted, this, &FilePanel::pasteHere);
  connect(view, &FileView::undoWanted, this, &FilePanel::undo);
  connect(view, &FileView::findWanted, this, &FilePanel::find);
  connect(view, &FileView::foreignFilesDropped, this, &FilePanel::takeForeign);
  connect(view, &FileView::dragWasLate, this, &FilePanel::tellLate);
  // When the name was taken over, its row goes; the watch brings the real one. Not that of a newer field.
  connect(view, &FileView::nameFieldClosed, this, [this] {
    QMetaObject::invokeMethod(
        this,
        [this, round = draft_round_] {
          if (round == draft_round_) workspace_->tree()->removeDraft();
        },
        Qt::QueuedConnection);
  });
}

void FilePanel::connectActions() {
  connect(actions_, &FileActions::done, this, &FilePanel::tell);
  connect(actions_, &FileActions::failed, this, &FilePanel::fail);
  connect(actions_, &FileActions::renamed, this, &FilePanel::renamed);
  connect(actions_, &FileActions::created, this, [this](const QString& path, bool directory) {
    revealed_.clear();
    reveal(path);
    if (!directory) Q_EMIT openWanted(path);
  });
}

void FilePanel::refreshRole() {
  const bool may = workspace_->mayEdit();
  for (auto* tool : changing_tools_) tool->setEnabled(may);
  tree_->setMayChange(may);
  found_->setMayChange(may);
}

/// False for who may only look, after saying so.
bool FilePanel::mayChange() {
  if (workspace_->mayEdit()) return true;
  bar_->show(MessageBar::Kind::info, tr("You may look at this workspace, not change it."), {}, true);
  return false;
}

void FilePanel::reveal(const QString& path) {
  if (path == revealed_) return;
  revealed_ = wanted_ = path;
  showWanted();
}

void FilePanel::revealAgain(const QString& path) {
  showDock();
  closeFilter();
  revealed_.clear();
  reveal(path);
}

QStringList FilePanel::selectedPaths() const { return view()->selectedPaths(); }

void FilePanel::showDock() {
  for (auto* above = parentWidget(); above; above = above->parentWidget())
    if (auto* dock = qobject_cast<QDockWidget*>(above)) {
      dock->show();
      dock->raise();
    }
}

void FilePanel::showWanted() {
  const auto* model = workspace_->tree();
  if (!wanted_.startsWith(model->root() + QLatin1Char('/'))) return wanted_.clear();
  auto path = model->root();
  for (const auto& part : wanted_.mid(path.size() + 1).split(QLatin1Char('/'))) {
    path = client::joined(path, part);
    const auto index = tree_->fromSource(model->indexOf(path));
    if (!index.isValid()) return;  // its folder is not listed yet
    if (path != wanted_) {
      tree_->expand(index);
      continue;
    }
    wanted_.clear();
    tree_->setCurrentIndex(index);
    tree_->scrollTo(index);
    return;
  }
}

void FilePanel::collapseAll() {
  closeFilter();
  tree_->collapseAll();
}

void FilePanel::find() {
  showDock();
  filter_row_->show();
  filter_->setFocus();
  filter_->selectAll();
  workspace_->index()->walk();
}

void FilePanel::closeFilter() {
  filter_->clear();
  filter_row_->hide();
  tree_->setFocus();
}

void FilePanel::refreshMatches() {
  const auto typed = filter_->text().trimmed();
  pages_->setCurrentIndex(typed.isEmpty() ? 0 : 1);
  filter_hint_->setVisible(!typed.isEmpty());
  if (typed.isEmpty()) return;
  const auto* index = workspace_->index();
  const bool all = matches_->show(workspace_->tree()->root(), index->files(), typed);
  found_->expandAll();
  if (!found_->currentIndex().isValid() && matches_->rowCount() > 0)
    found_->setCurrentIndex(found_->model()->index(0, 0));
  auto hint = matches_->count() == 0 && index->isWalking() ? tr("Looking…")
              : all                                        ? tr("%n files", nullptr, matches_->count())
                    : tr("The first %n files", nullptr, matches_->count());
  if (index->isCut()) hint += tr(" · not all folders were looked through");
  filter_hint_->setText(hint);
}

/// From the filter's field down to what it found, and out of it.
bool FilePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == filter_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Escape) return closeFilter(), true;
    if (key->key() == Qt::Key_Down || key->key() == Qt::Key_PageDown) return view()->setFocus(), true;
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
      // The first file, whatever folders stand above it.
      auto at = found_->model()->index(0, 0);
      while (at.isValid() && found_->isFolder(at)) at = found_->model()->index(0, 0, at);
      const auto chosen = found_->currentIndex();
      if (chosen.isValid() && !found_->isFolder(chosen)) at = chosen;
      if (at.isValid() && pages_->currentIndex() == 1) Q_EMIT openWanted(found_->pathAt(at));
      return true;
    }
  }
  return Panel::eventFilter(watched, event);
}

void FilePanel::newFile() { newEntry(false); }

void FilePanel::newFolder() { newEntry(true); }

void FilePanel::chooseUploads() {
  if (!mayChange()) return;
  auto* dialog = new QFileDialog(this, tr("Upload"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::urlsSelected, this, [this](const QList<QUrl>& files) {
    if (!files.isEmpty()) upload(files, view()->currentFolder(workspace_->tree()->root()));
  });
  dialog->open();
}

void FilePanel::newEntry(bool directory) {
  if (!mayChange()) return;
  draft_in_ = view()->currentFolder(workspace_->tree()->root());
  draft_folder_ = directory;
  if (pages_->currentIndex() == 1) closeFilter();
  showDock();
  showDraft();
}

/// A folder is opened first, and what lies in it listed.
void FilePanel::showDraft() {
  auto* model = workspace_->tree();
  if (draft_in_.isEmpty()) return;
  if (draft_in_ != model->root()) {
    const auto folder = model->indexOf(draft_in_);
    if (!folder.isValid()) return;
    const auto row = tree_->fromSource(folder);
    if (model->rowCount(folder) == 0 && model->canFetchMore(folder)) return tree_->expand(row);
    tree_->expand(row);
  }
  ++draft_round_;
  const auto draft = model->beginDraft(std::exchange(draft_in_, {}), draft_folder_);
  if (!draft.isValid()) return;
  const auto row = tree_->fromSource(draft);
  if (row.parent().isValid()) tree_->expand(row.parent());
  tree_->setFocus();
  tree_->setCurrentIndex(row);
  tree_->scrollTo(row);
  tree_->edit(row);
}

void FilePanel::renameSelected() {
  if (!mayChange()) return;
  const auto path = view()->currentPath();
  if (pages_->currentIndex() == 1) {
    closeFilter();
    reveal(path);
  }
  if (tree_->currentIndex().isValid()) tree_->edit(tree_->currentIndex());
}

void FilePanel::removeSelected() {
  const auto paths = view()->selectedPaths();
  if (!paths.isEmpty() && mayChange()) actions_->remove(paths);
}

void FilePanel::duplicateSelected() {
  const auto paths = view()->selectedPaths();
  if (!paths.isEmpty() && mayChange()) actions_->duplicate(paths);
}

void FilePanel::undo() {
  if (mayChange()) actions_->undo();
}

void FilePanel::download(const QString& path) {
  ask_where_to_save(this, client::base_name(path), this,
                    [this, path](const QString& local) { workspace_->transfers()->download(path, local); });
}

void FilePanel::downloadArchive(const QString& path) {
  const auto name =
      path.isEmpty() ? QString::fromStdString(workspace_->facts().name) : client::base_name(path);
  ask_where_to_save_archive(this, name, this, [this, path](const QString& local, const QString& format) {
    workspace_->transfers()->downloadArchive(workspace_->server(), workspace_->id(), {path, format}, local);
  });
}

void FilePanel::upload(const QList<QUrl>& files, const QString& folder) {
  if (!mayChange()) return;
  QStringList there;
  for (const auto& url : files)
    if (workspace_->tree()->indexOf(client::joined(folder, url.fileName())).isValid())
      there.append(url.fileName());
  if (there.isEmpty()) return workspace_->transfers()->upload(files, folder, false);
  auto* box = new QMessageBox(QMessageBox::Question, tr("Upload"),
                              tr("Replace %1?").arg(there.mid(0, 5).join(QStringLiteral(", "))),
                              QMessageBox::Yes | QMessageBox::Cancel, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setObjectName(QStringLiteral("replaceQuestion"));
  box->setTextFormat(Qt::PlainText);
  box->setDefaultButton(QMessageBox::Cancel);
  connect(box->button(QMessageBox::Yes), &QAbstractButton::clicked, this,
          [this, files, folder] { workspace_->transfers()->upload(files, folder, true); });
  box->open();
}

/// They are fetched from where they are and uploaded here.
void FilePanel::takeForeign(client::LocalCopy* files, const QString& folder) {
  if (!mayChange()) return;
  const auto take = [this, files, folder] {
    if (files->state() == client::LocalCopy::State::failed) return fail(files->problem());
    if (files->state() == client::LocalCopy::State::done) upload(files->urls(), folder);
  };
  if (files->state() == client::LocalCopy::State::done) return take();
  connect(files, &client::LocalCopy::finished, this, take, Qt::SingleShotConnection);
  bar_->show(MessageBar::Kind::info, tr("Fetching what was dropped from the other workspace…"), {}, true);
  connect(files, &client::LocalCopy::finished, bar_, &QWidget::hide, Qt::SingleShotConnection);
  files->start();
}

void FilePanel::tellLate(client::LocalCopy* files) {
  const auto name = files->paths().size() == 1
                        ? client::base_name(files->paths().first())
                        : tr("%n items", nullptr, static_cast<int>(files->paths().size()));
  bar_->show(MessageBar::Kind::info,
             tr("%1 did not come fast enough for that program. It is still being fetched.").arg(name), {},
             true);
  connect(
      files, &client::LocalCopy::finished, this,
      [this, files, name] {
        if (files->state() == client::LocalCopy::State::failed)
          return fail(tr("%1: %2").arg(name, files->problem()));
        bar_->show(MessageBar::Kind::good, tr("%1 is here now: drag it once more within a minute.").arg(name),
                   {}, true);
      },
      Qt::SingleShotConnection);
}

void FilePanel::tell(const QString& sentence, bool undoable) {
  QList<MessageBar::Action> actions;
  if (undoable)
    actions.append({tr("Undo"), [this] {
                      bar_->hide();
                      undo();
                    }});
  bar_->show(MessageBar::Kind::info, sentence, actions, true);
  QTimer::singleShot(undo_time, bar_, [this, sentence] {
    if (bar_->text() == sentence) bar_->hide();
  });
}

void FilePanel::fail(const QString& problem) { bar_->show(MessageBar::Kind::error, problem, {}, true); }

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QIdentityProxyModel>
#include <QInputDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/save_question.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int undo_time = 12'000;  // ms for which a deletion's undo is offered

/// Adds icons to the model, which has no widgets' types.
class WithIcons : public QIdentityProxyModel {
 public:
  WithIcons(QTreeView* tree, client::FileTree* model) : QIdentityProxyModel(tree), tree_(tree) {
    setSourceModel(model);
  }
  QVariant data(const QModelIndex& index, int role) const override {
    if (role != Qt::DecorationRole) return QIdentityProxyModel::data(index, role);
    if (index.data(client::FileTree::IsDirectoryRole).toBool()) return folder_icon(tree_->isExpanded(index));
    return file_icon(index.data(Qt::DisplayRole).toString());
  }

 private:
  QTreeView* tree_;
};

}  // namespace

FilePanel::FilePanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("Files"), parent), workspace_(workspace), tree_(new QTreeView), bar_(new MessageBar) {
  connect(addTool(QStringLiteral("edit-find"), tr("Find a file by name (Ctrl+P)")), &QToolButton::clicked,
          this, &FilePanel::findWanted);
  changing_tools_ = {addTool(QStringLiteral("document-new"), tr("New file")),
                     addTool(QStringLiteral("folder-new"), tr("New folder")),
                     addTool(QStringLiteral("cloud-upload"), tr("Upload files"))};
  connect(changing_tools_[0], &QToolButton::clicked, this, &FilePanel::newFile);
  connect(changing_tools_[1], &QToolButton::clicked, this, &FilePanel::newFolder);
  connect(changing_tools_[2], &QToolButton::clicked, this, [this] {
    const auto files = QFileDialog::getOpenFileUrls(this, tr("Upload"));
    if (!files.isEmpty()) upload(files, selectedFolder());
  });
  auto* model = workspace->tree();
  tree_->setModel(new WithIcons(tree_, model));
  tree_->setHeaderHidden(true);
  tree_->setUniformRowHeights(true);
  tree_->setIndentation(16);
  tree_->setAnimated(false);
  tree_->setExpandsOnDoubleClick(true);
  tree_->setDropIndicatorShown(true);
  tree_->setDefaultDropAction(Qt::MoveAction);
  refreshRole();
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  tree_->setAccessibleName(tr("Files of the project"));
  tree_->installEventFilter(this);
  body()->addWidget(bar_);
  body()->addWidget(tree_, 1);
  connect(tree_, &QTreeView::customContextMenuRequested, this, &FilePanel::contextMenu);
  connect(tree_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (!index.data(client::FileTree::IsDirectoryRole).toBool())
      Q_EMIT openWanted(index.data(client::FileTree::PathRole).toString());
  });
  connect(tree_, &QTreeView::activated, this, [this](const QModelIndex& index) {
    if (!index.data(client::FileTree::IsDirectoryRole).toBool())
      Q_EMIT openWanted(index.data(client::FileTree::PathRole).toString());
  });
  connect(model, &client::FileTree::renameWanted, this, &FilePanel::rename);
  connect(model, &client::FileTree::uploadWanted, this, &FilePanel::upload);
  connect(model, &client::FileTree::failed, this, &FilePanel::fail);
  connect(model, qOverload<const QString&>(&client::FileTree::listed), this, [this] { showWanted(); });
  // A folder made a moment ago comes as a change, not with a listing; later, when the view knows the row.
  connect(model, &QAbstractItemModel::rowsInserted, this, [this] { showWanted(); }, Qt::QueuedConnection);
  connect(model, &client::FileTree::degradedChanged, this, [this, model] {
    if (model->isDegraded())
      bar_->show(MessageBar::Kind::info, tr("Too many folders to watch: changes show after a few seconds."),
                 {}, true);
  });
  connect(workspace->transfers(), &client::Transfers::failed, this,
          [this](const QString& name, const QString& problem) { fail(tr("%1: %2").arg(name, problem)); });
  connect(workspace->connection(), &client::WorkspaceConnection::established, this, &FilePanel::refreshRole);
}

void FilePanel::refreshRole() {
  const bool may = workspace_->mayEdit();
  for (auto* tool : changing_tools_) tool->setEnabled(may);
  tree_->setDragDropMode(may ? QAbstractItemView::DragDrop : QAbstractItemView::NoDragDrop);
  tree_->setEditTriggers(may ? QAbstractItemView::EditKeyPressed : QAbstractItemView::NoEditTriggers);
}

QString FilePanel::selectedPath() const {
  const auto index = tree_->currentIndex();
  return index.isValid() ? index.data(client::FileTree::PathRole).toString() : QString();
}

QString FilePanel::selectedFolder() const {
  auto index = tree_->currentIndex();
  if (index.isValid() && !index.data(client::FileTree::IsDirectoryRole).toBool()) index = index.parent();
  return index.isValid() ? index.data(client::FileTree::PathRole).toString() : workspace_->tree()->root();
}

QString FilePanel::askName(const QString& title, const QString& label) {
  bool given = false;
  const auto name = QInputDialog::getText(this, title, label, QLineEdit::Normal, QString(), &given).trimmed();
  if (!given || name.isEmpty()) return {};
  const auto parts = name.split(QLatin1Char('/'));
  if (parts.contains(QString()) || parts.contains(QStringLiteral(".")) ||
      parts.contains(QStringLiteral(".."))) {
    fail(tr("“%1” can't be a name.").arg(name));
    return {};
  }
  return client::joined(selectedFolder(), name);
}

void FilePanel::reveal(const QString& path) {
  if (path == revealed_) return;
  revealed_ = wanted_ = path;
  showWanted();
}

void FilePanel::showWanted() {
  const auto* model = workspace_->tree();
  const auto* proxy = static_cast<QIdentityProxyModel*>(tree_->model());
  if (!wanted_.startsWith(model->root() + QLatin1Char('/'))) return wanted_.clear();
  auto path = model->root();
  for (const auto& part : wanted_.mid(path.size() + 1).split(QLatin1Char('/'))) {
    path = client::joined(path, part);
    const auto index = proxy->mapFromSource(model->indexOf(path));
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

/// False for who may only look, after saying so.
bool FilePanel::mayChange() {
  if (workspace_->mayEdit()) return true;
  bar_->show(MessageBar::Kind::info, tr("You may look at this workspace, not change it."), {}, true);
  return false;
}

void FilePanel::newFile() {
  if (!mayChange()) return;
  const auto path = askName(tr("New File"), tr("Name"));
  if (path.isEmpty()) return;
  workspace_->files()->createFile(path, this, [this, path](Result<protocol::Empty> answer) {
    if (!answer && answer.error().code == ErrorCode::conflict)
      return fail(tr("%1 exists already.").arg(path));
    if (!answer) return fail(sentence(answer.error()));
    Q_EMIT openWanted(path);
  });
}

void FilePanel::newFolder() {
  if (!mayChange()) return;
  const auto path = askName(tr("New Folder"), tr("Name"));
  if (path.isEmpty()) return;
  workspace_->files()->createDirectory(path, this, [this](Result<protocol::Empty> answer) {
    if (!answer) fail(sentence(answer.error()));
  });
}

void FilePanel::rename(const QString& from, const QString& to) {
  if (!mayChange()) return;
  workspace_->files()->rename(from, to, this, [this, from, to](Result<protocol::Empty> answer) {
    if (!answer) return fail(sentence(answer.error()));
    Q_EMIT renamed(from, to);
  });
}

void FilePanel::removeSelected() {
  const auto path = selectedPath();
  if (!path.isEmpty() && mayChange()) remove(path);
}

void FilePanel::remove(const QString& path) {
  workspace_->files()->remove(path, this, [this, path](Result<protocol::FileDelete::Result> answer) {
    if (!answer) return fail(sentence(answer.error()));
    if (!answer->trash) return;
    const auto trash = QString::fromStdString(*answer->trash);
    bar_->show(MessageBar::Kind::info, tr("%1 was moved to the trash.").arg(client::base_name(path)),
               {{tr("Undo"),
                 [this, trash] {
                   bar_->hide();
                   workspace_->files()->undelete(trash, this,
                                                 [this](Result<protocol::FileUndelete::Result> back) {
                                                   if (!back) fail(sentence(back.error()));
                                                 });
                 }}},
               true);
    const auto text = bar_->text();
    QTimer::singleShot(undo_time, bar_, [this, text] {
      if (bar_->text() == text) bar_->hide();
    });
  });
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
  bool replace = false;
  if (!there.isEmpty()) {
    QMessageBox box(QMessageBox::Question, tr("Upload"),
                    tr("Replace %1?").arg(there.mid(0, 5).join(QStringLiteral(", "))),
                    QMessageBox::Yes | QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::Cancel);
    if (box.exec() != QMessageBox::Yes) return;
    replace = true;
  }
  workspace_->transfers()->upload(files, folder, replace);
}

void FilePanel::fail(const QString& problem) { bar_->show(MessageBar::Kind::error, problem, {}, true); }

void FilePanel::contextMenu(const QPoint& position) {
  const auto index = tree_->indexAt(position);
  if (!index.isValid()) tree_->setCurrentIndex({});
  const auto path = index.isValid() ? index.data(client::FileTree::PathRole).toString() : QString();
  const bool folder = index.data(client::FileTree::IsDirectoryRole).toBool();
  QMenu menu(this);
  const bool may = workspace_->mayEdit();
  if (may) {
    menu.addAction(Theme::icon(QStringLiteral("document-new")), tr("New File…"), this, &FilePanel::newFile);
    menu.addAction(Theme::icon(QStringLiteral("folder-new")), tr("New Folder…"), this, &FilePanel::newFolder);
    menu.addAction(Theme::icon(QStringLiteral("dialog-scripts")), tr("Open a Terminal Here"), this,
                   [this] { Q_EMIT terminalWanted(selectedFolder()); });
    menu.addSeparator();
  }
  if (!index.isValid()) {
    menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download the Project…"), this,
                   [this] { downloadArchive(workspace_->tree()->root()); });
    menu.addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                   [this] { Q_EMIT historyWanted({}); });
  } else {
    if (!folder) {
      menu.addAction(Theme::icon(QStringLiteral("document-open")), tr("Open"), this,
                     [this, path] { Q_EMIT openWanted(path); });
      menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download…"), this,
                     [this, path] { download(path); });
    } else {
      menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download as Archive…"), this,
                     [this, path] { downloadArchive(path); });
    }
    auto* duplicate =
        menu.addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Duplicate"), this, [this, path] {
          const auto name = client::base_name(path);
          const auto dot = name.lastIndexOf(QLatin1Char('.'));
          const auto copy = dot > 0 ? name.left(dot) + QStringLiteral(" copy") + name.mid(dot)
                                    : name + QStringLiteral(" copy");
          workspace_->files()->copy(path, client::joined(path.section(QLatin1Char('/'), 0, -2), copy), this,
                                    [this](Result<protocol::Empty> answer) {
                                      if (!answer) fail(sentence(answer.error()));
                                    });
        });
    duplicate->setVisible(may);
    menu.addAction(Theme::icon(QStringLiteral("edit-copy-path")), tr("Copy Path"), this,
                   [path] { QApplication::clipboard()->setText(path); });
    menu.addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                   [this, path] { Q_EMIT historyWanted(path); });
    if (may) addChanges(menu, index, path);
  }
  menu.exec(tree_->viewport()->mapToGlobal(position));
}

void FilePanel::addChanges(QMenu& menu, const QModelIndex& index, const QString& path) {
  menu.addSeparator();
  auto* rename_action = menu.addAction(Theme::icon(QStringLiteral("edit-rename")), tr("Rename"), this,
                                       [this, index] { tree_->edit(index); });
  rename_action->setShortcut(Qt::Key_F2);
  auto* delete_action = menu.addAction(Theme::icon(QStringLiteral("edit-delete"), Theme::Tint::bad),
                                       tr("Move to Trash"), this, [this, path] { remove(path); });
  delete_action->setShortcut(QKeySequence::Delete);
}

bool FilePanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Delete)) return removeSelected(), true;
  }
  return Panel::eventFilter(watched, event);
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The tree's menu, its clipboard, and comparing.
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMimeData>

#include "client/core/base_name.hpp"
#include "client/core/workspace.hpp"
#include "client/core/workspace_changes.hpp"
#include "client/desktop/file_actions.hpp"
#include "client/desktop/file_comparison.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/file_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

const auto cut_mime = QStringLiteral("application/x-berth-cut");

}  // namespace

void FilePanel::carry(bool cut) {
  const auto paths = view()->selectedPaths();
  if (paths.isEmpty() || (cut && !mayChange())) return;
  auto* data = client::carry_paths(paths, workspace_->tree()->origin(), new QMimeData);
  data->setText(paths.join(QLatin1Char('\n')));
  if (cut) data->setData(cut_mime, "1");
  QApplication::clipboard()->setMimeData(data);
  for (auto* each : {tree_, found_}) each->setCut(cut ? paths : QStringList());
}

void FilePanel::cutSelected() { carry(true); }

void FilePanel::copySelected() { carry(false); }

void FilePanel::pasteHere() {
  const auto* data = QApplication::clipboard()->mimeData();
  if (!data || !mayChange()) return;
  const auto folder = view()->currentFolder(workspace_->tree()->root());
  const auto paths = client::carried_paths(data, workspace_->tree()->origin());
  if (paths.isEmpty()) {
    if (data->hasUrls()) upload(data->urls(), folder);
    return;
  }
  const bool cut = data->hasFormat(cut_mime);
  QStringList fitting;
  for (const auto& path : paths)
    if (!(folder + QLatin1Char('/')).startsWith(path + QLatin1Char('/'))) fitting.append(path);
  if (fitting.size() < paths.size()) fail(tr("A folder can't be put into itself."));
  if (fitting.isEmpty()) return;
  if (cut) {
    // What was cut is moved once.
    for (auto* each : {tree_, found_}) each->setCut({});
    QApplication::clipboard()->clear();
    fitting.removeIf([&](const QString& path) { return path.section(QLatin1Char('/'), 0, -2) == folder; });
    if (fitting.isEmpty()) return;
  }
  actions_->transfer(fitting, folder, !cut);
}

void FilePanel::compareSelected() {
  auto paths = view()->selectedPaths();
  if (paths.size() == 1 && !marked_.isEmpty() && marked_ != paths.first()) paths.prepend(marked_);
  if (paths.size() != 2) return fail(tr("Choose two files to compare."));
  marked_.clear();
  auto* comparison = new FileComparison(workspace_, FileComparison::Side::file(paths[0]),
                                        FileComparison::Side::file(paths[1]), window());
  connect(comparison, &FileComparison::failed, this, &FilePanel::fail);
}

void FilePanel::compareWithStart() {
  const auto path = view()->currentPath();
  if (path.isEmpty() || view()->isFolder(view()->currentIndex()))
    return fail(tr("Choose a file to compare."));
  if (!changes_->start()) return fail(tr("There is no version from when the workspace was started yet."));
  auto* comparison = new FileComparison(workspace_, FileComparison::Side::version(path, *changes_->start()),
                                        FileComparison::Side::file(path), window());
  connect(comparison, &FileComparison::failed, this, &FilePanel::fail);
}

void FilePanel::contextMenu(FileView* view, const QPoint& position) {
  const auto index = view->indexAt(position);
  if (!index.isValid()) view->selectionModel()->clear();
  const auto paths = view->selectedPaths();
  const bool folder = index.isValid() && view->isFolder(index);
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("fileMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const bool may = workspace_->mayEdit();
  if (may) {
    menu->addAction(Theme::icon(QStringLiteral("document-new")), tr("New File…"), this, &FilePanel::newFile);
    menu->addAction(Theme::icon(QStringLiteral("folder-new")), tr("New Folder…"), this,
                    &FilePanel::newFolder);
    menu->addAction(Theme::icon(QStringLiteral("dialog-scripts")), tr("Open a Terminal Here"), this, [this] {
      Q_EMIT terminalWanted(this->view()->currentFolder(workspace_->tree()->root()));
    });
    menu->addSeparator();
  }
  addOpening(*menu, paths, folder);
  addComparisons(*menu, paths, folder);
  menu->addSeparator();
  addClipboard(*menu, paths);
  if (may && !paths.isEmpty()) addChanges(*menu, paths);
  if (may && actions_->canUndo()) {
    menu->addSeparator();
    menu->addAction(Theme::icon(QStringLiteral("edit-undo")), tr("Undo"), this, &FilePanel::undo)
        ->setShortcut(QKeySequence::Undo);
  }
  menu->popup(view->viewport()->mapToGlobal(position));
}

void FilePanel::addOpening(QMenu& menu, const QStringList& paths, bool folder) {
  if (paths.isEmpty()) {
    menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download the Project…"), this,
                   [this] { downloadArchive(workspace_->tree()->root()); });
    menu.addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                   [this] { Q_EMIT historyWanted({}); });
    return;
  }
  if (paths.size() > 1) return;
  const auto& path = paths.first();
  if (folder) {
    menu.addAction(Theme::icon(QStringLiteral("search")), tr("Find in This Folder…"), this,
                   [this, path = paths.first()] { Q_EMIT searchWanted(path); });
    menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download as Archive…"), this,
                   [this, path] { downloadArchive(path); });
  } else {
    menu.addAction(Theme::icon(QStringLiteral("document-open")), tr("Open"), this,
                   [this, path] { Q_EMIT openWanted(path); });
    menu.addAction(Theme::icon(QStringLiteral("download")), tr("Download…"), this,
                   [this, path] { download(path); });
  }
  menu.addAction(Theme::icon(QStringLiteral("view-history")), tr("Show History"), this,
                 [this, path] { Q_EMIT historyWanted(path); });
}

void FilePanel::addComparisons(QMenu& menu, const QStringList& paths, bool folder) {
  if (paths.isEmpty() || paths.size() > 2 || folder) return;
  if (paths.size() == 2) {
    menu.addAction(Theme::icon(QStringLiteral("vcs-diff")), tr("Compare These Two"), this,
                   &FilePanel::compareSelected);
    return;
  }
  menu.addSeparator();
  menu.addAction(Theme::icon(QStringLiteral("vcs-diff")), tr("Compare with the Start"), this,
                 &FilePanel::compareWithStart)
      ->setEnabled(changes_->start().has_value());
  if (!marked_.isEmpty() && marked_ != paths.first())
    menu.addAction(tr("Compare with %1").arg(client::base_name(marked_).replace(u'&', QLatin1String("&&"))),
                   this, &FilePanel::compareSelected);
  menu.addAction(tr("Choose for Comparing"), this, [this, path = paths.first()] { marked_ = path; });
}

void FilePanel::addClipboard(QMenu& menu, const QStringList& paths) {
  const bool may = workspace_->mayEdit();
  if (!paths.isEmpty()) {
    if (may)
      menu.addAction(Theme::icon(QStringLiteral("edit-cut")), tr("Cut"), this, &FilePanel::cutSelected)
          ->setShortcut(QKeySequence::Cut);
    menu.addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Copy"), this, &FilePanel::copySelected)
        ->setShortcut(QKeySequence::Copy);
  }
  const auto* data = QApplication::clipboard()->mimeData();
  if (may) {
    auto* paste =
        menu.addAction(Theme::icon(QStringLiteral("edit-paste")), tr("Paste"), this, &FilePanel::pasteHere);
    paste->setShortcut(QKeySequence::Paste);
    paste->setEnabled(
        data && (data->hasUrls() || !client::carried_paths(data, workspace_->tree()->origin()).isEmpty()));
  }
  if (paths.isEmpty()) return;
  const auto root = workspace_->tree()->root() + QLatin1Char('/');
  menu.addAction(Theme::icon(QStringLiteral("edit-copy-path")), tr("Copy Path"), this,
                 [paths] { QApplication::clipboard()->setText(paths.join(QLatin1Char('\n'))); });
  menu.addAction(tr("Copy Path in the Project"), this, [paths, root] {
    QStringList inside;
    for (const auto& path : paths) inside.append(path.startsWith(root) ? path.mid(root.size()) : path);
    QApplication::clipboard()->setText(inside.join(QLatin1Char('\n')));
  });
}

void FilePanel::addChanges(QMenu& menu, const QStringList& paths) {
  menu.addAction(tr("Duplicate"), this, &FilePanel::duplicateSelected);
  menu.addSeparator();
  if (paths.size() == 1)
    menu.addAction(Theme::icon(QStringLiteral("edit-rename")), tr("Rename"), this, &FilePanel::renameSelected)
        ->setShortcut(Qt::Key_F2);
  menu.addAction(Theme::icon(QStringLiteral("edit-delete"), Theme::Tint::bad), tr("Move to Trash"), this,
                 &FilePanel::removeSelected)
      ->setShortcut(QKeySequence::Delete);
}

}  // namespace berth::desktop

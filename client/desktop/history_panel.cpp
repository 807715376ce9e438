// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/history_panel.hpp"

#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/text_comparison.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/version_actions.hpp"
#include "client/desktop/version_change.hpp"
#include "client/desktop/version_list.hpp"

namespace berth::desktop {
namespace {

using client::History;
constexpr int settle_time = 600;  // ms from the last change of file or version to asking

}  // namespace

HistoryPanel::HistoryPanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("History"), parent),
      workspace_(workspace),
      history_(new History(workspace->server(), workspace->id(), this)),
      actions_(new VersionActions(workspace->server(), workspace->facts(), workspace->transfers(), history_,
                                  this)),
      bar_(new MessageBar),
      of_(new QLabel),
      versions_(new VersionList(history_)),
      files_(new QListWidget),
      hint_(new QLabel) {
  everything_ =
      addTool(QStringLiteral("folder"), tr("Versions of everything, not only of the file in front"));
  everything_->setCheckable(true);
  everything_->setObjectName(QStringLiteral("historyOfEverything"));
  auto* compare = addTool(QStringLiteral("vcs-diff"), tr("Show what the version changed"));
  compare->setObjectName(QStringLiteral("compareVersion"));
  restore_ = addTool(QStringLiteral("edit-undo"), tr("Bring this version back…"));
  restore_->setObjectName(QStringLiteral("restoreVersion"));
  auto* window = addTool(QStringLiteral("window-new"), tr("The whole history in a window"));
  connect(everything_, &QToolButton::toggled, this, &HistoryPanel::follow);
  connect(compare, &QToolButton::clicked, this, &HistoryPanel::compareCurrent);
  connect(window, &QToolButton::clicked, this, [this] { Q_EMIT historyWanted(history_->path()); });
  connect(restore_, &QToolButton::clicked, this, [this] {
    if (history_->chosen()) actions_->restore(*history_->chosen(), history_->path());
  });
  for (auto* label : {of_, hint_}) {
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", QStringLiteral("muted"));
    label->setContentsMargins(12, 6, 12, 4);
  }
  hint_->setWordWrap(true);
  files_->setAccessibleName(tr("Files that the version changed"));
  files_->setObjectName(QStringLiteral("panelChangedFiles"));
  files_->setUniformItemSizes(true);
  files_->setTextElideMode(Qt::ElideMiddle);
  files_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  files_->setContextMenuPolicy(Qt::CustomContextMenu);
  auto* lower = new QWidget;
  auto* column = new QVBoxLayout(lower);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(hint_);
  column->addWidget(files_, 1);
  auto* parts = new QSplitter(Qt::Vertical);
  parts->addWidget(versions_);
  parts->addWidget(lower);
  parts->setStretchFactor(0, 3);
  parts->setStretchFactor(1, 2);
  parts->setChildrenCollapsible(false);
  parts->setHandleWidth(1);
  body()->addWidget(of_);
  body()->addWidget(bar_);
  body()->addWidget(parts, 1);
  bar_->hide();
  settle_.setSingleShot(true);
  settle_.setInterval(settle_time);
  connect(&settle_, &QTimer::timeout, this, &HistoryPanel::follow);
  connect(files_, &QListWidget::itemActivated, this, &HistoryPanel::compareCurrent);
  connect(files_, &QWidget::customContextMenuRequested, this, &HistoryPanel::menu);
  connect(versions_->list(), &QListWidget::itemActivated, this, &HistoryPanel::compareCurrent);
  connect(history_, &History::versionChanged, this, &HistoryPanel::refreshFiles);
  connect(history_, &History::busyChanged, this, &HistoryPanel::refreshFiles);
  connect(history_, &History::comparisonChanged, this, &HistoryPanel::refreshComparison);
  connect(actions_, &VersionActions::done, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::good, text, {}, true); });
  connect(actions_, &VersionActions::failed, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::error, text, {}, true); });
  connect(actions_, &VersionActions::workspaceMade, this, &HistoryPanel::workspaceMade);
  connect(workspace, &client::Workspace::factsChanged, this,
          [this] { actions_->setFacts(workspace_->facts()); });
  connect(workspace->storage(), &client::StorageState::changed, this, [this] {
    const auto& now = workspace_->storage()->now();
    if (!now || now->progress != protocol::StorageProgress::stored) return;
    stale_ = true;
    if (isVisible()) settle_.start();
  });
  refreshFiles();
}

void HistoryPanel::setFile(const QString& path) {
  if (path == file_) return;
  file_ = path;
  if (isVisible()) settle_.start();
}

void HistoryPanel::showEvent(QShowEvent* event) {
  Panel::showEvent(event);
  settle_.start(0);
}

/// What is to be seen, where it is not seen yet.
void HistoryPanel::follow() {
  if (!isVisible()) return;
  const auto path = everything_->isChecked() ? QString() : file_;
  of_->setText(path.isEmpty() ? tr("Everything") : client::base_name(path));
  of_->setToolTip(client::plain_tip(path));
  actions_->setMayChange(workspace_->mayEdit());
  if (!loaded_ || path != shown_) {
    loaded_ = true;
    stale_ = false;
    shown_ = path;
    bar_->hide();
    return history_->show(path);
  }
  if (std::exchange(stale_, false)) history_->look();
}

void HistoryPanel::refreshFiles() {
  const auto& chosen = history_->chosen();
  restore_->setEnabled(chosen && workspace_->mayEdit() && !history_->isBusy());
  const QSignalBlocker quiet(files_);
  const int before = files_->currentRow();
  files_->clear();
  for (const auto& change : history_->changes()) add_change(files_, change);
  if (files_->count() > 0) files_->setCurrentRow(std::clamp(before, 0, files_->count() - 1));
  const auto hint = changes_hint(*history_);
  hint_->setText(hint);
  hint_->setVisible(!hint.isEmpty());
}

std::optional<History::Change> HistoryPanel::currentChange() const {
  const auto row = files_->currentRow();
  if (row < 0 || static_cast<std::size_t>(row) >= history_->changes().size()) return {};
  return history_->changes()[static_cast<std::size_t>(row)];
}

void HistoryPanel::compareCurrent() {
  const auto change = currentChange();
  if (!change) return;
  asked_ = true;
  history_->compare(*change);
}

void HistoryPanel::refreshComparison() {
  if (!asked_ || history_->comparisonState() == History::State::loading || !history_->file()) return;
  asked_ = false;
  const auto path = QString::fromStdString(history_->file()->path);
  const auto name = client::base_name(path);
  if (const auto& texts = history_->comparison()) {
    auto* window =
        new TextComparison(tr("%1: %2").arg(name, title_of(*history_->chosen())), {tr("Before"), texts->left},
                           {tr("This version"), texts->right}, name, this->window());
    window->show();
    return Q_EMIT compared(window);
  }
  const auto& why = history_->uncompared();
  const auto text = !why ? history_->comparisonProblem()
                    : why->why == History::Uncompared::Why::not_text
                        ? tr("%1 is no text; its history can download it.").arg(name)
                        : tr("%1 is too large to compare here; its history can download it.").arg(name);
  bar_->show(MessageBar::Kind::info, text, {}, true);
}

void HistoryPanel::menu(const QPoint& position) {
  if (auto* item = files_->itemAt(position)) files_->setCurrentItem(item);
  const auto change = currentChange();
  if (!change || !history_->chosen()) return;
  const auto path = QString::fromStdString(change->path);
  const auto version = *history_->chosen();
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(Theme::icon(QStringLiteral("vcs-diff")), tr("Show What Changed"), this,
                  &HistoryPanel::compareCurrent);
  if (change->kind != protocol::rest::VersionChangeKind::deleted) {
    menu->addAction(Theme::icon(QStringLiteral("edit-undo")), tr("Restore This File…"), this,
                    [this, version, path] { actions_->restore(version, path); })
        ->setEnabled(workspace_->mayEdit() && !history_->isBusy());
    menu->addAction(Theme::icon(QStringLiteral("download")), tr("Download This File…"), this,
                    [this, version, path] { actions_->downloadFile(version, path); });
  }
  menu->addAction(Theme::icon(QStringLiteral("document-open")), tr("Open as It Is Now"), this,
                  [this, path] { Q_EMIT openWanted(path); });
  menu->addAction(Theme::icon(QStringLiteral("view-history")), tr("History of This File"), this,
                  [this, path] { Q_EMIT historyWanted(path); });
  menu->popup(files_->viewport()->mapToGlobal(position));
}

}  // namespace berth::desktop

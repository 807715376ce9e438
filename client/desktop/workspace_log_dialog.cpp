// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspace_log_dialog.hpp"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "client/core/plain_tip.hpp"

namespace berth::desktop {
namespace {

using protocol::rest::WorkspaceState;

QString state_in_log(WorkspaceState state) {
  switch (state) {
    case WorkspaceState::running:
      return WorkspaceLogDialog::tr("Running");
    case WorkspaceState::stopped:
      return WorkspaceLogDialog::tr("Stopped");
    case WorkspaceState::failed:
      return WorkspaceLogDialog::tr("Failed");
    case WorkspaceState::starting:
      return WorkspaceLogDialog::tr("Starting");
    case WorkspaceState::stopping:
      return WorkspaceLogDialog::tr("Stopping");
    case WorkspaceState::deleting:
      return WorkspaceLogDialog::tr("Deleting");
  }
  return {};
}

}  // namespace

WorkspaceLogDialog::WorkspaceLogDialog(client::ServerConnection* server,
                                       const protocol::rest::Workspace& workspace, QWidget* parent)
    : QDialog(parent), words_(new QLabel(tr("Loading…"))), list_(new QTreeWidget) {
  setObjectName(QStringLiteral("workspaceLog"));
  setWindowTitle(tr("Log of %1").arg(QString::fromStdString(workspace.name)));
  setAttribute(Qt::WA_DeleteOnClose);
  resize(640, 400);
  auto* layout = new QVBoxLayout(this);
  words_->setTextFormat(Qt::PlainText);
  words_->setWordWrap(true);
  words_->setAlignment(Qt::AlignCenter);
  layout->addWidget(words_, 1);
  list_->setAccessibleName(windowTitle());
  list_->setHeaderLabels({tr("When"), tr("State"), tr("Reason")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->hide();
  layout->addWidget(list_, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  layout->addWidget(buttons);
  server->fetchLog(
      QString::fromStdString(workspace.id), this,
      [this](Result<protocol::rest::GetWorkspaceLog::Result> answer) { take(std::move(answer)); });
}

void WorkspaceLogDialog::take(Result<protocol::rest::GetWorkspaceLog::Result> answer) {
  if (!answer) return words_->setText(QString::fromStdString(answer.error().message));
  if (answer->entries.empty()) return words_->setText(tr("It was never started."));
  for (const auto& [at, state, reason] : answer->entries) {
    const auto why = QString::fromStdString(reason).simplified();
    auto* row = new QTreeWidgetItem(
        list_, {QLocale().toString(QDateTime::fromMSecsSinceEpoch(at), QLocale::ShortFormat),
                state_in_log(state), why});
    row->setToolTip(2, client::plain_tip(why));
  }
  list_->header()->resizeSections(QHeaderView::ResizeToContents);
  words_->hide();
  list_->show();
  list_->setCurrentItem(list_->topLevelItem(0));
  list_->setFocus();
}

}  // namespace berth::desktop

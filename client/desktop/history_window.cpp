// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/history_window.hpp"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/core/transfers.hpp"
#include "client/desktop/comparison_view.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/transfer_strip.hpp"
#include "client/desktop/version_actions.hpp"
#include "client/desktop/version_change.hpp"
#include "client/desktop/version_list.hpp"

namespace berth::desktop {
namespace {

using client::base_name;
using client::History;
using protocol::rest::VersionChangeKind;

constexpr int narrow = 900;  // px below which the texts go under the lists

QLabel* plain_label(const char* role) {
  auto* label = new QLabel;
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  if (*role) label->setProperty("role", QString::fromLatin1(role));
  return label;
}

QPushButton* plain_button(const QString& text) {
  auto* button = new QPushButton(text);
  button->setAutoDefault(false);  // Enter in a list is not Restore
  return button;
}

}  // namespace

HistoryWindow::HistoryWindow(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                             client::Transfers* transfers, QWidget* parent)
    : QDialog(parent, Qt::Window),
      facts_(facts),
      history_(new History(server, QString::fromStdString(facts.id), this)),
      actions_(new VersionActions(server, facts, transfers, history_, this)),
      bar_(new MessageBar) {
  setObjectName(QStringLiteral("historyWindow"));
  setMinimumSize(420, 360);
  resize(1180, 720);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHead());
  column->addWidget(bar_);
  bar_->hide();
  versions_ = new VersionList(history_);
  lists_ = new QSplitter(Qt::Horizontal);
  lists_->addWidget(versions_);
  lists_->addWidget(makeVersionPane());
  lists_->setSizes({210, 260});
  whole_ = new QSplitter(Qt::Horizontal);
  whole_->addWidget(lists_);
  comparison_ = new ComparisonView(history_);
  whole_->addWidget(comparison_);
  whole_->setStretchFactor(1, 1);
  whole_->setSizes({470, 710});
  for (auto* splitter : {lists_, whole_}) {
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
  }
  column->addWidget(whole_, 1);
  auto* strip = new TransferStrip(transfers);
  strip->setContentsMargins(10, 4, 10, 4);
  column->addWidget(strip);
  connectParts();
  refreshVersion();
  refreshFiles();
}

void HistoryWindow::connectParts() {
  connect(history_, &History::versionChanged, this, &HistoryWindow::refreshVersion);
  connect(history_, &History::versionChanged, this, &HistoryWindow::refreshFiles);
  connect(history_, &History::comparisonChanged, this, &HistoryWindow::refreshChosenFile);
  connect(history_, &History::busyChanged, this, &HistoryWindow::refreshBusy);
  connect(comparison_, &ComparisonView::restoreWanted, this, [this](const QString& path) {
    if (history_->chosen()) actions_->restore(*history_->chosen(), path);
  });
  connect(comparison_, &ComparisonView::downloadWanted, this, [this](const QString& path) {
    if (history_->chosen()) actions_->downloadFile(*history_->chosen(), path);
  });
  connect(actions_, &VersionActions::done, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::good, text, {}, true); });
  connect(actions_, &VersionActions::failed, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::error, text, {}, true); });
  connect(actions_, &VersionActions::workspaceMade, this, &HistoryWindow::workspaceMade);
  connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QDialog::reject);
}

DiffView* HistoryWindow::diff() { return comparison_->diff(); }

QWidget* HistoryWindow::makeHead() {
  auto* head = new QWidget;
  head->setObjectName(QStringLiteral("historyHead"));
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(14, 8, 10, 8);
  title_ = new QLabel;
  title_->setTextFormat(Qt::PlainText);
  title_->setProperty("role", QStringLiteral("heading"));
  everything_ = plain_button(tr("Show Everything"));
  connect(everything_, &QPushButton::clicked, this, [this] { showPath({}); });
  keep_ = plain_button(tr("Keep a Version…"));
  keep_->setObjectName(QStringLiteral("keep"));
  keep_->setToolTip(tr("Stores what is there now under a name, for ever"));
  connect(keep_, &QPushButton::clicked, actions_, &VersionActions::keepNow);
  row->addWidget(title_);
  row->addWidget(everything_);
  row->addStretch();
  row->addWidget(keep_);
  return head;
}

QWidget* HistoryWindow::makeVersionPane() {
  auto* pane = new QWidget;
  auto* column = new QVBoxLayout(pane);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  version_head_ = new QWidget;
  auto* head = new QVBoxLayout(version_head_);
  head->setContentsMargins(12, 10, 12, 10);
  head->setSpacing(4);
  version_title_ = plain_label("heading");
  version_facts_ = plain_label("muted");
  version_problems_ = plain_label("error");
  head->addWidget(version_title_);
  head->addWidget(version_facts_);
  head->addWidget(version_problems_);
  auto* row = new QHBoxLayout;
  restore_ = plain_button({});
  restore_->setObjectName(QStringLiteral("restore"));
  restore_->setIcon(Theme::icon(QStringLiteral("edit-undo")));
  connect(restore_, &QPushButton::clicked, this, [this] {
    if (history_->chosen()) actions_->restore(*history_->chosen(), history_->path());
  });
  more_ = new QToolButton;
  more_->setIcon(Theme::icon(QStringLiteral("overflow-menu")));
  more_->setToolTip(tr("More"));
  more_->setAccessibleName(tr("More"));
  more_->setPopupMode(QToolButton::InstantPopup);
  more_->setFocusPolicy(Qt::StrongFocus);
  more_->setMenu(makeVersionMenu());
  row->addWidget(restore_);
  row->addWidget(more_);
  row->addStretch();
  head->addLayout(row);
  column->addWidget(version_head_);
  files_hint_ = plain_label("muted");
  files_hint_->setContentsMargins(12, 4, 12, 8);
  files_ = new QListWidget;
  files_->setObjectName(QStringLiteral("changedFiles"));
  files_->setAccessibleName(tr("Changed files"));
  files_->setUniformItemSizes(true);
  files_->setTextElideMode(Qt::ElideMiddle);
  files_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(files_, &QListWidget::currentRowChanged, this, [this](int at) {
    if (at >= 0 && static_cast<std::size_t>(at) < history_->changes().size())
      history_->compare(history_->changes()[static_cast<std::size_t>(at)]);
  });
  files_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(files_, &QListWidget::customContextMenuRequested, this, &HistoryWindow::fileMenu);
  column->addWidget(files_hint_);
  column->addWidget(files_, 1);
  return pane;
}

QMenu* HistoryWindow::makeVersionMenu() {
  auto* menu = new QMenu(more_);
  const auto add = [&](const char* icon, const QString& text, auto run) {
    menu->addAction(Theme::icon(QLatin1String(icon)), text, this, [this, run] {
      if (history_->chosen()) run(*history_->chosen());
    });
  };
  add("edit-rename", tr("Keep It under a Name…"), [this](const auto& version) { actions_->rename(version); });
  add("edit-copy", tr("New Workspace from It…"), [this](const auto& version) { actions_->fork(version); });
  menu->addSeparator();
  add("download", tr("Download It…"), [this](const auto& version) { actions_->download(version); });
  return menu;
}

/// What can be done with the file below the pointer, and with the folder that it lies in.
void HistoryWindow::fileMenu(const QPoint& position) {
  const auto at = files_->row(files_->itemAt(position));
  if (at < 0 || static_cast<std::size_t>(at) >= history_->changes().size() || !history_->chosen()) return;
  const auto change = history_->changes()[static_cast<std::size_t>(at)];
  const auto path = QString::fromStdString(change.path);
  const auto folder = path.section(QLatin1Char('/'), 0, -2);
  const auto version = *history_->chosen();
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("fileMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* icon, const QString& text, auto run) {
    return menu->addAction(Theme::icon(QLatin1String(icon)), text, this, run);
  };
  if (change.kind != VersionChangeKind::deleted) {
    add("edit-undo", tr("Restore This File…"), [this, version, path] {
      actions_->restore(version, path);
    })->setEnabled(may_change_ && !history_->isBusy());
    add("download", tr("Download This File…"),
        [this, version, path] { actions_->downloadFile(version, path); });
  }
  if (!folder.isEmpty())
    add("edit-undo", tr("Restore the Folder %1…").arg(base_name(folder)), [this, version, folder] {
      actions_->restore(version, folder);
    })->setEnabled(may_change_ && !history_->isBusy());
  menu->addSeparator();
  add("view-history", tr("History of This File"), [this, path] { showPath(path); });
  if (!folder.isEmpty())
    add("view-history", tr("History of the Folder %1").arg(base_name(folder)),
        [this, folder] { showPath(folder); });
  menu->popup(files_->viewport()->mapToGlobal(position));
}

void HistoryWindow::showPath(const QString& path) {
  const auto title = path.isEmpty() ? tr("History") : tr("History of %1").arg(client::base_name(path));
  title_->setText(title);
  title_->setToolTip(client::plain_tip(path));
  setWindowTitle(QStringLiteral("%1 – %2").arg(title, QString::fromStdString(facts_.name)));
  everything_->setVisible(!path.isEmpty());
  bar_->hide();
  history_->show(path);
  versions_->list()->setFocus();
}

void HistoryWindow::setFacts(const protocol::rest::Workspace& facts) {
  facts_ = facts;
  actions_->setFacts(facts);
}

void HistoryWindow::refreshVersion() {
  const auto& version = history_->chosen();
  version_head_->setVisible(version.has_value());
  if (!version) return;
  version_title_->setText(title_of(*version));
  const auto when =
      QLocale().toString(QDateTime::fromMSecsSinceEpoch(version->created), QLocale::ShortFormat);
  version_facts_->setText(version->author.empty() ? tr("%1 · %2 files").arg(when).arg(version->files)
                                                  : tr("%1, by %2 · %3 files")
                                                        .arg(when, QString::fromStdString(version->author))
                                                        .arg(version->files));
  version_problems_->setVisible(version->problems > 0);
  version_problems_->setText(tr("%1 could not be stored").arg(version->problems));
  const auto& path = history_->path();
  restore_->setText(path.isEmpty() ? tr("Restore All…") : tr("Restore %1…").arg(client::base_name(path)));
  refreshBusy();
}

void HistoryWindow::refreshFiles() {
  const QSignalBlocker quiet(files_);
  files_->clear();
  for (const auto& change : history_->changes()) add_change(files_, change);
  const auto hint = changes_hint(*history_);
  files_hint_->setText(hint);
  files_hint_->setVisible(!hint.isEmpty());
}

void HistoryWindow::refreshChosenFile() {
  if (!history_->file()) return;
  const QSignalBlocker quiet(files_);
  for (std::size_t row = 0; row < history_->changes().size(); ++row)
    if (history_->changes()[row].path == history_->file()->path) files_->setCurrentRow(static_cast<int>(row));
}

void HistoryWindow::refreshBusy() {
  for (auto* each : {restore_, keep_}) each->setEnabled(may_change_ && !history_->isBusy());
  more_->setEnabled(!history_->isBusy());
}

void HistoryWindow::setMayChange(bool may) {
  may_change_ = may;
  actions_->setMayChange(may);
  refreshBusy();
}

void HistoryWindow::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  const auto wanted = event->size().width() < narrow ? Qt::Vertical : Qt::Horizontal;
  if (whole_->orientation() == wanted) return;
  whole_->setOrientation(wanted);
  whole_->setSizes(wanted == Qt::Vertical ? QList<int>{2, 3} : QList<int>{470, 710});
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/history_window.hpp"

#include <QButtonGroup>
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

#include "client/core/workspace.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/version_actions.hpp"
#include "client/desktop/version_list.hpp"

namespace berth::desktop {
namespace {

using client::History;
using protocol::rest::VersionChangeKind;

constexpr int narrow = 900;  // px below which the texts go under the lists

QString base_name(const QString& path) { return path.section(QLatin1Char('/'), -1); }

QString word_of(VersionChangeKind kind) {
  switch (kind) {
    case VersionChangeKind::added:
      return HistoryWindow::tr("added");
    case VersionChangeKind::modified:
      return HistoryWindow::tr("changed");
    case VersionChangeKind::deleted:
      return HistoryWindow::tr("deleted");
  }
  return {};
}

QIcon icon_of(VersionChangeKind kind) {
  switch (kind) {
    case VersionChangeKind::added:
      return Theme::icon(QStringLiteral("list-add"), Theme::Tint::good);
    case VersionChangeKind::modified:
      return Theme::icon(QStringLiteral("document-edit"), Theme::Tint::warning);
    case VersionChangeKind::deleted:
      return Theme::icon(QStringLiteral("list-remove"), Theme::Tint::bad);
  }
  return {};
}

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

HistoryWindow::HistoryWindow(client::Workspace* workspace, QWidget* parent)
    : QDialog(parent, Qt::Window),
      workspace_(workspace),
      history_(new History(workspace->server(), workspace->id(), this)),
      actions_(new VersionActions(workspace, history_, this)),
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
  whole_->addWidget(makeDiffPane());
  whole_->setStretchFactor(1, 1);
  whole_->setSizes({470, 710});
  for (auto* splitter : {lists_, whole_}) {
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
  }
  column->addWidget(whole_, 1);
  connect(history_, &History::versionChanged, this, &HistoryWindow::refreshVersion);
  connect(history_, &History::versionChanged, this, &HistoryWindow::refreshFiles);
  connect(history_, &History::comparisonChanged, this, &HistoryWindow::refreshComparison);
  connect(history_, &History::busyChanged, this, &HistoryWindow::refreshBusy);
  connect(actions_, &VersionActions::done, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::good, text, {}, true); });
  connect(actions_, &VersionActions::failed, this,
          [this](const QString& text) { bar_->show(MessageBar::Kind::error, text, {}, true); });
  connect(actions_, &VersionActions::workspaceMade, this, &HistoryWindow::workspaceMade);
  connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QDialog::reject);
  refreshVersion();
  refreshFiles();
  refreshComparison();
}

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
  auto* menu = new QMenu(more_);
  const auto add = [&](const char* icon, const QString& text, auto run) {
    menu->addAction(Theme::icon(QLatin1String(icon)), text, this, [this, run] {
      if (history_->chosen()) run(*history_->chosen());
    });
  };
  add("edit-rename", tr("Name It…"), [this](const auto& version) { actions_->rename(version); });
  add("edit-copy", tr("New Workspace from It…"), [this](const auto& version) { actions_->fork(version); });
  menu->addSeparator();
  add("download", tr("Download as zip…"),
      [this](const auto& version) { actions_->download(version, QStringLiteral("zip")); });
  add("download", tr("Download as tar.gz…"),
      [this](const auto& version) { actions_->download(version, QStringLiteral("tar.gz")); });
  more_->setMenu(menu);
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
  column->addWidget(files_hint_);
  column->addWidget(files_, 1);
  return pane;
}

QToolButton* HistoryWindow::makeAgainst(const QString& text, History::Against against) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setCheckable(true);
  button->setFocusPolicy(Qt::StrongFocus);
  connect(button, &QToolButton::clicked, this, [this, against] { history_->compareAgainst(against); });
  return button;
}

QWidget* HistoryWindow::makeDiffPane() {
  auto* pane = new QWidget;
  auto* column = new QVBoxLayout(pane);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  diff_head_ = new QWidget;
  auto* row = new QHBoxLayout(diff_head_);
  row->setContentsMargins(12, 8, 10, 8);
  file_name_ = new QLabel;
  file_name_->setTextFormat(Qt::PlainText);
  file_name_->setMinimumWidth(40);
  file_name_->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  with_before_ = makeAgainst(tr("With Before"), History::Against::before);
  with_before_->setToolTip(tr("Compare with the version before"));
  with_now_ = makeAgainst(tr("With Now"), History::Against::now);
  with_now_->setToolTip(tr("Compare with what is there now"));
  auto* either = new QButtonGroup(this);
  either->addButton(with_before_);
  either->addButton(with_now_);
  diff_ = new DiffView;
  const auto step = [this](const char* icon, const QString& text, const QKeySequence& key, bool forward) {
    auto* button = new QToolButton;
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(QStringLiteral("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText)));
    button->setAccessibleName(text);
    connect(button, &QToolButton::clicked, diff_, [this, forward] { diff_->step(forward); });
    connect(new QShortcut(key, this), &QShortcut::activated, diff_,
            [this, forward] { diff_->step(forward); });
    return button;
  };
  restore_file_ = plain_button(tr("Restore This File"));
  connect(restore_file_, &QPushButton::clicked, this, [this] {
    if (history_->chosen() && history_->file())
      actions_->restore(*history_->chosen(), QString::fromStdString(history_->file()->path));
  });
  row->addWidget(file_name_);
  row->addWidget(with_before_);
  row->addWidget(with_now_);
  row->addWidget(step("go-up", tr("Change before"), QKeySequence(Qt::SHIFT | Qt::Key_F7), false));
  row->addWidget(step("go-down", tr("Next change"), QKeySequence(Qt::Key_F7), true));
  row->addStretch();
  row->addWidget(restore_file_);
  diff_hint_ = plain_label("muted");
  diff_hint_->setContentsMargins(14, 12, 14, 12);
  column->addWidget(diff_head_);
  column->addWidget(diff_hint_);
  column->addWidget(diff_, 1);
  column->addStretch();
  return pane;
}

void HistoryWindow::showPath(const QString& path) {
  const auto title = path.isEmpty() ? tr("History") : tr("History of %1").arg(base_name(path));
  title_->setText(title);
  title_->setToolTip(path);
  setWindowTitle(QStringLiteral("%1 – %2").arg(title, QString::fromStdString(workspace_->facts().name)));
  everything_->setVisible(!path.isEmpty());
  bar_->hide();
  history_->show(path);
  versions_->list()->setFocus();
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
  restore_->setText(path.isEmpty() ? tr("Restore All…") : tr("Restore %1…").arg(base_name(path)));
  refreshBusy();
}

void HistoryWindow::refreshFiles() {
  const QSignalBlocker quiet(files_);
  files_->clear();
  for (const auto& change : history_->changes()) {
    const auto path = QString::fromStdString(change.path);
    const auto folder = path.section(QLatin1Char('/'), 0, -2);
    const auto name = base_name(path);
    auto* item = new QListWidgetItem(
        icon_of(change.kind), folder.isEmpty() ? name : QStringLiteral("%1    %2").arg(name, folder), files_);
    item->setToolTip(tr("%1, %2").arg(path, word_of(change.kind)));
    item->setData(Qt::AccessibleTextRole, item->toolTip());
  }
  QString hint;
  if (history_->changesState() == History::State::loading) hint = tr("Comparing…");
  if (history_->changesState() == History::State::failed) hint = history_->problem();
  if (history_->changesState() == History::State::ready && history_->chosen()) {
    if (history_->changes().empty()) hint = tr("No file differs from the version before.");
    if (history_->isTruncated()) hint = tr("More files differ; these are the first five thousand.");
  }
  files_hint_->setText(hint);
  files_hint_->setVisible(!hint.isEmpty());
}

void HistoryWindow::refreshComparison() {
  const auto& file = history_->file();
  const bool now = history_->against() == History::Against::now;
  diff_head_->setVisible(file.has_value());
  (now ? with_now_ : with_before_)->setChecked(true);
  diff_->setNames(now ? tr("This version") : tr("Before"), now ? tr("Now") : tr("This version"));
  const bool texts = history_->comparison().has_value();
  QString hint;
  if (!file) {
    hint = history_->chosen() ? tr("Choose a file to see what changed in it.") : QString();
  } else if (history_->comparisonState() == History::State::failed) {
    hint = history_->comparisonProblem();
  } else if (history_->comparisonState() == History::State::ready && !texts) {
    hint = tr("Not text, or too long to compare here: %1 before, %2 in this version.")
               .arg(QLocale().formattedDataSize(static_cast<qint64>(file->size_before)),
                    QLocale().formattedDataSize(static_cast<qint64>(file->size)));
  }
  diff_hint_->setText(hint);
  diff_hint_->setVisible(!hint.isEmpty());
  diff_->setVisible(hint.isEmpty() && file.has_value());
  diff_->clear();
  if (!file) return;
  const auto path = QString::fromStdString(file->path);
  file_name_->setText(base_name(path));
  file_name_->setToolTip(path);
  restore_file_->setVisible(file->kind != VersionChangeKind::deleted);
  if (texts) diff_->show(history_->comparison()->left, history_->comparison()->right, base_name(path));
  const QSignalBlocker quiet(files_);
  for (std::size_t row = 0; row < history_->changes().size(); ++row)
    if (history_->changes()[row].path == file->path) files_->setCurrentRow(static_cast<int>(row));
}

void HistoryWindow::refreshBusy() {
  for (QWidget* each : {static_cast<QWidget*>(restore_), static_cast<QWidget*>(restore_file_),
                        static_cast<QWidget*>(keep_), static_cast<QWidget*>(more_)})
    each->setEnabled(!history_->isBusy());
}

void HistoryWindow::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  const auto wanted = event->size().width() < narrow ? Qt::Vertical : Qt::Horizontal;
  if (whole_->orientation() == wanted) return;
  whole_->setOrientation(wanted);
  whole_->setSizes(wanted == Qt::Vertical ? QList<int>{2, 3} : QList<int>{470, 710});
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/problems_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <utility>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int number_role = Qt::UserRole;  // of a problem among all; nothing for a file

QIcon icon_of_severity(client::Problem::Severity severity) {
  switch (severity) {
    case client::Problem::Severity::error:
      return Theme::icon(QStringLiteral("dialog-error"), Theme::Tint::bad);
    case client::Problem::Severity::warning:
      return Theme::icon(QStringLiteral("dialog-warning"), Theme::Tint::warning);
    default:
      return Theme::icon(QStringLiteral("dialog-information"), Theme::Tint::accent);
  }
}

QString word_of_severity(client::Problem::Severity severity) {
  switch (severity) {
    case client::Problem::Severity::error:
      return ProblemsPanel::tr("Error");
    case client::Problem::Severity::warning:
      return ProblemsPanel::tr("Warning");
    default:
      return ProblemsPanel::tr("Note");
  }
}

QString place_text(const client::Problem& problem) {
  auto text = problem.column > 0 ? QStringLiteral("[%1, %2]").arg(problem.line).arg(problem.column)
                                 : QStringLiteral("[%1]").arg(problem.line);
  for (const auto& part : {problem.code, problem.tool})
    if (!part.isEmpty()) text.prepend(part + QStringLiteral("  "));
  return text;
}

}  // namespace

ProblemsPanel::ProblemsPanel(client::Problems* problems, QWidget* parent)
    : Panel(tr("Problems"), parent),
      problems_(problems),
      tree_(new QTreeWidget),
      filter_(new QLineEdit),
      nothing_(
          new QLabel(tr("Nothing is wrong by what was run last. Messages of compilers and tests that run "
                        "in a terminal show here."))) {
  setObjectName(QStringLiteral("problems"));
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setAccessibleName(tr("Filter problems"));
  filter_->setClearButtonEnabled(true);
  filter_->setObjectName(QStringLiteral("problemFilter"));
  tree_->setColumnCount(2);
  tree_->setHeaderHidden(true);
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  tree_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  tree_->setUniformRowHeights(true);
  tree_->setTextElideMode(Qt::ElideRight);
  tree_->setAccessibleName(tr("Problems"));
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  nothing_->setProperty("role", QStringLiteral("muted"));
  nothing_->setWordWrap(true);
  nothing_->setAlignment(Qt::AlignTop);
  nothing_->setContentsMargins(12, 10, 12, 10);
  auto* strip = new QWidget;
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(8, 6, 8, 6);
  row->addWidget(filter_);
  body()->addWidget(strip);
  body()->addWidget(tree_, 1);
  body()->addWidget(nothing_, 1);
  auto* clear = addTool(QStringLiteral("edit-clear-all"), tr("Clear the problems"));
  connect(clear, &QToolButton::clicked, problems, &client::Problems::clear);
  setFocusProxy(tree_);
  connect(problems, &client::Problems::changed, this, &ProblemsPanel::refresh);
  connect(filter_, &QLineEdit::textChanged, this, &ProblemsPanel::refresh);
  const auto go = [this](const QTreeWidgetItem* item) {
    if (!item || !item->data(0, number_role).isValid()) return;
    current_ = item->data(0, number_role).toLongLong();
    if (current_ < problems_->all().size()) open(problems_->all().at(current_));
  };
  connect(tree_, &QTreeWidget::itemActivated, this, go);
  connect(tree_, &QTreeWidget::itemClicked, this, go);
  connect(tree_, &QWidget::customContextMenuRequested, this, [this](const QPoint& place) {
    if (!tree_->currentItem()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Copy"), this, &ProblemsPanel::copyChosen);
    menu->popup(tree_->viewport()->mapToGlobal(place));
  });
  auto* copy = new QShortcut(QKeySequence::Copy, tree_);
  copy->setContext(Qt::WidgetShortcut);
  connect(copy, &QShortcut::activated, this, &ProblemsPanel::copyChosen);
  refresh();
}

void ProblemsPanel::open(const client::Problem& problem) {
  Q_EMIT openWanted(problem.path, lineOf(problem), problem.column);
}

void ProblemsPanel::setPlaces(std::function<Place()> here,
                              std::function<int(const client::Problem&)> lineNow) {
  here_ = std::move(here);
  line_now_ = std::move(lineNow);
}

qsizetype ProblemsPanel::beside(bool forward) const {
  const auto& all = problems_->all();
  const auto count = all.size();
  const auto here = here_ ? here_() : Place();
  const auto place = [this](const client::Problem& problem) {
    return std::pair(problem.path, lineOf(problem));
  };
  const std::pair from(here.path, here.line);
  const bool known = current_ >= 0 && current_ < count;
  // At the one that was opened last, or nowhere: the order of the list, as several may be in one place.
  if (here.path.isEmpty() || (known && place(all[current_]) == from))
    return known ? (current_ + (forward ? 1 : -1) + count) % count : (forward ? 0 : count - 1);
  const auto before = [&](const client::Problem& problem) {
    const auto at = place(problem);
    return at < from || (at == from && problem.column <= here.column);
  };
  qsizetype passed = 0;
  while (passed < count && before(all[passed])) ++passed;
  return forward ? passed % count : (passed + count - 1) % count;
}

void ProblemsPanel::step(int by) {
  if (problems_->all().isEmpty()) return;
  current_ = beside(by > 0);
  for (QTreeWidgetItemIterator item(tree_); *item; ++item)
    if ((*item)->data(0, number_role).isValid() && (*item)->data(0, number_role).toLongLong() == current_)
      tree_->setCurrentItem(*item);
  open(problems_->all().at(current_));
}

void ProblemsPanel::copyChosen() {
  const auto* item = tree_->currentItem();
  if (!item) return;
  const auto number = item->data(0, number_role);
  if (!number.isValid()) return QApplication::clipboard()->setText(item->text(0));
  const auto& problem = problems_->all().at(number.toLongLong());
  QApplication::clipboard()->setText(QStringLiteral("%1:%2:%3: %4")
                                         .arg(problem.path)
                                         .arg(problem.line)
                                         .arg(problem.column)
                                         .arg(problem.message));
}

void ProblemsPanel::refresh() {
  const auto& all = problems_->all();
  if (sender() == problems_) current_ = -1;
  const auto wanted = filter_->text().trimmed();
  tree_->clear();
  QTreeWidgetItem* file = nullptr;
  QString path;
  int shown = 0;
  for (qsizetype i = 0; i < all.size(); ++i) {
    const auto& problem = all[i];
    if (!wanted.isEmpty() && !problem.message.contains(wanted, Qt::CaseInsensitive) &&
        !problem.path.contains(wanted, Qt::CaseInsensitive) &&
        !problem.code.contains(wanted, Qt::CaseInsensitive))
      continue;
    if (!file || path != problem.path) {
      path = problem.path;
      const auto name = client::base_name(path);
      file = new QTreeWidgetItem(tree_, {name, path.section(u'/', 0, -2)});
      file->setIcon(0, file_icon(name));
      file->setForeground(1, Theme::instance()->colors().muted);
      file->setToolTip(0, client::plain_tip(path));
      file->setExpanded(true);
    }
    auto* item = new QTreeWidgetItem(file, {problem.message, place_text(problem)});
    item->setIcon(0, icon_of_severity(problem.severity));
    item->setForeground(1, Theme::instance()->colors().muted);
    item->setToolTip(0, client::plain_tip(problem.message));
    item->setData(0, number_role, i);
    item->setData(
        0, Qt::AccessibleTextRole,
        tr("%1: %2, line %3").arg(word_of_severity(problem.severity), problem.message).arg(problem.line));
    ++shown;
  }
  tree_->setVisible(shown > 0);
  nothing_->setVisible(shown == 0);
  nothing_->setText(all.isEmpty()
                        ? tr("Nothing is wrong by what was run last. Messages of compilers and tests "
                             "that run in a terminal show here.")
                        : tr("No problem fits the filter."));
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/search_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/search_fields.hpp"
#include "client/desktop/search_row.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

QString matches_text(int count) {
  return count == 1 ? SearchPanel::tr("1 match") : SearchPanel::tr("%n matches", nullptr, count);
}

QString files_text(int count) {
  return count == 1 ? SearchPanel::tr("1 file") : SearchPanel::tr("%n files", nullptr, count);
}

/// The first of them, and how many more there are.
QString sentence_of(const QStringList& problems) {
  constexpr qsizetype most_named = 3;
  auto text = problems.mid(0, most_named).join(QLatin1Char('\n'));
  if (problems.size() > most_named)
    text += QLatin1Char('\n') +
            SearchPanel::tr("… and %n more", nullptr, static_cast<int>(problems.size() - most_named));
  return text;
}

}  // namespace

SearchPanel::SearchPanel(client::Workspace* workspace, QWidget* parent)
    : Panel(tr("Search"), parent),
      workspace_(workspace),
      search_(new client::Search(workspace->connection(), this)),
      fields_(new SearchFields),
      view_(new QTreeView),
      row_(new SearchRow(view_)),
      told_(new QLabel),
      nothing_(new QLabel),
      message_(new MessageBar) {
  setObjectName(QStringLiteral("search"));
  body()->addWidget(fields_);
  body()->addWidget(message_);
  message_->hide();
  told_->setObjectName(QStringLiteral("searchTold"));
  told_->setTextFormat(Qt::PlainText);
  told_->setProperty("role", QStringLiteral("muted"));
  told_->setWordWrap(true);
  told_->setContentsMargins(12, 2, 12, 6);
  body()->addWidget(told_);
  view_->setObjectName(QStringLiteral("searchResults"));
  view_->setAccessibleName(tr("Search results"));
  view_->setModel(search_->results());
  view_->setItemDelegate(row_);
  view_->setHeaderHidden(true);
  view_->setUniformRowHeights(true);
  view_->setIndentation(14);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setExpandsOnDoubleClick(false);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->installEventFilter(this);
  body()->addWidget(view_, 1);
  nothing_->setProperty("role", QStringLiteral("muted"));
  nothing_->setTextFormat(Qt::PlainText);
  nothing_->setWordWrap(true);
  nothing_->setAlignment(Qt::AlignTop);
  nothing_->setContentsMargins(12, 6, 12, 10);
  nothing_->setText(
      tr("Looks through all files of the project, with what is typed in open ones. Names in "
         ".gitignore are left out unless you ask for them."));
  body()->addWidget(nothing_, 1);
  again_ = addTool(QStringLiteral("view-refresh"), tr("Search again"));
  stop_ = addTool(QStringLiteral("process-stop"), tr("Stop searching"));
  auto* fold = addTool(QStringLiteral("collapse-all"), tr("Close or open all files"));
  auto* clear = addTool(QStringLiteral("edit-clear-all"), tr("Clear the search"));
  setFocusProxy(fields_);

  connect(again_, &QToolButton::clicked, this, &SearchPanel::begin);
  connect(stop_, &QToolButton::clicked, search_, &client::Search::cancel);
  connect(fold, &QToolButton::clicked, this, [this] {
    collapsed_ = !collapsed_;
    if (collapsed_)
      view_->collapseAll();
    else
      view_->expandAll();
  });
  connect(clear, &QToolButton::clicked, this, [this] {
    message_->hide();
    fields_->pattern()->clear();
    fields_->pattern()->setFocus();
  });
  connect(fields_, &SearchFields::searchWanted, this, &SearchPanel::begin);
  connect(fields_, &SearchFields::emptied, search_, &client::Search::clear);
  connect(fields_, &SearchFields::stopWanted, search_, &client::Search::cancel);
  connect(fields_, &SearchFields::replaceAllWanted, this, [this] { replaceAt({}); });
  connect(fields_, &SearchFields::resultsWanted, this, [this] {
    if (search_->results()->fileCount() == 0) return;
    if (!view_->currentIndex().isValid()) view_->setCurrentIndex(search_->results()->index(0, 0));
    view_->setFocus();
  });
  connect(search_, &client::Search::changed, this, &SearchPanel::refresh);
  connect(search_, &client::Search::replaced, this, &SearchPanel::tellReplaced);
  connect(search_, &client::Search::takenBack, this, &SearchPanel::tellTakenBack);
  connect(search_, &client::Search::failed, this,
          [this](const QString& problem) { message_->show(MessageBar::Kind::error, problem, {}, true); });
  // As they come; the view lays out once for all of a message.
  connect(search_->results(), &QAbstractItemModel::rowsInserted, this,
          [this](const QModelIndex& parent, int first, int last) {
            if (parent.isValid() || collapsed_) return;
            for (int row = first; row <= last; ++row) view_->expand(search_->results()->index(row, 0));
          });
  connect(search_->results(), &QAbstractItemModel::modelReset, this, [this] {
    if (!collapsed_) view_->expandAll();
  });
  connect(view_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (search_->results()->fileOf(index))
      view_->setExpanded(index, !view_->isExpanded(index));
    else
      openIndex(index, true);
  });
  connect(view_, &QTreeView::doubleClicked, this,
          [this](const QModelIndex& index) { openIndex(index, false); });
  connect(view_, &QWidget::customContextMenuRequested, this, &SearchPanel::showMenu);
  connect(workspace->connection(), &client::WorkspaceConnection::established, this,
          &SearchPanel::refreshRights);
  connect(workspace, &client::Workspace::roleChanged, this, &SearchPanel::refreshRights);
  connect(Theme::instance(), &Theme::changed, view_->viewport(), qOverload<>(&QWidget::update));
  refreshRights();
}

bool SearchPanel::mayReplace() const { return workspace_->mayEdit(); }

void SearchPanel::refreshRights() {
  fields_->setMayReplace(mayReplace());
  refresh();
}

void SearchPanel::open(const QString& pattern, bool with_replace) {
  fields_->open(pattern, with_replace && mayReplace());
}

void SearchPanel::openBelow(const QString& folder) {
  fields_->lookBelow(folder);
  fields_->open({}, false);
}

void SearchPanel::begin() {
  auto query = fields_->query();
  if (!query) return;
  message_->hide();
  auto replacement = fields_->replacement();
  row_->showReplacements(replacement.has_value());
  search_->begin(std::move(*query), std::move(replacement));
}

QString SearchPanel::told() const { return told_->text(); }

void SearchPanel::refresh() {
  using State = client::Search::State;
  const auto* results = search_->results();
  const bool searching = search_->state() == State::searching;
  const int matches = results->matchCount(), files = results->fileCount();
  QString text;
  if (matches > 0)
    text = tr("%1 in %2").arg(matches_text(matches), files_text(files));
  else if (search_->state() == State::ended && search_->problem().isEmpty())
    text = tr("Nothing was found.");
  if (searching) text = text.isEmpty() ? tr("Searching…") : tr("Searching… %1").arg(text);
  if (search_->isReplacing()) text = tr("Replacing…");
  if (search_->isCut())
    text += QLatin1Char('\n') + tr("There are more: say more exactly what to look for, or where.");
  if (!search_->problem().isEmpty())
    text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + search_->problem();
  told_->setText(text);
  told_->setVisible(!text.isEmpty());
  view_->setVisible(matches > 0);
  nothing_->setVisible(matches == 0 && search_->state() == State::idle);
  again_->setEnabled(search_->state() != State::idle);
  stop_->setEnabled(searching);
  fields_->setReplaceable(matches > 0 && !searching && !search_->isReplacing());
}

// ---- results
// ------------------------------------------------------------------------------------------------------------

void SearchPanel::openIndex(const QModelIndex& index, bool keep) {
  const auto* line = search_->results()->lineOf(index);
  if (!line) return;
  fields_->remember();
  const auto& first = line->places.front();
  Q_EMIT openWanted(line->file->path, static_cast<int>(std::min<quint64>(line->line, INT_MAX)),
                    first.start + line->cut + 1, first.end - first.start, keep);
}

void SearchPanel::step(int by) {
  const auto* results = search_->results();
  if (results->fileCount() == 0) return;
  auto index = view_->currentIndex();
  const auto last_of = [&](int file) {
    const auto parent = results->index(file, 0);
    return results->index(results->rowCount(parent) - 1, 0, parent);
  };
  if (!index.isValid()) {
    index = by > 0 ? results->index(0, 0, results->index(0, 0)) : last_of(results->fileCount() - 1);
  } else if (results->fileOf(index)) {
    index = by > 0 ? results->index(0, 0, index)
                   : last_of((index.row() + results->fileCount() - 1) % results->fileCount());
  } else {
    const auto file = index.parent();
    const int row = index.row() + by;
    const int count = results->fileCount();
    if (row >= 0 && row < results->rowCount(file))
      index = results->index(row, 0, file);
    else if (by > 0)
      index = results->index(0, 0, results->index((file.row() + 1) % count, 0));
    else
      index = last_of((file.row() + count - 1) % count);
  }
  view_->setCurrentIndex(index);
  openIndex(index, false);
}

void SearchPanel::replaceAt(const QModelIndex& index) {
  const auto replacement = fields_->replacement();
  if (!replacement || !mayReplace() || search_->state() == client::Search::State::searching) return;
  fields_->remember();
  message_->hide();
  search_->replace(index, *replacement);
}

void SearchPanel::takeOut(const QModelIndex& index) {
  if (!index.isValid()) return;
  const auto below = view_->indexBelow(index);
  const QPersistentModelIndex next = below.isValid() ? below : view_->indexAbove(index);
  search_->results()->takeOut(index);
  if (next.isValid()) view_->setCurrentIndex(next);
  refresh();
}

void SearchPanel::copy(const QModelIndex& index) {
  const auto* results = search_->results();
  QString text;
  if (const auto* line = results->lineOf(index))
    text = QStringLiteral("%1:%2: %3").arg(line->file->path).arg(line->line).arg(line->text);
  else if (const auto* file = results->fileOf(index))
    text = file->path;
  if (!text.isEmpty()) QApplication::clipboard()->setText(text);
}

void SearchPanel::showMenu(const QPoint& place) {
  const QPersistentModelIndex index = view_->indexAt(place);
  if (!index.isValid()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const bool is_line = search_->results()->lineOf(index) != nullptr;
  if (is_line) menu->addAction(tr("Open"), this, [this, index] { openIndex(index, false); });
  if (fields_->replacement() && mayReplace())
    menu->addAction(Theme::icon(QStringLiteral("edit-find-replace")),
                    is_line ? tr("Replace in This Line") : tr("Replace in This File"), this,
                    [this, index] { replaceAt(index); });
  menu->addAction(Theme::icon(QStringLiteral("edit-copy")), is_line ? tr("Copy") : tr("Copy the Path"), this,
                  [this, index] { copy(index); });
  menu->addAction(is_line ? tr("Leave This Line Out") : tr("Leave This File Out"), this,
                  [this, index] { takeOut(index); });
  menu->popup(view_->viewport()->mapToGlobal(place));
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return Panel::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const auto modifiers = key->modifiers() & ~Qt::KeypadModifier;
  const auto index = view_->currentIndex();
  const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
  if (enter && modifiers == Qt::NoModifier) {
    if (search_->results()->fileOf(index))
      view_->setExpanded(index, !view_->isExpanded(index));
    else
      openIndex(index, false);
    return true;
  }
  if (key->key() == Qt::Key_Space && modifiers == Qt::NoModifier) {
    openIndex(index, true);
    return true;
  }
  if (enter && modifiers == (Qt::ControlModifier | Qt::AltModifier)) {
    replaceAt({});
    return true;
  }
  if ((key->key() == Qt::Key_1 || key->key() == Qt::Key_Exclam) &&
      modifiers == (Qt::ControlModifier | Qt::ShiftModifier)) {
    replaceAt(index);
    return true;
  }
  if (key->key() == Qt::Key_Delete && modifiers == Qt::NoModifier) {
    takeOut(index);
    return true;
  }
  if (key->matches(QKeySequence::Copy)) {
    copy(index);
    return true;
  }
  if (key->key() == Qt::Key_Escape ||
      (key->key() == Qt::Key_Up && modifiers == Qt::NoModifier && !view_->indexAbove(index).isValid())) {
    fields_->pattern()->setFocus();
    return true;
  }
  return Panel::eventFilter(watched, event);
}

// ---- what was replaced
// -----------------------------------------------------------------------------------------------------

void SearchPanel::tellReplaced(quint64 matches, quint64 files, const QStringList& problems) {
  QList<MessageBar::Action> actions;
  if (search_->canTakeBack())
    actions.append({tr("Undo"), [this] {
                      message_->hide();
                      search_->takeBack();
                    }});
  auto text = files == 0
                  ? tr("Nothing was replaced.")
                  : tr("Replaced: %1 in %2.")
                        .arg(matches_text(static_cast<int>(matches)), files_text(static_cast<int>(files)));
  if (!problems.isEmpty())
    text += QLatin1Char('\n') + tr("Left as they are:") + QLatin1Char('\n') + sentence_of(problems);
  message_->show(problems.isEmpty() ? MessageBar::Kind::good : MessageBar::Kind::warning, text, actions,
                 true);
}

void SearchPanel::tellTakenBack(quint64 files, const QStringList& problems) {
  auto text = tr("Taken back in %1.").arg(files_text(static_cast<int>(files)));
  if (!problems.isEmpty())
    text += QLatin1Char('\n') + tr("Left as they are:") + QLatin1Char('\n') + sentence_of(problems);
  message_->show(problems.isEmpty() ? MessageBar::Kind::good : MessageBar::Kind::warning, text, {}, true);
}

}  // namespace berth::desktop

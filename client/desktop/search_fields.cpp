// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/search_fields.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QShortcut>
#include <QToolButton>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int typing_pause = 300;  // ms
constexpr qsizetype most_remembered_searches = 30;
constexpr int longest_pattern = 1000;  // characters: below what the runner takes in any alphabet
constexpr int most_globs = 64;

/// "*.py, src/" as the patterns that it means; a path from the folder on begins with "./".
std::optional<std::vector<std::string>> globs_of(const QString& text) {
  std::vector<std::string> globs;
  for (const auto& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
    auto glob = part.trimmed();
    if (glob.startsWith(QLatin1String("./"))) glob.remove(0, 1);
    while (glob.startsWith(QLatin1Char('!'))) glob.remove(0, 1);
    if (!glob.isEmpty() && globs.size() < most_globs) globs.push_back(glob.toStdString());
  }
  if (globs.empty()) return std::nullopt;
  return globs;
}

}  // namespace

SearchFields::SearchFields(QWidget* parent) : QFrame(parent) {
  setObjectName(QStringLiteral("searchFields"));
  auto* columns = new QHBoxLayout(this);
  columns->setContentsMargins(4, 8, 8, 6);
  columns->setSpacing(4);
  expand_ = new QToolButton;
  expand_->setObjectName(QStringLiteral("searchShowReplace"));
  expand_->setToolTip(tr("Show or hide replacing"));
  expand_->setAccessibleName(tr("Show or hide replacing"));
  expand_->setCheckable(true);
  expand_->setAutoRaise(true);
  connect(expand_, &QToolButton::toggled, this, &SearchFields::showReplace);
  columns->addWidget(expand_, 0, Qt::AlignTop);
  auto* rows = new QVBoxLayout;
  rows->setSpacing(5);
  columns->addLayout(rows, 1);

  auto* first = new QHBoxLayout;
  first->setSpacing(2);
  pattern_ = addField(QStringLiteral("searchPattern"), tr("Search"));
  pattern_->setMaxLength(longest_pattern);
  first->addWidget(pattern_, 1);
  case_ = addToggle(first, QStringLiteral("searchCase"), QStringLiteral("Aa"), tr("Match case"),
                    QKeySequence(Qt::ALT | Qt::Key_C));
  words_ = addToggle(first, QStringLiteral("searchWords"), QStringLiteral("“w”"), tr("Whole words"),
                     QKeySequence(Qt::ALT | Qt::Key_W));
  expression_ = addToggle(first, QStringLiteral("searchExpression"), QStringLiteral(".*"),
                          tr("Regular expression"), QKeySequence(Qt::ALT | Qt::Key_R));
  rows->addLayout(first);

  replace_row_ = new QWidget;
  auto* second = new QHBoxLayout(replace_row_);
  second->setContentsMargins(0, 0, 0, 0);
  second->setSpacing(2);
  replace_ = addField(QStringLiteral("searchReplacement"), tr("Replace with"));
  second->addWidget(replace_, 1);
  all_ = new QToolButton;
  all_->setObjectName(QStringLiteral("searchReplaceAll"));
  all_->setIcon(Theme::icon(QStringLiteral("edit-find-replace")));
  all_->setToolTip(tr("Replace in all files (Ctrl+Alt+Enter)"));
  all_->setAccessibleName(tr("Replace in all files"));
  all_->setEnabled(false);
  connect(all_, &QToolButton::clicked, this, &SearchFields::replaceAllWanted);
  second->addWidget(all_);
  rows->addWidget(replace_row_);

  more_rows_ = new QWidget;
  auto* further = new QVBoxLayout(more_rows_);
  further->setContentsMargins(0, 0, 0, 0);
  further->setSpacing(5);
  include_ = addField(QStringLiteral("searchInclude"), tr("Files to look through: *.py, src/**"));
  exclude_ = addField(QStringLiteral("searchExclude"), tr("Files to leave out: *.min.js, build/"));
  further->addWidget(include_);
  auto* last = new QHBoxLayout;
  last->setSpacing(2);
  last->addWidget(exclude_, 1);
  ignored_ = addToggle(last, QStringLiteral("searchIgnored"), QString(),
                       tr("Also hidden files and what .gitignore names"), QKeySequence(Qt::ALT | Qt::Key_I));
  ignored_->setIcon(Theme::icon(QStringLiteral("view-hidden")));
  further->addLayout(last);
  rows->addWidget(more_rows_);

  more_ = new QToolButton;
  more_->setObjectName(QStringLiteral("searchMore"));
  more_->setText(QStringLiteral("…"));
  more_->setToolTip(tr("Which files"));
  more_->setAccessibleName(tr("Which files"));
  more_->setCheckable(true);
  more_->setAutoRaise(true);
  connect(more_, &QToolButton::toggled, this, &SearchFields::showMore);
  first->addWidget(more_);

  due_.setSingleShot(true);
  due_.setInterval(typing_pause);
  connect(&due_, &QTimer::timeout, this, &SearchFields::searchWanted);
  connect(replace_, &QLineEdit::textChanged, this, &SearchFields::typed);
  setFocusProxy(pattern_);
  showReplace(false);
  showMore(false);
}

QLineEdit* SearchFields::addField(const QString& name, const QString& title) {
  auto* field = new QLineEdit;
  field->setObjectName(name);
  field->setPlaceholderText(title);
  field->setAccessibleName(title);
  field->setMinimumWidth(60);
  field->installEventFilter(this);
  if (name != QLatin1String("searchReplacement"))
    connect(field, &QLineEdit::textChanged, this, &SearchFields::typed);
  connect(field, &QLineEdit::returnPressed, this, [this] {
    due_.stop();
    remember();
    Q_EMIT searchWanted();
  });
  return field;
}

QToolButton* SearchFields::addToggle(QHBoxLayout* row, const QString& name, const QString& text,
                                     const QString& tip, const QKeySequence& key) {
  auto* button = new QToolButton;
  button->setObjectName(name);
  button->setText(text);
  button->setToolTip(QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)));
  button->setAccessibleName(tip);
  button->setCheckable(true);
  button->setFocusPolicy(Qt::TabFocus);
  row->addWidget(button);
  auto* shortcut = new QShortcut(key, this);
  shortcut->setContext(Qt::WidgetWithChildrenShortcut);
  connect(shortcut, &QShortcut::activated, button, &QToolButton::toggle);
  connect(button, &QToolButton::toggled, this, &SearchFields::typed);
  return button;
}

std::optional<protocol::SearchQuery> SearchFields::query() const {
  if (pattern_->text().isEmpty()) return std::nullopt;
  protocol::SearchQuery query;
  query.pattern = pattern_->text().toStdString();
  if (!folder_.isEmpty()) query.folder = folder_.toStdString();
  query.regex = expression_->isChecked();
  query.match_case = case_->isChecked();
  query.whole_word = words_->isChecked();
  query.ignored = ignored_->isChecked();
  query.include = globs_of(include_->text());
  query.exclude = globs_of(exclude_->text());
  return query;
}

std::optional<std::string> SearchFields::replacement() const {
  if (replace_row_->isHidden()) return std::nullopt;
  return replace_->text().toStdString();
}

void SearchFields::open(const QString& pattern, bool with_replace) {
  if (with_replace) showReplace(true);
  const auto line = pattern.section(QChar::ParagraphSeparator, 0, 0).section(QLatin1Char('\n'), 0, 0);
  if (!line.isEmpty() && line != pattern_->text()) {
    pattern_->setText(line);
    due_.stop();
    Q_EMIT searchWanted();
  }
  auto* field = with_replace && !pattern_->text().isEmpty() ? replace_ : pattern_;
  field->setFocus(Qt::ShortcutFocusReason);
  field->selectAll();
}

void SearchFields::lookBelow(const QString& folder) {
  folder_ = folder;
  pattern_->setPlaceholderText(folder.isEmpty() ? tr("Search") : tr("Search in %1").arg(folder));
  typed();
}

void SearchFields::showReplace(bool shown) {
  shown = shown && may_replace_;
  const bool changed = shown == replace_row_->isHidden();
  expand_->setChecked(shown);
  expand_->setIcon(
      Theme::icon(shown ? QStringLiteral("go-down") : QStringLiteral("go-next"), Theme::Tint::muted));
  replace_row_->setVisible(shown);
  if (changed) typed();  // the results show what would come of it
}

void SearchFields::showMore(bool shown) {
  more_->setChecked(shown);
  more_rows_->setVisible(shown);
}

void SearchFields::setReplaceable(bool replaceable) { all_->setEnabled(replaceable && may_replace_); }

void SearchFields::setMayReplace(bool may) {
  may_replace_ = may;
  expand_->setEnabled(may);
  if (!may) showReplace(false);
}

void SearchFields::remember() {
  const auto text = pattern_->text();
  if (text.isEmpty()) return;
  history_.removeAll(text);
  history_.append(text);
  if (history_.size() > most_remembered_searches) history_.removeFirst();
  place_ = history_.size();
}

void SearchFields::step(int by) {
  const auto to = place_ + by;
  if (to < 0 || to >= history_.size()) return;
  place_ = to;
  pattern_->setText(history_.at(to));
}

void SearchFields::typed() {
  if (pattern_->text().isEmpty()) {
    due_.stop();
    return Q_EMIT emptied();
  }
  due_.start();
}

bool SearchFields::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const auto modifiers = key->modifiers() & ~Qt::KeypadModifier;
  const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
  if (enter && modifiers == (Qt::ControlModifier | Qt::AltModifier)) {
    if (all_->isEnabled() && !replace_row_->isHidden()) Q_EMIT replaceAllWanted();
    return true;
  }
  if (key->key() == Qt::Key_Escape && modifiers == Qt::NoModifier) {
    due_.stop();
    Q_EMIT stopWanted();
    return true;
  }
  if (modifiers == Qt::NoModifier && key->key() == Qt::Key_Up && watched == pattern_) {
    step(-1);
    return true;
  }
  if (modifiers == Qt::NoModifier && key->key() == Qt::Key_Down) {
    if (watched == pattern_ && place_ + 1 < history_.size())
      step(1);
    else
      Q_EMIT resultsWanted();
    return true;
  }
  return QFrame::eventFilter(watched, event);
}

}  // namespace berth::desktop

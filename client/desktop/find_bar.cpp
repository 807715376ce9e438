// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/find_bar.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "client/core/plain_tip.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int recount_pause = 150;  // ms after a change of the text
constexpr qsizetype most_searches = 30;
constexpr int widest_field = 360;  // px

}  // namespace

FindBar::FindBar(CodeEditor* editor, QWidget* parent) : QFrame(parent), editor_(editor) {
  setObjectName(QStringLiteral("findBar"));
  auto* columns = new QHBoxLayout(this);
  columns->setContentsMargins(6, 6, 8, 6);
  columns->setSpacing(4);
  more_ = new QToolButton;
  more_->setObjectName(QStringLiteral("showReplace"));
  more_->setToolTip(tr("Show or hide replacing"));
  more_->setAccessibleName(tr("Show or hide replacing"));
  more_->setCheckable(true);
  connect(more_, &QToolButton::toggled, this, &FindBar::showReplace);
  columns->addWidget(more_, 0, Qt::AlignTop);
  auto* rows = new QVBoxLayout;
  rows->setSpacing(5);
  columns->addLayout(rows, 1);
  rows->addWidget(makeFindRow());
  rows->addWidget(makeReplaceRow());
  find_->installEventFilter(this);
  due_.setSingleShot(true);
  due_.setInterval(recount_pause);
  connect(&due_, &QTimer::timeout, this, &FindBar::recount);
  // Not what Scintilla tells of changes: marking hits is one to it.
  const auto soon = [this] {
    if (isVisible()) due_.start();
  };
  connect(editor_, &CodeEditor::edited, this, soon);
  connect(editor_, &CodeEditor::changedByOthers, this, soon);
  connect(editor_, &CodeEditor::textLoaded, this, soon);
  showReplace(false);
  hide();
}

QToolButton* FindBar::addTool(QHBoxLayout* row, const QString& name, const QString& tip) {
  auto* button = new QToolButton;
  button->setObjectName(name);
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setFocusPolicy(Qt::TabFocus);
  row->addWidget(button);
  return button;
}

QToolButton* FindBar::addToggle(QHBoxLayout* row, const QString& name, const QString& text,
                                const QString& tip, const QKeySequence& key) {
  auto* button =
      addTool(row, name, QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)));
  button->setText(text);
  button->setAccessibleName(tip);
  button->setCheckable(true);
  button->setProperty("keys", key.toString(QKeySequence::PortableText));
  return button;
}

QWidget* FindBar::makeFindRow() {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  find_ = new QLineEdit;
  find_->setObjectName(QStringLiteral("findText"));
  find_->setPlaceholderText(tr("Find"));
  find_->setAccessibleName(tr("Find"));
  find_->setMaximumWidth(widest_field);
  row->addWidget(find_, 3);
  case_ = addToggle(row, QStringLiteral("matchCase"), QStringLiteral("Aa"), tr("Match case"),
                    QKeySequence(Qt::ALT | Qt::Key_C));
  words_ = addToggle(row, QStringLiteral("wholeWords"), QStringLiteral("“w”"), tr("Whole words"),
                     QKeySequence(Qt::ALT | Qt::Key_W));
  expression_ = addToggle(row, QStringLiteral("regularExpression"), QStringLiteral(".*"),
                          tr("Regular expression"), QKeySequence(Qt::ALT | Qt::Key_R));
  for (auto* button : {case_, words_, expression_})
    connect(button, &QToolButton::toggled, this, &FindBar::typed);
  scope_ = addToggle(row, QStringLiteral("inSelection"), QStringLiteral("≡"), tr("Only in what is selected"),
                     QKeySequence(Qt::ALT | Qt::Key_L));
  connect(scope_, &QToolButton::toggled, this, [this](bool on) {
    editor_->setSearchScope(on);
    recount();
  });
  auto* previous = addTool(row, QStringLiteral("findPrevious"), tr("Previous (Shift+Enter)"));
  previous->setIcon(Theme::icon(QStringLiteral("go-up")));
  connect(previous, &QToolButton::clicked, this, [this] { findNext(false); });
  auto* next = addTool(row, QStringLiteral("findNext"), tr("Next (Enter)"));
  next->setIcon(Theme::icon(QStringLiteral("go-down")));
  connect(next, &QToolButton::clicked, this, [this] { findNext(true); });
  count_ = new QLabel;
  count_->setObjectName(QStringLiteral("findCount"));
  count_->setTextFormat(Qt::PlainText);
  count_->setProperty("role", QStringLiteral("muted"));
  count_->setMinimumWidth(70);
  count_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // what is wrong may be long
  row->addWidget(count_, 1);
  auto* shut = addTool(row, QStringLiteral("closeFind"), tr("Close (Escape)"));
  shut->setIcon(Theme::icon(QStringLiteral("window-close")));
  connect(shut, &QToolButton::clicked, this, [this] { close(); });
  connect(find_, &QLineEdit::textChanged, this, &FindBar::typed);
  return line;
}

QWidget* FindBar::makeReplaceRow() {
  replaceRow_ = new QWidget;
  auto* row = new QHBoxLayout(replaceRow_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  replace_ = new QLineEdit;
  replace_->setObjectName(QStringLiteral("replaceText"));
  replace_->setPlaceholderText(tr("Replace with"));
  replace_->setAccessibleName(tr("Replace with"));
  replace_->setMaximumWidth(widest_field);
  row->addWidget(replace_, 3);
  preserve_ = addToggle(row, QStringLiteral("preserveCase"), QStringLiteral("AB"), tr("Keep the case"),
                        QKeySequence(Qt::ALT | Qt::Key_P));
  auto* one = new QPushButton(tr("Replace"));
  auto* all = new QPushButton(tr("Replace All"));
  one->setObjectName(QStringLiteral("replaceOne"));
  all->setObjectName(QStringLiteral("replaceAll"));
  all->setToolTip(tr("Ctrl+Alt+Enter"));
  connect(one, &QPushButton::clicked, this, [this] {
    remember();
    editor_->replaceNext(search(), replace_->text());
    recount();
  });
  connect(all, &QPushButton::clicked, this, [this] {
    remember();
    const int count = editor_->replaceAll(search(), replace_->text());
    editor_->markHits({});
    due_.stop();
    count_->setText(tr("%n replaced", nullptr, count));
  });
  row->addWidget(one);
  row->addWidget(all);
  row->addStretch(1);
  replace_->installEventFilter(this);
  return replaceRow_;
}

QString FindBar::told() const { return count_->text(); }

CodeEditor::Search FindBar::search() const {
  return {find_->text(),          case_->isChecked(), words_->isChecked(), expression_->isChecked(),
          preserve_->isChecked(), scope_->isChecked()};
}

void FindBar::showReplace(bool shown) {
  const bool there = shown && !editor_->isReadOnly();
  replaceRow_->setVisible(there);
  const QSignalBlocker quiet(more_);
  more_->setChecked(there);
  more_->setIcon(Theme::icon(there ? QStringLiteral("go-down") : QStringLiteral("go-next")));
}

void FindBar::open(bool withReplace) {
  const auto selected = editor_->selectedText();
  if (!selected.isEmpty() && !selected.contains(QLatin1Char('\n'))) {
    const QSignalBlocker quiet(find_);
    find_->setText(expression_->isChecked() ? QRegularExpression::escape(selected) : selected);
  }
  showReplace(withReplace || (isVisible() && replaceRow_->isVisible()));
  show();
  find_->setFocus();
  find_->selectAll();
  recount();
}

void FindBar::findNext(bool forward) {
  remember();
  editor_->findNext(search(), forward);
  recount();
}

void FindBar::typed() {
  if (!isVisible()) return;
  editor_->findNext(search(), true, true);
  recount();
}

void FindBar::recount() {
  due_.stop();
  const auto problem = find_->text().isEmpty() ? QString() : CodeEditor::searchProblem(search());
  const auto show = [this, problem](const CodeEditor::HitCount& hits) {
    const bool typed = !find_->text().isEmpty();
    find_->setProperty("invalid", typed && hits.count == 0);
    find_->style()->unpolish(find_);
    find_->style()->polish(find_);
    const auto count = hits.more ? tr("%1+").arg(hits.count) : QString::number(hits.count);
    count_->setText(!problem.isEmpty()  ? problem
                    : !typed            ? QString()
                    : hits.count == 0   ? tr("No result")
                    : hits.selected > 0 ? tr("%1 of %2").arg(hits.selected).arg(count)
                    : hits.count == 1   ? tr("1 result")
                                        : tr("%1 results").arg(count));
  };
  count_->setToolTip(client::plain_tip(problem));
  editor_->markHits(search(), show);
}

void FindBar::remember() {
  const auto text = find_->text();
  if (text.isEmpty()) return;
  history_.removeAll(text);
  history_.append(text);
  if (history_.size() > most_searches) history_.removeFirst();
  place_ = history_.size() - 1;
}

void FindBar::stepHistory(int by) {
  if (history_.isEmpty()) return;
  place_ = std::clamp<qsizetype>(place_ + by, 0, history_.size() - 1);
  find_->setText(history_[place_]);
}

void FindBar::close() {
  editor_->markHits({});
  scope_->setChecked(false);
  editor_->setSearchScope(false);
  hide();
  editor_->setFocus();
}

bool FindBar::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  // A field would take Return whatever is held with it.
  const auto* pressed = static_cast<QKeyEvent*>(event);
  const auto key = pressed->key();
  if ((key == Qt::Key_Return || key == Qt::Key_Enter) && returned(watched, pressed->modifiers())) return true;
  if (watched == find_ && (key == Qt::Key_Up || key == Qt::Key_Down))
    return stepHistory(key == Qt::Key_Up ? -1 : 1), true;
  return QFrame::eventFilter(watched, event);
}

bool FindBar::returned(const QObject* field, Qt::KeyboardModifiers modifiers) {
  modifiers &= ~Qt::KeypadModifier;
  const auto click = [this](const char* name) {
    auto* button = findChild<QPushButton*>(QLatin1String(name));
    if (button->isVisible()) button->click();
    return true;
  };
  if (modifiers == (Qt::ControlModifier | Qt::AltModifier)) return click("replaceAll");
  if (modifiers == Qt::AltModifier) {
    if (editor_->selectAllHits(search()) > 0) close();
    return true;
  }
  if (field == replace_) return modifiers == Qt::NoModifier && click("replaceOne");
  if (modifiers != Qt::NoModifier && modifiers != Qt::ShiftModifier) return false;
  findNext(modifiers == Qt::NoModifier);
  return true;
}

void FindBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return close();
  const auto pressed = QKeySequence(event->keyCombination()).toString(QKeySequence::PortableText);
  for (auto* toggle : {case_, words_, expression_, scope_, preserve_})
    if (toggle->property("keys").toString() == pressed) return toggle->toggle();
  QFrame::keyPressEvent(event);
}

}  // namespace berth::desktop

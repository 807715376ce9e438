// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/find_bar.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

FindBar::FindBar(CodeEditor* editor, QWidget* parent)
    : QFrame(parent),
      editor_(editor),
      find_(new QLineEdit),
      replace_(new QLineEdit),
      replaceRow_(new QWidget),
      count_(new QLabel) {
  setObjectName(QStringLiteral("findBar"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 6, 8, 6);
  layout->setSpacing(5);
  auto* row = new QHBoxLayout;
  row->setSpacing(4);
  find_->setPlaceholderText(tr("Find"));
  find_->setMaximumWidth(360);
  row->addWidget(find_, 3);
  const auto toggle = [&](const QString& text, const QString& tip) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(true);
    connect(button, &QToolButton::toggled, this, &FindBar::typed);
    row->addWidget(button);
    return button;
  };
  case_ = toggle(QStringLiteral("Aa"), tr("Match case"));
  words_ = toggle(QStringLiteral("“w”"), tr("Whole words"));
  expression_ = toggle(QStringLiteral(".*"), tr("Regular expression"));
  const auto tool = [&](const char* icon, const QString& tip, auto run) {
    auto* button = new QToolButton;
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    connect(button, &QToolButton::clicked, this, run);
    row->addWidget(button);
  };
  tool("go-up", tr("Previous (Shift+Enter)"), [this] { findNext(false); });
  tool("go-down", tr("Next (Enter)"), [this] { findNext(true); });
  count_->setProperty("role", QStringLiteral("muted"));
  count_->setMinimumWidth(70);
  row->addWidget(count_);
  row->addStretch(1);
  tool("window-close", tr("Close (Escape)"), [this] { close(); });
  layout->addLayout(row);

  auto* second = new QHBoxLayout(replaceRow_);
  second->setContentsMargins(0, 0, 0, 0);
  second->setSpacing(6);
  replace_->setPlaceholderText(tr("Replace with"));
  replace_->setMaximumWidth(360);
  second->addWidget(replace_, 3);
  auto* one = new QPushButton(tr("Replace"));
  auto* all = new QPushButton(tr("Replace All"));
  all->setObjectName(QStringLiteral("replaceAll"));
  connect(one, &QPushButton::clicked, this, [this] {
    editor_->replaceNext(search(), replace_->text());
    refreshCount();
  });
  connect(all, &QPushButton::clicked, this, [this] {
    const int count = editor_->replaceAll(search(), replace_->text());
    editor_->markHits({});
    count_->setText(tr("%n replaced", nullptr, count));
  });
  second->addWidget(one);
  second->addWidget(all);
  second->addStretch(1);
  layout->addWidget(replaceRow_);

  connect(find_, &QLineEdit::textChanged, this, &FindBar::typed);
  connect(find_, &QLineEdit::returnPressed, this, [this] { findNext(true); });
  connect(replace_, &QLineEdit::returnPressed, this, [one] { one->click(); });
  hide();
}

CodeEditor::Search FindBar::search() const {
  return {find_->text(), case_->isChecked(), words_->isChecked(), expression_->isChecked()};
}

void FindBar::open(bool withReplace) {
  const auto selected = editor_->selectedText();
  if (!selected.isEmpty() && !selected.contains(QLatin1Char('\n'))) find_->setText(selected);
  replaceRow_->setVisible(withReplace && !editor_->isReadOnly());
  show();
  find_->setFocus();
  find_->selectAll();
  refreshCount();
}

void FindBar::findNext(bool forward) {
  editor_->findNext(search(), forward);
  refreshCount();
}

void FindBar::typed() {
  if (!isVisible()) return;
  const bool found = editor_->findNext(search(), true, true);
  find_->setProperty("invalid", !found && !find_->text().isEmpty());
  find_->style()->unpolish(find_);
  find_->style()->polish(find_);
  refreshCount();
}

void FindBar::refreshCount() {
  const int count = editor_->markHits(search());
  count_->setText(find_->text().isEmpty() ? QString()
                  : count == 0            ? tr("No result")
                  : count == 1            ? tr("1 result")
                                          : tr("%n results", nullptr, count));
}

void FindBar::close() {
  editor_->markHits({});
  hide();
  editor_->setFocus();
}

void FindBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return close();
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
      event->modifiers() & Qt::ShiftModifier)
    return findNext(false);
  QFrame::keyPressEvent(event);
}

}  // namespace berth::desktop

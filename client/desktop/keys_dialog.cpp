// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/keys_dialog.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/key_chords.hpp"

namespace berth::desktop {
namespace {

QString words_of_keys(const QList<QKeySequence>& keys) {
  QStringList words;
  for (const auto& key : keys) words.append(key.toString(QKeySequence::NativeText));
  return words.join(QStringLiteral(", "));
}

}  // namespace

KeysDialog::KeysDialog(QWidget* parent)
    : QDialog(parent),
      find_(new QLineEdit),
      list_(new QTreeWidget),
      key_(new QKeySequenceEdit),
      set_(new QPushButton(tr("Use This Key"))),
      none_(new QPushButton(tr("No Key"))),
      usual_(new QPushButton(tr("As It Was"))),
      told_(new QLabel) {
  setObjectName(QStringLiteral("keysDialog"));
  setWindowTitle(tr("Keys"));
  resize(620, 620);
  // Commands are known from the first editor on.
  if (!KeyBindings::instance()->isKnown(QStringLiteral("toggle_word_wrap"))) {
    CodeEditor unseen;
    add_editor_features(&unseen);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 18, 22, 18);
  column->setSpacing(10);
  auto* title = new QLabel(tr("Keys"));
  title->setProperty("role", QStringLiteral("title"));
  column->addWidget(title);
  find_->setObjectName(QStringLiteral("findKey"));
  find_->setPlaceholderText(tr("Find a command or a key"));
  find_->setAccessibleName(find_->placeholderText());
  find_->setClearButtonEnabled(true);
  column->addWidget(find_);
  list_->setObjectName(QStringLiteral("keys"));
  list_->setAccessibleName(tr("Commands and their keys"));
  list_->setHeaderLabels({tr("Command"), tr("Keys")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  list_->header()->setStretchLastSection(false);
  column->addWidget(list_, 1);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  key_->setObjectName(QStringLiteral("newKey"));
  key_->setMaximumSequenceLength(1);
  key_->setClearButtonEnabled(true);
  key_->setAccessibleName(tr("New key"));
  set_->setObjectName(QStringLiteral("setKey"));
  none_->setObjectName(QStringLiteral("noKey"));
  usual_->setObjectName(QStringLiteral("usualKey"));
  row->addWidget(key_, 1);
  for (auto* button : {set_, none_, usual_}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  column->addLayout(row);
  told_->setObjectName(QStringLiteral("keyTold"));
  told_->setTextFormat(Qt::PlainText);
  told_->setWordWrap(true);
  told_->setProperty("role", QStringLiteral("muted"));
  told_->setMinimumHeight(told_->fontMetrics().lineSpacing());
  column->addWidget(told_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  auto* done = new QPushButton(tr("Done"));
  done->setAutoDefault(false);
  connect(done, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(done);
  column->addLayout(buttons);
  connect(find_, &QLineEdit::textChanged, this, &KeysDialog::refresh);
  connect(list_, &QTreeWidget::currentItemChanged, this, [this] { showCommand(current()); });
  connect(key_, &QKeySequenceEdit::keySequenceChanged, this, [this] { showCommand(current()); });
  connect(set_, &QPushButton::clicked, this, &KeysDialog::take);
  connect(none_, &QPushButton::clicked, this, [this] { KeyBindings::instance()->setKeys(current(), {}); });
  connect(usual_, &QPushButton::clicked, this, [this] { KeyBindings::instance()->reset(current()); });
  connect(KeyBindings::instance(), &KeyBindings::changed, this, &KeysDialog::refresh);
  refresh();
  find_->setFocus();
}

QString KeysDialog::current() const {
  const auto* item = list_->currentItem();
  return item ? item->data(0, Qt::UserRole).toString() : QString();
}

void KeysDialog::refresh() {
  const auto kept = current();
  auto* bindings = KeyBindings::instance();
  const QSignalBlocker blocker(list_);
  list_->clear();
  for (const auto& [id, title, usual] : bindings->entries()) {
    const auto keys = words_of_keys(bindings->keys(id));
    if (!title.contains(find_->text(), Qt::CaseInsensitive) &&
        !keys.contains(find_->text(), Qt::CaseInsensitive))
      continue;
    auto* item = new QTreeWidgetItem(list_, {title, keys});
    item->setData(0, Qt::UserRole, id);
    auto font = item->font(1);
    font.setBold(!bindings->isUsual(id));
    item->setFont(1, font);
    if (id == kept) list_->setCurrentItem(item);
  }
  if (!list_->currentItem() && list_->topLevelItemCount() > 0) list_->setCurrentItem(list_->topLevelItem(0));
  showCommand(current());
}

void KeysDialog::showCommand(const QString& id) {
  const auto key = key_->keySequence();
  auto* bindings = KeyBindings::instance();
  const auto other = key.isEmpty() ? QString() : bindings->commandOf(key);
  const bool possible = !chord_text(key).isEmpty();
  set_->setEnabled(!id.isEmpty() && possible && other != id);
  none_->setEnabled(!id.isEmpty() && !bindings->keys(id).isEmpty());
  usual_->setEnabled(!id.isEmpty() && !bindings->isUsual(id));
  QString text;
  if (key.isEmpty()) text = tr("Press a key in the field to give it to the command.");
  for (const auto& entry : bindings->entries())
    if (entry.id == other)
      text = other == id ? tr("It has this key.") : tr("“%1” has this key and loses it.").arg(entry.title);
  if (!key.isEmpty() && !possible) text = tr("This key can't be given to a command on all your devices.");
  told_->setText(text);
}

/// A key belongs to one command: the other one loses it.
void KeysDialog::take() {
  const auto id = current();
  const auto key = key_->keySequence();
  if (id.isEmpty() || chord_text(key).isEmpty()) return;
  auto* bindings = KeyBindings::instance();
  // What another command has only because it is usual there it loses by itself, in the web as well.
  if (const auto other = bindings->commandOf(key); !other.isEmpty() && !bindings->isUsual(other)) {
    auto left = bindings->keys(other);
    left.removeAll(key);
    bindings->setKeys(other, left);
  }
  bindings->setKeys(id, {key});
  key_->clear();
}

}  // namespace berth::desktop

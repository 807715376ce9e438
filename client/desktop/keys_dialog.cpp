// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/keys_dialog.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "client/core/plain_tip.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/key_field.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

QString words_of_keys(const QList<QKeySequence>& keys) {
  QStringList words;
  for (const auto& key : keys) words.append(key.toString(QKeySequence::NativeText));
  return words.join(QStringLiteral("   "));
}

QString words_of_chord(const QString& chord) {
  const auto keys = keys_of_chord(chord);
  return keys.isEmpty() ? chord : keys.constFirst().toString(QKeySequence::NativeText);
}

/// `possible`: the command does not have the key yet, but may get it.
QString words_of_conflict(const KeyConflict& conflict, bool possible) {
  switch (conflict.kind) {
    case KeyConflict::Kind::same:
      return possible ? KeysDialog::tr("“%1” has this key and loses it.").arg(conflict.title)
                      : KeysDialog::tr("“%1” has the same key.").arg(conflict.title);
    case KeyConflict::Kind::begins_other:
      return KeysDialog::tr("“%1” (%2) begins with this key and is not reached any more.")
          .arg(conflict.title, words_of_chord(conflict.chord));
    case KeyConflict::Kind::begun_by_other:
      return KeysDialog::tr("“%1” is done at the first key (%2).")
          .arg(conflict.title, words_of_chord(conflict.chord));
  }
  return {};
}

}  // namespace

KeysDialog::KeysDialog(QWidget* parent)
    : QDialog(parent),
      find_(new QLineEdit),
      pressed_(new KeyField(tr("Press the keys to find"))),
      search_(new QStackedWidget),
      by_key_(new QToolButton),
      conflicts_(new QPushButton),
      list_(new QTreeWidget),
      key_(new KeyField(tr("New key: press one, or two in a row"))),
      set_(new QPushButton(tr("Use This Key"))),
      add_(new QPushButton(tr("Add It"))),
      none_(new QPushButton(tr("No Key"))),
      usual_(new QPushButton(tr("As It Was"))),
      told_(new QLabel) {
  setObjectName(QStringLiteral("keysDialog"));
  setWindowTitle(tr("Keys"));
  resize(680, 640);
  know_editor_commands();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 18, 22, 18);
  column->setSpacing(10);
  auto* title = new QLabel(tr("Keys"));
  title->setProperty("role", QStringLiteral("title"));
  column->addWidget(title);
  column->addLayout(makeSearch());
  list_->setObjectName(QStringLiteral("keys"));
  list_->setAccessibleName(tr("Commands and their keys"));
  list_->setHeaderLabels({tr("Command"), tr("Keys")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->setTextElideMode(Qt::ElideMiddle);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  list_->header()->setStretchLastSection(false);
  column->addWidget(list_, 1);
  column->addLayout(makeChoice());
  told_->setObjectName(QStringLiteral("keyTold"));
  told_->setTextFormat(Qt::PlainText);
  told_->setWordWrap(true);
  told_->setProperty("role", QStringLiteral("muted"));
  told_->setMinimumHeight(told_->fontMetrics().lineSpacing() * 2);
  told_->setAlignment(Qt::AlignTop);
  column->addWidget(told_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  auto* done = new QPushButton(tr("Done"));
  done->setAutoDefault(false);
  connect(done, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(done);
  column->addLayout(buttons);
  connect(list_, &QTreeWidget::currentItemChanged, this, &KeysDialog::showCommand);
  connect(list_, &QTreeWidget::itemActivated, key_, [this] { key_->setFocus(Qt::OtherFocusReason); });
  connect(KeyBindings::instance(), &KeyBindings::changed, this, &KeysDialog::refresh);
  refresh();
  find_->setFocus();
}

QLayout* KeysDialog::makeSearch() {
  find_->setObjectName(QStringLiteral("findKey"));
  find_->setPlaceholderText(tr("Find a command or a key"));
  find_->setAccessibleName(find_->placeholderText());
  find_->setClearButtonEnabled(true);
  pressed_->setObjectName(QStringLiteral("pressedKey"));
  search_->addWidget(find_);
  search_->addWidget(pressed_);
  search_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  by_key_->setObjectName(QStringLiteral("findByKey"));
  by_key_->setIcon(Theme::icon(QStringLiteral("input-keyboard")));
  by_key_->setCheckable(true);
  by_key_->setToolTip(tr("Find by pressing keys"));
  by_key_->setAccessibleName(by_key_->toolTip());
  by_key_->setFocusPolicy(Qt::StrongFocus);
  conflicts_->setObjectName(QStringLiteral("keyConflicts"));
  conflicts_->setCheckable(true);
  conflicts_->setAutoDefault(false);
  conflicts_->setIcon(Theme::icon(QStringLiteral("data-warning"), Theme::Tint::warning));
  conflicts_->setToolTip(tr("Show only commands whose keys are in each other's way"));
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(search_, 1);
  row->addWidget(by_key_);
  row->addWidget(conflicts_);
  connect(find_, &QLineEdit::textChanged, this, &KeysDialog::refresh);
  connect(pressed_, &KeyField::keySequenceChanged, this, &KeysDialog::refresh);
  connect(pressed_, &KeyField::taken, list_, [this] { list_->setFocus(Qt::OtherFocusReason); });
  connect(by_key_, &QToolButton::toggled, this, &KeysDialog::searchByKey);
  connect(conflicts_, &QPushButton::toggled, this, &KeysDialog::refresh);
  return row;
}

QLayout* KeysDialog::makeChoice() {
  auto* choice = new QVBoxLayout;
  choice->setSpacing(8);
  choice->addWidget(key_);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  key_->setObjectName(QStringLiteral("newKey"));
  key_->setAccessibleName(tr("New key"));
  set_->setObjectName(QStringLiteral("setKey"));
  add_->setObjectName(QStringLiteral("addKey"));
  add_->setToolTip(tr("The command keeps the keys that it has"));
  none_->setObjectName(QStringLiteral("noKey"));
  usual_->setObjectName(QStringLiteral("usualKey"));
  for (auto* button : {set_, add_, none_, usual_}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  row->addStretch();
  choice->addLayout(row);
  connect(key_, &KeyField::keySequenceChanged, this, &KeysDialog::showCommand);
  connect(key_, &KeyField::taken, this, [this] { take(false); });
  connect(set_, &QPushButton::clicked, this, [this] { take(false); });
  connect(add_, &QPushButton::clicked, this, [this] { take(true); });
  connect(none_, &QPushButton::clicked, this, [this] { KeyBindings::instance()->setKeys(current(), {}); });
  connect(usual_, &QPushButton::clicked, this, [this] { KeyBindings::instance()->reset(current()); });
  return choice;
}

QString KeysDialog::current() const {
  const auto* item = list_->currentItem();
  return item ? item->data(0, Qt::UserRole).toString() : QString();
}

void KeysDialog::searchByKey(bool pressed) {
  search_->setCurrentWidget(pressed ? static_cast<QWidget*>(pressed_) : find_);
  search_->currentWidget()->setFocus(Qt::OtherFocusReason);
  refresh();
}

void KeysDialog::refresh() {
  const auto kept = current();
  auto* bindings = KeyBindings::instance();
  std::vector<QList<QKeySequence>> keys;
  all_.clear();
  for (const auto& entry : bindings->entries()) {
    keys.push_back(bindings->keys(entry.id));
    CommandKeys one{entry.id, entry.title, {}};
    for (const auto& key : keys.back())
      if (const auto chord = chord_text(key); !one.chords.contains(chord)) one.chords.append(chord);
    all_.push_back(std::move(one));
  }
  const auto in_conflict = commands_in_conflict(all_);
  conflicts_->setText(tr("%n commands in conflict", nullptr, static_cast<int>(in_conflict.size())));
  conflicts_->setVisible(!in_conflict.isEmpty());
  const bool only_conflicts = conflicts_->isChecked() && !in_conflict.isEmpty();
  const bool by_key = by_key_->isChecked();
  const auto pressed = chord_text(pressed_->keySequence());
  const auto is_shown = [&](const CommandKeys& one, const QString& words) {
    if (only_conflicts && !in_conflict.contains(one.id)) return false;
    if (by_key)
      return pressed_->keySequence().isEmpty() || std::ranges::any_of(one.chords, [&](const auto& chord) {
               return chord_begins_with(chord, pressed);
             });
    return one.title.contains(find_->text(), Qt::CaseInsensitive) ||
           words.contains(find_->text(), Qt::CaseInsensitive) ||
           one.chords.contains(find_->text().simplified().toLower());
  };
  {
    const QSignalBlocker blocker(list_);
    list_->clear();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto& one = all_[i];
      const auto words = words_of_keys(keys[i]);
      if (!is_shown(one, words)) continue;
      auto* item = new QTreeWidgetItem(list_, {one.title, words});
      item->setData(0, Qt::UserRole, one.id);
      auto font = item->font(1);
      font.setBold(!bindings->isUsual(one.id));
      item->setFont(1, font);
      if (in_conflict.contains(one.id)) {
        QStringList sentences;
        for (const auto& chord : one.chords)
          for (const auto& conflict : key_conflicts(all_, one.id, chord))
            sentences.append(words_of_conflict(conflict, false));
        item->setIcon(0, Theme::icon(QStringLiteral("data-warning"), Theme::Tint::warning));
        for (const int part : {0, 1}) item->setToolTip(part, client::plain_tip(sentences.join(u'\n')));
        item->setData(0, Qt::AccessibleDescriptionRole, sentences.join(u' '));
      }
      if (one.id == kept) list_->setCurrentItem(item);
    }
    if (!list_->currentItem() && list_->topLevelItemCount() > 0)
      list_->setCurrentItem(list_->topLevelItem(0));
  }
  showCommand();
}

void KeysDialog::showCommand() {
  const auto id = current();
  const auto key = key_->keySequence();
  const auto chord = chord_text(key);
  auto* bindings = KeyBindings::instance();
  const auto has = id.isEmpty() ? QList<QKeySequence>() : bindings->keys(id);
  const bool has_it =
      std::ranges::any_of(has, [&](const auto& one) { return !key.isEmpty() && chord_text(one) == chord; });
  set_->setEnabled(!id.isEmpty() && !chord.isEmpty() && (!has_it || has.size() > 1));
  add_->setEnabled(!id.isEmpty() && !chord.isEmpty() && !has_it && !has.isEmpty());
  none_->setEnabled(!has.isEmpty());
  usual_->setEnabled(!id.isEmpty() && !bindings->isUsual(id));
  QStringList sentences;
  bool warns = false;
  if (!key.isEmpty() && chord.isEmpty()) {
    sentences.append(tr("This key can't be given to a command on all your devices."));
    warns = true;
  } else if (!key.isEmpty()) {
    if (has_it) sentences.append(tr("It has this key."));
    for (const auto& conflict : key_conflicts(all_, id, chord)) {
      sentences.append(words_of_conflict(conflict, !has_it));
      warns = true;
    }
    if (sentences.isEmpty()) sentences.append(tr("Nothing else has this key."));
  } else {
    for (const auto& one : has)
      for (const auto& conflict : key_conflicts(all_, id, chord_text(one)))
        sentences.append(words_of_conflict(conflict, false));
    warns = !sentences.isEmpty();
    if (!warns) sentences.append(tr("Press a key in the field to give it to the command."));
  }
  told_->setText(sentences.join(u'\n'));
  const auto role = warns ? QStringLiteral("warning") : QStringLiteral("muted");
  if (told_->property("role") != role) {
    told_->setProperty("role", role);
    told_->style()->unpolish(told_);
    told_->style()->polish(told_);
  }
}

/// A key belongs to one command: the other one loses it.
void KeysDialog::take(bool beside) {
  const auto id = current();
  const auto key = key_->keySequence();
  const auto chord = chord_text(key);
  if (id.isEmpty() || chord.isEmpty()) return;
  auto* bindings = KeyBindings::instance();
  // What another command has only because it is usual there it loses by itself, in the web as well.
  for (const auto& other : std::vector<CommandKeys>(all_)) {
    if (other.id == id || !other.chords.contains(chord) || bindings->isUsual(other.id)) continue;
    auto left = bindings->keys(other.id);
    left.removeIf([&](const QKeySequence& one) { return chord_text(one) == chord; });
    bindings->setKeys(other.id, left);
  }
  auto keys = beside ? bindings->keys(id) : QList<QKeySequence>();
  keys.append(key);
  bindings->setKeys(id, keys);
  key_->setKeySequence({});
}

}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_commands.hpp"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QSettings>
#include <algorithm>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/tab_views.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_keys = 4;  // of one command, as in the web

QString keys_setting(const QString& id) { return QStringLiteral("keys/") + id; }

QList<QKeySequence> keys_of_chords(const QVariant& chosen) {
  QList<QKeySequence> keys;
  for (const auto& text : chosen.toStringList()) keys += keys_of_chord(text);
  return keys;
}

}  // namespace

KeyBindings* KeyBindings::instance() {
  static QPointer<KeyBindings> one;
  if (!one) {
    one = new KeyBindings;
    one->setParent(QCoreApplication::instance());
    add_window_commands(one);
    add_tab_commands(one);
  }
  return one;
}

void KeyBindings::add(const QString& id, const QString& title, const QList<QKeySequence>& usual) {
  if (std::ranges::find(entries_, id, &Entry::id) == entries_.end()) entries_.push_back({id, title, usual});
}

bool KeyBindings::isKnown(const QString& id) const {
  return std::ranges::find(entries_, id, &Entry::id) != entries_.end();
}

QString KeyBindings::title(const QString& id) const {
  const auto known = std::ranges::find(entries_, id, &Entry::id);
  return known == entries_.end() ? QString() : known->title;
}

QList<QKeySequence> KeyBindings::keys(const QString& id) const {
  if (const auto chosen = QSettings().value(keys_setting(id)); chosen.isValid())
    return keys_of_chords(chosen);
  const auto known = std::ranges::find(entries_, id, &Entry::id);
  if (known == entries_.end()) return {};
  // What the person chose counts before what is usual.
  auto keys = known->usual;
  QSettings settings;
  settings.beginGroup(QStringLiteral("keys"));
  for (const auto& other : settings.childKeys()) {
    if (!isKnown(other)) continue;
    for (const auto& taken : keys_of_chords(settings.value(other))) keys.removeAll(taken);
  }
  return keys;
}

bool KeyBindings::isUsual(const QString& id) const { return !QSettings().contains(keys_setting(id)); }

void KeyBindings::setKeys(const QString& id, const QList<QKeySequence>& keys) {
  QStringList texts;
  for (const auto& key : keys)
    if (const auto text = chord_text(key); !text.isEmpty() && !texts.contains(text)) texts.append(text);
  texts = texts.first(std::min(most_keys, texts.size()));
  // An empty list is written as such: QSettings reads one without entries back as no list.
  RoamingSettings::choose(keys_setting(id), texts.isEmpty() ? QVariant(QString()) : QVariant(texts));
  Q_EMIT changed();
}

void KeyBindings::reset(const QString& id) {
  RoamingSettings::choose(keys_setting(id), {});
  Q_EMIT changed();
}

QString KeyBindings::commandOf(const QKeySequence& key) const {
  for (const auto& entry : entries_)
    if (keys(entry.id).contains(key)) return entry.id;
  return {};
}

EditorCommands* EditorCommands::of(CodeEditor* editor) {
  if (auto* known = editor->findChild<EditorCommands*>(Qt::FindDirectChildrenOnly)) return known;
  return new EditorCommands(editor);
}

EditorCommands::EditorCommands(CodeEditor* editor) : QObject(editor), editor_(editor) {
  editor->installEventFilter(this);
  connect(KeyBindings::instance(), &KeyBindings::changed, this, [this] {
    for (auto& command : all_) command.keys = KeyBindings::instance()->keys(command.id);
  });
}

void EditorCommands::add(EditorCommand command) {
  auto* bindings = KeyBindings::instance();
  bindings->add(command.id, command.title, command.keys);
  command.keys = bindings->keys(command.id);
  all_.push_back(std::move(command));
}

bool EditorCommands::run(const QString& id) {
  const auto command = std::ranges::find(all_, id, &EditorCommand::id);
  if (command == all_.end()) return false;
  if (const auto reason = refusal(id); !reason.isEmpty()) {
    Q_EMIT refused(reason);
    return false;
  }
  editor_->flushEdits();
  const auto work = command->run;  // a command may make others known
  work();
  editor_->flushEdits();
  return true;
}

QString EditorCommands::refusal(const QString& id) const {
  const auto command = std::ranges::find(all_, id, &EditorCommand::id);
  if (command == all_.end()) return {};
  if (command->changes && editor_->isReadOnly()) return tr("This text can't be changed.");
  return command->refusal ? command->refusal() : QString();
}

const EditorCommand* EditorCommands::commandOf(const QKeySequence& keys) const {
  for (const auto& command : all_)
    if (command.keys.contains(keys)) return &command;
  return nullptr;
}

bool EditorCommands::begins(QKeyCombination key) const {
  const auto is_first = [key](const QKeySequence& keys) { return keys.count() == 2 && keys[0] == key; };
  if (std::ranges::any_of(
          all_, [&](const EditorCommand& command) { return std::ranges::any_of(command.keys, is_first); }))
    return true;
  // The window's, too: which of the two is meant shows with the second key only.
  const auto actions = editor_->window()->actions();
  return std::ranges::any_of(actions, [&](const QAction* action) {
    const auto keys = action->shortcuts();
    return std::ranges::any_of(keys, is_first);
  });
}

bool EditorCommands::runOfWindow(const QKeySequence& keys) {
  const auto actions = editor_->window()->actions();
  for (auto* action : actions)
    if (action->shortcuts().contains(keys)) {
      editor_->flushEdits();
      action->trigger();
      return true;
    }
  return false;
}

bool EditorCommands::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress)
    return QObject::eventFilter(watched, event);
  const auto* pressed = static_cast<QKeyEvent*>(event);
  if (pressed->key() >= Qt::Key_Shift && pressed->key() <= Qt::Key_ScrollLock)  // it only modifies
    return QObject::eventFilter(watched, event);
  const QKeyCombination key(pressed->modifiers() & ~Qt::KeypadModifier, Qt::Key(pressed->key()));
  const bool is_second = first_.has_value();
  const auto keys = is_second ? QKeySequence(*first_, key) : QKeySequence(key);
  const auto* command = commandOf(keys);
  const bool is_first = !command && !is_second && begins(key);
  if (event->type() == QEvent::KeyPress) {
    first_.reset();
    if (is_first) first_ = key;
  }
  if (command || is_first) {
    // Taken before the window's shortcuts, and before what Scintilla has for this key.
    event->accept();
    if (command && event->type() == QEvent::KeyPress) run(command->id);
    return true;
  }
  if (!is_second) return QObject::eventFilter(watched, event);
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();  // so that the second key comes as one, and calls no command of its own
    return true;
  }
  return runOfWindow(keys) || QObject::eventFilter(watched, event);
}

}  // namespace berth::desktop

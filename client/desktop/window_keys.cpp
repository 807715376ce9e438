// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/window_keys.hpp"

#include <QCoreApplication>
#include <QWidget>
#include <array>

#include "client/desktop/editor_commands.hpp"

namespace berth::desktop {
namespace {

struct WindowCommand {
  const char* id;  // the web's, or with a dot where the web has no such command
  const char* title;
  std::array<const char*, 3> keys;
};

constexpr std::array<WindowCommand, 20> window_commands{{
    {"quick_open", QT_TRANSLATE_NOOP("WindowKeys", "Open a File by Name"), {"Ctrl+P"}},
    {"run", QT_TRANSLATE_NOOP("WindowKeys", "Run or Stop"), {"F5"}},
    {"files.new", QT_TRANSLATE_NOOP("WindowKeys", "New File"), {"Ctrl+N"}},
    {"toggle_side_bar", QT_TRANSLATE_NOOP("WindowKeys", "Show or Hide the Files"), {"Ctrl+B"}},
    {"show_files", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Files"), {"Ctrl+Shift+E"}},
    {"focus_group_1", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Text"), {"Ctrl+1"}},
    {"toggle_panel", QT_TRANSLATE_NOOP("WindowKeys", "Show or Hide the Terminals"), {"Ctrl+J"}},
    {"toggle_terminal", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Terminal and Back"), {"Ctrl+`"}},
    // With Shift the key is another one on most keyboards.
    {"new_terminal",
     QT_TRANSLATE_NOOP("WindowKeys", "New Terminal"),
     {"Ctrl+Shift+T", "Ctrl+Shift+`", "Ctrl+Shift+~"}},
    {"next_tab", QT_TRANSLATE_NOOP("WindowKeys", "Next Tab"), {"Ctrl+PgDown", "Ctrl+Tab"}},
    {"previous_tab", QT_TRANSLATE_NOOP("WindowKeys", "Previous Tab"), {"Ctrl+PgUp", "Ctrl+Shift+Backtab"}},
    {"close_tab", QT_TRANSLATE_NOOP("WindowKeys", "Close Tab"), {"Ctrl+W"}},
    {"search.find", QT_TRANSLATE_NOOP("WindowKeys", "Find in the Text"), {"Ctrl+F"}},
    {"search.replace", QT_TRANSLATE_NOOP("WindowKeys", "Replace in the Text"), {"Ctrl+H"}},
    {"search.next", QT_TRANSLATE_NOOP("WindowKeys", "Find the Next Place"), {"F3"}},
    {"go_to_line", QT_TRANSLATE_NOOP("WindowKeys", "Go to Line"), {"Ctrl+G"}},
    {"symbols.go", QT_TRANSLATE_NOOP("WindowKeys", "Go to Symbol"), {"Ctrl+Shift+O"}},
    {"enlarge_font", QT_TRANSLATE_NOOP("WindowKeys", "Larger Text in the Editor"), {"Ctrl++", "Ctrl+="}},
    {"shrink_font", QT_TRANSLATE_NOOP("WindowKeys", "Smaller Text in the Editor"), {"Ctrl+-"}},
    {"font.usual", QT_TRANSLATE_NOOP("WindowKeys", "Text in the Editor as Large as Usual"), {"Ctrl+0"}},
}};

}  // namespace

void add_window_commands(KeyBindings* bindings) {
  for (const auto& command : window_commands) {
    QList<QKeySequence> keys;
    for (const char* key : command.keys)
      if (key) keys.append(QKeySequence(QString::fromLatin1(key), QKeySequence::PortableText));
    bindings->add(QString::fromLatin1(command.id), QCoreApplication::translate("WindowKeys", command.title),
                  keys);
  }
}

WindowKeys::WindowKeys(QWidget* window) : QObject(window), window_(window) {
  connect(KeyBindings::instance(), &KeyBindings::changed, this, [this] {
    for (const auto& id : all_.keys()) follow(id);
  });
}

void WindowKeys::add(const char* id, std::function<void()> run) {
  const auto name = QString::fromLatin1(id);
  all_[name] = std::move(run);
  follow(name);
}

void WindowKeys::follow(const QString& id) {
  auto* bindings = KeyBindings::instance();
  QList<QKeySequence> wanted;
  // Two shortcuts of one key would call nothing.
  for (const auto& key : bindings->keys(id))
    if (bindings->commandOf(key) == id) wanted.append(key);
  auto& made = shortcuts_[id];
  for (auto* shortcut : made) {
    if (wanted.removeAll(shortcut->key()) > 0) continue;
    shortcut->setEnabled(false);
    shortcut->deleteLater();  // this may be its own doing
    shortcut->setKey({});
  }
  made.removeIf([](const QShortcut* shortcut) { return shortcut->key().isEmpty(); });
  for (const auto& key : wanted) {
    auto* shortcut = new QShortcut(key, window_);
    connect(shortcut, &QShortcut::activated, this, [this, id] { all_.value(id)(); });
    made.append(shortcut);
  }
}

}  // namespace berth::desktop

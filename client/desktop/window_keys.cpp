// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/window_keys.hpp"

#include <QAction>
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

constexpr WindowCommand window_commands[]{
    {"show_commands", QT_TRANSLATE_NOOP("WindowKeys", "All Commands"), {"Ctrl+Shift+P", "F1"}},
    {"quick_open", QT_TRANSLATE_NOOP("WindowKeys", "Open a File by Name"), {"Ctrl+P", "Ctrl+E"}},
    {"run", QT_TRANSLATE_NOOP("WindowKeys", "Run or Stop"), {"F5"}},
    {"preview.open", QT_TRANSLATE_NOOP("WindowKeys", "Open the Preview in the Browser"), {}},
    {"files.new", QT_TRANSLATE_NOOP("WindowKeys", "New File"), {"Ctrl+N"}},
    {"files.upload", QT_TRANSLATE_NOOP("WindowKeys", "Upload Files"), {}},
    {"files.download_all", QT_TRANSLATE_NOOP("WindowKeys", "Download All"), {}},
    {"files.new_folder", QT_TRANSLATE_NOOP("WindowKeys", "New Folder"), {}},
    {"files.rename", QT_TRANSLATE_NOOP("WindowKeys", "Rename the Chosen File"), {}},
    {"files.duplicate", QT_TRANSLATE_NOOP("WindowKeys", "Duplicate the Chosen Files"), {}},
    {"files.delete", QT_TRANSLATE_NOOP("WindowKeys", "Move the Chosen Files to the Trash"), {}},
    {"files.undo", QT_TRANSLATE_NOOP("WindowKeys", "Take Back What Was Done to Files"), {}},
    {"files.filter", QT_TRANSLATE_NOOP("WindowKeys", "Filter the Files by Name"), {}},
    {"files.collapse_all", QT_TRANSLATE_NOOP("WindowKeys", "Close All Folders"), {}},
    {"files.reveal", QT_TRANSLATE_NOOP("WindowKeys", "Show the Open File in the Tree"), {}},
    {"files.compare", QT_TRANSLATE_NOOP("WindowKeys", "Compare Two Chosen Files"), {}},
    {"files.compare_with_start",
     QT_TRANSLATE_NOOP("WindowKeys", "Compare the Chosen File with the Start"),
     {}},
    {"panel.history", QT_TRANSLATE_NOOP("WindowKeys", "Go to the History beside the Texts"), {}},
    {"toggle_side_bar", QT_TRANSLATE_NOOP("WindowKeys", "Show or Hide the Side Bar"), {"Ctrl+B"}},
    {"show_files", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Files"), {"Ctrl+Shift+E"}},
    // Searching in all files
    {"show_search", QT_TRANSLATE_NOOP("WindowKeys", "Find in All Files"), {"Ctrl+Shift+F"}},
    {"replace_in_files", QT_TRANSLATE_NOOP("WindowKeys", "Replace in All Files"), {"Ctrl+Shift+H"}},
    {"search.next_result", QT_TRANSLATE_NOOP("WindowKeys", "Next Search Result"), {"F4"}},
    {"search.previous_result", QT_TRANSLATE_NOOP("WindowKeys", "Previous Search Result"), {"Shift+F4"}},
    {"show_people", QT_TRANSLATE_NOOP("WindowKeys", "Go to the People"), {}},
    {"show_ports", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Ports"), {}},
    {"show_history", QT_TRANSLATE_NOOP("WindowKeys", "Show the History"), {"Ctrl+Alt+H"}},
    {"show_file_history", QT_TRANSLATE_NOOP("WindowKeys", "Show the File's History"), {}},
    {"panel.problems", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Problems"), {"Ctrl+Shift+M"}},
    {"panel.output", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Output"), {"Ctrl+K, Ctrl+H"}},
    {"problems.next", QT_TRANSLATE_NOOP("WindowKeys", "Next Problem"), {"F8"}},
    {"problems.previous", QT_TRANSLATE_NOOP("WindowKeys", "Previous Problem"), {"Shift+F8"}},
    {"layout.reset", QT_TRANSLATE_NOOP("WindowKeys", "Panels as in the Beginning"), {}},
    {"zen_mode", QT_TRANSLATE_NOOP("WindowKeys", "Only the Text"), {"Ctrl+K, Z"}},
    {"window.full_screen", QT_TRANSLATE_NOOP("WindowKeys", "Full Screen"), {"F11"}},
    {"focus_group_1", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Text"), {"Ctrl+1"}},
    {"focus_group_2", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Second Group of Texts"), {"Ctrl+2"}},
    {"focus_group_3", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Third Group of Texts"), {"Ctrl+3"}},
    {"groups.next", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Next Group of Texts"), {"Ctrl+K, Ctrl+Right"}},
    {"groups.previous",
     QT_TRANSLATE_NOOP("WindowKeys", "Go to the Previous Group of Texts"),
     {"Ctrl+K, Ctrl+Left"}},
    {"split_right", QT_TRANSLATE_NOOP("WindowKeys", "Split to the Right"), {"Ctrl+\\"}},
    {"split_down", QT_TRANSLATE_NOOP("WindowKeys", "Split Downwards"), {"Ctrl+K, Ctrl+\\"}},
    {"tabs.to_next_group",
     QT_TRANSLATE_NOOP("WindowKeys", "Move the Tab to the Next Group"),
     {"Ctrl+Alt+Right"}},
    {"tabs.to_previous_group",
     QT_TRANSLATE_NOOP("WindowKeys", "Move the Tab to the Previous Group"),
     {"Ctrl+Alt+Left"}},
    {"tabs.to_new_window", QT_TRANSLATE_NOOP("WindowKeys", "Move the Tab to a New Window"), {"Ctrl+K, O"}},
    {"groups.even", QT_TRANSLATE_NOOP("WindowKeys", "Groups of Texts as Large as Each Other"), {}},
    {"toggle_panel", QT_TRANSLATE_NOOP("WindowKeys", "Show or Hide the Lower Panels"), {"Ctrl+J"}},
    {"toggle_terminal", QT_TRANSLATE_NOOP("WindowKeys", "Go to the Terminal and Back"), {"Ctrl+`"}},
    // With Shift the key is another one on most keyboards.
    {"new_terminal",
     QT_TRANSLATE_NOOP("WindowKeys", "New Terminal"),
     {"Ctrl+Shift+T", "Ctrl+Shift+`", "Ctrl+Shift+~"}},
    {"next_tab", QT_TRANSLATE_NOOP("WindowKeys", "Next Tab"), {"Ctrl+PgDown", "Ctrl+Tab"}},
    {"previous_tab", QT_TRANSLATE_NOOP("WindowKeys", "Previous Tab"), {"Ctrl+PgUp", "Ctrl+Shift+Backtab"}},
    {"close_tab", QT_TRANSLATE_NOOP("WindowKeys", "Close Tab"), {"Ctrl+W", "Ctrl+F4"}},
    {"close_other_tabs", QT_TRANSLATE_NOOP("WindowKeys", "Close the Other Tabs of the Group"), {}},
    {"close_all_tabs", QT_TRANSLATE_NOOP("WindowKeys", "Close All Tabs"), {"Ctrl+K, W"}},
    {"reopen_closed_tab", QT_TRANSLATE_NOOP("WindowKeys", "Open the Tab Closed Last"), {"Alt+Shift+T"}},
    {"copy_path", QT_TRANSLATE_NOOP("WindowKeys", "Copy the File's Path"), {}},
    {"search.find", QT_TRANSLATE_NOOP("WindowKeys", "Find in the Text"), {"Ctrl+F"}},
    {"search.replace", QT_TRANSLATE_NOOP("WindowKeys", "Replace in the Text"), {"Ctrl+H"}},
    {"search.next", QT_TRANSLATE_NOOP("WindowKeys", "Find the Next Place"), {"F3"}},
    {"go_to_line", QT_TRANSLATE_NOOP("WindowKeys", "Go to Line"), {"Ctrl+G"}},
    {"symbols.go", QT_TRANSLATE_NOOP("WindowKeys", "Go to Symbol"), {"Ctrl+Shift+O"}},
    {"text.undo", QT_TRANSLATE_NOOP("WindowKeys", "Undo"), {}},
    {"text.redo", QT_TRANSLATE_NOOP("WindowKeys", "Redo"), {}},
    {"text.cut", QT_TRANSLATE_NOOP("WindowKeys", "Cut"), {}},
    {"text.copy", QT_TRANSLATE_NOOP("WindowKeys", "Copy"), {}},
    {"text.paste", QT_TRANSLATE_NOOP("WindowKeys", "Paste"), {}},
    {"text.select_all", QT_TRANSLATE_NOOP("WindowKeys", "Select All"), {}},
    {"enlarge_font", QT_TRANSLATE_NOOP("WindowKeys", "Larger Text in the Editor"), {"Ctrl++", "Ctrl+="}},
    {"shrink_font", QT_TRANSLATE_NOOP("WindowKeys", "Smaller Text in the Editor"), {"Ctrl+-"}},
    {"font.usual", QT_TRANSLATE_NOOP("WindowKeys", "Text in the Editor as Large as Usual"), {"Ctrl+0"}},
    {"open_key_bindings", QT_TRANSLATE_NOOP("WindowKeys", "Choose Keys"), {"Ctrl+K, Ctrl+S"}},
    {"theme.system", QT_TRANSLATE_NOOP("WindowKeys", "Theme Like the System"), {}},
    {"theme.light", QT_TRANSLATE_NOOP("WindowKeys", "Light Theme"), {}},
    {"theme.dark", QT_TRANSLATE_NOOP("WindowKeys", "Dark Theme"), {}},
    {"help.keys", QT_TRANSLATE_NOOP("WindowKeys", "All Keys on One Page"), {"Ctrl+K, Ctrl+R"}},
    {"help.about", QT_TRANSLATE_NOOP("WindowKeys", "About Berth"), {}},
    {"open_settings", QT_TRANSLATE_NOOP("WindowKeys", "Settings"), {"Ctrl+,"}},
    {"open_settings_json", QT_TRANSLATE_NOOP("WindowKeys", "Settings as JSON"), {}},
    {"theme.contrast_light", QT_TRANSLATE_NOOP("WindowKeys", "Theme of High Contrast, Light"), {}},
    {"theme.contrast_dark", QT_TRANSLATE_NOOP("WindowKeys", "Theme of High Contrast, Dark"), {}},
    {"workspace.share", QT_TRANSLATE_NOOP("WindowKeys", "Share the Workspace"), {}},
    {"workspace.all", QT_TRANSLATE_NOOP("WindowKeys", "All Workspaces"), {}},
    {"workspace.recent", QT_TRANSLATE_NOOP("WindowKeys", "Open Recent"), {"Ctrl+R"}},
    {"workspace.this_machine", QT_TRANSLATE_NOOP("WindowKeys", "Workspaces of This Machine"), {}},
    {"workspace.servers", QT_TRANSLATE_NOOP("WindowKeys", "Other Servers"), {}},
    {"window.close", QT_TRANSLATE_NOOP("WindowKeys", "Close the Window"), {"Ctrl+Shift+W"}},
    {"window.quit", QT_TRANSLATE_NOOP("WindowKeys", "Quit"), {"Ctrl+Q"}},
    // Terminals and ports. Alt+arrows go between terminals of a tab, where the terminals have the keys.
    {"split_terminal",
     QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Split to the Right"),
     {"Ctrl+Shift+5", "Ctrl+Shift+%"}},
    {"terminal.split_down", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Split Downwards"), {}},
    {"terminal.unsplit", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Into a Tab of Its Own"), {}},
    {"terminal.next_pane", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Next One of the Tab"), {}},
    {"terminal.previous_pane", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Previous One of the Tab"), {}},
    {"terminal.next_tab", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Next Tab"), {}},
    {"terminal.previous_tab", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Previous Tab"), {}},
    {"terminal.new_with_profile", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: New One with a Profile"), {}},
    {"terminal.profiles", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Profiles"), {}},
    {"find_in_terminal", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Find"), {}},
    {"terminal.links", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Open a Link"), {"Ctrl+Shift+G"}},
    {"terminal.rename", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Name It"), {}},
    {"close_terminal", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: End and Close"), {}},
    {"terminal.previous_prompt", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Previous Prompt"), {}},
    {"terminal.next_prompt", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Next Prompt"), {}},
    {"terminal.scroll_to_end", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Scroll to the End"), {}},
    {"terminal.larger_text", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Larger Text"), {}},
    {"terminal.smaller_text", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Smaller Text"), {}},
    {"terminal.usual_text", QT_TRANSLATE_NOOP("WindowKeys", "Terminal: Text as Large as Usual"), {}},
    {"ports.forward", QT_TRANSLATE_NOOP("WindowKeys", "Ports: Forward a Port"), {}},
};

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

WindowKeys::WindowKeys(QWidget* window) : QObject(window), windows_{window} {
  connect(KeyBindings::instance(), &KeyBindings::changed, this, [this] {
    for (const auto& id : all_.keys()) follow(id);
  });
}

void WindowKeys::add(const char* id, std::function<void()> run, Refusal refusal) {
  add(QString::fromLatin1(id), std::move(run), std::move(refusal));
}

void WindowKeys::add(const QString& id, std::function<void()> run, Refusal refusal) {
  if (all_.contains(id)) return qWarning("The command %s is there already.", qUtf8Printable(id));
  auto* action = new QAction(KeyBindings::instance()->title(id), this);
  action->setObjectName(id);
  action->setShortcutVisibleInContextMenu(true);
  connect(action, &QAction::triggered, this, [this, id, run = std::move(run)] {
    if (const auto reason = this->refusal(id); !reason.isEmpty()) return Q_EMIT refused(reason);
    run();
  });
  all_.insert(id, {action, std::move(refusal)});
  order_.append(action);
  for (const auto& window : windows_)
    if (window) window->addAction(action);
  follow(id);
}

void WindowKeys::serve(QWidget* window) {
  windows_.removeIf([](const auto& known) { return known.isNull(); });
  windows_.append(window);
  window->addActions(order_);
}

QAction* WindowKeys::action(const QString& id) const {
  const auto known = all_.find(id);
  return known == all_.end() ? nullptr : known->action;
}

QString WindowKeys::refusal(const QString& id) const {
  const auto known = all_.find(id);
  return known == all_.end() || !known->refusal ? QString() : known->refusal();
}

void WindowKeys::follow(const QString& id) {
  auto* bindings = KeyBindings::instance();
  QList<QKeySequence> keys;
  // Two actions of one key would both be left alone.
  for (const auto& key : bindings->keys(id))
    if (bindings->commandOf(key) == id) keys.append(key);
  all_.value(id).action->setShortcuts(keys);
}

}  // namespace berth::desktop

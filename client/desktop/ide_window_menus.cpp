// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of a workspace's window: its commands, in VS Code's order. They are filled as they open, with the
// keys of the moment; what can't be done is greyed and says why.
#include <QAction>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {

void IdeWindow::makeMenus() {
  menu_bar_ = new QMenuBar;
  menu_bar_->setObjectName(QStringLiteral("menus"));
  menu_bar_->setNativeMenuBar(false);  // it stands within the bar on top
  menu_bar_->setAccessibleName(tr("Menus"));
  rename_ = new QAction(Theme::icon(QStringLiteral("edit-rename")), tr("Rename Workspace…"), this);
  rename_->setObjectName(QStringLiteral("renameWorkspace"));
  connect(rename_, &QAction::triggered, this, [this] {
    bool given = false;
    const auto name = QInputDialog::getText(this, tr("Rename Workspace"), tr("Name"), QLineEdit::Normal,
                                            name_->text(), &given)
                          .trimmed();
    if (given && !name.isEmpty()) workspace_->rename(name);
  });
  stop_ = new QAction(Theme::icon(QStringLiteral("media-playback-stop")), tr("Stop Workspace"), this);
  stop_->setObjectName(QStringLiteral("stopWorkspace"));
  connect(stop_, &QAction::triggered, this, [this] { workspace_->stop(); });
  for (const auto& [name, title] : {std::pair("file", tr("&File")), std::pair("edit", tr("&Edit")),
                                    std::pair("selection", tr("&Selection")), std::pair("view", tr("&View")),
                                    std::pair("go", tr("&Go")), std::pair("run", tr("&Run")),
                                    std::pair("terminal", tr("&Terminal")), std::pair("help", tr("&Help"))}) {
    auto* menu = menu_bar_->addMenu(title);
    menu->setObjectName(QStringLiteral("menu.") + QLatin1String(name));
    menu->setToolTipsVisible(true);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, name] {
      menu->clear();
      fillMenu(menu, QLatin1String(name));
    });
    // Greyed only while they show: a disabled action would not say why when its key is pressed.
    connect(menu, &QMenu::aboutToHide, this, [this] {
      for (auto* action : keys_->actions()) action->setEnabled(true);
    });
  }
}

void IdeWindow::addCommands(QMenu* menu, const QStringList& ids) {
  for (const auto& id : ids) {
    if (id.isEmpty()) {
      menu->addSeparator();
      continue;
    }
    auto* action = keys_->action(id);
    if (!action) {
      know_editor_commands();  // those of a text, before the first one
      if (KeyBindings::instance()->isKnown(id)) addEditorCommand(menu, id);
      continue;
    }
    const auto reason = keys_->refusal(id);
    action->setEnabled(reason.isEmpty());
    action->setToolTip(reason.isEmpty() ? action->text() : reason);
    menu->addAction(action);
  }
}

void IdeWindow::addEditorCommand(QMenu* menu, const QString& id, const QString& shownKeys) {
  auto* bindings = KeyBindings::instance();
  auto text = bindings->title(id);
  text.replace(u'&', QLatin1String("&&"));
  const auto keys = bindings->keys(id);
  const auto key = !shownKeys.isEmpty() ? shownKeys
                   : keys.isEmpty()     ? QString()
                                        : keys.first().toString(QKeySequence::NativeText);
  // The editor takes the key itself: here it is only shown.
  auto* action = new QAction(key.isEmpty() ? text : text + u'\t' + key, menu);
  auto* tab = editors_->current();
  const QPointer<CodeEditor> editor(tab && !tab->isPaged() ? tab->editor() : nullptr);
  const auto reason = editor ? EditorCommands::of(editor)->refusal(id) : tr("No text is open.");
  action->setEnabled(reason.isEmpty());
  if (!reason.isEmpty()) action->setToolTip(reason);
  connect(action, &QAction::triggered, this, [editor, id] {
    if (!editor) return;
    editor->setFocus();
    EditorCommands::of(editor)->run(id);
  });
  menu->addAction(action);
}

void IdeWindow::fillMenu(QMenu* menu, const QString& name) {
  const auto is = [&](const char* other) { return name == QLatin1String(other); };
  if (is("file")) {
    addCommands(menu,
                {QStringLiteral("files.new"), QStringLiteral("files.new_folder"), QString(),
                 QStringLiteral("quick_open"), QStringLiteral("workspace.recent"), QString(),
                 QStringLiteral("save"), QStringLiteral("files.upload"), QStringLiteral("files.download_all"),
                 QString(), QStringLiteral("editor.print"), QStringLiteral("editor.print_preview"),
                 QStringLiteral("editor.write_pdf"), QString(), QStringLiteral("workspace.share")});
    menu->addAction(rename_);
    menu->addAction(stop_);
    addCommands(menu, {QStringLiteral("workspace.all"), QStringLiteral("workspace.this_machine"),
                       QStringLiteral("workspace.servers"), QString(), QStringLiteral("open_settings"),
                       QStringLiteral("open_key_bindings"), QString(), QStringLiteral("close_tab"),
                       QStringLiteral("close_other_tabs"), QStringLiteral("close_all_tabs"),
                       QStringLiteral("reopen_closed_tab"), QString(), QStringLiteral("window.close"),
                       QStringLiteral("window.quit")});
  } else if (is("edit")) {
    addCommands(menu, {QStringLiteral("text.undo"),
                       QStringLiteral("text.redo"),
                       QString(),
                       QStringLiteral("text.cut"),
                       QStringLiteral("text.copy"),
                       QStringLiteral("text.paste"),
                       QString(),
                       QStringLiteral("search.find"),
                       QStringLiteral("search.replace"),
                       QStringLiteral("search.next"),
                       QString(),
                       QStringLiteral("show_search"),
                       QStringLiteral("replace_in_files"),
                       QStringLiteral("search.next_result"),
                       QStringLiteral("search.previous_result"),
                       QString(),
                       QStringLiteral("comment.line"),
                       QStringLiteral("comment.block"),
                       QStringLiteral("lines.indent"),
                       QStringLiteral("lines.outdent"),
                       QStringLiteral("lines.join"),
                       QString(),
                       QStringLiteral("files.undo")});
  } else if (is("selection")) {
    addCommands(menu, {QStringLiteral("text.select_all"), QStringLiteral("lines.select"), QString(),
                       QStringLiteral("lines.copy_up"), QStringLiteral("lines.copy_down"),
                       QStringLiteral("lines.move_up"), QStringLiteral("lines.move_down"),
                       QStringLiteral("lines.delete"), QString(), QStringLiteral("cursors.above"),
                       QStringLiteral("cursors.below"), QStringLiteral("cursors.line_ends"),
                       QStringLiteral("cursors.next"), QStringLiteral("cursors.all"),
                       QStringLiteral("cursors.drop")});
  } else if (is("view")) {
    addCommands(menu, {QStringLiteral("show_commands"), QString(), QStringLiteral("show_files")});
    for (auto* dock : panels_) {
      auto* action = panelCommand(dock->id());
      if (action && dock->id() != QLatin1String("files")) addCommands(menu, {action->objectName()});
    }
    addCommands(menu, {QString(), QStringLiteral("toggle_side_bar"), QStringLiteral("toggle_panel"),
                       QStringLiteral("zen_mode"), QStringLiteral("window.full_screen"),
                       QStringLiteral("layout.reset"), QString(), QStringLiteral("split_right"),
                       QStringLiteral("split_down"), QStringLiteral("groups.even"),
                       QStringLiteral("tabs.to_new_window"), QString(), QStringLiteral("preview_to_the_side"),
                       QStringLiteral("compare.with_file"), QStringLiteral("fold.close_all"),
                       QStringLiteral("fold.open_all"), QString()});
    auto* theme = menu->addMenu(Theme::icon(QStringLiteral("contrast")), tr("Theme"));
    QStringList themes;
    for (auto* action : keys_->actions())
      if (action->objectName().startsWith(QLatin1String("theme."))) themes.append(action->objectName());
    addCommands(theme, themes);
    auto* editor = menu->addMenu(Theme::icon(QStringLiteral("document-edit")), tr("Editor"));
    editor->setObjectName(QStringLiteral("editorMenu"));
    EditorLook::fillMenu(editor);
    addCommands(menu, {QString(), QStringLiteral("enlarge_font"), QStringLiteral("shrink_font"),
                       QStringLiteral("font.usual")});
  } else if (is("go")) {
    addCommands(menu, {QStringLiteral("quick_open"),
                       QStringLiteral("symbols.go"),
                       QStringLiteral("go_to_line"),
                       QStringLiteral("brackets.jump"),
                       QString(),
                       QStringLiteral("next_tab"),
                       QStringLiteral("previous_tab"),
                       QStringLiteral("groups.next"),
                       QStringLiteral("groups.previous"),
                       QStringLiteral("tabs.to_next_group"),
                       QStringLiteral("tabs.to_previous_group"),
                       QString(),
                       QStringLiteral("problems.next"),
                       QStringLiteral("problems.previous"),
                       QStringLiteral("changes.next"),
                       QStringLiteral("changes.previous"),
                       QStringLiteral("bookmarks.next"),
                       QStringLiteral("bookmarks.previous"),
                       QString(),
                       QStringLiteral("show_history"),
                       QStringLiteral("show_file_history")});
  } else if (is("run")) {
    addCommands(menu, {QStringLiteral("run"), QStringLiteral("preview.open"), QString(),
                       QStringLiteral("panel.problems"), QStringLiteral("show_ports")});
  } else if (is("terminal")) {
    addCommands(menu, {QStringLiteral("new_terminal"), QStringLiteral("terminal.new_with_profile"),
                       QStringLiteral("split_terminal"), QStringLiteral("terminal.split_down"), QString(),
                       QStringLiteral("find_in_terminal"), QStringLiteral("terminal.links"), QString(),
                       QStringLiteral("terminal.profiles"), QStringLiteral("close_terminal")});
  } else if (is("help")) {
    addCommands(menu, {QStringLiteral("show_commands"), QStringLiteral("help.keys"),
                       QStringLiteral("open_key_bindings"), QString(), QStringLiteral("panel.output"),
                       QString(), QStringLiteral("help.about")});
  }
}

}  // namespace berth::desktop

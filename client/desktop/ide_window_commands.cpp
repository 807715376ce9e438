// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a workspace's window that are about its parts: groups of texts, panels, themes, the text.
#include <QApplication>
#include <QClipboard>
#include <QMessageBox>
#include <QToolButton>

#include "client/core/problems.hpp"
#include "client/desktop/about_dialog.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/keys_reference.hpp"
#include "client/desktop/problems_panel.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/settings_dialog.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"
#include "protocol/version.hpp"

namespace berth::desktop {

void IdeWindow::makeGroupCommands() {
  const auto open = [this] { return editors_->current() ? QString() : tr("No text is open."); };
  const auto whole = [this] {
    auto* tab = editors_->current();
    if (!tab) return tr("No text is open.");
    return tab->isPaged() || !tab->document()->isLoaded() ? tr("This file can't be shown twice.") : QString();
  };
  const auto several = [this] {
    return editors_->groups().size() > 1 ? QString() : tr("There is one group of texts only.");
  };
  keys_->add("focus_group_1", [this] { editors_->focusGroup(0); });
  keys_->add("focus_group_2", [this] { editors_->focusGroup(1); }, open);
  keys_->add("focus_group_3", [this] { editors_->focusGroup(2); }, open);
  keys_->add("groups.next", [this] { editors_->stepGroup(1); }, several);
  keys_->add("groups.previous", [this] { editors_->stepGroup(-1); }, several);
  keys_->add("groups.even", [this] { editors_->evenGroups(); }, several);
  keys_->add("split_right", [this] { editors_->split(DropZone::right); }, whole);
  keys_->add("split_down", [this] { editors_->split(DropZone::below); }, whole);
  keys_->add("tabs.to_next_group", [this] { editors_->moveToGroup(1); }, open);
  keys_->add("tabs.to_previous_group", [this] { editors_->moveToGroup(-1); }, open);
  keys_->add("tabs.to_new_window", [this] { editors_->moveToNewWindow(editors_->current()); }, open);
  keys_->add("close_other_tabs", [this] { editors_->closeOthers(editors_->current()); }, open);
  keys_->add("close_all_tabs", [this] { editors_->closeAll(); }, open);
  keys_->add(
      "reopen_closed_tab", [this] { editors_->reopenClosed(); },
      [this] { return editors_->canReopen() ? QString() : tr("No tab was closed."); });
  keys_->add(
      "copy_path", [this] { QApplication::clipboard()->setText(editors_->current()->document()->path()); },
      open);
  keys_->add("show_history", [this] { showHistory({}); });
  keys_->add("show_file_history", [this] { showHistory(editors_->current()->document()->path()); }, open);
}

void IdeWindow::makeViewCommands() {
  keys_->add("toggle_side_bar", [this] { toggleArea(Qt::LeftDockWidgetArea, QStringLiteral("files")); });
  keys_->add("toggle_panel", [this] { toggleArea(Qt::BottomDockWidgetArea, QStringLiteral("terminals")); });
  keys_->add("layout.reset", [this] { resetLayout(); });
  keys_->add("zen_mode", [this] { toggleZen(); });
  keys_->add("window.full_screen", [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
  const auto any_problem = [this] {
    return problems_->all().isEmpty() ? tr("Nothing is wrong by what was run last.") : QString();
  };
  keys_->add("problems.next", [this] { problems_panel_->step(1); }, any_problem);
  keys_->add("problems.previous", [this] { problems_panel_->step(-1); }, any_problem);
  keys_->add(
      "preview.open", [this] { run_->previewButton()->click(); },
      [this] {
        return run_->previewButton()->isEnabled() ? QString() : tr("Nothing listens in the workspace yet.");
      });
  keys_->add("files.download_all", [this] { files_->downloadArchive({}); });
  keys_->add("open_key_bindings", [this] {
    auto* keys = new KeysDialog(frontWindow());
    keys->setAttribute(Qt::WA_DeleteOnClose);
    keys->open();
  });
  keys_->add("help.keys", [this] { KeysReference::open(frontWindow()); });
  keys_->add("help.about", [this] { AboutDialog::open(frontWindow()); });
  const auto theme = [this](const char* id, ThemeChoice choice) {
    keys_->add(id, [choice] {
      Theme::instance()->choose(choice);
      RoamingSettings::choose(QStringLiteral("theme"), static_cast<int>(choice));
    });
  };
  theme("theme.system", ThemeChoice::system);
  theme("theme.light", ThemeChoice::light);
  theme("theme.dark", ThemeChoice::dark);
  theme("theme.contrast_light", ThemeChoice::contrast_light);
  theme("theme.contrast_dark", ThemeChoice::contrast_dark);
  keys_->add("open_settings", [this] { SettingsDialog::open(frontWindow()); });
  keys_->add("open_settings_json", [this] { SettingsDialog::open(frontWindow())->showJson(); });
  keys_->add("workspace.share", [this] { showSharing(); });
  keys_->add("workspace.all", [this] { Q_EMIT workspacesWanted(); });
  keys_->add("window.close", [this] { frontWindow()->close(); });
  keys_->add("window.quit", [this] { Q_EMIT quitWanted(); });
}

void IdeWindow::makeTextCommands() {
  const auto refusal = [this](bool changes) {
    return [this, changes] {
      auto* tab = editors_->current();
      if (!tab) return tr("No text is open.");
      if (tab->isPaged()) return tr("This file is shown in pages.");
      return changes && tab->editor()->isReadOnly() ? tr("This text can't be changed.") : QString();
    };
  };
  // Keys of these are the editor's own; fields and terminals have their own commands of that name.
  const auto add = [&](const char* id, bool changes, auto run) {
    keys_->add(
        id,
        [this, run] {
          auto* editor = editors_->current()->editor();
          editor->setFocus();
          run(editor);
        },
        refusal(changes));
  };
  add("text.undo", true, [](CodeEditor* editor) { editor->undo(); });
  add("text.redo", true, [](CodeEditor* editor) { editor->redo(); });
  add("text.cut", true, [](CodeEditor* editor) { editor->SendScintilla(QsciScintillaBase::SCI_CUT); });
  add("text.copy", false, [](CodeEditor* editor) { editor->SendScintilla(QsciScintillaBase::SCI_COPY); });
  add("text.paste", true, [](CodeEditor* editor) { editor->SendScintilla(QsciScintillaBase::SCI_PASTE); });
  add("text.select_all", false,
      [](CodeEditor* editor) { editor->SendScintilla(QsciScintillaBase::SCI_SELECTALL); });
}

}  // namespace berth::desktop

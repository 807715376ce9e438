// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_commands.hpp"

#include "client/core/workspace.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_actions.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/file_view.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {

void add_file_commands(WindowKeys* keys, client::Workspace* workspace, FilePanel* files,
                       EditorArea* editors) {
  const auto only_look = [workspace] {
    return workspace->mayEdit() ? QString() : FilePanel::tr("You may look at this workspace, not change it.");
  };
  const auto chosen = [files](const QString& otherwise) {
    return files->selectedPaths().isEmpty() ? otherwise : QString();
  };
  const auto changes_chosen = [only_look, chosen] {
    const auto reason = only_look();
    return reason.isEmpty() ? chosen(FilePanel::tr("No file is chosen in the tree.")) : reason;
  };
  keys->add("files.new", [files] { files->newFile(); }, only_look);
  keys->add("files.upload", [files] { files->chooseUploads(); }, only_look);
  keys->add("files.new_folder", [files] { files->newFolder(); }, only_look);
  keys->add("files.rename", [files] { files->renameSelected(); }, changes_chosen);
  keys->add("files.duplicate", [files] { files->duplicateSelected(); }, changes_chosen);
  keys->add("files.delete", [files] { files->removeSelected(); }, changes_chosen);
  keys->add(
      "files.undo", [files] { files->undo(); },
      [files, only_look] {
        const auto reason = only_look();
        if (!reason.isEmpty()) return reason;
        return files->actions()->canUndo() ? QString() : FilePanel::tr("Nothing was done to files.");
      });
  keys->add("files.filter", [files] { files->find(); });
  keys->add("files.collapse_all", [files] { files->collapseAll(); });
  keys->add(
      "files.reveal",
      [files, editors] {
        if (auto* tab = editors->current()) files->revealAgain(tab->document()->path());
      },
      [editors] { return editors->current() ? QString() : FilePanel::tr("No file is open."); });
  keys->add(
      "files.compare", [files] { files->compareSelected(); },
      [chosen] { return chosen(FilePanel::tr("Choose two files in the tree to compare.")); });
  keys->add(
      "files.compare_with_start", [files] { files->compareWithStart(); },
      [chosen] { return chosen(FilePanel::tr("Choose a file in the tree to compare.")); });
}

}  // namespace berth::desktop

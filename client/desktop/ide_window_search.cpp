// SPDX-License-Identifier: GPL-3.0-or-later
// Searching in all files, as a panel and commands of a workspace's window.
#include <QTreeView>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/search_panel.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {
namespace {

/// Selects what was found; `column` from 1 and `length` in UTF-16 units. What is not there any more is left
/// alone.
void select_found(CodeEditor* editor, int line, int column, int length) {
  using Sci = QsciScintillaBase;
  const auto lines = editor->SendScintilla(Sci::SCI_GETLINECOUNT);
  if (line < 1 || line > lines) return;
  const auto number = static_cast<unsigned long>(line - 1);
  const auto begin = editor->SendScintilla(Sci::SCI_POSITIONFROMLINE, number);
  const auto end = editor->SendScintilla(Sci::SCI_GETLINEENDPOSITION, number);
  const auto line_units = editor->unitsAt(begin);
  const auto start = std::min<long>(editor->byteAt(line_units + column - 1), end);
  const auto stop = std::min<long>(editor->byteAt(line_units + column - 1 + length), end);
  editor->SendScintilla(Sci::SCI_ENSUREVISIBLEENFORCEPOLICY, number);
  editor->SendScintilla(Sci::SCI_SETSEL, static_cast<unsigned long>(start), stop);
  editor->SendScintilla(Sci::SCI_VERTICALCENTRECARET);
}

}  // namespace

void IdeWindow::makeSearch() {
  search_ = new SearchPanel(workspace_.get());
  const auto open = [this](bool with_replace) {
    auto* tab = editors_->current();
    const auto selected = tab && !tab->isPaged() ? tab->editor()->selectedText() : QString();
    showPanel(QStringLiteral("search"), false);
    search_->open(selected, with_replace);
  };
  const auto some = [this] {
    return search_->search()->results()->fileCount() > 0 ? QString()
                                                         : tr("Nothing was looked for, or found.");
  };
  keys_->add("show_search", [open] { open(false); });
  keys_->add(
      "replace_in_files", [open] { open(true); },
      [this] {
        return workspace_->mayEdit() ? QString()
                                     : FilePanel::tr("You may look at this workspace, not change it.");
      });
  keys_->add("search.next_result", [this] { search_->step(1); }, some);
  keys_->add("search.previous_result", [this] { search_->step(-1); }, some);
  addPanel(QStringLiteral("search"), tr("Search"), QStringLiteral("search"), search_, Qt::LeftDockWidgetArea);
  connect(files_, &FilePanel::searchWanted, this, [this](const QString& folder) {
    showPanel(QStringLiteral("search"), false);
    search_->openBelow(folder);
  });
  connect(search_, &SearchPanel::openWanted, editors_,
          [this](const QString& path, int line, int column, int length, bool keep) {
            auto* tab = editors_->openFile(path, line);
            if (!tab) return;
            const auto show = [editor = tab->editor(), line, column, length] {
              select_found(editor, line, column, length);
            };
            if (tab->document()->isLoaded() && !tab->isPaged())
              show();
            else
              // Behind what the tab itself does with its text.
              connect(tab->editor(), &CodeEditor::textLoaded, tab->editor(), show,
                      static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
            if (keep)
              search_->results()->setFocus();
            else
              editors_->focusText();
          });
}

}  // namespace berth::desktop

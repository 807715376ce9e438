// SPDX-License-Identifier: GPL-3.0-or-later
// The tree with what changed since the start, its filter and the field for a new name, and the history beside
// the texts: seen in both themes.
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QTreeView>

#include "client/core/workspace_changes.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/file_view.hpp"
#include "client/desktop/history_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/version_list.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
constexpr int file_patience = 60'000;  // ms

class FileScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signIn(connection);
    workspaces.front().started = QDateTime::currentMSecsSinceEpoch() - 600'000;
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(wait_for(
        [this] {
          return window->editors()->current() && window->editors()->current()->document()->isLoaded() &&
                 tree()->model()->rowCount() == 8;
        },
        file_patience));
    runner.notify<WorkspaceStorage>({StorageProgress::stored, "v4", 10'000, ""});
    ASSERT_TRUE(wait_for(
        [this] {
          return window->files()->changes()->of(QStringLiteral("project/main.py")) ==
                 client::WorkspaceChanges::Kind::modified;
        },
        file_patience));
  }
  desktop::FileView* tree() { return static_cast<desktop::FileView*>(window->files()->tree()); }

  client::ServerConnection connection{server.origin(), &secrets};
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(FileScreens, TheTreeShowsWhatChangedWhatIsFoundAndWhatIsNamed) {
  auto* files = window->files();
  tree()->expand(tree()->model()->index(0, 0));
  ASSERT_TRUE(wait_for([this] { return tree()->model()->rowCount(tree()->model()->index(0, 0)) == 2; },
                       file_patience));
  picture(window.get(), QStringLiteral("files-changed"));
  files->find();
  files->filterField()->setText(QStringLiteral("sk"));
  ASSERT_TRUE(
      wait_for([&] { return files->matches()->isVisible() && files->matches()->model()->rowCount() == 2; },
               file_patience));
  picture(window.get(), QStringLiteral("files-filter"));
  files->closeFilter();
  tree()->setCurrentIndex(tree()->model()->index(0, 0));
  files->newFile();
  ASSERT_TRUE(wait_for([this] { return tree()->findChild<QLineEdit*>() != nullptr; }, file_patience));
  picture(window.get(), QStringLiteral("files-new"));
}

TEST_F(FileScreens, TheHistoryIsBesideTheTexts) {
  window->showPanel(QStringLiteral("history"));
  auto* history = window->findChild<desktop::HistoryPanel*>();
  ASSERT_NE(history, nullptr);
  ASSERT_TRUE(wait_for([&] { return history->changedFiles()->count() == 4; }, file_patience));
  EXPECT_EQ(history->history()->path(), QStringLiteral("project/main.py"));
  picture(window.get(), QStringLiteral("history-panel"));
}

}  // namespace
}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// Screens of storage: how much is used, what can't be stored, and the history and downloads of workspaces
// that do not run.
#include <QAction>
#include <QFileDialog>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "client/desktop/comparison_view.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/storage_meter.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using rest::WorkspaceState;

const char* const not_stopped =
    "It was not stopped, because its last changes could not be stored: The storage does not answer. Stop it "
    "again to retry.";

class StorageScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signIn(connection);
  }
  std::unique_ptr<desktop::WorkspacesPage> makePage(int width = 860) {
    auto page = std::make_unique<desktop::WorkspacesPage>(&connection);
    page->resize(width, 700);
    page->show();
    EXPECT_TRUE(wait_for([&] { return page->rows().size() == 4 && page->storage()->isVisible(); }));
    return page;
  }
  desktop::MessageBar* shownBar(QWidget* page, const QString& text) {
    for (auto* bar : page->findChildren<desktop::MessageBar*>())
      if (bar->isVisible() && bar->text().contains(text)) return bar;
    return nullptr;
  }

  client::ServerConnection connection{server.origin(), &secrets};
  QTemporaryDir folder;
};

TEST_F(StorageScreens, HowMuchIsUsedIsSaidAndWhatToDoWhenItIsFull) {
  auto page = makePage();
  EXPECT_EQ(page->storage()->text(), desktop::storage_words(storage));
  EXPECT_FALSE(shownBar(page.get(), QStringLiteral("storage")));
  picture(page.get(), QStringLiteral("workspaces-storage"));

  storage.used = 9'600'000'000;
  page = makePage();
  EXPECT_TRUE(shownBar(page.get(), QStringLiteral("nearly full")));
  picture(page.get(), QStringLiteral("workspaces-nearly-full"));

  storage.used = 9'999'900'000;
  page = makePage(480);
  EXPECT_TRUE(shownBar(page.get(), QStringLiteral("Your storage is full")));
  EXPECT_TRUE(shownBar(page.get(), QStringLiteral("Delete workspaces")));
  picture(page.get(), QStringLiteral("workspaces-full-narrow"));

  storage.limit = 0;
  page = makePage();
  EXPECT_FALSE(page->storage()->text().contains(QStringLiteral(" of "))) << "no limit, none shown";
}

TEST_F(StorageScreens, AStopThatCannotStoreIsToldWithItsReasonAndTriedAgain) {
  auto page = makePage();
  workspaces.front().reason = not_stopped;
  auto* row = page->rows().front();
  Q_EMIT row->stopWanted();
  ASSERT_TRUE(wait_for([&] { return shownBar(page.get(), QStringLiteral("could not be stored")); }));
  auto* bar = shownBar(page.get(), QStringLiteral("“Tide tables” still runs."));
  ASSERT_TRUE(bar);
  picture(page.get(), QStringLiteral("workspaces-not-stopped"));
  workspaces.front().reason.clear();
  workspaces.front().state = WorkspaceState::stopped;
  const auto stops = [this] { return asked.filter(QStringLiteral("aaaaaaaaaa/stop")).size(); };
  EXPECT_EQ(stops(), 1);
  QTest::mouseClick(bar->findChild<QPushButton*>(), Qt::LeftButton);
  EXPECT_TRUE(wait_for([&] { return stops() == 2 && row->facts().state == WorkspaceState::stopped; }));
  EXPECT_FALSE(shownBar(page.get(), QStringLiteral("could not be stored")));
}

TEST_F(StorageScreens, TheSameIsToldInTheWorkspacesWindow) {
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1100, 720);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online(); }));
  runner.notify<WorkspaceStorage>({StorageProgress::waiting, "v4", 1, "The storage does not answer."});
  auto* stored = ide.connectionBar()->storageBar();
  ASSERT_TRUE(wait_for([&] { return stored->isVisible(); }));
  EXPECT_TRUE(stored->text().contains(QStringLiteral("The storage does not answer.")));
  workspaces.front().reason = not_stopped;
  ide.workspace()->stop();
  auto* notice = ide.connectionBar()->noticeBar();
  ASSERT_TRUE(wait_for([&] { return notice->isVisible() && notice->findChild<QPushButton*>(); }));
  EXPECT_TRUE(notice->text().contains(QStringLiteral("could not be stored")));
  picture(&ide, QStringLiteral("ide-not-stopped"));
  ide.resize(600, 700);
  picture(&ide, QStringLiteral("ide-not-stopped-narrow"));
  QTest::mouseClick(notice->findChild<QPushButton*>(), Qt::LeftButton);
  EXPECT_TRUE(wait_for([this] { return asked.filter(QStringLiteral("aaaaaaaaaa/stop")).size() == 2; }));
  runner.notify<WorkspaceStorage>({StorageProgress::stored, "v5", 2, ""});
  EXPECT_TRUE(wait_for([&] { return !stored->isVisible(); }));
}

TEST_F(StorageScreens, AStoppedWorkspaceShowsItsHistoryAndSaysWhatIsTooLarge) {
  auto page = makePage();
  auto* row = page->rows()[2];
  ASSERT_EQ(row->facts().state, WorkspaceState::stopped);
  QStringList entries;
  for (auto* action : row->findChild<QMenu*>()->actions()) {
    entries.append(action->text());
    if (action->text() == QStringLiteral("History…")) action->trigger();
  }
  EXPECT_TRUE(entries.contains(QStringLiteral("Download All…")))
      << entries.join(QLatin1Char(' ')).toStdString();
  auto* window = page->findChild<desktop::HistoryWindow*>();
  ASSERT_TRUE(window);
  EXPECT_TRUE(window->windowTitle().contains(QStringLiteral("Chart plotter")));
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  window->changedFiles()->setCurrentRow(0);
  ASSERT_TRUE(wait_for([&] { return window->diff()->changes().size() >= 3; }));
  text_now = std::string(40'000'000, 'x');
  QTest::mouseClick(window->comparison()->withNow(), Qt::LeftButton);
  ASSERT_TRUE(wait_for(
      [&] { return window->comparison()->hint().startsWith(QStringLiteral("Too large to compare")); },
      20'000))
      << window->comparison()->hint().toStdString();
  EXPECT_TRUE(window->comparison()->hint().contains(QStringLiteral("38.1 MiB now")))
      << window->comparison()->hint().toStdString();
  picture(window, QStringLiteral("history-too-large"));
  text_now = shown_program;
  QTest::mouseClick(window->comparison()->withNow(), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return window->comparison()->hint() == QStringLiteral("Nothing differs."); }));
  EXPECT_TRUE(window->diff()->isVisible()) << "the text stays to be read";
  text_now = std::string("\0\1\2", 3);
  QTest::mouseClick(window->comparison()->withNow(), Qt::LeftButton);
  ASSERT_TRUE(
      wait_for([&] { return window->comparison()->hint().startsWith(QStringLiteral("This is no text")); }));

  // The folder of a changed file comes back, too.
  Q_EMIT window->changedFiles()->customContextMenuRequested(
      window->changedFiles()->visualItemRect(window->changedFiles()->item(1)).center());
  auto* menu = window->findChild<QMenu*>(QStringLiteral("fileMenu"));
  ASSERT_TRUE(menu);
  picture(menu, QStringLiteral("history-file-menu"));
  QStringList offered;
  for (auto* action : menu->actions()) offered.append(action->text());
  EXPECT_TRUE(offered.contains(QStringLiteral("Restore the Folder charts…")))
      << offered.join(QLatin1Char(' ')).toStdString();
  menu->close();
}

TEST_F(StorageScreens, AnOldFileIsDownloadedWhereThePersonSays) {
  auto page = makePage();
  auto* window = page->showHistory(workspaces[2]);
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  window->changedFiles()->setCurrentRow(0);
  ASSERT_TRUE(wait_for([&] { return window->diff()->changes().size() >= 3; }));
  QTest::mouseClick(window->comparison()->downloadButton(), Qt::LeftButton);
  auto* dialog = window->findChild<QFileDialog*>(QStringLiteral("saveQuestion"));
  ASSERT_TRUE(dialog);
  EXPECT_TRUE(dialog->selectedFiles().value(0).endsWith(QStringLiteral("/main.py")));
  const auto local = folder.filePath(QStringLiteral("main.py"));
  Q_EMIT dialog->fileSelected(local);
  dialog->close();
  ASSERT_TRUE(wait_for([&] { return window->bar()->isVisible(); }));
  EXPECT_TRUE(window->bar()->text().contains(QStringLiteral("was downloaded to")))
      << window->bar()->text().toStdString();
  QFile file(local);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.readAll().toStdString(), shown_program);
}

TEST_F(StorageScreens, EverythingIsDownloadedWhileTheListStays) {
  auto page = makePage();
  held = QStringLiteral("/archive?");
  page->download(workspaces[2]);
  auto* dialog = page->findChild<QFileDialog*>(QStringLiteral("saveQuestion"));
  ASSERT_TRUE(dialog);
  Q_EMIT dialog->fileSelected(folder.filePath(QStringLiteral("all.tar.gz")));
  dialog->close();
  ASSERT_TRUE(wait_for([&] { return page->transfers()->active() == 1; }));
  picture(page.get(), QStringLiteral("workspaces-downloading"));
  EXPECT_TRUE(wait_for([this] {
    return server.requests.join(QLatin1Char(' '))
        .contains(QStringLiteral("cccccccccc/archive?format=tar.gz HTTP"));
  }));
  page->transfers()->cancelAll();
  ASSERT_TRUE(
      wait_for([&] { return shownBar(page.get(), QStringLiteral("was not downloaded: Cancelled.")); }));
  EXPECT_FALSE(QFile::exists(folder.filePath(QStringLiteral("all.tar.gz"))));
}

}  // namespace
}  // namespace berth::test

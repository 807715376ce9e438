// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with versions: kept, brought back, forked, downloaded, also of a workspace that is stopped; of
// one that began with an archive.
#include <gtest/gtest.h>

#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "berth_server.hpp"
#include "client/desktop/comparison_view.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/storage_meter.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/version_list.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using Source = desktop::CreateWorkspaceDialog::Source;
using desktop::HistoryWindow;

QByteArray output_of(const QString& program, const QStringList& arguments) {
  QProcess process;
  process.start(program, arguments);
  EXPECT_TRUE(wait_for([&] { return process.state() == QProcess::NotRunning; }, 10'000));
  EXPECT_EQ(process.exitCode(), 0) << process.readAllStandardError().toStdString();
  return process.readAllStandardOutput();
}

void write_file(const QString& path, const QByteArray& bytes) {
  QDir().mkpath(QFileInfo(path).path());
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

QByteArray read_file(const QString& path) {
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
  return file.readAll();
}

/// A folder with a small project in it.
void make_project(const QString& folder) {
  write_file(folder + QStringLiteral("/README.md"), "# Tides\n");
  write_file(folder + QStringLiteral("/src/main.py"), "print('high water')\n");
}

/// As the person names a version, or a new workspace.
bool answer_name(QWidget* window, const QString& name) {
  QInputDialog* dialog = nullptr;
  if (!wait_for([&] {
        return (dialog = window->findChild<QInputDialog*>(QStringLiteral("versionName"))) != nullptr;
      }))
    return false;
  auto* field = dialog->findChild<QLineEdit*>();
  field->selectAll();
  Desk::keys(field, name + QLatin1Char('\n'));
  return true;
}

/// As the person chooses where a download goes.
bool answer_place(QWidget* window, const QString& file) {
  QFileDialog* dialog = nullptr;
  if (!wait_for([&] {
        return (dialog = window->findChild<QFileDialog*>(QStringLiteral("saveQuestion"))) != nullptr;
      }))
    return false;
  Q_EMIT dialog->fileSelected(file);
  dialog->close();
  return wait_for([&] { return QFile::exists(file); }, 30'000);
}

bool choose_version(HistoryWindow* history, const QString& name) {
  const auto found = history->versions()->list()->findItems(name, Qt::MatchStartsWith);
  if (found.isEmpty()) return false;
  history->versions()->list()->setCurrentItem(found.constFirst());
  return wait_for(
      [&] {
        return history->history()->chosen() &&
               QString::fromStdString(history->history()->chosen()->name) == name &&
               history->history()->changesState() == client::History::State::ready;
      },
      10'000);
}

bool choose_oldest(HistoryWindow* history) {
  auto* list = history->versions()->list();
  list->setCurrentRow(list->count() - 1);
  return wait_for(
      [&] {
        return history->history()->chosen() &&
               history->history()->chosen()->id == history->history()->versions().back().id &&
               history->history()->changesState() == client::History::State::ready;
      },
      10'000);
}

void do_in_menu(QWidget* menus, const QString& entry) {
  for (auto* menu : menus->findChildren<QMenu*>()) {
    Q_EMIT menu->aboutToShow();  // it is filled then
    for (auto* action : menu->actions())
      if (action->text() == entry) return action->trigger();
  }
  ADD_FAILURE() << "no menu has " << entry.toStdString();
}

/// Until the bar says this, or something else that is not expected.
testing::AssertionResult says(desktop::MessageBar* bar, const QString& text, int milliseconds = 40'000) {
  if (wait_for([&] { return bar->isVisible() && bar->text().contains(text); }, milliseconds))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "it says: " << bar->text().toStdString();
}

TEST(Desktop, an_archive_becomes_a_workspace_whose_versions_are_kept_forked_and_downloaded) {
  const QTemporaryDir local;
  make_project(local.filePath(QStringLiteral("tides")));
  const auto archive = local.filePath(QStringLiteral("tides.tar.gz"));
  output_of(QStringLiteral("tar"), {QStringLiteral("-czf"), archive, QStringLiteral("-C"),
                                    local.filePath(QStringLiteral("tides")), QStringLiteral(".")});
  BerthServer server;
  Desk desk(server.setupLink());
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));
  auto* window = desk.createFrom(Source::archive, archive);
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->workspace()->facts().name, "tides");
  auto* tree = window->workspace()->tree();
  const auto readme = QStringLiteral("project/README.md");
  ASSERT_TRUE(wait_for([&] { return tree->indexOf(readme).isValid(); }, 30'000));

  EXPECT_TRUE(desk.waitForFile(readme)) << "it opens once it has come";
  auto* history = window->showHistory({});
  Desk::click(history->findChild<QPushButton*>(QStringLiteral("keep")));
  ASSERT_TRUE(answer_name(history, QStringLiteral("As it came")));
  ASSERT_TRUE(says(history->bar(), QStringLiteral("is kept as “As it came”")));

  Desk::keys(desk.terminal(), QStringLiteral("rm README.md; echo 'print(1)' > src/main.py; echo do''ne\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("done")));
  ASSERT_TRUE(wait_for([&] { return !tree->indexOf(readme).isValid(); }, 10'000));
  history->showPath(QStringLiteral("project/src/main.py"));
  ASSERT_TRUE(wait_for([&] { return history->history()->state() == client::History::State::ready; }, 10'000));
  // Its timeline has the versions that changed it: the oldest one is as it came.
  ASSERT_TRUE(choose_oldest(history));
  Desk::click(history->comparison()->withNow());
  ASSERT_TRUE(wait_for([&] { return history->diff()->right()->text().contains(QStringLiteral("print(1)")); },
                       10'000));
  EXPECT_TRUE(history->diff()->left()->text().contains(QStringLiteral("high water")));
  Desk::picture(history, QStringLiteral("version-with-now"));

  // A single file, and the whole version.
  Desk::click(history->comparison()->downloadButton());
  ASSERT_TRUE(answer_place(history, local.filePath(QStringLiteral("old.py"))));
  EXPECT_EQ(read_file(local.filePath(QStringLiteral("old.py"))), "print('high water')\n");
  history->showPath({});
  ASSERT_TRUE(wait_for([&] { return history->history()->state() == client::History::State::ready; }, 10'000));
  ASSERT_TRUE(choose_version(history, QStringLiteral("As it came")));
  do_in_menu(history, QStringLiteral("Download It…"));
  const auto version = local.filePath(QStringLiteral("version.tar.gz"));
  ASSERT_TRUE(answer_place(history, version));
  EXPECT_TRUE(
      output_of(QStringLiteral("tar"), {QStringLiteral("-tzf"), version}).contains("project/README.md"));

  do_in_menu(window, QStringLiteral("Download All"));
  const auto all = local.filePath(QStringLiteral("all.tar.zst"));
  ASSERT_TRUE(answer_place(window, all));
  EXPECT_TRUE(read_file(all).startsWith("\x28\xb5\x2f\xfd")) << "zstd";

  // Everything comes back, and as it was it is a workspace of its own.
  Desk::click(history->restoreButton());
  ASSERT_TRUE(wait_for([&] { return history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")); }));
  QTest::keyClick(history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")), Qt::Key_Return);
  ASSERT_TRUE(says(history->bar(), QStringLiteral("Everything was brought back.")));
  EXPECT_TRUE(wait_for([&] { return tree->indexOf(readme).isValid(); }, 10'000));
  ASSERT_TRUE(wait_for([&] { return history->history()->state() == client::History::State::ready; }, 10'000));
  ASSERT_TRUE(choose_version(history, QStringLiteral("As it came")));
  do_in_menu(history, QStringLiteral("New Workspace from It…"));
  ASSERT_TRUE(answer_name(history, QStringLiteral("Ebb")));
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Ebb")); }, 60'000));
  EXPECT_TRUE(
      wait_for([&] { return desk.window()->workspace()->tree()->indexOf(readme).isValid(); }, 20'000));
}

TEST(Desktop, a_folder_becomes_a_workspace_that_shows_its_history_while_it_is_stopped) {
  const QTemporaryDir local;
  make_project(local.filePath(QStringLiteral("harbour")));
  BerthServer server;
  Desk desk(server.setupLink());
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));
  auto* window = desk.createFrom(Source::folder, local.filePath(QStringLiteral("harbour")));
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->workspace()->facts().name, "harbour");
  ASSERT_TRUE(wait_for(
      [&] { return window->workspace()->tree()->indexOf(QStringLiteral("project/README.md")).isValid(); },
      30'000));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));
  Desk::keys(desk.terminal(), QStringLiteral("echo '# Low water' > README.md; echo do''ne\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("done")));
  ASSERT_TRUE(
      wait_for([&] { return window->status()->storageText() == QStringLiteral("Stored ✓"); }, 20'000));

  do_in_menu(window, QStringLiteral("Stop Workspace"));
  ASSERT_TRUE(wait_for(
      [&] { return window->workspace()->connection()->state() == client::LinkState::stopped; }, 60'000));
  window->close();
  auto* page = desk.start()->workspacesPage();
  ASSERT_TRUE(wait_for(
      [&] {
        return page->isVisible() && page->rows().size() == 1 &&
               page->rows().front()->facts().state == protocol::rest::WorkspaceState::stopped;
      },
      20'000));
  EXPECT_TRUE(wait_for([&] { return page->storage()->isVisible(); }, 10'000));
  EXPECT_TRUE(page->storage()->text().contains(QStringLiteral("stored")));
  do_in_menu(page->rows().front(), QStringLiteral("History…"));
  auto* history = page->findChild<HistoryWindow*>();
  ASSERT_TRUE(history);
  history->showPath(QStringLiteral("project/README.md"));
  ASSERT_TRUE(wait_for(
      [&] { return history->diff()->right()->text().contains(QStringLiteral("# Low water")); }, 20'000))
      << history->comparison()->hint().toStdString();
  EXPECT_TRUE(history->diff()->left()->text().contains(QStringLiteral("# Tides")));
  Desk::click(history->comparison()->withNow());
  EXPECT_TRUE(wait_for(
      [&] {
        return history->history()->comparison() && history->history()->comparison()->right == "# Low water\n";
      },
      10'000))
      << history->comparison()->hint().toStdString();
  Desk::picture(history, QStringLiteral("history-stopped"));

  // It can be brought back without a start.
  ASSERT_TRUE(choose_oldest(history));
  Desk::click(history->restoreButton());
  ASSERT_TRUE(wait_for([&] { return history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")); }));
  QTest::keyClick(history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")), Qt::Key_Return);
  ASSERT_TRUE(says(history->bar(), QStringLiteral("README.md was brought back.")));
  EXPECT_EQ(page->rows().front()->facts().state, protocol::rest::WorkspaceState::stopped);

  const auto all = local.filePath(QStringLiteral("all.zip"));
  do_in_menu(page->rows().front(), QStringLiteral("Download All…"));
  ASSERT_TRUE(answer_place(page, all));
  EXPECT_EQ(output_of(QStringLiteral("unzip"), {QStringLiteral("-p"), all, QStringLiteral("*README.md")}),
            "# Tides\n");
}

}  // namespace
}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// A new workspace from a git URL, cloned from a real git daemon on another machine (a network namespace).
#include <gmock/gmock.h>

#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <filesystem>

#include "berth_server.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "stage.hpp"
#include "tests/integration/history/git_neighbour.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using server::testing::GitNeighbour;
using Source = desktop::CreateWorkspaceDialog::Source;

QString repository(const char* name) { return QLatin1String(GitNeighbour::url) + QLatin1String(name); }

TEST(Desktop, a_git_repository_becomes_a_workspace) {
  BerthServer server({QStringLiteral("--workspace-allow=%1").arg(QLatin1String(GitNeighbour::address))});
  Desk desk(server.setupLink());
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));
  auto* window = desk.createFrom(Source::git, repository("tides"));
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->workspace()->facts().name, "tides");
  auto* tree = window->workspace()->tree();
  ASSERT_TRUE(wait_for([&] { return tree->indexOf(QStringLiteral("project/hello.txt")).isValid(); }, 30'000))
      << window->connectionBar()->importBar()->text().toStdString();
  EXPECT_TRUE(wait_for([&] { return !window->connectionBar()->importBar()->isVisible(); }, 10'000));
  EXPECT_EQ(window->editors()->current(), nullptr) << "the template's first file is not there";
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));
  Desk::keys(desk.terminal(), QStringLiteral("git log --format=%s-%an; cat hello.txt\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("high water")));
  Desk::picture(window, QStringLiteral("cloned"));
}

TEST(Desktop, a_clone_that_fails_says_why_and_one_without_a_host_makes_nothing) {
  BerthServer server({QStringLiteral("--workspace-allow=%1").arg(QLatin1String(GitNeighbour::address))});
  Desk desk(server.setupLink());
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));
  auto* window = desk.createFrom(Source::git, repository("no-such-repository"));
  ASSERT_NE(window, nullptr);
  auto* bar = window->connectionBar()->importBar();
  ASSERT_TRUE(
      wait_for([&] { return bar->isVisible() && bar->text().contains(QStringLiteral("failed")); }, 30'000))
      << bar->text().toStdString();
  Desk::picture(window, QStringLiteral("clone-failed"));

  auto* page = desk.start()->workspacesPage();
  desk.start()->show();
  Desk::click(desk.start()->findChild<QPushButton*>(QStringLiteral("newWorkspace")));
  desktop::CreateWorkspaceDialog* dialog = nullptr;
  ASSERT_TRUE(wait_for([&] {
    return (dialog = desk.start()->findChild<desktop::CreateWorkspaceDialog*>()) && dialog->isVisible();
  }));
  dialog->setSource(Source::git);
  Desk::keys(dialog->field(), QStringLiteral("https:///nowhere"));
  QTest::keyClick(dialog->field(), Qt::Key_Return);
  auto* problem = dialog->findChild<QLabel*>(QStringLiteral("createProblem"));
  ASSERT_TRUE(wait_for([&] { return problem->isVisible(); }, 10'000));
  EXPECT_TRUE(problem->text().contains(QStringLiteral("names no host"))) << problem->text().toStdString();
  Desk::picture(dialog, QStringLiteral("clone-refused"));
  QTest::keyClick(dialog, Qt::Key_Escape);
  EXPECT_TRUE(wait_for([&] { return page->rows().size() == 1; }, 10'000));
}

/// The network comes before any thread, and stays as long as the process.
std::unique_ptr<GitNeighbour> serve_repositories(const std::filesystem::path& folder) {
  const auto command =
      "cd '" + folder.string() +
      "' && git init -q -b main tides && cd tides && echo 'high water' > hello.txt && git add . && "
      "git -c user.name=t -c user.email=t@example.org commit -q -m first";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("no repository");
  return std::make_unique<GitNeighbour>(folder);
}

}  // namespace
}  // namespace berth::test

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const QTemporaryDir repositories;
  const auto neighbour = berth::test::serve_repositories(repositories.path().toStdString());
  return berth::test::run_on_stage(argc, argv);
}

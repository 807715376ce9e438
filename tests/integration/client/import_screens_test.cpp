// SPDX-License-Identifier: GPL-3.0-or-later
// Screens of what a workspace begins with: a git repository, an archive, a folder; and how far it has come.
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "client/desktop/connection_bar.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using desktop::CreateWorkspaceDialog;

class ImportScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signIn(connection);
    QFile file(archive);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    const QByteArray piece(1'000'000, 'a');
    for (int i = 0; i < 80; ++i) ASSERT_EQ(file.write(piece), piece.size());
  }

  client::ServerConnection connection{server.origin(), &secrets};
  QTemporaryDir folder;
  const QString archive = folder.filePath(QStringLiteral("tide tables.tar.gz"));
};

TEST_F(ImportScreens, ANewWorkspaceBeginsWithARepositoryAnArchiveOrAFolder) {
  CreateWorkspaceDialog dialog(&connection);
  dialog.show();
  auto* name = dialog.findChild<QLineEdit*>(QStringLiteral("workspaceName"));
  auto* create = dialog.findChild<QPushButton*>(QStringLiteral("create"));
  auto* problem = dialog.findChild<QLabel*>(QStringLiteral("createProblem"));
  ASSERT_TRUE(wait_for([&] { return name->text() == QStringLiteral("My Python workspace"); }));
  const auto sources = dialog.findChildren<QToolButton*>(QStringLiteral("source"));
  ASSERT_EQ(sources.size(), 4);
  QTest::mouseClick(sources[1], Qt::LeftButton);
  EXPECT_FALSE(create->isEnabled()) << "there is no URL yet";
  QTest::keyClicks(dialog.field(), QStringLiteral("https://example.org/harbour/tides.git"));
  EXPECT_EQ(name->text(), QStringLiteral("tides"));
  EXPECT_TRUE(create->isEnabled());
  picture(&dialog, QStringLiteral("create-git"));
  dialog.resize(400, 520);
  picture(&dialog, QStringLiteral("create-git-narrow"));
  dialog.resize(500, 600);

  QTest::mouseClick(sources[2], Qt::LeftButton);
  QTest::keyClicks(dialog.field(), folder.filePath(QStringLiteral("notes.rar")));
  QTest::keyClick(dialog.field(), Qt::Key_Return);
  EXPECT_TRUE(problem->text().contains(QStringLiteral(".tar.gz"))) << problem->text().toStdString();
  picture(&dialog, QStringLiteral("create-archive-refused"));

  QTest::mouseClick(sources[3], Qt::LeftButton);
  EXPECT_FALSE(problem->isVisible());
  QTest::keyClicks(dialog.field(), folder.path());
  picture(&dialog, QStringLiteral("create-folder"));
}

TEST_F(ImportScreens, AnUploadShowsHowFarItIsAndIsCancelled) {
  CreateWorkspaceDialog dialog(&connection);
  dialog.show();
  dialog.setSource(CreateWorkspaceDialog::Source::archive);
  dialog.field()->setText(archive);
  auto* create = dialog.findChild<QPushButton*>(QStringLiteral("create"));
  auto* cancel = dialog.findChild<QPushButton*>(QStringLiteral("cancel"));
  auto* text = dialog.findChild<QLabel*>(QStringLiteral("progressText"));
  auto* bar = dialog.findChild<QProgressBar*>();
  server.slow_after = 1 << 20;
  QTest::mouseClick(create, Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] {
    return bar->isVisible() && bar->maximum() > 0 && bar->value() > 0 &&
           text->text().startsWith(QStringLiteral("Uploading: "));
  })) << text->text().toStdString();
  picture(&dialog, QStringLiteral("create-uploading"));
  EXPECT_FALSE(create->isEnabled());
  QTest::mouseClick(cancel, Qt::LeftButton);
  EXPECT_TRUE(dialog.isVisible()) << "back to the form";
  EXPECT_FALSE(bar->isVisible());
  EXPECT_TRUE(create->isEnabled());
  EXPECT_EQ(dialog.field()->text(), archive);
  EXPECT_FALSE(dialog.findChild<QLabel*>(QStringLiteral("createProblem"))->isVisible());

  server.slow_after = 0;
  std::string made;
  QObject::connect(&dialog, &CreateWorkspaceDialog::created,
                   [&](const rest::Workspace& workspace) { made = workspace.id; });
  QTest::mouseClick(create, Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return !made.empty(); }, 30'000));
  EXPECT_EQ(made, workspaces.front().id);
  EXPECT_FALSE(dialog.isVisible());
}

TEST_F(ImportScreens, AClosedDialogTakesItsWorkspaceBack) {
  const auto begin = [this] {
    auto dialog = std::make_unique<CreateWorkspaceDialog>(&connection);
    dialog->show();
    dialog->setSource(CreateWorkspaceDialog::Source::git);
    dialog->field()->setText(QStringLiteral("https://example.org/harbour/tides.git"));
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("create")), Qt::LeftButton);
    return dialog;
  };
  held = QStringLiteral("POST /api/v1/workspaces");
  picture(begin().get(), QStringLiteral("create-cloning"));
  held.clear();
  begin().reset();
  EXPECT_TRUE(
      wait_for([this] { return asked.contains(QStringLiteral("DELETE /api/v1/workspaces/aaaaaaaaaa")); }));
}

TEST_F(ImportScreens, TheCloneIsShownInTheWorkspacesWindow) {
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1100, 720);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online(); }));
  auto* bar = ide.connectionBar()->importBar();
  runner.notify<WorkspaceImport>(
      {"Receiving objects:  42% (1890/4500), 12.40 MiB | 3.1 MiB/s", 42.0, false, {}});
  ASSERT_TRUE(wait_for([&] { return bar->isVisible(); }));
  EXPECT_TRUE(bar->text().startsWith(QStringLiteral("Receiving objects")));
  EXPECT_EQ(bar->findChild<QProgressBar*>()->value(), 42);
  picture(&ide, QStringLiteral("ide-cloning"));
  ide.resize(600, 700);
  picture(&ide, QStringLiteral("ide-cloning-narrow"));
  ide.resize(1100, 720);

  auto* cancel = bar->findChild<QPushButton*>();
  ASSERT_TRUE(cancel);
  QTest::mouseClick(cancel, Qt::LeftButton);
  auto* question = ide.findChild<QMessageBox*>(QStringLiteral("importQuestion"));
  ASSERT_TRUE(question);
  picture(question, QStringLiteral("ide-clone-cancel"));
  QTest::keyClick(question, Qt::Key_Escape);
  wait_for([] { return false; }, 50);
  EXPECT_FALSE(asked.join(QLatin1Char(' ')).contains(QStringLiteral("DELETE"))) << "it goes on";

  runner.notify<WorkspaceImport>(
      {"", {}, true, "The import failed: fatal: repository 'https://example.org/tides/' not found"});
  ASSERT_TRUE(wait_for([&] { return bar->text().contains(QStringLiteral("not found")); }));
  EXPECT_FALSE(bar->findChild<QProgressBar*>()->isVisible());
  picture(&ide, QStringLiteral("ide-clone-failed"));
  runner.notify<WorkspaceImport>({"Unpacking", {}, false, {}});
  ASSERT_TRUE(wait_for([&] { return bar->text() == QStringLiteral("Unpacking"); }));
  runner.notify<WorkspaceImport>({"Unpacked", 100.0, true, {}});
  EXPECT_TRUE(wait_for([&] { return !bar->isVisible(); }));
}

TEST_F(ImportScreens, ACloneThatIsGivenUpTakesItsWorkspaceWithIt) {
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online(); }));
  runner.notify<WorkspaceImport>({"Cloning", {}, false, {}});
  auto* bar = ide.connectionBar()->importBar();
  ASSERT_TRUE(wait_for([&] { return bar->isVisible(); }));
  QTest::mouseClick(bar->findChild<QPushButton*>(), Qt::LeftButton);
  auto* question = ide.findChild<QMessageBox*>(QStringLiteral("importQuestion"));
  ASSERT_TRUE(question);
  for (auto* button : question->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Delete Workspace")) button->click();
  EXPECT_TRUE(
      wait_for([this] { return asked.contains(QStringLiteral("DELETE /api/v1/workspaces/aaaaaaaaaa")); }));
  EXPECT_TRUE(wait_for([&] { return !ide.isVisible(); })) << "the window goes, too";
}

}  // namespace
}  // namespace berth::test

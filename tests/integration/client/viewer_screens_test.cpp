// SPDX-License-Identifier: GPL-3.0-or-later
// The window of somebody who may only look: says so, sends nothing, follows all the same.
#include <gtest/gtest.h>

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
constexpr int viewer_patience = 20'000;  // ms

class ViewerScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    runner.role = Role::viewer;
    documents.read_only = ReadOnlyReason::role;
    documents.on_edit = [this] { sent.append(QStringLiteral("edit")); };
    runner.onFrame = [this](const FrameHeader& header, std::string_view) {
      if (header.kind == FrameKind::data) sent.append(QStringLiteral("keys"));
    };
    runner.on<TerminalOpen>([this](const TerminalOpen::Params&) -> Result<TerminalOpen::Result> {
      sent.append(QStringLiteral("open"));
      return failure(ErrorCode::permission_denied, "You may only look.");
    });
    runner.on<TerminalResize>([this](const TerminalResize::Params&) -> Result<Empty> {
      sent.append(QStringLiteral("resize"));
      return failure(ErrorCode::permission_denied, "You may only look.");
    });
    runner.on<FileDelete>([this](const FileDelete::Params&) -> Result<FileDelete::Result> {
      sent.append(QStringLiteral("delete"));
      return failure(ErrorCode::permission_denied, "You may only look.");
    });
    signIn(connection);
  }
  void open() {
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(wait_for(
        [this] {
          auto* tab = window->editors()->current();
          return tab && tab->document()->isLoaded();
        },
        viewer_patience));
  }
  QStringList sent;  // what changes something
  client::ServerConnection connection{server.origin(), &secrets};
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(ViewerScreens, AViewerLooksAndChangesNothing) {
  runner.on<TerminalList>(
      [this](const Empty&) -> Result<TerminalList::Result> { return TerminalList::Result{{shell}}; });
  open();
  auto* tab = window->editors()->current();
  EXPECT_EQ(tab->bar()->text(), QStringLiteral("You may look at this workspace, not change it."));
  EXPECT_TRUE(tab->bar()->isVisible());
  EXPECT_EQ(tab->durabilityText(), QStringLiteral("Read-only"));
  const auto text = tab->editor()->text();
  QTest::keyClicks(tab->editor(), QStringLiteral("x"));
  QTest::keyClick(tab->editor(), Qt::Key_Delete);
  QTest::keyClick(tab->editor(), Qt::Key_S, Qt::ControlModifier);
  EXPECT_EQ(tab->editor()->text(), text);

  ASSERT_TRUE(wait_for(
      [this] {
        auto* view = window->terminals()->current();
        return view && view->allText().contains(QStringLiteral("hint"));
      },
      viewer_patience));
  auto* view = window->terminals()->current();
  EXPECT_TRUE(view->sizeStrip()->isVisible());
  picture(window.get(), QStringLiteral("ide-viewer"));
  EXPECT_FALSE(view->bar()->isVisible());
  QTest::keyClicks(view->surface()->display(), QStringLiteral("ls"));
  EXPECT_TRUE(view->bar()->isVisible());
  EXPECT_EQ(view->bar()->text(), QStringLiteral("You only watch this terminal: what you type is not sent."));
  window->resize(600, 760);
  picture(window.get(), QStringLiteral("ide-viewer-narrow"));

  EXPECT_FALSE(window->findChild<QToolButton*>(QStringLiteral("runButton"))->isEnabled());
  EXPECT_FALSE(window->findChild<QToolButton*>(QStringLiteral("newTerminal"))->isEnabled());
  auto* tree = window->files()->tree();
  ASSERT_TRUE(wait_for([&] { return tree->model()->rowCount() > 2; }, viewer_patience));
  tree->setCurrentIndex(tree->model()->index(2, 0));
  QTest::keyClick(tree, Qt::Key_Delete);
  QTest::keyClick(tree, Qt::Key_F2);
  EXPECT_FALSE(tree->findChild<QLineEdit*>()) << "no name is being edited";
  wait_for([] { return false; }, 100);
  EXPECT_EQ(sent, QStringList());
  EXPECT_EQ(documents.saves, 0);
}

// What an editor does by a key, a menu or from another window's place.
TEST_F(ViewerScreens, AViewersKeysAndMenusChangeNothing) {
  runner.on<FileCreateDirectory>([this](const FileCreateDirectory::Params&) -> Result<Empty> {
    sent.append(QStringLiteral("folder"));
    return failure(ErrorCode::permission_denied, "You may only look.");
  });
  runner.on<FileWrite>([this](const FileWrite::Params&) -> Result<FileWrite::Result> {
    sent.append(QStringLiteral("file"));
    return failure(ErrorCode::permission_denied, "You may only look.");
  });
  runner.on<FileRename>([this](const FileRename::Params&) -> Result<Empty> {
    sent.append(QStringLiteral("rename"));
    return failure(ErrorCode::permission_denied, "You may only look.");
  });
  open();
  window->activateWindow();
  auto* files = window->files();
  const auto told = [&] {
    for (auto* bar : files->findChildren<desktop::MessageBar*>())
      if (bar->isVisible() && bar->text() == QStringLiteral("You may look at this workspace, not change it."))
        return true;
    return false;
  };
  EXPECT_FALSE(told());
  // What a key asks for is refused below, once; what is done in the tree itself, there.
  QTest::keyClick(window.get(), Qt::Key_N, Qt::ControlModifier);
  EXPECT_EQ(window->statusBar()->currentMessage(),
            QStringLiteral("You may look at this workspace, not change it."));
  EXPECT_FALSE(told());
  files->newFolder();
  EXPECT_TRUE(told());
  const auto notice = [this] { return window->connectionBar()->noticeBar()->text(); };
  for (const auto key : {Qt::Key_T, Qt::Key_QuoteLeft}) {
    window->statusBar()->clearMessage();
    QTest::keyClick(window.get(), key, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(window->statusBar()->currentMessage(),
              QStringLiteral("You may look at this workspace, not run programs in it."));
  }
  window->terminals()->openIn(QStringLiteral("project"));
  EXPECT_TRUE(window->connectionBar()->noticeBar()->isVisible());
  EXPECT_EQ(notice(), QStringLiteral("You may look at this workspace, not run programs in it."));
  QTest::keyClick(window.get(), Qt::Key_F5);
  QTest::keyClick(window.get(), Qt::Key_H, Qt::ControlModifier);
  EXPECT_FALSE(window->editors()
                   ->current()
                   ->findBar()
                   ->findChild<QPushButton*>(QStringLiteral("replaceAll"))
                   ->isVisible());
  for (const auto* name : {"renameWorkspace", "stopWorkspace"})
    EXPECT_FALSE(window->findChild<QAction*>(QLatin1String(name))->isEnabled()) << name;
  auto* history = window->showHistory({});
  EXPECT_FALSE(history->restoreButton()->isEnabled());
  history->close();
  wait_for([] { return false; }, 100);
  EXPECT_EQ(sent, QStringList());
}

TEST_F(ViewerScreens, AViewerSeesTypingAndFollows) {
  std::vector<Participant> others;
  runner.on<PresenceList>(
      [&](const Empty&) -> Result<PresenceList::Result> { return PresenceList::Result{others}; });
  runner.on<PresenceSet>([](const PresenceSet::Params&) -> Result<Empty> { return Empty{}; });
  open();
  auto* tab = window->editors()->current();
  const auto length = static_cast<std::int64_t>(utf16_length(documents.text()));
  documents.edit(TextOperation().insert("# typed elsewhere\n").retain(length));
  EXPECT_TRUE(
      wait_for([&] { return tab->editor()->text().starts_with("# typed elsewhere\n"); }, viewer_patience));
  auto grace = somebody("s-grace", "Grace Hopper", 1, Role::editor);
  grace.path = "project/README.md";
  others = {grace};
  runner.notify<PresenceChanged>({grace});
  ASSERT_TRUE(wait_for([&] { return window->workspace()->presence()->find("s-grace"); }, viewer_patience));
  window->presence()->follow("s-grace");
  EXPECT_TRUE(wait_for(
      [&] { return window->editors()->current()->document()->path() == QStringLiteral("project/README.md"); },
      viewer_patience));
  EXPECT_TRUE(window->followBar()->isVisible());
  EXPECT_EQ(sent, QStringList());
}

TEST_F(ViewerScreens, AViewerWithoutTerminalsIsToldSo) {
  open();
  wait_for([] { return false; }, 100);
  EXPECT_EQ(sent, QStringList()) << "none is opened";
  EXPECT_FALSE(window->terminals()->current());
  picture(window.get(), QStringLiteral("ide-viewer-alone"));
}

}  // namespace
}  // namespace berth::test

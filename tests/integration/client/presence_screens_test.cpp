// SPDX-License-Identifier: GPL-3.0-or-later
// People in the window of a workspace: pictures, menus, carets, following; each in both themes.
#include <gtest/gtest.h>

#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/remote_cursors.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

QStringList entries(QMenu* menu) {
  Q_EMIT menu->aboutToShow();
  QStringList texts;
  for (auto* action : menu->actions())
    if (!action->isSeparator()) texts.append(action->text());
  return texts;
}

TEST_F(Screens, PeopleShowWithTheirCaretsAndAreFollowed) {
  std::vector<Participant> others;
  std::vector<PresenceSet::Params> said;
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  runner.on<PresenceList>([&](const Empty&) -> Result<PresenceList::Result> {
    PresenceList::Result result{others};
    auto self = somebody("", "Ada Lovelace", 0, Role::owner);
    self.session = ide.workspace()->connection()->hello()->session;
    result.participants.push_back(self);
    return result;
  });
  runner.on<PresenceSet>([&](const PresenceSet::Params& params) -> Result<Empty> {
    said.push_back(params);
    return Empty{};
  });
  ide.resize(1280, 820);
  ide.show();
  ASSERT_TRUE(wait_for([&] {
    auto* tab = ide.editors()->current();
    return tab && tab->document()->isLoaded() && ide.terminals()->current();
  }));
  auto* tab = ide.editors()->current();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->presence()->all().size() == 1; }));
  EXPECT_TRUE(ide.people()->pictures().isEmpty());
  EXPECT_FALSE(ide.people()->everybody()->isVisible());
  // Where this window is was told, with the terminal that shows.
  ASSERT_TRUE(wait_for([&] {
    return !said.empty() && said.back().terminal == shell.terminal &&
           said.back().document == tab->document()->runnerId();
  }));

  auto grace = somebody("s-grace", "Grace Hopper", 1, Role::editor);
  grace.document = tab->document()->runnerId();
  grace.path = "project/main.py";
  grace.version = documents.version();
  grace.selections = {{40, 78}};
  grace.top = 0;
  grace.terminal = shell.terminal;
  auto linus = somebody("s-linus", "Linus", 2, Role::viewer);
  linus.document = grace.document;
  linus.path = grace.path;
  linus.version = grace.version;
  linus.selections = {{200, 200}};
  linus.following = ide.workspace()->connection()->hello()->session;
  auto away = somebody("s-edsger", "Edsger Dijkstra", 3, Role::editor);
  away.connected = false;
  others = {grace, linus, away};
  for (const auto& who : others) runner.notify<PresenceChanged>({who});
  ASSERT_TRUE(wait_for([&] { return ide.people()->pictures().size() == 3; }));
  auto* cursors = tab->editor()->findChild<desktop::RemoteCursors*>();
  ASSERT_TRUE(wait_for([&] { return cursors->carets().size() == 2; }));
  EXPECT_EQ(ide.people()->everybody()->text(), QStringLiteral("4"));
  const auto all = entries(ide.people()->everybody()->menu());
  EXPECT_EQ(all, (QStringList{QStringLiteral("Ada Lovelace (you) · owner"),
                              QStringLiteral("Grace Hopper · may edit · main.py, in terminal bash"),
                              QStringLiteral("Linus · may look · main.py · follows you"),
                              QStringLiteral("Edsger Dijkstra · may edit · away")}));
  picture(&ide, QStringLiteral("ide-people"));
  ide.resize(600, 760);
  picture(&ide, QStringLiteral("ide-people-narrow"));
  ide.resize(1280, 820);

  // Follow: by the menu of the picture.
  auto* menu = ide.people()->pictures()[0]->menu();
  Q_EMIT menu->aboutToShow();
  for (auto* action : menu->actions())
    if (action->text() == QStringLiteral("Follow")) action->trigger();
  EXPECT_TRUE(ide.followBar()->isVisible());
  EXPECT_EQ(ide.followBar()->text(), QStringLiteral("Following Grace Hopper · main.py, in terminal bash"));
  ASSERT_TRUE(wait_for([&] { return said.back().following == "s-grace"; }));
  grace.path = "project/README.md";
  grace.document.reset();  // as a file that is not open here yet
  grace.selections.clear();
  others[0] = grace;
  runner.notify<PresenceChanged>({grace});
  ASSERT_TRUE(wait_for(
      [&] { return ide.editors()->current()->document()->path() == QStringLiteral("project/README.md"); }));
  EXPECT_TRUE(ide.followBar()->isVisible());
  picture(&ide, QStringLiteral("ide-following"));
  // Held keys are nothing yet; Escape ends it, from anywhere.
  QTest::keyClick(ide.editors()->current()->editor(), Qt::Key_Shift);
  EXPECT_TRUE(ide.followBar()->isVisible());
  QTest::keyClick(&ide, Qt::Key_Escape);
  EXPECT_FALSE(ide.followBar()->isVisible());

  // Another file chosen here ends it, too; and so does the button.
  ide.presence()->follow("s-grace");
  EXPECT_TRUE(ide.followBar()->isVisible());
  ide.editors()->openFile(QStringLiteral("project/main.py"));
  EXPECT_FALSE(ide.followBar()->isVisible());
  ide.presence()->follow("s-linus");
  EXPECT_TRUE(ide.followBar()->isVisible());
  QTest::mouseClick(ide.followBar()->findChild<QPushButton*>(), Qt::LeftButton);
  EXPECT_FALSE(ide.followBar()->isVisible());

  // Jumping puts the cursor where the other's is, and follows nobody.
  ide.presence()->jump("s-linus");
  EXPECT_TRUE(wait_for([&] { return tab->editor()->selections().front().head == 200; }));
  EXPECT_TRUE(ide.workspace()->presence()->following().empty());
  others.clear();
  for (const auto* session : {"s-grace", "s-linus", "s-edsger"}) runner.notify<PresenceLeft>({session});
  EXPECT_TRUE(wait_for([&] { return ide.people()->pictures().isEmpty(); }));
}

}  // namespace
}  // namespace berth::test

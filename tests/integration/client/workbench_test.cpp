// SPDX-License-Identifier: GPL-3.0-or-later
// The window of a workspace as a place to work in: panels, groups of texts, further windows, commands,
// problems. Each with its keys or its events, against a scripted server.
#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/command_palette.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/output_panel.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/people_panel.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/problem_marks.hpp"
#include "client/desktop/problems_panel.hpp"
#include "client/desktop/quick_open.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/window_keys.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using desktop::DropZone;
using desktop::EditorGroup;
using desktop::IdeWindow;
using Sci = QsciScintillaBase;

constexpr int bench_patience = 60'000;  // ms

class Workbench : public Screens {
 protected:
  void SetUp() override {
    QSettings().clear();
    Screens::SetUp();
    connection = std::make_unique<client::ServerConnection>(server.origin(), &secrets);
    signIn(*connection);
    openWindow();
  }
  void TearDown() override {
    window.reset();
    QSettings().clear();
  }
  void openWindow() {
    window = std::make_unique<IdeWindow>(connection.get(), workspaces[0]);
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->show();
    window->activateWindow();
    ASSERT_TRUE(wait_for([&] { return loaded(window->editors()->current()); }, bench_patience));
    ASSERT_TRUE(wait_for([&] { return window->terminals()->current() != nullptr; }, bench_patience));
  }
  static bool loaded(desktop::EditorTab* tab) { return tab && tab->document()->isLoaded(); }
  desktop::EditorTab* open(const char* path) {
    auto* tab = window->editors()->openFile(QString::fromLatin1(path));
    EXPECT_TRUE(wait_for([&] { return loaded(tab); }, bench_patience));
    return tab;
  }
  bool shows(const char* id) const { return !window->panel(QString::fromLatin1(id))->isHidden(); }
  void run(const char* command) {
    auto* action = window->commands()->action(QString::fromLatin1(command));
    ASSERT_NE(action, nullptr) << command;
    action->trigger();
  }
  QStringList paths(EditorGroup* group) const {
    QStringList out;
    for (auto* tab : group->tabs()) out.append(tab->document()->path());
    return out;
  }
  static void type(desktop::CodeEditor* editor, const char* line) {
    QTest::keyClicks(editor, QString::fromLatin1(line));
    QTest::keyClick(editor, Qt::Key_Return);
  }
  /// As if the mouse let go of the dragged tab there.
  void dropAt(QWidget* target, const QPoint& place) {
    QMimeData data;
    data.setData(desktop::tab_mime_type(), "1");
    QDragEnterEvent enter(place, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &enter);
    QDropEvent drop(place, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &drop);
  }
  template <class Popup>
  Popup* popup() {
    Popup* found = nullptr;
    EXPECT_TRUE(wait_for(
        [&] {
          for (auto* widget : window->findChildren<Popup*>())
            if (widget->isVisible()) found = widget;
          return found != nullptr;
        },
        bench_patience));
    return found;
  }

  std::unique_ptr<client::ServerConnection> connection;
  std::unique_ptr<IdeWindow> window;
};

TEST_F(Workbench, OfThePanelsOfAPlaceOneShowsAndItsTitleLeadsToTheOthers) {
  for (const char* id : {"files", "history", "people", "terminals", "problems", "output", "ports"})
    ASSERT_NE(window->panel(QString::fromLatin1(id)), nullptr) << id;
  EXPECT_TRUE(shows("files") && shows("terminals"));
  EXPECT_FALSE(shows("people") || shows("problems") || shows("output") || shows("ports"));
  picture(window.get(), QStringLiteral("bench"));

  // At the side by its button, and back.
  window->findChild<QToolButton*>(QStringLiteral("show.people"))->click();
  EXPECT_TRUE(shows("people"));
  EXPECT_FALSE(shows("files"));
  QTest::keyClick(window.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(shows("files"));
  EXPECT_FALSE(shows("people"));

  // Below by the title: all of the place stand in it.
  auto* terminals = window->panel(QStringLiteral("terminals"));
  QToolButton* to_problems = nullptr;
  QStringList titles;
  for (auto* button :
       terminals->titleBarWidget()->findChildren<QToolButton*>(QStringLiteral("panelChoice"))) {
    titles.append(button->accessibleName());
    if (button->property("panel") == QStringLiteral("problems")) to_problems = button;
  }
  EXPECT_EQ(titles, (QStringList{QStringLiteral("Terminals"), QStringLiteral("Problems"),
                                 QStringLiteral("Output"), QStringLiteral("Ports")}));
  ASSERT_NE(to_problems, nullptr);
  to_problems->click();
  EXPECT_TRUE(shows("problems"));
  EXPECT_FALSE(shows("terminals"));

  // Whole edges by keys; the one that showed comes back.
  run("toggle_panel");
  EXPECT_FALSE(shows("problems"));
  run("toggle_panel");
  EXPECT_TRUE(shows("problems"));
  QTest::keyClick(window.get(), Qt::Key_B, Qt::ControlModifier);
  EXPECT_FALSE(shows("files"));
  run("zen_mode");
  EXPECT_FALSE(shows("problems") || window->statusBar()->isVisible());
  run("zen_mode");
  EXPECT_TRUE(shows("problems") && window->statusBar()->isVisible());

  // Elsewhere, and as in the beginning.
  window->addDockWidget(Qt::RightDockWidgetArea, window->panel(QStringLiteral("output")));
  window->showPanel(QStringLiteral("output"));
  EXPECT_TRUE(shows("output") && shows("problems"));
  picture(window.get(), QStringLiteral("bench-output-right"));
  run("layout.reset");
  EXPECT_EQ(window->dockWidgetArea(window->panel(QStringLiteral("output"))), Qt::BottomDockWidgetArea);
  EXPECT_TRUE(shows("files") && shows("terminals"));
  EXPECT_FALSE(shows("output") || shows("problems"));
}

TEST_F(Workbench, ASplitShowsOneTextTwiceAndBothAreTyped) {
  auto* area = window->editors();
  auto* left = area->current();
  left->editor()->goToLine(9);
  run("split_right");
  ASSERT_EQ(area->groups().size(), 2);
  auto* right = area->current();
  ASSERT_NE(right, left);
  EXPECT_EQ(right->document(), left->document());
  EXPECT_EQ(right->editor()->cursorLine(), 9);
  EXPECT_EQ(right->editor()->text(), left->editor()->text());
  right->editor()->goToLine(1);
  type(right->editor(), "# right");
  ASSERT_TRUE(wait_for([&] { return left->editor()->text().starts_with("# right\n"); }, bench_patience));
  left->editor()->goToLine(2);
  type(left->editor(), "# left");
  ASSERT_TRUE(wait_for([&] { return right->editor()->text() == left->editor()->text(); }, bench_patience));
  EXPECT_TRUE(right->editor()->text().starts_with("# right\n# left\n"));
  ASSERT_TRUE(wait_for([&] { return documents.text() == right->editor()->text(); }, bench_patience))
      << "the runner has it once";
  // From elsewhere it comes to both.
  TextOperation others;
  others.insert("# others\n").retain(static_cast<std::int64_t>(utf16_length(documents.text())));
  documents.edit(others);
  ASSERT_TRUE(wait_for([&] { return left->editor()->text().starts_with("# others\n"); }, bench_patience));
  EXPECT_EQ(right->editor()->text(), left->editor()->text());
  // What was typed in one is taken back in that one, and is gone in both.
  right->editor()->undo();
  ASSERT_TRUE(
      wait_for([&] { return left->editor()->text().starts_with("# others\n# left\n"); }, bench_patience));
  EXPECT_EQ(right->editor()->text(), left->editor()->text());
  picture(window.get(), QStringLiteral("bench-split"));
  // The one that is left goes on.
  QTest::keyClick(window.get(), Qt::Key_W, Qt::ControlModifier);
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 1; }, bench_patience));
  auto* rest = area->current();
  QTest::keyClicks(rest->editor(), QStringLiteral("x"));
  ASSERT_TRUE(wait_for([&] { return documents.text() == rest->editor()->text(); }, bench_patience));
}

TEST_F(Workbench, TabsAreDraggedBetweenGroupsAndGroupsGoWithTheirLastTab) {
  auto* area = window->editors();
  auto* readme = open("project/README.md");
  open("project/style.css");
  ASSERT_EQ(area->groups().size(), 1);
  auto* first = area->groups()[0];
  EXPECT_EQ(desktop::TabDropOverlay::zoneAt({5, 50}, {100, 100}), DropZone::left);
  EXPECT_EQ(desktop::TabDropOverlay::zoneAt({50, 96}, {100, 100}), DropZone::below);
  EXPECT_EQ(desktop::TabDropOverlay::zoneAt({50, 50}, {100, 100}), DropZone::here);

  // To the right edge: a group of its own.
  area->beginDrag(readme);
  ASSERT_TRUE(first->overlay()->isVisible());
  dropAt(first->overlay(), {first->overlay()->width() - 4, first->overlay()->height() / 2});
  area->endDrag();
  EXPECT_FALSE(first->overlay()->isVisible());
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 2; }, bench_patience));
  auto* second = area->groupOf(readme);
  EXPECT_EQ(area->groups().indexOf(second), 1);
  EXPECT_EQ(area->activeGroup(), second);
  EXPECT_EQ(paths(first),
            (QStringList{QStringLiteral("project/main.py"), QStringLiteral("project/style.css")}));

  // Another below it, by the keys.
  area->focusGroup(0);
  run("tabs.to_next_group");
  EXPECT_EQ(paths(second),
            (QStringList{QStringLiteral("project/README.md"), QStringLiteral("project/style.css")}));
  run("split_down");
  ASSERT_EQ(area->groups().size(), 3);
  EXPECT_EQ(paths(area->groups()[2]), QStringList{QStringLiteral("project/style.css")});
  picture(window.get(), QStringLiteral("bench-groups"));

  // Onto the first one's tabs: before that which stands there, and what was left has no tab and goes.
  area->beginDrag(area->groups()[2]->tabs()[0]);
  dropAt(first->tabBar(), first->tabBar()->tabRect(0).center());
  area->endDrag();
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 2; }, bench_patience));
  EXPECT_EQ(paths(first),
            (QStringList{QStringLiteral("project/style.css"), QStringLiteral("project/main.py")}));

  // A drag that is none of this workspace's is none.
  dropAt(first->overlay(), {2, 2});
  EXPECT_EQ(area->groups().size(), 2);
  run("close_all_tabs");
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 1; }, bench_patience));
  EXPECT_EQ(area->current(), nullptr);
  EXPECT_EQ(area->currentIndex(), 0) << "the welcome";
  run("reopen_closed_tab");
  EXPECT_NE(area->current(), nullptr);
}

TEST_F(Workbench, ATabMovesToAWindowOfItsOwnAndBack) {
  auto* area = window->editors();
  auto* readme = open("project/README.md");
  run("tabs.to_new_window");
  ASSERT_EQ(area->windows().size(), 1);
  auto* other = area->windows()[0];
  EXPECT_EQ(readme->window(), other);
  EXPECT_TRUE(other->windowTitle().startsWith(QStringLiteral("README.md – Tide tables")));
  EXPECT_EQ(area->current(), readme);
  picture(other, QStringLiteral("bench-window"));
  // The same commands by the same keys.
  ASSERT_TRUE(QTest::qWaitForWindowActive(other));
  QTest::keyClick(readme->editor(), Qt::Key_Backslash, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] { return other->groups()->all().size() == 2; }, bench_patience));
  // Dragged back into the first window.
  auto* main = area->groups()[0];
  area->beginDrag(readme);
  dropAt(main->overlay(), main->overlay()->rect().center());
  area->endDrag();
  ASSERT_TRUE(wait_for([&] { return readme->window() == window.get(); }, bench_patience));
  EXPECT_EQ(area->windows().size(), 1) << "a half of the split is there still";
  const QPointer<QWidget> goes(other);
  other->close();
  ASSERT_TRUE(wait_for([&] { return goes.isNull(); }, bench_patience));
  EXPECT_TRUE(area->windows().isEmpty());
  EXPECT_EQ(area->tabs().size(), 2);
}

TEST_F(Workbench, ALayoutIsSavedAndLaidOutAgain) {
  auto* area = window->editors();
  open("project/README.md")->editor()->goToLine(7);
  run("split_right");
  area->openFile(QStringLiteral("project/style.css"));
  run("tabs.to_new_window");
  area->openFile(QStringLiteral("project/main.py"))->editor()->goToLine(12);
  window->addDockWidget(Qt::RightDockWidgetArea, window->panel(QStringLiteral("people")));
  window->showPanel(QStringLiteral("people"));
  window->showPanel(QStringLiteral("output"));
  const auto layout = window->saveLayout();
  EXPECT_FALSE(layout.contains("Tides")) << "no text of files";
  const auto told = [&](IdeWindow& one) {
    QStringList out;
    for (auto* group : one.editors()->groups()) out.append(paths(group).join(u' '));
    return out;
  };
  const auto before = told(*window);
  ASSERT_EQ(before.size(), 3);

  window.reset();
  QSettings().clear();
  openWindow();
  ASSERT_TRUE(window->restoreLayout(layout));
  EXPECT_EQ(told(*window), before);
  EXPECT_EQ(window->editors()->windows().size(), 1);
  EXPECT_EQ(window->dockWidgetArea(window->panel(QStringLiteral("people"))), Qt::RightDockWidgetArea);
  EXPECT_TRUE(shows("people") && shows("output"));
  EXPECT_FALSE(shows("terminals"));
  auto* main = window->editors()->tabOf(QStringLiteral("project/main.py"));
  EXPECT_EQ(window->editors()->current(), main);
  ASSERT_TRUE(wait_for([&] { return main->editor()->cursorLine() == 12; }, bench_patience));

  // By itself, too: as the window was when it was closed.
  window->close();
  window.reset();
  openWindow();
  EXPECT_EQ(told(*window), before);

  // What is no layout does nothing, however it is made.
  auto deep = QByteArray(R"({"version":2,"geometry":"!!","docks":"%%","editors":{"main":)");
  for (int i = 0; i < 300; ++i) deep += R"({"split":"row","of":[)";
  deep +=
      R"({"tabs":[{"path":""},{"path":7},{"cursor":-1e300,"path":"project/main.py","top":1e300}],"shown":99})";
  for (int i = 0; i < 300; ++i) deep += "]}";
  deep += "}}";
  for (const QByteArray& bad : {QByteArray(), QByteArray("[]"), QByteArray("{\"version\":99}"),
                                QByteArray("{"), QByteArray(2 << 20, '{')})
    EXPECT_FALSE(window->restoreLayout(bad));
  EXPECT_EQ(told(*window), before);
  window->restoreLayout(deep);
  EXPECT_FALSE(window->editors()->groups().isEmpty());
  EXPECT_TRUE(loaded(window->editors()->tabOf(QStringLiteral("project/main.py")))) << "what is open stays";
}

TEST_F(Workbench, CommandsAreFoundByLettersAndThoseUsedLastComeFirst) {
  QTest::keyClick(window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  auto* palette = popup<desktop::CommandPalette>();
  ASSERT_NE(palette, nullptr);
  EXPECT_GT(palette->list()->count(), 80) << "the window's and the text's";
  picture(palette, QStringLiteral("bench-commands"));
  QTest::keyClicks(palette->field(), QStringLiteral("dark th"));
  EXPECT_EQ(palette->list()->currentItem()->text(), QStringLiteral("Dark Theme"));
  picture(palette, QStringLiteral("bench-commands-typed"));
  QTest::keyClick(palette->field(), Qt::Key_Escape);
  run("show_commands");
  palette = popup<desktop::CommandPalette>();
  QTest::keyClicks(palette->field(), QStringLiteral("go to the prob"));
  EXPECT_EQ(palette->list()->currentItem()->data(desktop::ListPopup::KeysRole).toString(),
            QStringLiteral("Ctrl+Shift+M"));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return shows("problems"); }, bench_patience));
  // One of the text: it works on the text that shows.
  run("show_commands");
  palette = popup<desktop::CommandPalette>();
  EXPECT_EQ(palette->list()->item(0)->text(), QStringLiteral("Go to the Problems")) << "used last";
  QTest::keyClicks(palette->field(), QStringLiteral("delete lines"));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  auto* editor = window->editors()->current()->editor();
  ASSERT_TRUE(wait_for([&] { return !editor->text().starts_with("#!"); }, bench_patience));
  EXPECT_EQ(desktop::CommandPalette::used(),
            (QStringList{QStringLiteral("lines.delete"), QStringLiteral("panel.problems")}));
}

TEST_F(Workbench, ACommandThatCannotBeDoneSaysWhy) {
  run("close_all_tabs");
  run("show_commands");
  auto* palette = popup<desktop::CommandPalette>();
  QTest::keyClicks(palette->field(), QStringLiteral("split to the right"));
  const auto* item = palette->list()->currentItem();
  EXPECT_TRUE(item->data(desktop::ListPopup::RefusedRole).toBool());
  EXPECT_EQ(item->data(desktop::ListPopup::DetailRole).toString(), QStringLiteral("No text is open."));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  EXPECT_TRUE(palette->isVisible()) << "nothing was done";
  palette->close();
  // By its key the strip below says it.
  QTest::keyClick(window.get(), Qt::Key_Backslash, Qt::ControlModifier);
  EXPECT_EQ(window->statusBar()->currentMessage(), QStringLiteral("No text is open."));
  // Where only the text shows, the strip does for as long.
  run("zen_mode");
  EXPECT_FALSE(window->status()->isVisible());
  window->status()->clearMessage();
  QTest::keyClick(window.get(), Qt::Key_Backslash, Qt::ControlModifier);
  EXPECT_TRUE(window->status()->isVisible());
  window->status()->clearMessage();
  EXPECT_FALSE(window->status()->isVisible());
  run("zen_mode");
  EXPECT_TRUE(window->status()->isVisible());
  // In the menu it is grey.
  QMenu* view = window->menus()->findChild<QMenu*>(QStringLiteral("menu.view"));
  ASSERT_NE(view, nullptr);
  Q_EMIT view->aboutToShow();
  EXPECT_FALSE(window->commands()->action(QStringLiteral("split_right"))->isEnabled());
  Q_EMIT view->aboutToHide();
  EXPECT_TRUE(window->commands()->action(QStringLiteral("split_right"))->isEnabled());
}

TEST_F(Workbench, TheMenusHoldTheCommandsWithTheirKeys) {
  int commands = 0;
  for (auto* menu : window->menus()->findChildren<QMenu*>(Qt::FindDirectChildrenOnly)) {
    Q_EMIT menu->aboutToShow();
    EXPECT_GT(menu->actions().size(), 2) << menu->title().toStdString();
    for (auto* action : menu->actions())
      if (!action->isSeparator()) {
        EXPECT_FALSE(action->text().isEmpty()) << menu->title().toStdString();
        ++commands;
      }
    Q_EMIT menu->aboutToHide();
  }
  EXPECT_GT(commands, 70);
  auto* file = window->menus()->findChild<QMenu*>(QStringLiteral("menu.file"));
  Q_EMIT file->aboutToShow();
  for (const auto& [id, key] : {std::pair("quick_open", "Ctrl+P"), std::pair("files.upload", ""),
                                std::pair("window.quit", "Ctrl+Q")}) {
    const auto* action = window->commands()->action(QLatin1String(id));
    EXPECT_TRUE(file->actions().contains(action)) << id;
    EXPECT_EQ(action->shortcut(), QKeySequence(QLatin1String(key))) << id;
  }
  Q_EMIT file->aboutToHide();
  window->resize(1'400, 820);
  EXPECT_TRUE(wait_for([&] { return window->menus()->isVisible(); }, bench_patience));
  window->resize(700, 820);
  EXPECT_TRUE(wait_for([&] { return !window->menus()->isVisible(); }, bench_patience))
      << window->width() << " of at least " << window->minimumSizeHint().width();
  auto* more = window->findChild<QToolButton*>(QStringLiteral("more"));
  ASSERT_TRUE(more->isVisible()) << "a button has them where there is no room";
  EXPECT_EQ(more->menu()->actions().size(), window->menus()->actions().size());
  picture(window.get(), QStringLiteral("bench-narrow"));
}

TEST_F(Workbench, OpeningByNameTakesALineAndLeadsToCommandsAndSymbols) {
  run("quick_open");
  auto* names = popup<desktop::QuickOpen>();
  ASSERT_TRUE(wait_for([&] { return names->list()->count() > 2; }, bench_patience));
  QTest::keyClicks(names->field(), QStringLiteral("readme:9"));
  ASSERT_EQ(names->list()->count(), 1);
  QTest::keyClick(names->field(), Qt::Key_Return, Qt::ControlModifier);
  auto* area = window->editors();
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 2; }, bench_patience)) << "beside, with Ctrl";
  EXPECT_EQ(area->current()->document()->path(), QStringLiteral("project/README.md"));
  ASSERT_TRUE(wait_for([&] { return area->current()->editor()->cursorLine() == 9; }, bench_patience));
  run("quick_open");
  QTest::keyClicks(popup<desktop::QuickOpen>()->field(), QStringLiteral("@"));
  auto* symbols = popup<desktop::SymbolPopup>();
  ASSERT_NE(symbols, nullptr);
  symbols->close();
  run("quick_open");
  QTest::keyClicks(popup<desktop::QuickOpen>()->field(), QStringLiteral(">"));
  EXPECT_NE(popup<desktop::CommandPalette>(), nullptr);
}

TEST_F(Workbench, ProblemsOfARunAreListedMarkedAndClearedByTheNext) {
  auto* view = window->terminals()->current();
  ASSERT_TRUE(wait_for([&] { return view->allText().contains(QStringLiteral("hint")); }, bench_patience));
  std::uint64_t at = view->terminal()->received();
  const auto say = [&](const std::string& text) {
    runner.sendFrame({FrameKind::data, false, 3, at}, text);
    at += text.size();
  };
  say("\x1b]133;C\x07$ make\r\nmain.py:8:7: \x1b[31merror:\x1b[0m no such tide [-Wtide]\r\n"
      "main.py:12:1: warning: the wind turns\r\ncharts/quay.c:3:1: error: gone\r\n/etc/passwd.c:1:1: error: "
      "not "
      "ours\r\n../../out.c:1:1: error: not ours\r\n");
  auto* panel = window->problems();
  const auto* all = window->workspace()->findChild<client::Problems*>();
  ASSERT_TRUE(wait_for([&] { return panel->tree()->topLevelItemCount() == 2; }, bench_patience));
  EXPECT_EQ(panel->tree()->topLevelItem(0)->text(0), QStringLiteral("quay.c"));
  EXPECT_EQ(panel->tree()->topLevelItem(1)->childCount(), 2);
  auto* tab = window->editors()->tabOf(QStringLiteral("project/main.py"));
  auto* marks = tab->editor()->findChild<desktop::ProblemMarks*>();
  ASSERT_NE(marks, nullptr);
  const auto marked = [&](int line) {
    return tab->editor()->SendScintilla(
        Sci::SCI_INDICATORVALUEAT, static_cast<unsigned long>(desktop::ProblemMarks::error_indicator),
        tab->editor()->SendScintilla(Sci::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line - 1)) + 6);
  };
  EXPECT_GT(marked(8), 0);
  EXPECT_EQ(marked(9), 0);
  window->showPanel(QStringLiteral("problems"));
  picture(window.get(), QStringLiteral("bench-problems"));
  // F8 goes from one to the next, around the end.
  for (const int line : {0, 8, 12, 0}) {
    QTest::keyClick(window.get(), Qt::Key_F8);
    const auto path = window->editors()->current()->document()->path();
    if (line == 0) {
      EXPECT_EQ(path, QStringLiteral("project/charts/quay.c"));
    } else {
      EXPECT_EQ(path, QStringLiteral("project/main.py"));
      EXPECT_EQ(window->editors()->current()->editor()->cursorLine(), line);
    }
  }
  panel->filter()->setText(QStringLiteral("wind"));
  EXPECT_EQ(panel->tree()->topLevelItemCount(), 1);
  panel->filter()->clear();
  // The mark goes with the text.
  window->editors()->openFile(QStringLiteral("project/main.py"));
  tab->editor()->goToLine(1);
  type(tab->editor(), "");
  EXPECT_GT(marked(9), 0);
  say("\x1b]133;C\x07$ make\r\nok\r\n");
  ASSERT_TRUE(wait_for([&] { return all->all().isEmpty(); }, bench_patience));
  EXPECT_EQ(marked(9), 0);
  EXPECT_EQ(panel->tree()->topLevelItemCount(), 0);
}

TEST_F(Workbench, TheOutputTellsWhatHappenedBySource) {
  window->showPanel(QStringLiteral("output"));
  auto* text = window->output()->text();
  EXPECT_TRUE(text->toPlainText().contains(QStringLiteral("Connected")));
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return text->toPlainText().contains(QStringLiteral("Connected again")); },
                       bench_patience));
  picture(window.get(), QStringLiteral("bench-output"));
  auto* source = window->output()->source();
  source->setCurrentIndex(source->findText(QStringLiteral("Ports")));
  EXPECT_FALSE(text->toPlainText().contains(QStringLiteral("Connected")));
  runner.notify<PortChanged>({{{8000, "0.0.0.0", "python3"}, {9000, "0.0.0.0", "node"}}});
  EXPECT_TRUE(wait_for([&] { return text->toPlainText().contains(QStringLiteral("9000")); }, bench_patience));
}

TEST_F(Workbench, PeopleAreListedFollowedAndGoneTo) {
  auto grace = somebody("s-grace", "Grace Hopper", 1, Role::editor);
  grace.path = "project/README.md";
  runner.notify<PresenceChanged>({grace});
  auto* panel = window->peoplePanel();
  window->showPanel(QStringLiteral("people"));
  const auto row_of = [&](const QString& name) {
    for (int row = 0; row < panel->list()->count(); ++row)
      if (panel->list()->item(row)->text().startsWith(name)) return row;
    return -1;
  };
  ASSERT_TRUE(wait_for([&] { return row_of(QStringLiteral("Grace")) >= 0; }, bench_patience));
  panel->list()->setCurrentRow(row_of(QStringLiteral("Grace")));
  EXPECT_TRUE(panel->list()->currentItem()->text().contains(QStringLiteral("README.md")));
  picture(window.get(), QStringLiteral("bench-people"));
  ASSERT_TRUE(panel->jumpButton()->isEnabled());
  panel->jumpButton()->click();
  EXPECT_EQ(window->editors()->current()->document()->path(), QStringLiteral("project/README.md"));
  panel->followButton()->click();
  ASSERT_TRUE(
      wait_for([&] { return window->workspace()->presence()->following() == "s-grace"; }, bench_patience));
  EXPECT_EQ(panel->followButton()->text(), QStringLiteral("Stop Following"));
  panel->followButton()->click();
  EXPECT_EQ(window->workspace()->presence()->following(), "");
}

}  // namespace
}  // namespace berth::test

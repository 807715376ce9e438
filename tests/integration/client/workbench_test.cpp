// SPDX-License-Identifier: GPL-3.0-or-later
// The window of a workspace as a place to work in: panels, groups of texts, further windows, commands,
// problems. Each with its keys or its events, against a scripted server.
#include "workbench.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
using desktop::DropZone;
using desktop::EditorGroup;
using desktop::IdeWindow;
using Sci = QsciScintillaBase;

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
  QCoreApplication::processEvents();
  right->editor()->undo();
  EXPECT_FALSE(left->editor()->text().starts_with("# right\n"));
  right->editor()->redo();  // so that what is typed right behind it is a step of its own
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
  // One history for both, around what others typed: the newest first, wherever it was typed.
  right->editor()->undo();
  EXPECT_TRUE(right->editor()->text().starts_with("# others\n# right\n"));
  EXPECT_FALSE(right->editor()->text().starts_with("# others\n# right\n# left\n"));
  EXPECT_EQ(right->editor()->text(), left->editor()->text());
  left->editor()->undo();
  EXPECT_FALSE(left->editor()->text().starts_with("# others\n# right\n"));
  EXPECT_FALSE(right->editor()->canUndo()) << "others' is not the person's to take back";
  EXPECT_TRUE(right->editor()->canRedo());
  right->editor()->redo();
  EXPECT_TRUE(left->editor()->text().starts_with("# others\n# right\n"));
  EXPECT_EQ(right->editor()->text(), left->editor()->text());
  left->editor()->redo();
  EXPECT_TRUE(right->editor()->text().starts_with("# others\n# right\n# left\n"));
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

TEST_F(Workbench, ATabDroppedOutsideAllWindowsGetsOneThere) {
  auto* area = window->editors();
  auto* readme = open("project/README.md");
  const auto inside = window->frameGeometry().center();
  area->droppedOutside(readme, inside);
  EXPECT_TRUE(area->windows().isEmpty()) << "it was let go over a window of ours";
  const auto outside = window->frameGeometry().bottomRight() + QPoint(300, 200);
  area->droppedOutside(readme, outside);
  ASSERT_EQ(area->windows().size(), 1);
  auto* other = area->windows()[0];
  EXPECT_EQ(readme->window(), other);
  EXPECT_TRUE(other->isVisible());
  EXPECT_TRUE(QRect(other->pos(), QSize(200, 60)).contains(outside)) << "by its title under the pointer";
  // Alone in it, it takes its window along.
  const auto far = outside + QPoint(2'000, 100);
  area->droppedOutside(readme, far);
  EXPECT_EQ(area->windows(), QList<desktop::EditorWindow*>{other});
  EXPECT_TRUE(QRect(other->pos(), QSize(200, 60)).contains(far));
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
  window->resize(1400, 900);
  window->editors()->openFile(QStringLiteral("project/main.py"));
  // Beside its line, too, and in the minimap; there and over the word the pointer is told what is wrong.
  const auto beside = [&](int line) {
    return tab->editor()->SendScintilla(Sci::SCI_MARKERGET, static_cast<unsigned long>(line - 1));
  };
  EXPECT_TRUE(beside(8) & 1 << desktop::ProblemMarks::error_marker);
  EXPECT_TRUE(beside(12) & 1 << desktop::ProblemMarks::warning_marker);
  EXPECT_FALSE(beside(9) & 1 << desktop::ProblemMarks::error_marker);
  const auto word = tab->editor()->SendScintilla(Sci::SCI_POSITIONFROMLINE, 7ul) + 7;
  const QPoint on_line(0, static_cast<int>(tab->editor()->SendScintilla(Sci::SCI_POINTYFROMPOSITION, 0ul,
                                                                        static_cast<unsigned long>(word))) +
                              4);
  const QPoint on_word(static_cast<int>(tab->editor()->SendScintilla(Sci::SCI_POINTXFROMPOSITION, 0ul,
                                                                     static_cast<unsigned long>(word))) +
                           1,
                       on_line.y());
  for (const auto& place : {QPoint(20, on_line.y()), on_word})
    EXPECT_EQ(marks->textAt(place), QStringLiteral("no such tide (-Wtide)")) << place.x();
  EXPECT_EQ(marks->textAt({20, 2}), QString());
  const auto* map = tab->findChild<desktop::Minimap*>();
  const auto mapped = [&](int line) {
    const auto scale = map->devicePixelRatioF();
    return map->picture().pixelColor(static_cast<int>((map->width() - 3) * scale),
                                     static_cast<int>(2 * (line - 1) * scale));
  };
  ASSERT_TRUE(wait_for([&] { return map->isVisible(); }, bench_patience)) << tab->width();
  EXPECT_TRUE(
      wait_for([&] { return mapped(8) == desktop::Theme::instance()->colors().bad; }, bench_patience));
  EXPECT_EQ(mapped(12), desktop::Theme::instance()->colors().warning);
  EXPECT_EQ(mapped(4).alpha(), 0);
  // F8 goes from where the person is to the next, around the end.
  window->editors()->openFile(QStringLiteral("project/main.py"));
  tab->editor()->goToLine(1);
  for (const int line : {8, 12, 0, 8}) {
    QTest::keyClick(window.get(), Qt::Key_F8);
    const auto path = window->editors()->current()->document()->path();
    if (line == 0) {
      EXPECT_EQ(path, QStringLiteral("project/charts/quay.c"));
    } else {
      EXPECT_EQ(path, QStringLiteral("project/main.py"));
      EXPECT_EQ(window->editors()->current()->editor()->cursorLine(), line);
    }
  }
  tab->editor()->goToLine(10);
  for (const int line : {8, 0, 12}) {
    QTest::keyClick(window.get(), Qt::Key_F8, Qt::ShiftModifier);
    auto* shown = window->editors()->current();
    EXPECT_EQ(shown->document()->path(),
              line == 0 ? QStringLiteral("project/charts/quay.c") : QStringLiteral("project/main.py"));
    if (line > 0) EXPECT_EQ(shown->editor()->cursorLine(), line);
  }
  panel->filter()->setText(QStringLiteral("wind"));
  EXPECT_EQ(panel->tree()->topLevelItemCount(), 1);
  panel->filter()->clear();
  // The mark goes with the text.
  window->editors()->openFile(QStringLiteral("project/main.py"));
  tab->editor()->goToLine(1);
  type(tab->editor(), "");
  EXPECT_GT(marked(9), 0);
  EXPECT_TRUE(beside(9) & 1 << desktop::ProblemMarks::error_marker);
  QTest::keyClick(window.get(), Qt::Key_F8);
  EXPECT_EQ(tab->editor()->cursorLine(), 9) << "where it is by now";
  say("\x1b]133;C\x07$ make\r\nok\r\n");
  ASSERT_TRUE(wait_for([&] { return all->all().isEmpty(); }, bench_patience));
  EXPECT_EQ(marked(9), 0);
  EXPECT_FALSE(beside(9) & 1 << desktop::ProblemMarks::error_marker);
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

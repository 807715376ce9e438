// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks that are closed and opened.
#include "client/desktop/code_folding.hpp"

#include <QElapsedTimer>

#include "editor_fixture.hpp"

namespace berth::desktop {
namespace {

class EditorFolding : public EditorFixture {
 protected:
  CodeFolding* folding() { return editor.findChild<CodeFolding*>(); }
  bool isVisible(int line) { return sci(Sci::SCI_GETLINEVISIBLE, static_cast<unsigned long>(line - 1)); }
  QList<int> heads() {
    sci(Sci::SCI_COLOURISE, 0, -1);
    turn();
    return folding()->heads();
  }
};

const char* const cpp_text =
    "#include <a>\n"  // 1
    "int f() {\n"     // 2
    "  if (x) {\n"    // 3
    "    a();\n"      // 4
    "  } else {\n"    // 5
    "    b();\n"      // 6
    "  }\n"           // 7
    "}\n"             // 8
    "/* one\n"        // 9
    "   two\n"        // 10
    "*/ int g() {\n"  // 11
    "  return 1;\n"   // 12
    "}\n";            // 13

TEST_F(EditorFolding, RegionsOfTheLanguageFold) {
  load("a.cpp", cpp_text);
  EXPECT_EQ(heads(), (QList<int>{2, 3, 5, 9, 11}));
  editor.goToLine(4);
  press(Qt::Key_BracketLeft, ctrl | shift);
  EXPECT_EQ(folding()->closed(), QList<int>{3});
  EXPECT_TRUE(isVisible(3));
  EXPECT_FALSE(isVisible(4));
  EXPECT_TRUE(isVisible(5)) << "else begins another block";
  EXPECT_EQ(editor.cursorLine(), 3) << "the cursor is where it is seen";
  press(Qt::Key_BracketLeft, ctrl | shift);
  EXPECT_EQ(folding()->closed(), (QList<int>{2, 3})) << "the block around the closed one";
  EXPECT_TRUE(isVisible(8)) << "what ends the block stays";
  press(Qt::Key_BracketRight, ctrl | shift);
  EXPECT_TRUE(isVisible(5));
  EXPECT_FALSE(isVisible(4)) << "the inner one is as it was";
  run("fold.open_all");
  EXPECT_TRUE(folding()->closed().isEmpty());
}

TEST_F(EditorFolding, IndentationFoldsWhereTheLanguageSaysNothingElse) {
  load("a.py",
       "def f():\n"       // 1
       "    a\n"          // 2
       "\n"               // 3
       "    if b:\n"      // 4
       "# out of line\n"  // 5
       "        c\n"      // 6
       "\n"               // 7
       "def g():\n"       // 8
       "    d\n");        // 9
  EXPECT_EQ(heads(), (QList<int>{1, 4, 8}));
  editor.goToLine(1);
  press(Qt::Key_BracketLeft, ctrl | shift);
  EXPECT_FALSE(isVisible(6));
  EXPECT_TRUE(isVisible(7)) << "the blank line between the two is no part of either";
  load("notes", "one\n  two\n    three\nfour\n");
  EXPECT_EQ(heads(), (QList<int>{1, 2})) << "a text without a language, too";
}

TEST_F(EditorFolding, AllOfItLevelsAndChildren) {
  load("a.cpp", cpp_text);
  press(Qt::Key_K, ctrl);
  press(Qt::Key_0, ctrl);
  EXPECT_EQ(folding()->closed(), (QList<int>{2, 3, 5, 9, 11}));
  press(Qt::Key_K, ctrl);
  press(Qt::Key_J, ctrl);
  EXPECT_TRUE(folding()->closed().isEmpty());
  editor.goToLine(12);
  run("fold.level_1");
  EXPECT_EQ(folding()->closed(), (QList<int>{2, 9})) << "but not the block that the cursor is in";
  run("fold.open_all");
  run("fold.level_2");
  EXPECT_EQ(folding()->closed(), (QList<int>{3, 5}));
  run("fold.open_all");
  editor.goToLine(2);
  run("fold.close_children");
  EXPECT_EQ(folding()->closed(), (QList<int>{2, 3, 5}));
  run("fold.open_children");
  EXPECT_TRUE(folding()->closed().isEmpty());
  run("fold.comments");
  EXPECT_EQ(folding()->closed(), QList<int>{9});
}

TEST_F(EditorFolding, TheMarginClosesAndOpens) {
  load("a.cpp", cpp_text);
  heads();
  const auto y = static_cast<int>(sci(Sci::SCI_POINTYFROMPOSITION, 0, sci(Sci::SCI_POSITIONFROMLINE, 1))) + 5;
  const auto x = static_cast<int>(sci(Sci::SCI_GETMARGINWIDTHN, 0) + sci(Sci::SCI_GETMARGINWIDTHN, 1)) + 4;
  QTest::mouseClick(editor.viewport(), Qt::LeftButton, {}, {x, y});
  turn();
  EXPECT_EQ(folding()->closed(), QList<int>{2});
  QTest::mouseClick(editor.viewport(), Qt::LeftButton, {}, {x, y});
  turn();
  EXPECT_TRUE(folding()->closed().isEmpty());
}

TEST_F(EditorFolding, WhatIsClosedStaysSoThroughEditsAndIsKept) {
  folding()->keepUnder(QStringLiteral("workspaces/w/folds/a.cpp"));
  load("a.cpp", cpp_text);
  editor.goToLine(12);
  run("fold.close");
  EXPECT_EQ(folding()->closed(), QList<int>{11});
  select(0, 0);
  press(Qt::Key_Return);
  EXPECT_EQ(folding()->closed(), QList<int>{12}) << "moved by what was typed above";
  EXPECT_FALSE(isVisible(13));
  // Somebody else writes a line into the closed block.
  const auto at = static_cast<std::int64_t>(mirror.find("  return"));
  others(protocol::TextOperation()
             .retain(at)
             .insert("  x();\n")
             .retain(static_cast<std::int64_t>(mirror.size()) - at));
  EXPECT_EQ(folding()->closed(), QList<int>{12});
  ASSERT_TRUE(test::wait_for([&] { return !isVisible(13) && !isVisible(14); }));
  EXPECT_TRUE(isVisible(15));
  ASSERT_TRUE(test::wait_for([] {
    return QSettings().value(QStringLiteral("workspaces/w/folds/a.cpp")).toString() == QStringLiteral("12");
  }));
  CodeEditor again;
  add_editor_features(&again);
  again.setFileName(QStringLiteral("a.cpp"));
  again.findChild<CodeFolding*>()->keepUnder(QStringLiteral("workspaces/w/folds/a.cpp"));
  again.load(mirror);
  EXPECT_EQ(again.findChild<CodeFolding*>()->closed(), QList<int>{12});
  // A head that goes leaves nothing hidden.
  editor.goToLine(12);
  run("lines.delete");
  ASSERT_TRUE(test::wait_for([&] { return sci(Sci::SCI_GETALLLINESVISIBLE) != 0; }));
}

TEST_F(EditorFolding, ALongTextIsFoldedWithoutHoldingUpTheKeys) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "int f" + std::to_string(i) + "() {\n  return 1;\n}\n";
  load("a.cpp", text);
  int turns = 0;
  QTimer ticking;
  QObject::connect(&ticking, &QTimer::timeout, [&] { ++turns; });
  ticking.start(0);
  EXPECT_TRUE(EditorCommands::of(&editor)->run(QStringLiteral("fold.close_all")));
  EXPECT_TRUE(folding()->closed().isEmpty()) << "not at once";
  ASSERT_TRUE(test::wait_for([&] { return !folding()->closed().isEmpty(); }, 60'000));
  EXPECT_GT(turns, 4) << "the event loop turned between the pieces";
  EXPECT_FALSE(isVisible(59'999));
}

TEST(FoldLevels, BrokenTextsHaveSomeToo) {
  EXPECT_EQ(depths_by_indentation("a\n\tb\n  \n\t\tc\nd", 4, "#"), (std::vector<int>{0, 4, 8, 8, 0}));
  EXPECT_EQ(depths_by_indentation("", 0, ""), std::vector<int>{0});
  OpenRegions open;
  EXPECT_EQ(open.pass({-3}), 0) << "an end of nothing";
  EXPECT_EQ(open.pass({1, 2}), 0);
  EXPECT_EQ(open.pass({-1}), 0) << "what was left open within ends, too";
  EXPECT_EQ(open.depth(), 0);
  for (int i = 0; i < 5'000; ++i) open.pass({1});
  EXPECT_EQ(open.depth(), 2'000);
}

}  // namespace
}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor of a file has beyond text, by its keys.
#include "client/desktop/editor_features.hpp"

#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTreeWidget>

#include "client/desktop/bookmarks.hpp"
#include "client/desktop/change_bars.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/key_field.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/minimap.hpp"
#include "client/desktop/sticky_header.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/word_completion.hpp"
#include "random_edits.hpp"
#include "wait_for.hpp"

namespace berth::desktop {
namespace {

using Sci = QsciScintillaBase;

class EditorFeatures : public testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    add_editor_features(&editor);
    editor.setFileName(QStringLiteral("a.py"));
    editor.resize(700, 500);
    editor.show();
    QObject::connect(&editor, &CodeEditor::edited, [this](const client::LocalEdit& edit) {
      mirror = *test::operation_of(edit).apply(mirror);
    });
  }
  void TearDown() override {
    EXPECT_EQ(editor.text(), mirror) << "every change is reported as it was";
    QSettings().clear();
  }
  void load(const std::string& text) {
    editor.load(text);
    mirror = text;
  }
  void press(int key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(&editor, static_cast<Qt::Key>(key), modifiers);
    turn();  // each key is a step of its own
  }
  void type(const char* text) {
    QTest::keyClicks(&editor, QString::fromLatin1(text));
    turn();
  }
  long sci(unsigned message, unsigned long word = 0, long number = 0) const {
    return editor.SendScintilla(message, word, number);
  }
  void select(long anchor, long caret) { sci(Sci::SCI_SETSEL, static_cast<unsigned long>(anchor), caret); }
  void turn() { QCoreApplication::processEvents(); }

  static constexpr auto ctrl = Qt::ControlModifier;
  static constexpr auto shift = Qt::ShiftModifier;
  static constexpr auto alt = Qt::AltModifier;
  CodeEditor editor;
  std::string mirror;
};

TEST_F(EditorFeatures, LinesAreCommentedOutAndInAgain) {
  load("def f():\n    a = 1\n\n    b = 2\n");
  select(9, 30);
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "def f():\n    # a = 1\n\n    # b = 2\n");
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "def f():\n    a = 1\n\n    b = 2\n");
  editor.undo();
  EXPECT_EQ(editor.text(), "def f():\n    # a = 1\n\n    # b = 2\n") << "one step";
  editor.undo();
  EXPECT_EQ(editor.text(), "def f():\n    a = 1\n\n    b = 2\n");
}

TEST_F(EditorFeatures, CommentsHaveTheLanguagesMarks) {
  editor.setFileName(QStringLiteral("a.cpp"));
  load("int a;\nint b;\n");
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "// int a;\nint b;\n");
  select(10, 16);
  press(Qt::Key_A, ctrl | shift);
  EXPECT_EQ(editor.text(), "// int a;\n/* int b; */\n");
  press(Qt::Key_A, ctrl | shift);
  EXPECT_EQ(editor.text(), "// int a;\nint b;\n");
  editor.setFileName(QStringLiteral("a.html"));
  load("<p>x</p>\n");
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "<!-- <p>x</p> -->\n") << "a pair of marks where a language has no other";
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "<p>x</p>\n");
}

TEST_F(EditorFeatures, LinesAreMovedCopiedAndDeleted) {
  load("one\ntwo\nthree\n");
  select(5, 5);
  press(Qt::Key_Up, alt);
  EXPECT_EQ(editor.text(), "two\none\nthree\n");
  press(Qt::Key_Down, alt);
  press(Qt::Key_Down, alt);
  EXPECT_EQ(editor.text(), "one\nthree\ntwo\n");
  press(Qt::Key_Down, alt | shift);
  EXPECT_EQ(editor.text(), "one\nthree\ntwo\ntwo\n");
  EXPECT_EQ(editor.cursorLine(), 4) << "the cursor goes on in the copy below";
  press(Qt::Key_Up, alt | shift);
  EXPECT_EQ(editor.cursorLine(), 4);
  press(Qt::Key_K, ctrl | shift);
  press(Qt::Key_K, ctrl | shift);
  EXPECT_EQ(editor.text(), "one\nthree\ntwo\n");
  select(0, 6);
  press(Qt::Key_K, ctrl | shift);
  EXPECT_EQ(editor.text(), "two\n");
}

TEST_F(EditorFeatures, TheLastLineWithoutItsEndIsALineToo) {
  load("one\ntwo");
  select(7, 7);
  press(Qt::Key_Up, alt);
  EXPECT_EQ(editor.text(), "two\none");
  press(Qt::Key_Down, alt);
  EXPECT_EQ(editor.text(), "one\ntwo");
  press(Qt::Key_K, ctrl | shift);
  EXPECT_EQ(editor.text(), "one");
}

TEST_F(EditorFeatures, LinesAreBegunJoinedAndShifted) {
  load("    a\n    b\n");
  select(6, 6);
  press(Qt::Key_Return, ctrl);
  type("x");
  EXPECT_EQ(editor.text(), "    a\n    b\n    x\n");
  press(Qt::Key_Return, ctrl | shift);
  type("y");
  EXPECT_EQ(editor.text(), "    a\n    b\n    y\n    x\n");
  select(0, 12);
  press(Qt::Key_J, ctrl | shift);
  EXPECT_EQ(editor.text(), "    a b\n    y\n    x\n");
  press(Qt::Key_BracketRight, ctrl);
  EXPECT_EQ(editor.text(), "        a b\n    y\n    x\n");
  press(Qt::Key_BracketLeft, ctrl);
  press(Qt::Key_BracketLeft, ctrl);
  EXPECT_EQ(editor.text(), "a b\n    y\n    x\n");
}

TEST_F(EditorFeatures, TheNextPlaceOfAWordGetsACursor) {
  load("tide = 1\ntides = tide\nprint(tide)\n");
  press(Qt::Key_D, ctrl);
  EXPECT_EQ(editor.selectedText(), QStringLiteral("tide"));
  press(Qt::Key_D, ctrl);
  press(Qt::Key_D, ctrl);
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 3);
  type("sea");
  EXPECT_EQ(editor.text(), "sea = 1\ntides = sea\nprint(sea)\n") << "whole words, as a word was meant";
  editor.undo();
  turn();
}

TEST_F(EditorFeatures, AllPlacesOfASelectionAreTypedIntoAtOnce) {
  load("ab abab\nab\n");
  select(0, 2);
  press(Qt::Key_L, ctrl | shift);
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 4);
  type("x");
  EXPECT_EQ(editor.text(), "x xx\nx\n");
  press(Qt::Key_U, ctrl);
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 3);
}

TEST_F(EditorFeatures, CursorsAboveAndBelowBeginLinesTogether) {
  load("    a\n    b\n    c\n");
  select(5, 5);
  press(Qt::Key_Down, ctrl | alt);
  press(Qt::Key_Down, ctrl | alt);
  type(";");
  EXPECT_EQ(editor.text(), "    a;\n    b;\n    c;\n");
  press(Qt::Key_Return);
  type("x");
  EXPECT_EQ(editor.text(), "    a;\n    x\n    b;\n    x\n    c;\n    x\n") << "each as deep as its line";
}

TEST_F(EditorFeatures, AColumnIsSelectedByKeys) {
  load("abc\nabc\nabc\n");
  select(1, 1);
  press(Qt::Key_Right, ctrl | shift | alt);
  press(Qt::Key_Down, ctrl | shift | alt);
  press(Qt::Key_Down, ctrl | shift | alt);
  EXPECT_TRUE(sci(Sci::SCI_SELECTIONISRECTANGLE));
  type("-");
  EXPECT_EQ(editor.text(), "a-c\na-c\na-c\n");
}

TEST_F(EditorFeatures, BookmarksMoveWithTheTextAndAreKept) {
  auto* bookmarks = editor.findChild<Bookmarks*>();
  bookmarks->keepUnder(QStringLiteral("workspaces/w/bookmarks/a.py"));
  load("1\n2\n3\n4\n");
  editor.goToLine(2);
  press(Qt::Key_K, ctrl | alt);
  editor.goToLine(4);
  press(Qt::Key_K, ctrl | alt);
  EXPECT_EQ(bookmarks->lines(), (QList<int>{2, 4}));
  select(0, 0);
  press(Qt::Key_Return);
  EXPECT_EQ(bookmarks->lines(), (QList<int>{3, 5}));
  ASSERT_TRUE(test::wait_for([] {
    return QSettings().value(QStringLiteral("workspaces/w/bookmarks/a.py")).toString() ==
           QStringLiteral("3 5");
  }));
  press(Qt::Key_F2);
  EXPECT_EQ(editor.cursorLine(), 3);
  press(Qt::Key_F2);
  press(Qt::Key_F2);
  EXPECT_EQ(editor.cursorLine(), 3) << "around the end";
  press(Qt::Key_F2, shift);
  EXPECT_EQ(editor.cursorLine(), 5);
  CodeEditor again;
  add_editor_features(&again);
  again.findChild<Bookmarks*>()->keepUnder(QStringLiteral("workspaces/w/bookmarks/a.py"));
  again.load(editor.text());
  EXPECT_EQ(again.findChild<Bookmarks*>()->lines(), (QList<int>{3, 5}));
}

TEST_F(EditorFeatures, BookmarksOfAShorterOrBrokenListAreLeftOut) {
  QSettings().setValue(QStringLiteral("k"), QStringLiteral("1 900 -4 x 2"));
  auto* bookmarks = editor.findChild<Bookmarks*>();
  bookmarks->keepUnder(QStringLiteral("k"));
  load("1\n2\n3\n");
  EXPECT_EQ(bookmarks->lines(), (QList<int>{1, 2}));
}

TEST_F(EditorFeatures, ChangeBarsTellWhatIsNewChangedAndGone) {
  load("one\ntwo\nthree\nfour\nfive\n");
  auto* bars = editor.findChild<ChangeBars*>();
  select(0, 0);
  press(Qt::Key_End);
  type("x");
  ASSERT_TRUE(test::wait_for([&] { return bars->bars() == QMap<int, int>{{1, ChangeBars::changed}}; }));
  editor.goToLine(3);
  press(Qt::Key_K, ctrl | shift);
  editor.goToLine(4);
  press(Qt::Key_End);
  press(Qt::Key_Return);
  type("new");
  const QMap<int, int> wanted{{1, ChangeBars::changed}, {3, ChangeBars::deleted}, {5, ChangeBars::added}};
  ASSERT_TRUE(test::wait_for([&] { return bars->bars() == wanted; }));
  press(Qt::Key_F3, alt);
  EXPECT_EQ(editor.cursorLine(), 1);
  press(Qt::Key_F3, alt);
  EXPECT_EQ(editor.cursorLine(), 3);
  // Somebody else's change is one, too; going back to how it was is none.
  for (int i = 0; i < 20 && editor.canUndo(); ++i) editor.undo();
  EXPECT_TRUE(test::wait_for([&] { return bars->bars().isEmpty(); }));
  const protocol::TextOperation other = protocol::TextOperation().insert("zero\n").retain(24);
  mirror = *other.apply(mirror);
  editor.apply(other);
  EXPECT_TRUE(test::wait_for([&] { return bars->bars() == QMap<int, int>{{1, ChangeBars::added}}; }));
}

TEST(IndentOfText, IsWhatMostLinesHave) {
  EXPECT_EQ(indent_of_text("a:\n  b:\n    c\n  d\n"), (Indent{false, 2}));
  EXPECT_EQ(indent_of_text("def f():\n    a\n    if b:\n        c\n"), (Indent{false, 4}));
  EXPECT_EQ(indent_of_text("a {\n\tb\n\tc {\n\t\td\n"), (Indent{true, 0}));
  EXPECT_EQ(indent_of_text("/**\n * a\n * b\n */\nint a() {\n   b;\n   c;\n}\n"), (Indent{false, 3}));
  EXPECT_FALSE(indent_of_text("a\nb\nc\n"));
  EXPECT_FALSE(indent_of_text(""));
}

TEST_F(EditorFeatures, IndentationIsTakenFromTheText) {
  load("a:\n  b:\n    c\n  d:\n");
  EXPECT_EQ(editor.findChild<Indentation*>()->words(), QStringLiteral("Spaces: 2"));
  editor.goToLine(4);
  press(Qt::Key_End);
  press(Qt::Key_Return);
  type("e");
  EXPECT_EQ(editor.text(), "a:\n  b:\n    c\n  d:\n    e\n");
  load("a {\n\tb\n\tc\n");
  EXPECT_TRUE(editor.findChild<Indentation*>()->now().tabs);
}

TEST_F(EditorFeatures, BracketsAreMatchedAndJumpedBetween) {
  load("f(a[1], b)\n");
  select(2, 2);
  turn();
  press(Qt::Key_M, ctrl);
  EXPECT_EQ(sci(Sci::SCI_GETCURRENTPOS), 9) << "from within the bracket before the cursor";
  press(Qt::Key_M, ctrl);
  EXPECT_EQ(sci(Sci::SCI_GETCURRENTPOS), 1);
  select(7, 7);
  press(Qt::Key_M, ctrl);
  EXPECT_EQ(sci(Sci::SCI_GETCURRENTPOS), 1) << "out to the one that encloses it";
}

TEST(WordsBeginning, TheNearestComesFirstAndEachOnce) {
  const std::string text = "harbour harp har_bor tide harbour h1 42har Härte harbo";
  const auto words = [&](const char* begun) {
    std::string out;
    for (const auto& word : words_beginning(text, begun, text.size(), 10)) out += word + " ";
    return out;
  };
  EXPECT_EQ(words("har"), "harbour har_bor harp ");
  EXPECT_EQ(words("H"), "Härte ");
  EXPECT_EQ(words("harbour"), "");
  EXPECT_EQ(words_beginning(text, "h", 0, 2).size(), 2u);
}

TEST_F(EditorFeatures, WordsAreOfferedWhileTypingAndTakenByTab) {
  load("harbour = 1\n\n");
  auto* completion = editor.findChild<WordCompletion*>();
  editor.goToLine(2);
  type("ha");
  turn();
  EXPECT_FALSE(completion->isShown()) << "two letters are no word yet";
  type("r");
  ASSERT_TRUE(test::wait_for([&] { return completion->isShown(); }));
  press(Qt::Key_Tab);
  EXPECT_EQ(editor.text(), "harbour = 1\nharbour\n");
  // Return ends the line, whatever is offered.
  press(Qt::Key_Return);
  type("har");
  ASSERT_TRUE(test::wait_for([&] { return completion->isShown(); }));
  press(Qt::Key_Return);
  EXPECT_EQ(editor.text(), "harbour = 1\nharbour\nhar\n\n");
  EXPECT_FALSE(completion->isShown());
  // Asked for, it is taken by Return.
  type("ha");
  press(Qt::Key_Space, ctrl);
  ASSERT_TRUE(completion->isShown());
  press(Qt::Key_Return);
  EXPECT_EQ(editor.text(), "harbour = 1\nharbour\nhar\nhar\n") << "the nearest one";
}

TEST_F(EditorFeatures, NoWordsAreOfferedWherePeopleDoNotWantThem) {
  EditorChoices::instance()->choose("editor/completion", false);
  load("harbour\n\n");
  editor.goToLine(2);
  type("har");
  EXPECT_FALSE(test::wait_for([&] { return editor.findChild<WordCompletion*>()->isShown(); }, 150));
}

TEST_F(EditorFeatures, BlanksRulersAndBrokenLinesAreChosenForAllEditors) {
  EXPECT_EQ(sci(Sci::SCI_GETVIEWWS), Sci::SCWS_INVISIBLE);
  EditorChoices::instance()->choose("editor/render_whitespace", "all");
  EditorChoices::instance()->choose("editor/ruler", 80);
  press(Qt::Key_Z, alt);
  EXPECT_EQ(sci(Sci::SCI_GETVIEWWS), Sci::SCWS_VISIBLEALWAYS);
  EXPECT_EQ(sci(Sci::SCI_GETEDGECOLUMN), 80);
  EXPECT_EQ(sci(Sci::SCI_GETEDGEMODE), Sci::EDGE_LINE);
  EXPECT_EQ(sci(Sci::SCI_GETWRAPMODE), Sci::SC_WRAP_WORD);
  CodeEditor other;
  add_editor_features(&other);
  EXPECT_EQ(other.SendScintilla(Sci::SCI_GETEDGECOLUMN), 80);
}

std::string many_functions(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "def f" + std::to_string(i) + "():\n    for x in y:\n";
    for (int line = 0; line < 30; ++line) text += "        call(" + std::to_string(line) + ")\n";
  }
  return text;
}

TEST_F(EditorFeatures, HeadersStayInViewAndLeadBack) {
  load(many_functions(4));
  auto* header = editor.findChild<StickyHeader*>();
  turn();
  EXPECT_FALSE(header->isVisible());
  sci(Sci::SCI_SETFIRSTVISIBLELINE, 40);
  ASSERT_TRUE(test::wait_for([&] { return header->isVisible(); }));
  EXPECT_EQ(header->headers(), (std::vector<long>{32, 33}));
  QTest::mouseClick(header, Qt::LeftButton, {}, {100, 4});
  EXPECT_EQ(editor.cursorLine(), 33);
  EditorChoices::instance()->choose("editor/sticky_scroll", false);
  sci(Sci::SCI_SETFIRSTVISIBLELINE, 80);
  turn();
  EXPECT_FALSE(header->isVisible());
}

TEST_F(EditorFeatures, TheMinimapShowsTheWholeTextAndGoesWhereItIsPressed) {
  load(many_functions(60));
  Minimap map(&editor);
  map.fit(900);
  map.resize(84, 500);
  map.show();
  turn();
  const auto top = map.slider();
  EXPECT_EQ(top.top(), 0);
  QTest::mouseClick(&map, Qt::LeftButton, {}, {40, 300});
  ASSERT_TRUE(test::wait_for([&] { return sci(Sci::SCI_GETFIRSTVISIBLELINE) > 100; }));
  EXPECT_GT(map.slider().top(), top.top());
  map.fit(400);
  EXPECT_FALSE(map.isVisible()) << "a narrow window has no room for it";
  map.fit(900);
  EditorChoices::instance()->choose("editor/minimap", false);
  EXPECT_FALSE(map.isVisible());
}

TEST_F(EditorFeatures, ASymbolIsFoundByNameAndALineByNumber) {
  load(many_functions(5));
  QWidget window;
  window.resize(800, 600);
  window.show();
  editor.goToLine(3);
  QPointer<SymbolPopup> popup = new SymbolPopup(&editor, {}, &window);
  EXPECT_EQ(popup->list()->count(), 5);
  QTest::keyClicks(popup->field(), QStringLiteral("f3"));
  EXPECT_EQ(popup->list()->count(), 1);
  EXPECT_EQ(editor.cursorLine(), 97) << "shown at once";
  QTest::keyClick(popup->field(), Qt::Key_Escape);
  EXPECT_EQ(editor.cursorLine(), 3) << "back where it was";
  ASSERT_TRUE(test::wait_for([&] { return popup.isNull(); }));
  popup = new SymbolPopup(&editor, {}, &window);
  QTest::keyClicks(popup->field(), QStringLiteral("f3"));
  QTest::keyClick(popup->field(), Qt::Key_Return);
  EXPECT_EQ(editor.cursorLine(), 97);
  ASSERT_TRUE(test::wait_for([&] { return popup.isNull(); }));
  popup = new SymbolPopup(&editor, QStringLiteral(":"), &window);
  QTest::keyClicks(popup->field(), QStringLiteral("12:9"));
  QTest::keyClick(popup->field(), Qt::Key_Return);
  EXPECT_EQ(editor.cursorLine(), 12);
  EXPECT_EQ(editor.cursorColumn(), 9);
}

TEST_F(EditorFeatures, NothingChangesATextThatIsReadOnly) {
  const std::string text = "def f():\n    harbour\n    har\n";
  load(text);
  editor.setReadOnly(true);
  for (const auto& command : EditorCommands::of(&editor)->all())
    EXPECT_EQ(EditorCommands::of(&editor)->run(command.id), !command.changes) << command.id.toStdString();
  EXPECT_EQ(editor.text(), text);
}

TEST_F(EditorFeatures, KeysOfCommandsAreChosenInADialog) {
  load("a\nb\n");
  KeysDialog dialog;
  dialog.show();
  auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("keys"));
  EXPECT_GT(list->topLevelItemCount(), 20);
  dialog.findChild<QLineEdit*>(QStringLiteral("findKey"))->setText(QStringLiteral("Delete Lines"));
  ASSERT_EQ(list->topLevelItemCount(), 1);
  dialog.findChild<KeyField*>(QStringLiteral("newKey"))->setKeySequence(QKeySequence(ctrl | Qt::Key_D));
  EXPECT_TRUE(
      dialog.findChild<QLabel*>(QStringLiteral("keyTold"))->text().contains(QStringLiteral("loses it")));
  dialog.findChild<QPushButton*>(QStringLiteral("setKey"))->click();
  press(Qt::Key_D, ctrl);
  EXPECT_EQ(editor.text(), "b\n") << "in an editor that is open, too";
  EXPECT_EQ(KeyBindings::instance()->commandOf(QKeySequence(ctrl | shift | Qt::Key_K)), QString())
      << "its usual key is free";
  EXPECT_TRUE(KeyBindings::instance()->keys(QStringLiteral("cursors.next")).isEmpty());
  dialog.findChild<QPushButton*>(QStringLiteral("usualKey"))->click();
  press(Qt::Key_K, ctrl | shift);
  EXPECT_EQ(editor.text(), "");
  dialog.findChild<QPushButton*>(QStringLiteral("noKey"))->click();
  EXPECT_TRUE(KeyBindings::instance()->keys(QStringLiteral("lines.delete")).isEmpty());
  KeyBindings::instance()->reset(QStringLiteral("lines.delete"));
  KeyBindings::instance()->reset(QStringLiteral("cursors.next"));
}

TEST_F(EditorFeatures, TwoKeysInARowAreOneChoice) {
  load("a\nb\n");
  KeyBindings::instance()->setKeys(QStringLiteral("lines.delete"),
                                   {QKeySequence(QStringLiteral("Ctrl+K, Ctrl+D"))});
  press(Qt::Key_K, ctrl);
  EXPECT_EQ(editor.text(), "a\nb\n");
  press(Qt::Key_D, ctrl);
  EXPECT_EQ(editor.text(), "b\n");
  press(Qt::Key_K, ctrl);
  press(Qt::Key_Home);
  press(Qt::Key_D, ctrl);
  EXPECT_EQ(editor.text(), "b\n") << "another key came between";
  KeyBindings::instance()->reset(QStringLiteral("lines.delete"));
}

TEST_F(EditorFeatures, IndentationIsWhatThePersonChoseWhereTheTextDoesNotShowIt) {
  EditorChoices::instance()->choose("editor/tab_size", 3);
  EditorChoices::instance()->choose("editor/insert_spaces", false);
  load("one line\n");
  auto* indentation = editor.findChild<Indentation*>();
  EXPECT_EQ(indentation->now(), (Indent{true, 3}));
  load("def f():\n  if x:\n    y\n  z\n");
  EXPECT_EQ(indentation->now(), (Indent{false, 2}));
  EditorChoices::instance()->choose("editor/detect_indentation", false);
  EXPECT_EQ(indentation->now(), (Indent{true, 3})) << "in texts that are open, too";
}

TEST_F(EditorFeatures, TextIsAsLargeAsThePersonChoseInAllEditors) {
  const auto size = [this] {
    return sci(Sci::SCI_STYLEGETSIZEFRACTIONAL, static_cast<unsigned long>(Sci::STYLE_DEFAULT));
  };
  EXPECT_EQ(size(), 1050);
  EditorChoices::instance()->choose("editor/font_size", 20);
  EXPECT_EQ(size(), 1500) << "px of 1/96 inch in hundredths of 1/72";
  sci(Sci::SCI_ZOOMIN);  // as Ctrl with the wheel does
  ASSERT_TRUE(test::wait_for([] { return EditorChoices::fontSize("editor/font_size") == 21; }));
  EXPECT_EQ(sci(Sci::SCI_GETZOOM), 0);
  CodeEditor other;
  add_editor_features(&other);
  EXPECT_EQ(other.fontSize(), 21);
}

TEST_F(EditorFeatures, BlanksThatOnlyTheWebShowsAreKept) {
  EditorChoices::instance()->choose("editor/render_whitespace", "trailing");
  EXPECT_EQ(sci(Sci::SCI_GETVIEWWS), Sci::SCWS_INVISIBLE);
  press(Qt::Key_W, ctrl | alt);
  EXPECT_EQ(sci(Sci::SCI_GETVIEWWS), Sci::SCWS_VISIBLEALWAYS);
  press(Qt::Key_W, ctrl | alt);
  EXPECT_EQ(EditorChoices::value("editor/render_whitespace", {}).toString(), QStringLiteral("trailing"));
}

TEST_F(EditorFeatures, NoTwoCommandsHaveOneKey) {
  QMap<QString, QString> owners;
  for (const auto& [id, title, usual] : KeyBindings::instance()->entries())
    for (const auto& key : usual) {
      const auto text = key.toString(QKeySequence::PortableText);
      EXPECT_FALSE(owners.contains(text))
          << text.toStdString() << ": " << id.toStdString() << " and " << owners[text].toStdString();
      owners[text] = id;
      EXPECT_FALSE(text.isEmpty()) << id.toStdString();
    }
}

}  // namespace
}  // namespace berth::desktop

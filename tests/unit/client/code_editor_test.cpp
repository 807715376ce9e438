// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/code_editor.hpp"

#include <gtest/gtest.h>

#include <QClipboard>
#include <QElapsedTimer>
#include <QTest>

#include "random_edits.hpp"

namespace berth::desktop {
namespace {

class CodeEditorTest : public testing::Test {
 protected:
  void SetUp() override {
    editor.resize(600, 400);
    editor.show();
    QObject::connect(&editor, &CodeEditor::edited, [this](const client::LocalEdit& edit) {
      ++edits;
      mirror = *test::operation_of(edit).apply(mirror);
    });
  }
  void load(const std::string& text) {
    editor.load(text);
    mirror = text;
  }
  void keys(const char* text) { QTest::keyClicks(&editor, QString::fromLatin1(text)); }
  void turn() { QCoreApplication::processEvents(); }

  CodeEditor editor;
  std::string mirror;  // what the reported edits make of the text
  int edits = 0;
};

TEST_F(CodeEditorTest, ReportsEveryKeyAsAnEdit) {
  load("one\ntwo\n");
  keys("abc");
  QTest::keyClick(&editor, Qt::Key_Down);
  QTest::keyClick(&editor, Qt::Key_Backspace);
  QTest::keyClick(&editor, Qt::Key_Return);
  EXPECT_EQ(editor.text(), mirror);
  EXPECT_EQ(edits, 5);
}

TEST_F(CodeEditorTest, CountsInUtf16Units) {
  load("日本😀x\n");
  editor.SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 10ul);  // after the surrogate pair
  keys("y");
  EXPECT_EQ(editor.text(), "日本😀yx\n");
  EXPECT_EQ(editor.text(), mirror);
}

TEST_F(CodeEditorTest, AppliesOthersOperationsWithoutReportingThem) {
  load("日本😀x\nsecond\n");
  editor.apply(protocol::TextOperation().retain(4).insert("é").remove(1).retain(8));
  EXPECT_EQ(editor.text(), "日本😀é\nsecond\n");
  EXPECT_EQ(edits, 0);
}

TEST_F(CodeEditorTest, IgnoresAnOperationThatDoesNotFit) {
  load("short\n");
  editor.apply(protocol::TextOperation().retain(400).insert("x"));
  EXPECT_EQ(editor.text(), "short\n");
}

TEST_F(CodeEditorTest, UndoTakesBackTypingAndKeepsOthersText) {
  load("a\n");
  keys("typed");
  turn();
  const auto theirs = protocol::TextOperation().insert("THEIRS ").retain(7);
  editor.apply(theirs);
  mirror = *theirs.apply(mirror);
  QTest::keyClick(&editor, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(editor.text(), "THEIRS a\n");
  QTest::keyClick(&editor, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(editor.text(), "THEIRS typeda\n");
}

TEST_F(CodeEditorTest, RandomEditsAndUndosStayInStepWithOthers) {
  std::mt19937 random(5);
  std::string other = "one two three\nfour\n";
  load(other);
  const auto start = other;
  for (int i = 0; i < 600; ++i) {
    const auto length = editor.SendScintilla(QsciScintillaBase::SCI_GETLENGTH);
    switch (random() % 6) {
      case 0:
      case 1:
        editor.SendScintilla(
            QsciScintillaBase::SCI_GOTOPOS,
            static_cast<unsigned long>(editor.SendScintilla(QsciScintillaBase::SCI_POSITIONBEFORE,
                                                            random() % static_cast<unsigned>(length + 1))));
        keys(random() % 2 ? "k" : " w");
        break;
      case 2:
        QTest::keyClick(&editor, Qt::Key_Backspace);
        break;
      case 3: {
        const auto operation = test::random_operation(random, editor.text());
        mirror = *operation.apply(mirror);
        editor.apply(operation);
        break;
      }
      case 4:
        editor.undo();
        break;
      case 5:
        editor.redo();
        break;
    }
    if (random() % 4 == 0) turn();
    ASSERT_EQ(editor.text(), mirror) << "step " << i;
  }
}

TEST_F(CodeEditorTest, PastedTextHasOneKindOfLineEnd) {
  load("");
  QGuiApplication::clipboard()->setText(QStringLiteral("a\r\nb\rc\n"));
  QTest::keyClick(&editor, Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(editor.text(), "a\nb\nc\n");
  EXPECT_EQ(editor.text(), mirror);
}

TEST_F(CodeEditorTest, FindsAndReplaces) {
  load("foo bar Foo baz foo\n");
  EXPECT_EQ(editor.markHits({QStringLiteral("foo")}), 3);
  CodeEditor::Search exact{QStringLiteral("foo"), true};
  EXPECT_EQ(editor.markHits(exact), 2);
  EXPECT_TRUE(editor.findNext(exact, true));
  EXPECT_TRUE(editor.replaceNext(exact, QStringLiteral("qux")));
  EXPECT_EQ(editor.text(), "qux bar Foo baz foo\n");
  turn();  // all changes within one turn of the event loop are one step of undo
  EXPECT_EQ(editor.replaceAll({QStringLiteral("(ba)(.)"), false, false, true}, QStringLiteral("\\2\\1")), 2);
  EXPECT_EQ(editor.text(), "qux rba Foo zba foo\n");
  EXPECT_EQ(editor.text(), mirror);
  editor.undo();
  EXPECT_EQ(editor.text(), "qux bar Foo baz foo\n");
}

TEST_F(CodeEditorTest, IndentsTheLineAfterABlockBegins) {
  editor.setFileName(QStringLiteral("a.py"));
  load("");
  keys("def f():");
  QTest::keyClick(&editor, Qt::Key_Return);
  keys("x");
  EXPECT_EQ(editor.text(), "def f():\n    x");
  EXPECT_EQ(editor.text(), mirror);
}

TEST_F(CodeEditorTest, AReadOnlyTextTakesOthersChangesAndNoKeys) {
  load("text\n");
  editor.setReadOnly(true);
  keys("x");
  EXPECT_EQ(editor.text(), "text\n");
  editor.apply(protocol::TextOperation().insert("new ").retain(5));
  EXPECT_EQ(editor.text(), "new text\n");
}

TEST_F(CodeEditorTest, AKeyInALargeTextIsQuick) {
  std::string large;
  while (large.size() < 20'000'000) large += "a line of some sixty characters, as they stand in a log file\n";
  editor.load(large);
  editor.disconnect();
  editor.SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 10'000'000ul);
  QElapsedTimer clock;
  clock.start();
  keys("twenty keys in the m");
  EXPECT_LT(clock.elapsed(), 1'500);
}

}  // namespace
}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/code_editor.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "client/core/document.hpp"
#include "fake_documents.hpp"
#include "random_edits.hpp"
#include "wait_for.hpp"

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

/// Loads the document's text into an editor of its own.
struct EditedDocument {
  EditedDocument(test::FakeRunner& runner, const QString& place, bool connects)
      : connection(runner.dialSource()), document(&connection, QStringLiteral("project/a.txt")) {
    document.keepUnsentIn(std::make_shared<client::UnsentStore>(place), QStringLiteral("ws"));
    QObject::connect(&document, &client::Document::loaded, [this](const std::string& text) {
      editor.load(text);
      document.setBuffer(&editor);
    });
    QObject::connect(&editor, &CodeEditor::edited, &document, &client::Document::typed);
    if (connects) connection.open();
    document.open();
    editor.show();
  }
  client::WorkspaceConnection connection;
  CodeEditor editor;
  client::Document document;
};

TEST(CodeEditorKept, ABackspaceWithoutAConnectionIsKeptAndShownAgain) {
  QTemporaryDir folder;
  const auto place = folder.filePath(QStringLiteral("unsent"));
  const auto left = folder.filePath(QStringLiteral("left"));
  test::FakeRunner runner;
  test::FakeDocuments documents(&runner, "alpha\nbeta\n");
  {
    EditedDocument first(runner, place, true);
    ASSERT_TRUE(test::wait_for([&] { return first.document.isLoaded(); }));
    runner.setRefusing(true);
    ASSERT_TRUE(test::wait_for([&] { return !first.connection.online(); }));
    first.editor.SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 5ul);
    QTest::keyClick(&first.editor, Qt::Key_Backspace);
    EXPECT_TRUE(test::wait_for([&] { return first.document.isKept(); }));
    EXPECT_TRUE(first.document.keepProblem().isEmpty());
    // What a kill leaves.
    QDir().mkpath(left);
    for (const auto& file : QDir(place).entryList(QDir::Files))
      if (!file.endsWith(QLatin1String(".lock")))
        QFile::copy(place + QLatin1Char('/') + file, left + QLatin1Char('/') + file);
  }
  EditedDocument again(runner, left, false);
  ASSERT_TRUE(test::wait_for([&] { return again.document.isLoaded(); }));
  EXPECT_EQ(again.editor.text(), "alph\nbeta\n");
  EXPECT_EQ(again.document.restoredFrom(), "alpha\nbeta\n");
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

TEST_F(CodeEditorTest, LeavesOutAnOperationThatSplitsASurrogatePair) {
  load("a😀b\n");
  int complaints = 0;
  QObject::connect(&editor, &CodeEditor::outOfStep, [&] { ++complaints; });
  editor.apply(protocol::TextOperation().retain(2).insert("x").retain(3));
  editor.apply(protocol::TextOperation().retain(1).remove(1).retain(3));
  editor.apply(protocol::TextOperation().retain(2).remove(2).retain(1));
  EXPECT_EQ(editor.text(), "a😀b\n");
  turn();
  EXPECT_EQ(complaints, 3);
  editor.apply(protocol::TextOperation().retain(1).remove(2).insert("é").retain(2));
  EXPECT_EQ(editor.text(), "aéb\n");
}

TEST_F(CodeEditorTest, KeysTakeAwayWholeCharacters) {
  load("a😀b👍🏽c\n");
  std::vector<client::LocalEdit> reported;
  QObject::connect(&editor, &CodeEditor::edited,
                   [&](const client::LocalEdit& edit) { reported.push_back(edit); });
  QTest::keyClick(&editor, Qt::Key_Right);
  QTest::keyClick(&editor, Qt::Key_Right);
  QTest::keyClick(&editor, Qt::Key_Backspace);
  EXPECT_EQ(editor.text(), "ab👍🏽c\n");
  QTest::keyClick(&editor, Qt::Key_Right);
  QTest::keyClick(&editor, Qt::Key_Delete);
  QTest::keyClick(&editor, Qt::Key_Delete);
  EXPECT_EQ(editor.text(), "abc\n");
  QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QStringLiteral("😀"));
  QApplication::sendEvent(&editor, &press);
  EXPECT_EQ(editor.text(), "ab😀c\n");
  QInputMethodEvent method;
  method.setCommitString(QStringLiteral("👩‍💻"));
  QApplication::sendEvent(&editor, &method);
  EXPECT_EQ(editor.text(), "ab😀👩‍💻c\n");
  EXPECT_EQ(editor.text(), mirror);
  for (const auto& edit : reported) {
    EXPECT_TRUE(protocol::is_valid_utf8(edit.removed));
    EXPECT_TRUE(protocol::is_valid_utf8(edit.inserted));
  }
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

// A person types and others change the text meanwhile: nothing of the 64 MiB is copied for a key.
TEST_F(CodeEditorTest, AKeyInTheLargestTextIsQuickThroughAllThatFollowsIt) {
  std::string large;
  while (large.size() < (64u << 20) - 100)
    large += "a line of some sixty characters, as they stand in a log file\n";
  editor.load(large);
  editor.disconnect(&editor, &CodeEditor::edited, nullptr, nullptr);
  client::DocumentSync sync{std::string("t")};
  sync.opened(1);
  QObject::connect(&editor, &CodeEditor::edited, [&](const client::LocalEdit& edit) { sync.typed(edit); });
  editor.SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 30'000'000ul);
  auto length = static_cast<std::int64_t>(large.size());
  keys("x");  // lays out the first page
  turn();
  std::uint64_t version = 1;
  auto quickest = std::numeric_limits<qint64>::max();
  for (int i = 0; i < 30; ++i) {
    QElapsedTimer clock;
    clock.start();
    keys("k");
    sync.next();
    const auto outcome = sync.remote(
        ++version, protocol::TextOperation().retain(29'000'000).insert("r").retain(length++ - 29'000'000));
    ASSERT_TRUE(outcome.apply);
    editor.apply(*outcome.apply);
    quickest = std::min(quickest, clock.elapsed());
  }
  EXPECT_LT(quickest, 15);  // ms; one copy of the text takes longer
}

/// More than may be typed in: the runner sends it to be read only, up to 512 MiB.
TEST_F(CodeEditorTest, AHundredMegabytesAreShown) {
  std::string large;
  large.reserve(100'000'100);
  while (large.size() < 100'000'000)
    large += "a line of some sixty characters, as they stand in a log file\n";
  large += "the end";
  editor.setFileName(QStringLiteral("a.cpp"));
  editor.setReadOnly(true);
  editor.resize(600, 400);
  editor.show();
  QElapsedTimer clock;
  clock.start();
  editor.load(large);
  editor.grab();
  RecordProperty("milliseconds_to_first_picture", static_cast<int>(clock.elapsed()));
  EXPECT_EQ(editor.SendScintilla(QsciScintillaBase::SCI_GETLENGTH), static_cast<long>(large.size()));
  EXPECT_LT(editor.SendScintilla(QsciScintillaBase::SCI_GETENDSTYLED), 1 << 20)
      << "only what is seen is looked at";
  editor.goToLine(static_cast<int>(editor.SendScintilla(QsciScintillaBase::SCI_GETLINECOUNT)));
  editor.grab();
  EXPECT_TRUE(editor.findNext({QStringLiteral("the end")}, true));
  editor.load({});
}

}  // namespace
}  // namespace berth::desktop

// SPDX-License-Identifier: GPL-3.0-or-later
// The key maps of Vim and Emacs: what keys say, where motions lead, and what becomes of a text in a real
// editor.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QSettings>
#include <QTest>

#include "client/desktop/editor_features.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/emacs_keys.hpp"
#include "client/desktop/vim_mode.hpp"
#include "random_edits.hpp"
#include "wait_for.hpp"

namespace berth::desktop {
namespace {

using KeySci = QsciScintillaBase;

TEST(VimKeysTest, AreReadAsCountRegisterVerbAndTarget) {
  using State = VimKeys::State;
  const auto parse = [](const char* keys, bool visual = false) {
    return parse_vim_keys(QString::fromLatin1(keys), visual);
  };
  for (const char* begun : {"2", "d", "\"", "\"a", "2d3", "f", "g", "gU", "di", "ci", "r", "m", "'", "gug"})
    EXPECT_EQ(parse(begun).state, State::unfinished) << begun;
  for (const char* wrong : {"Q", "dQ", "diq", "gx", "d\"", "\x01"})
    EXPECT_EQ(parse(wrong).state, State::wrong) << wrong;
  const auto deleted = parse("\"a2d3w").command;
  EXPECT_EQ(parse("\"a2d3w").state, State::whole);
  EXPECT_EQ(deleted.name, QChar(u'a'));
  EXPECT_EQ(deleted.count, 6);
  EXPECT_EQ(deleted.verb, QStringLiteral("d"));
  EXPECT_EQ(deleted.target, QStringLiteral("w"));
  EXPECT_EQ(parse("guu").command.target, QStringLiteral("line"));
  EXPECT_EQ(parse("g~iw").command.target, QStringLiteral("iw"));
  EXPECT_EQ(parse("0").command.target, QStringLiteral("0"));
  EXPECT_EQ(parse("10j").command.count, 10);
  EXPECT_EQ(parse("dt)").command.argument, QChar(u')'));
  EXPECT_EQ(parse("99999999999j").command.count, 99'999);
  EXPECT_EQ(parse("d", true).state, State::whole);
  EXPECT_EQ(parse("iw", true).command.target, QStringLiteral("iw"));
}

TEST(VimTextTest, ObjectsAreWhatVimCallsThem) {
  const VimText text("f(a, \"b c\", {x: [1]})\n\nlast w\xc3\xb6rd");
  const auto object = [&](std::size_t at, const char* name) {
    const auto span = vim_object(text, at, QString::fromLatin1(name), 1);
    return span ? std::string(text.bytes().substr(span->begin, span->end - span->begin)) : "none";
  };
  EXPECT_EQ(object(2, "i("), "a, \"b c\", {x: [1]}");
  EXPECT_EQ(object(6, "i\""), "b c");
  EXPECT_EQ(object(6, "a\""), "\"b c\"");
  EXPECT_EQ(object(14, "iB"), "x: [1]");
  EXPECT_EQ(object(16, "a["), "[1]");
  EXPECT_EQ(object(30, "iw"), "w\xc3\xb6rd");
  EXPECT_EQ(object(24, "aw"), "last ");
  EXPECT_EQ(object(24, "ip"), "last w\xc3\xb6rd");
  EXPECT_EQ(object(24, "i("), "none");
}

class KeyMaps : public testing::Test {
 protected:
  void start(const char* map, const std::string& text) {
    QSettings().clear();
    QSettings().setValue(QStringLiteral("editor/key_map"), QLatin1String(map));
    add_editor_features(&editor);
    QObject::connect(&editor, &CodeEditor::edited, [this](const client::LocalEdit& edit) {
      mirror = *test::operation_of(edit).apply(mirror);
    });
    editor.setFileName(QStringLiteral("a.txt"));
    editor.resize(700, 500);
    editor.show();
    editor.load(text);
    mirror = text;
  }
  void TearDown() override {
    EXPECT_EQ(editor.text(), mirror) << "every change is reported as it was";
    QSettings().clear();
    Q_EMIT EditorChoices::instance()->changed();
  }
  void press(Qt::Key key, Qt::KeyboardModifiers held = {}) {
    QTest::keyClick(&editor, key, held);
    QCoreApplication::processEvents();
  }
  /// "\x1b" is Escape, "\n" Return.
  void type(const char* keys) {
    for (const char* at = keys; *at; ++at) {
      if (*at == '\x1b')
        press(Qt::Key_Escape);
      else if (*at == '\n')
        press(Qt::Key_Return);
      else {
        QTest::keyClick(&editor, *at);
        QCoreApplication::processEvents();
      }
    }
  }
  void expect(const std::string& begun, const char* keys, const std::string& text) {
    editor.load(begun);
    mirror = begun;
    type(keys);
    EXPECT_EQ(editor.text(), text) << keys;
  }
  CodeEditor editor;
  std::string mirror;
};

TEST_F(KeyMaps, VimEditsAsVimDoes) {
  start("vim", "");
  const std::string words = "one two three\nfour five\nsix\n";
  expect(words, "dw", "two three\nfour five\nsix\n");
  expect(words, "wdw", "one three\nfour five\nsix\n");
  expect(words, "2dw", "three\nfour five\nsix\n");
  expect(words, "dd", "four five\nsix\n");
  expect(words, "2dd", "six\n");
  expect(words, "jdd", "one two three\nsix\n");
  expect(words, "Gdd", "one two three\nfour five\nsix");
  expect(words, "dG", "");
  expect(words, "cwnine\x1b", "nine two three\nfour five\nsix\n");
  expect(words, "wciwX\x1b", "one X three\nfour five\nsix\n");
  expect(words, "ccnew\x1b", "new\nfour five\nsix\n");
  expect(words, "A!\x1b", "one two three!\nfour five\nsix\n");
  expect(words, "Izero \x1b", "zero one two three\nfour five\nsix\n");
  expect(words, "oabove\x1b", "one two three\nabove\nfour five\nsix\n");
  expect(words, "Ofirst\x1b", "first\none two three\nfour five\nsix\n");
  expect(words, "yyp", "one two three\none two three\nfour five\nsix\n");
  expect(words, "yyjP", "one two three\none two three\nfour five\nsix\n");
  expect(words, "ddp", "four five\none two three\nsix\n");
  expect(words, "xp", "noe two three\nfour five\nsix\n");
  expect(words, "3x", " two three\nfour five\nsix\n");
  expect(words, "wD", "one \nfour five\nsix\n");
  expect(words, "dtt", "two three\nfour five\nsix\n");
  expect(words, "dft", "wo three\nfour five\nsix\n");
  expect(words, "J", "one two three four five\nsix\n");
  expect(words, "rX", "Xne two three\nfour five\nsix\n");
  expect(words, "~~", "ONe two three\nfour five\nsix\n");
  expect(words, "gUiw", "ONE two three\nfour five\nsix\n");
  expect(words, "ve~", "ONE two three\nfour five\nsix\n");
  expect(words, "vjd", "our five\nsix\n");
  expect(words, "Vjd", "six\n");
  expect(words, "vwcX\x1b", "Xwo three\nfour five\nsix\n");
  expect(words, "yiwjviwp", "one two three\none five\nsix\n");
  expect("f(a, b)\n",
         "fa"
         "ci(x\x1b",
         "f(x)\n");
  expect("a\n  b\nc\n", "j>>", "a\n      b\nc\n");
  expect("{\n}\n", "%x", "{\n\n");
}

TEST_F(KeyMaps, VimRepeatsCountsAndTakesBack) {
  start("vim", "");
  const std::string words = "a b c d\na b c d\n";
  expect(words, "xj.", " b c d\n b c d\n");
  expect(words, "cwX\x1bw.", "X X c d\na b c d\n");
  expect(words, "A!\x1bj.", "a b c d!\na b c d!\n");
  expect(words, "\"qyw\"qP", "a a b c d\na b c d\n");
  expect(words, "majdd'aiX\x1b", "Xa b c d\n");
  expect(words, "x", " b c d\na b c d\n");
  type("u");
  EXPECT_EQ(editor.text(), words);
  press(Qt::Key_R, Qt::ControlModifier);
  EXPECT_EQ(editor.text(), " b c d\na b c d\n");
}

TEST_F(KeyMaps, VimHasLinesForCommandsAndSearch) {
  start("vim", "one two\ntwo one\nthree two\n");
  auto* vim = editor.findChild<VimMode*>();
  vim->runLine(QStringLiteral("%s/two/2/g"));
  EXPECT_EQ(editor.text(), "one 2\n2 one\nthree 2\n");
  vim->runLine(QStringLiteral("3"));
  EXPECT_EQ(editor.cursorLine(), 3);
  vim->runLine(QStringLiteral("1,2d"));
  EXPECT_EQ(editor.text(), "three 2\n");
  int saved = 0;
  QObject::connect(&editor, &CodeEditor::saveWanted, [&] { ++saved; });
  type(":");
  auto* line = editor.findChild<QLineEdit*>(QStringLiteral("vimLine"));
  ASSERT_NE(line, nullptr);
  QTest::keyClicks(line, QStringLiteral("w"));
  QTest::keyClick(line, Qt::Key_Return);
  EXPECT_EQ(saved, 1);
  editor.load("alpha\nbeta\nalpha beta\n");
  mirror = "alpha\nbeta\nalpha beta\n";
  vim->search(QStringLiteral("beta"), true);
  EXPECT_EQ(editor.cursorLine(), 2);
  type("n");
  EXPECT_EQ(editor.cursorLine(), 3);
  type("N");
  EXPECT_EQ(editor.cursorLine(), 2);
  type("gg*");
  EXPECT_EQ(editor.cursorLine(), 3);
  EXPECT_EQ(vim->mode(), VimMode::Mode::normal);
  for (const char* odd : {"s/(/x/", "s//x/", "99999999999999999999", "%s/a/b", ":::", "s/a\\", "'<,'>d"})
    vim->runLine(QString::fromLatin1(odd));
}

TEST_F(KeyMaps, VimsModesAreShownAndChangeNothingThatIsReadOnly) {
  start("vim", "text\n");
  auto* vim = editor.findChild<VimMode*>();
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL"));
  EXPECT_EQ(editor.SendScintilla(KeySci::SCI_GETCARETSTYLE), KeySci::CARETSTYLE_BLOCK);
  type("i");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("INSERT"));
  EXPECT_EQ(editor.SendScintilla(KeySci::SCI_GETCARETSTYLE), KeySci::CARETSTYLE_LINE);
  type("\x1b");
  type("2d");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL 2d"));
  type("\x1b");
  editor.setReadOnly(true);
  for (const char* keys : {"dd", "x", "p", "iX\x1b", "oX\x1b", "J", "vd", "\x1b", "rX", ">>", "u", "."})
    type(keys);
  EXPECT_EQ(editor.text(), "text\n");
  type("\x1b");
  EXPECT_EQ(vim->mode(), VimMode::Mode::normal);
  // Switched off, keys are what they were.
  editor.setReadOnly(false);
  EditorChoices::instance()->choose("editor/key_map", QStringLiteral("vscode"));
  QCoreApplication::processEvents();
  type("dd");
  EXPECT_EQ(editor.text(), "ddtext\n");
  EXPECT_EQ(editor.SendScintilla(KeySci::SCI_GETCARETSTYLE), KeySci::CARETSTYLE_LINE);
}

TEST_F(KeyMaps, EmacsMovesKillsAndYanks) {
  start("emacs", "one two three\nfour five\n");
  constexpr auto ctrl = Qt::ControlModifier;
  constexpr auto alt = Qt::AltModifier;
  press(Qt::Key_F, alt);
  press(Qt::Key_K, ctrl);
  EXPECT_EQ(editor.text(), "one\nfour five\n");
  press(Qt::Key_N, ctrl);
  press(Qt::Key_A, ctrl);
  press(Qt::Key_Y, ctrl);
  EXPECT_EQ(editor.text(), "one\n two threefour five\n");
  press(Qt::Key_Slash, ctrl);
  EXPECT_EQ(editor.text(), "one\nfour five\n");
  press(Qt::Key_A, ctrl);
  press(Qt::Key_Space, ctrl);
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("Mark set"));
  press(Qt::Key_E, ctrl);
  press(Qt::Key_W, ctrl);
  EXPECT_EQ(QApplication::clipboard()->text(),
            editor.text() == "one\n\n" ? QStringLiteral("four five") : QString())
      << editor.text();
  press(Qt::Key_X, ctrl);
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("C-x-"));
  int saved = 0;
  QObject::connect(&editor, &CodeEditor::saveWanted, [&] { ++saved; });
  press(Qt::Key_S, ctrl);
  EXPECT_EQ(saved, 1);
  press(Qt::Key_X, ctrl);
  type("h");
  press(Qt::Key_W, ctrl);
  EXPECT_EQ(editor.text(), "");
  press(Qt::Key_X, ctrl);
  press(Qt::Key_G, ctrl);
  type("h");
  EXPECT_EQ(editor.text(), "h");
}

}  // namespace
}  // namespace berth::desktop

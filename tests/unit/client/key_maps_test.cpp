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
  for (const char* begun :
       {"2", "d", "\"", "\"a", "2d3", "f", "g", "gU", "di", "ci", "r", "m", "'", "gug", "q", "@"})
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

TEST_F(KeyMaps, VimHasCountsOfInsertionsAndRepeatsWhatWasSelected) {
  start("vim", "");
  expect("b\n", "3ia\x1b", "aaab\n");
  expect("b\n", "2A!\x1b", "b!!\n");
  expect("  b\nc\n", "2ox\x1b", "  b\n  x\n  x\nc\n");
  expect("b\nc\n", "3ia\x1bj0.", "aaab\naaac\n");
  expect("b\nc\n", "ia\x1bj02.", "ab\naac\n");
  expect("abcd\nabcd\n", "vldj0.", "cd\ncd\n");
  expect("abcd\nabcd\n", "vlcx\x1bj0.", "xcd\nxcd\n");
  expect("a\nb\nc\nd\ne\n", "Vjdj.", "c\n");
  expect("a\nb\n", "Vj2>", "        a\n        b\n");
  expect("one two\n", "v\x1bwgvd", "ne two\n");
  expect("one two\n", "veo\x1bwgvd", " two\n");
  // A search takes the selection along.
  editor.load("a b c\n");
  mirror = "a b c\n";
  type("v");
  editor.findChild<VimMode*>()->search(QStringLiteral("c"), true);
  type("d");
  EXPECT_EQ(editor.text(), "\n");
}

TEST_F(KeyMaps, VimsBlocksAreRectangles) {
  start("vim", "");
  const auto block = [&](const std::string& begun, const char* before, const char* keys,
                         const std::string& text) {
    editor.load(begun);
    mirror = begun;
    type(before);
    press(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(key_map_words(&editor), QStringLiteral("VISUAL BLOCK"));
    type(keys);
    EXPECT_EQ(editor.text(), text) << before << "^V" << keys;
    EXPECT_NE(editor.findChild<VimMode*>()->mode(), VimMode::Mode::visual_block) << keys;
  };
  const std::string grid = "abcd\nefgh\nijkl\n";
  block(grid, "l", "jld", "ad\neh\nijkl\n");
  block(grid, "l", "jjx", "acd\negh\nikl\n");
  block(grid, "ll", "jhd", "ad\neh\nijkl\n");
  block(grid, "l", "jIx\x1b", "axbcd\nexfgh\nijkl\n");
  block(grid, "l", "jlAx\x1b", "abcxd\nefgxh\nijkl\n");
  block(grid, "l", "jlcx\x1b", "axd\nexh\nijkl\n");
  block(grid, "l", "jlrx", "axxd\nexxh\nijkl\n");
  block(grid, "l", "jlU", "aBCd\neFGh\nijkl\n");
  block(grid, "l", "j$d", "a\ne\nijkl\n");
  block(grid, "l", "jD", "a\ne\nijkl\n");
  block(grid, "", "jl>", "    abcd\n    efgh\nijkl\n");
  block(grid, "", "jlygg$p", "abcdab\nefghef\nijkl\n");
  block(grid, "", "jjyGp", "abcd\nefgh\nijkl\na\ne\ni");
  block(grid, "l", "jOhd", "cd\ngh\nijkl\n");
  // Lines that are too short: an insertion leaves them out, appending fills them up, $ takes each to its end.
  block("abc\n\nxyz\n", "ll", "jjI-\x1b", "ab-c\n\nxy-z\n");
  block("abc\n\nxyz\n", "l", "jj$A!\x1b", "abc!\n!\nxyz!\n");
  block("abc\nd\nxyz\n", "l", "jjlA!\x1b", "abc!\nd  !\nxyz!\n");
  // What is shown as a rectangle: tabs are as wide as they show, and a letter of several bytes is one.
  block("\xc3\xa4\xc3\xb6\xc3\xbc\nabc\n", "l", "jd", "\xc3\xa4\xc3\xbc\nac\n");
  // The same again, elsewhere.
  block("abcd\nefgh\nabcd\nefgh\n", "l", "jldjj0l.", "ad\neh\nad\neh\n");
  block("ab\ncd\nab\ncd\n", "", "jIx\x1bjj0.", "xab\nxcd\nxab\nxcd\n");
  // One step of undo.
  block(grid, "l", "jld", "ad\neh\nijkl\n");
  type("u");
  EXPECT_EQ(editor.text(), grid);
  // Over it: lines come below it, others where it was, as often as the count says.
  expect("new\n", "yy", "new\n");
  block(grid, "l", "jlp", "ad\neh\nnew\nijkl\n");
  expect("new\n", "yy", "new\n");
  block(grid, "l", "jlP", "new\nad\neh\nijkl\n");
  expect("X\n", "yl", "X\n");
  block(grid, "ll", "jlp", "abX\nef\nijkl\n");
  block(grid, "", "jlygg3P", "ababababcd\nefefefefgh\nijkl\n");
  block("abc\nd\n", "", "j$y2P", "abcabcabc\nd  d  d\n");
  // More of a block is a longer block.
  block(grid, "", "jl\"byG0", grid);
  block(grid, "", "l\"Byj0", grid);
  EXPECT_EQ(VimMode::registerText(u'b'), QStringLiteral("ab\nef\nab"));
  expect(grid, "\"bP", "ababcd\nefefgh\nabijkl\n");
  // What is typed belongs to the first line alone, and where others move that, it is still that.
  editor.load(grid);
  mirror = grid;
  press(Qt::Key_V, Qt::ControlModifier);
  type("jI");
  press(Qt::Key_Down);
  type("x\x1b");
  EXPECT_EQ(editor.text().size(), grid.size() + 1) << editor.text();
  EXPECT_TRUE(editor.text().starts_with("abcd\n") && editor.text().ends_with("\nijkl\n")) << editor.text();
  editor.load(grid);
  mirror = grid;
  press(Qt::Key_V, Qt::ControlModifier);
  type("jIx");
  editor.apply(protocol::TextOperation().insert("new\n").retain(static_cast<std::int64_t>(grid.size()) + 1));
  mirror = "new\nx" + grid;
  type("y\x1b");
  EXPECT_EQ(editor.text(), "new\nxyabcd\nxyefgh\nijkl\n");
  // One that is too tall is left alone, and the status tells so.
  std::string tall;
  for (int line = 0; line < 5'001; ++line) tall += "ab\n";
  editor.load(tall);
  mirror = tall;
  press(Qt::Key_V, Qt::ControlModifier);
  type("5000jd");
  EXPECT_EQ(editor.text(), tall);
  EXPECT_TRUE(key_map_words(&editor).contains(QStringLiteral("too many for a block")))
      << key_map_words(&editor).toStdString();
  type("kx");
  EXPECT_EQ(editor.text().substr(0, 5), "b\nb\nb");
  EXPECT_EQ(editor.text().size(), tall.size() - 5'000);
  editor.load(grid);
  mirror = grid;
  // What the others write meanwhile ends it.
  press(Qt::Key_V, Qt::ControlModifier);
  type("j");
  editor.apply(protocol::TextOperation().insert("new\n").retain(static_cast<std::int64_t>(grid.size())));
  mirror = "new\n" + grid;
  EXPECT_EQ(editor.findChild<VimMode*>()->mode(), VimMode::Mode::normal);
}

TEST_F(KeyMaps, VimsBlockEndsWithWhatShowsIt) {
  start("vim", "");
  const std::string grid = "abcd\nefgh\nijkl\nmnop\n";
  auto* vim = editor.findChild<VimMode*>();
  const auto begin = [&] {
    editor.load(grid);
    mirror = grid;
    type("l");
    press(Qt::Key_V, Qt::ControlModifier);
    type("jl");
    EXPECT_EQ(vim->mode(), VimMode::Mode::visual_block);
  };
  // A click elsewhere: d waits for its motion.
  begin();
  const auto place = editor.caretPlace(15).center();  // "m"
  QTest::mouseClick(editor.viewport(), Qt::LeftButton, {}, place);
  type("d");
  EXPECT_EQ(editor.text(), grid);
  EXPECT_EQ(vim->mode(), VimMode::Mode::normal);
  EXPECT_EQ(editor.cursorLine(), 4);
  type("d");
  EXPECT_EQ(editor.text(), "abcd\nefgh\nijkl\n");
  // The editor's own keys, before anything is painted.
  begin();
  editor.goToLine(3);
  QTest::keyClick(&editor, 'd');
  EXPECT_EQ(vim->mode(), VimMode::Mode::normal);
  EXPECT_EQ(editor.text(), grid);
  type("\x1b");
  // Another selection is one by character, another rectangle none of Vim's.
  begin();
  editor.SendScintilla(KeySci::SCI_SETSEL, 10ul, 12l);
  type("d");
  EXPECT_EQ(editor.text(), "abcd\nefgh\nkl\nmnop\n");
  begin();
  editor.SendScintilla(KeySci::SCI_SETRECTANGULARSELECTIONCARET, 17ul);
  type("x");
  EXPECT_NE(editor.text(), "ad\neh\nijkl\nmnop\n") << "nothing of what was selected before";
  // It can be had again.
  begin();
  editor.goToLine(4);
  QCoreApplication::processEvents();
  type("gvd");
  EXPECT_EQ(editor.text(), "ad\neh\nijkl\nmnop\n");
}

TEST_F(KeyMaps, VimRecordsMacrosAndPlaysThem) {
  start("vim", "");
  expect("a\nb\nc\nd\n", "qaA!\x1bjq2@a", "a!\nb!\nc!\nd\n");
  type("u");
  EXPECT_EQ(editor.text(), "a!\nb\nc\nd\n") << "a macro is one step";
  expect("a\nb\nc\n", "qbA?\x1bjq@b@@", "a?\nb?\nc?\n");
  // It ends at the first command that fails, however often it was to be played.
  expect("x1\nx2\nx3\n", "qcf1xjq", "x\nx2\nx3\n");
  type("9@c");
  EXPECT_EQ(editor.text(), "x\nx2\nx3\n");
  // Lines that were entered are part of it.
  editor.load("one two\none two\none two\n");
  mirror = editor.text();
  const auto enter_line = [&](const char* begin, const char* line) {
    type(begin);
    auto* field = editor.findChild<QLineEdit*>(QStringLiteral("vimLine"));
    ASSERT_NE(field, nullptr);
    QTest::keyClicks(field, QString::fromLatin1(line));
    QTest::keyClick(field, Qt::Key_Return);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  };
  type("qd");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL @d"));
  enter_line(":", "s/one/1/");
  enter_line("/", "two");
  type("xj0q@d");
  EXPECT_EQ(editor.text(), "1 wo\n1 wo\none two\n");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL"));
  type("@:");
  EXPECT_EQ(editor.text(), "1 wo\n1 wo\n1 two\n");
  type("@z");
  EXPECT_EQ(editor.findChild<VimMode*>()->mode(), VimMode::Mode::normal) << "none of that name";
}

TEST_F(KeyMaps, VimsMacrosGrowLoopAndEndWithAWord) {
  start("vim", "");
  // qA: more of what a has.
  expect("a\nb\n", "qaA!\x1bqqbhqqAjq0@a", "a!\nb!\n");
  // One that ends by playing itself goes on to the last line, however many there are.
  std::string many;
  std::string marked;
  for (int line = 0; line < 200; ++line) {
    many += "x\n";
    marked += "x!\n";
  }
  expect(many, "qfqqfA!\x1bj@fq@f", marked + "!");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL")) << "it ended as macros end";
  // One that never fails is ended, and the status tells why until the next key.
  editor.load("ab\n");
  mirror = "ab\n";
  type("qgqqglh@gq@g");
  EXPECT_EQ(editor.findChild<VimMode*>()->mode(), VimMode::Mode::normal);
  EXPECT_TRUE(key_map_words(&editor).contains(QStringLiteral("The macro ended")))
      << key_map_words(&editor).toStdString();
  type("l");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("NORMAL"));
  // Not with its last key: within each other, and only so many of them.
  type("qhqqh@hlq@h");
  EXPECT_TRUE(key_map_words(&editor).contains(QStringLiteral("within each other")))
      << key_map_words(&editor).toStdString();
  // q ends a recording while something is selected, too, and begins one there.
  expect("one two\none two\n", "qiveq", "one two\none two\n");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("VISUAL"));
  type("\x1bj0@id");
  EXPECT_EQ(editor.text(), "one two\n two\n");
  expect("one two\none two\n", "vqjexq", " two\none two\n");
  type("j0v");
  EXPECT_EQ(key_map_words(&editor), QStringLiteral("VISUAL"));
  type("\x1b@j");
  EXPECT_NE(editor.text(), " two\none two\n");
  // What is typed behind an undo in the same turn is a step of its own.
  editor.load("b\n");
  mirror = "b\n";
  type("ia\x1b");
  type("lqkxuxq");
  EXPECT_EQ(editor.text(), "a\n");
  type("u");
  EXPECT_EQ(editor.text(), "ab\n");
  type("l@ku");
  EXPECT_EQ(editor.text(), "ab\n") << "the letter that was typed before is still there";
}

TEST_F(KeyMaps, VimsMarksMoveWithTheText) {
  start("vim", "");
  expect("one two\nthree\n", "wmaggOnew\x1bG`aiX\x1b", "new\none Xtwo\nthree\n");
  expect("one\n  two\nthree\n", "jmbgg'biX\x1b", "one\n  Xtwo\nthree\n");
  expect("one two\n", "wmad`a", "one two\n");
  expect("one two\n", "wma0d`a", "two\n");
  expect("one\ntwo\nthree\n", "lG``x", "oe\ntwo\nthree\n");  // back from a jump
  // Others' lines above move it.
  editor.load("one\ntwo\n");
  mirror = "one\ntwo\n";
  type("jmcgg");
  editor.apply(protocol::TextOperation().insert("theirs\n").retain(8));
  mirror = "theirs\none\ntwo\n";
  type("'cx");
  EXPECT_EQ(editor.text(), "theirs\none\nwo\n");
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

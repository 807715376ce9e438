// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in one text, and cursors made by the mouse.
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include "client/desktop/find_bar.hpp"
#include "client/desktop/replacement.hpp"
#include "editor_fixture.hpp"

namespace berth::desktop {
namespace {

QString expanded(const char* pattern, const char* text, const char* with) {
  const QRegularExpression expression(QString::fromUtf8(pattern));
  return expand_replacement(QString::fromUtf8(with), expression.match(QString::fromUtf8(text)));
}

TEST(Replacement, HasGroupsAndCases) {
  EXPECT_EQ(expanded("(a)(b)?(?<n>c)", "ac", "$1-$2-${n}-$&-$0-$$-$9-${x}"), u"a--c-ac-ac-$-$9-${x}");
  EXPECT_EQ(expanded("(\\w+) (\\w+)", "one two", "\\u$1 \\U$2\\E \\n\\t\\\\"), u"One TWO \n\t\\");
  EXPECT_EQ(expanded("(a)", "a", "$12 \\1"), u"a2 a");
  EXPECT_EQ(expanded("a", "a", "\\"), u"\\") << "alone at the end";
  EXPECT_EQ(in_case_of(QStringLiteral("FOO"), QStringLiteral("bar")), u"BAR");
  EXPECT_EQ(in_case_of(QStringLiteral("Foo"), QStringLiteral("bar")), u"Bar");
  EXPECT_EQ(in_case_of(QStringLiteral("foo"), QStringLiteral("Bar")), u"bar");
  EXPECT_EQ(in_case_of(QStringLiteral("Foo-bar"), QStringLiteral("one-Two")), u"One-two");
  EXPECT_EQ(in_case_of(QStringLiteral("12"), QStringLiteral("Bar")), u"Bar");
}

class EditorSearch : public EditorFixture {
 protected:
  void SetUp() override {
    EditorFixture::SetUp();
    bar = std::make_unique<FindBar>(&editor);
    bar->resize(700, 90);
  }
  void find(const char* text) {
    bar->findChild<QLineEdit*>(QStringLiteral("findText"))->setText(QString::fromUtf8(text));
  }
  void replaceWith(const char* text) {
    bar->findChild<QLineEdit*>(QStringLiteral("replaceText"))->setText(QString::fromUtf8(text));
  }
  void check(const char* name, bool on = true) {
    bar->findChild<QToolButton*>(QLatin1String(name))->setChecked(on);
  }
  void click(const char* name) {
    bar->findChild<QPushButton*>(QLatin1String(name))->click();
    turn();
  }
  std::unique_ptr<FindBar> bar;
};

TEST_F(EditorSearch, HitsAreCountedAndGoneThrough) {
  load("a.txt", "tide Tide tides\nat tide ä😀 tide\n");
  bar->open(false);
  find("tide");
  EXPECT_EQ(bar->told(), QStringLiteral("1 of 5"));
  auto* field = bar->findChild<QLineEdit*>(QStringLiteral("findText"));
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_EQ(bar->told(), QStringLiteral("2 of 5"));
  QTest::keyClick(field, Qt::Key_Return, shift);
  QTest::keyClick(field, Qt::Key_Return, shift);
  EXPECT_EQ(bar->told(), QStringLiteral("5 of 5")) << "around the beginning";
  EXPECT_EQ(editor.selections().front().anchor, 28) << "behind characters of several units";
  check("matchCase");
  EXPECT_EQ(bar->told(), QStringLiteral("4 of 4"));
  check("wholeWords");
  EXPECT_EQ(bar->told(), QStringLiteral("3 of 3"));
  find("nothing");
  EXPECT_EQ(bar->told(), QStringLiteral("No result"));
  check("regularExpression");
  find("(");
  EXPECT_FALSE(bar->told().isEmpty());
  EXPECT_FALSE(bar->told().contains(QStringLiteral("result"))) << "what is wrong with it";
  find("^at");
  EXPECT_EQ(bar->told(), QStringLiteral("1 of 1"));
  find("x*");
  EXPECT_EQ(bar->told(), QStringLiteral("No result")) << "nothing at all is no hit";
}

TEST_F(EditorSearch, ReplacingKnowsGroupsCaseAndTheSelection) {
  load("a.txt", "get_one(1);\nGet_one(2);\nget_one(3);\n");
  bar->open(true);
  check("regularExpression");
  find("get_(\\w+)\\((\\d)\\)");
  replaceWith("set_$1(\\U$1\\E, $2)");
  check("preserveCase", false);
  click("replaceOne");
  EXPECT_EQ(editor.text(), "set_one(ONE, 1);\nGet_one(2);\nget_one(3);\n");
  EXPECT_EQ(bar->told(), QStringLiteral("1 of 2"));
  check("regularExpression", false);
  check("preserveCase");
  find("get_one");
  replaceWith("put_one");
  click("replaceAll");
  EXPECT_EQ(editor.text(), "set_one(ONE, 1);\nPut_one(2);\nput_one(3);\n");
  EXPECT_EQ(bar->told(), QStringLiteral("2 replaced"));
  editor.undo();
  turn();
  EXPECT_EQ(editor.text(), "set_one(ONE, 1);\nGet_one(2);\nget_one(3);\n") << "one step";
  // Only in the second line; what others write above moves it.
  editor.goToLine(2);
  sci(Sci::SCI_LINEENDEXTEND);
  check("inSelection");
  others(protocol::TextOperation().insert("one\n").retain(static_cast<std::int64_t>(mirror.size())));
  find("one");
  replaceWith("two");
  click("replaceAll");
  EXPECT_EQ(editor.text(), "one\nset_one(ONE, 1);\nGet_two(2);\nget_one(3);\n");
}

TEST_F(EditorSearch, AllHitsGetACursor) {
  load("a.txt", "ab ab\nab\n");
  bar->open(false);
  find("ab");
  QTest::keyClick(bar->findChild<QLineEdit*>(QStringLiteral("findText")), Qt::Key_Return, alt);
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 3);
  EXPECT_FALSE(bar->isVisible());
  type("x");
  EXPECT_EQ(editor.text(), "x x\nx\n");
}

TEST_F(EditorSearch, ALongTextIsCountedOnAnotherThread) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "a line with a tide in it\n";
  load("a.txt", text);
  bar->open(false);
  find("tide");
  ASSERT_TRUE(test::wait_for([&] { return bar->told() == QStringLiteral("1 of 20000+"); }, 60'000))
      << bar->told().toStdString();
  // An expression that goes wrong on every line ends, too.
  check("regularExpression");
  find("(a|a)*(a|a)*(a|a)*b$");
  ASSERT_TRUE(test::wait_for([&] { return bar->told() == QStringLiteral("No result"); }, 60'000))
      << bar->told().toStdString();
}

TEST_F(EditorSearch, AltAndAClickIsACursorAltAndADragAColumn) {
  load("a.txt", "one\ntwo two two\nthree\nx\n");
  const auto place = [&](long line, long column) {
    const auto at = sci(Sci::SCI_FINDCOLUMN, static_cast<unsigned long>(line), column);
    return QPoint(static_cast<int>(sci(Sci::SCI_POINTXFROMPOSITION, 0, at)),
                  static_cast<int>(sci(Sci::SCI_POINTYFROMPOSITION, 0, at)) + 4);
  };
  auto* view = editor.viewport();
  select(0, 0);
  QTest::mouseClick(view, Qt::LeftButton, alt, place(1, 4));
  QTest::mouseClick(view, Qt::LeftButton, alt, place(2, 5));
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 3);
  type("-");
  EXPECT_EQ(editor.text(), "-one\ntwo -two two\nthree-\nx\n");
  QTest::mouseClick(view, Qt::LeftButton, alt, place(2, 6));
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 2) << "once more takes it away";
  // A column that begins behind the end of a line.
  const auto end = place(1, 8);
  const QPoint begin(end.x() + 60, place(0, 0).y());
  const auto drag = [&](QEvent::Type type, const QPoint& at, Qt::MouseButtons buttons) {
    QMouseEvent event(type, at, view->mapToGlobal(at),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, buttons, alt);
    QCoreApplication::sendEvent(view, &event);
  };
  drag(QEvent::MouseButtonPress, begin, Qt::LeftButton);
  drag(QEvent::MouseMove, end + QPoint(20, 0), Qt::LeftButton);
  const QPoint last(end.x(), place(3, 0).y());
  // Scintilla passes over moves that follow each other too fast.
  ASSERT_TRUE(test::wait_for([&] {
    drag(QEvent::MouseMove, last, Qt::LeftButton);
    return sci(Sci::SCI_GETSELECTIONS) == 4;
  }));
  drag(QEvent::MouseButtonRelease, QPoint(end.x(), place(3, 0).y()), Qt::NoButton);
  EXPECT_TRUE(sci(Sci::SCI_SELECTIONISRECTANGLE));
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 4);
  long behind = sci(Sci::SCI_GETRECTANGULARSELECTIONANCHORVIRTUALSPACE);
  for (unsigned long i = 0; i < 4; ++i) behind += sci(Sci::SCI_GETSELECTIONNANCHORVIRTUALSPACE, i);
  EXPECT_GT(behind, 0) << sci(Sci::SCI_GETVIRTUALSPACEOPTIONS);
}

}  // namespace
}  // namespace berth::desktop

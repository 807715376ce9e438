// SPDX-License-Identifier: GPL-3.0-or-later
// What programs draw on the desktop's terminal and learn from it: characters of any width and of several code
// points, colours, the mouse, the clipboard, the bell.
#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QWheelEvent>
#include <vector>

#include "client/desktop/paint_recorder.hpp"
#include "terminal_view_fixture.hpp"

namespace berth::test {
namespace {

using Drawn = std::vector<desktop::PaintRecorder::Text>;

/// What a widget draws of itself, in a part of it.
Drawn drawn_by(QWidget* widget, const QRegion& part = QRegion()) {
  desktop::PaintRecorder record(widget, [](const QString&) { return true; });
  widget->render(&record, QPoint(), part, QWidget::RenderFlags());
  return record.texts();
}

/// The text that begins in these pixels.
QString text_in(const Drawn& drawn, const QRect& pixels) {
  QString text;
  for (const auto& piece : drawn)
    if (piece.at.x() >= pixels.left() && piece.at.x() <= pixels.right()) text += piece.text;
  return text;
}

TEST_F(TerminalViewTest, TellsProgramsOfTheMouse) {
  print("\x1b[?1002h\x1b[?1006hmouse");
  ASSERT_TRUE(shows("mouse"));
  view->surface()->refresh();  // where one clicks is told by what is drawn
  QTest::mouseClick(display(), Qt::LeftButton, Qt::NoModifier, view->surface()->rect(4, 9, 1).center());
  EXPECT_TRUE(wait_for([this] { return keys == "\x1b[<0;10;5M\x1b[<0;10;5m"; })) << keys;
}

TEST_F(TerminalViewTest, TellsProgramsOfTheWheel) {
  print("\x1b[?1000h\x1b[?1006hwheel");
  ASSERT_TRUE(shows("wheel"));
  view->surface()->refresh();
  const QPointF at = view->surface()->rect(4, 9, 1).center();
  for (const int turn : {120, -120}) {
    QWheelEvent wheel(at, display()->mapToGlobal(at), {}, {0, turn}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(display(), &wheel);
  }
  EXPECT_TRUE(wait_for([this] { return keys == "\x1b[<64;10;5M\x1b[<65;10;5M"; })) << keys;
}

TEST_F(TerminalViewTest, ABellIsTold) {
  QSignalSpy rang(view.get(), &desktop::TerminalView::rang);
  print("ding\a");
  EXPECT_TRUE(wait_for([&] { return rang.count() == 1; }));
}

TEST_F(TerminalViewTest, TellsWhatAProgramWantsOnTheClipboard) {
  QSignalSpy wanted(view.get(), &desktop::TerminalView::clipboardWanted);
  print("\x1b]52;c;aGVsbG8=\x07\x1b]52;c;?\x07");
  ASSERT_TRUE(wait_for([&] { return wanted.count() == 1; }));
  EXPECT_EQ(wanted[0][0].toString(), QStringLiteral("hello"));
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, WideCharactersTakeTwoCells) {
  print("漢字🙂x");
  ASSERT_TRUE(shows("漢字"));
  EXPECT_EQ(view->surface()->cursor(), QPoint(7, 0));
  EXPECT_EQ(view->surface()->cursorLine().substr(0, 7), (std::u32string{U'漢', 0, U'字', 0, U'🙂', 0, U'x'}));
}

TEST_F(TerminalViewTest, CombiningMarksAreShownWithTheirLetters) {
  print("cafe\u0301|");
  ASSERT_TRUE(shows("|"));
  EXPECT_EQ(view->surface()->cursorLine().substr(0, 5), U"caf\u00e9|");
}

// What has no single code point, in the cells that programs count for it.
TEST_F(TerminalViewTest, WhatIsMoreThanACodePointIsPaintedOverItsCells) {
  print(
      "ab "
      "x\u0302|\r\n\x1b[31m\u2764\ufe0f\x1b[0m|\r\n\U0001f469\u200d\U0001f4bb|\r\n\u0915\u093f|\r\n");
  ASSERT_TRUE(shows("x\u0302|"));
  const auto& shown = view->overlay()->shownCells();
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 4; })) << shown.size();
  const struct {
    int row, column, columns;
    const char* text;
  } wanted[] = {{0, 3, 1, "x\u0302"},
                {1, 0, 1, "\u2764\ufe0f"},
                {2, 0, 4, "\U0001f469\u200d\U0001f4bb"},
                {3, 0, 2, "\u0915\u093f"}};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    EXPECT_EQ(shown[i].row, wanted[i].row) << i;
    EXPECT_EQ(shown[i].column, wanted[i].column) << i;
    EXPECT_EQ(shown[i].columns, wanted[i].columns) << i;
    EXPECT_EQ(shown[i].text, QString::fromUtf8(wanted[i].text)) << i;
  }
  EXPECT_EQ(view->surface()->cursor(), QPoint(0, 4));
  EXPECT_EQ(shownText(), "ab x\u0302|\n\u2764\ufe0f|\n\U0001f469\u200d\U0001f4bb|\n\u0915\u093f|");
  picture_of("clusters");
}

TEST_F(TerminalViewTest, WhatIsPaintedOverACellIsTheLetterItself) {
  print("x\u0302 x\r\n");
  const auto& shown = view->overlay()->shownCells();
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 1; }));
  // The same letter once with its mark and once without: alike below the mark, different above.
  const auto image = display()->grab().toImage();
  const auto ink = [&](int column, double from, double to) {
    const auto cell = view->surface()->rect(0, column, 1);
    const auto paper = image.pixelColor(view->surface()->rect(0, 1, 1).center());
    int dots = 0;
    for (int y = cell.top() + static_cast<int>(from * cell.height()); y < cell.top() + to * cell.height();
         ++y)
      for (int x = cell.left(); x <= cell.right(); ++x) dots += image.pixelColor(x, y) != paper;
    return dots;
  };
  EXPECT_GT(ink(0, 0, 0.45), ink(2, 0, 0.45)) << "no mark";
  EXPECT_NEAR(ink(0, 0.5, 1), ink(2, 0.5, 1), 3) << "no letter, or a box around it";
  EXPECT_GT(ink(2, 0.5, 1), 5);
}

TEST_F(TerminalViewTest, MarksThatComeLaterJoinTheirLetters) {
  print("$ x");
  ASSERT_TRUE(shows("$ x"));
  print("\u0302");
  ASSERT_TRUE(shows("$ x\u0302"));
  EXPECT_EQ(view->surface()->cursor(), QPoint(3, 0));
  // In the last column, where the next letter goes to the next line.
  const int columns_there = view->surface()->cells().width();
  print("\r\n" + std::string(static_cast<std::size_t>(columns_there) - 1, '.') + "x");
  ASSERT_TRUE(shows(".x"));
  print("\u0302");
  ASSERT_TRUE(shows(".x\u0302"));
  print("z");
  ASSERT_TRUE(wait_for([&] { return view->surface()->cursor() == QPoint(1, 2); }));
  const auto lines = shown_lines(view.get());
  ASSERT_EQ(lines.size(), 2) << "one that wrapped is one line";
  EXPECT_EQ(lines[1], QString(columns_there - 1, u'.') + QStringLiteral("x\u0302z"));
}

TEST_F(TerminalViewTest, CopiesWhatIsMoreThanACodePoint) {
  print("x\u0302 \U0001f469\u200d\U0001f4bb \u2764\ufe0f\r\n");
  ASSERT_TRUE(shows("x\u0302"));
  view->surface()->refresh();
  view->widget()->setSelectionStart(0, 0);
  view->widget()->setSelectionEnd(0, 7);
  view->copy();
  EXPECT_EQ(QGuiApplication::clipboard()->text().toStdString(),
            "x\u0302 \U0001f469\u200d\U0001f4bb \u2764\ufe0f");
}

TEST_F(TerminalViewTest, WhatIsPaintedOverCellsGoesAndComesWithThem) {
  print("x\u0302\r\n");
  const auto& shown = view->overlay()->shownCells();
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 1; }));
  print("\x1b[?1049h\x1b[2J\x1b[Hfull screen");
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.empty() && view->overlay()->isHidden(); }));
  print("\x1b[?1049l");
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 1; }));
  // Out of sight above, and back in sight.
  for (int i = 0; i < 200; ++i) print("line\r\n");
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.empty() && view->overlay()->isHidden(); }));
  view->surface()->refresh();
  view->surface()->scrollTo(0);
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 1; }));
  EXPECT_EQ(shown[0].row, 0);
}

TEST_F(TerminalViewTest, OnlyWhatHasChangedIsPaintedOverCellsAgain) {
  print("x\u0302\r\n\r\nq\u0302\r\n");
  const auto& shown = view->overlay()->shownCells();
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 2; }));
  const auto first_row = drawn_by(view->overlay(), view->surface()->rect(0, 0, 10));
  ASSERT_EQ(first_row.size(), 1u);
  EXPECT_EQ(first_row[0].text, QStringLiteral("x\u0302"));
  EXPECT_EQ(shown.size(), 2u) << "the other one is in sight, too";
  EXPECT_EQ(drawn_by(view->overlay()).size(), 2u);
}

TEST_F(TerminalViewTest, PredictedTextIsShownAsWhatItStandsFor) {
  print("x\u0302 \U0001f469\u200d\U0001f4bb|");
  ASSERT_TRUE(shows("|"));
  const auto line = view->surface()->cursorLine();
  ASSERT_NE(view->surface()->standIns().find(line[4]), nullptr);
  // As if three blanks were typed before them.
  view->overlay()->setPrediction(client::PredictedLine{
      0, {{20, line[0], 1}, {21, U' ', 1}, {22, line[2], 2}, {24, line[4], 2}, {26, U'|', 1}}, 20});
  const auto drawn = drawn_by(view->overlay());
  const auto cells = [this](int column, int columns_there) {
    return view->surface()->rect(0, column, columns_there);
  };
  EXPECT_EQ(text_in(drawn, cells(20, 1)).toStdString(), "x\u0302");
  EXPECT_EQ(text_in(drawn, cells(22, 4)).toStdString(), "\U0001f469\u200d\U0001f4bb");
  EXPECT_EQ(text_in(drawn, cells(26, 1)).toStdString(), "|");
}

// Whatever it is fed directly: what counts its columns has to know.
TEST_F(TerminalViewTest, TheWidgetCountsColumnsAsIsSaidOfIt) {
  print("ready");
  ASSERT_TRUE(shows("ready"));
  QObject* session = nullptr;
  for (auto* child : view->widget()->findChildren<QObject*>())
    if (QLatin1String(child->metaObject()->className()) == QLatin1String("Konsole::Session")) session = child;
  ASSERT_NE(session, nullptr);
  constexpr char32_t samples[] = {U'a',
                                  0xa0,
                                  0xa9,
                                  0xad,
                                  0xe9,
                                  0x301,
                                  0x378,
                                  0x370,
                                  0x483,
                                  0x5d0,
                                  0x5b0,
                                  0x627,
                                  0x64b,
                                  0x903,
                                  0x915,
                                  0x93e,
                                  0x93f,
                                  0x94d,
                                  0xbbe,
                                  0xe01,
                                  0xe17,
                                  0xe31,
                                  0xe33,
                                  0xe35,
                                  0xe48,
                                  0x1112,
                                  0x1161,
                                  0x11ab,
                                  0x200b,
                                  0x200d,
                                  0x2026,
                                  0x20dd,
                                  0x2500,
                                  0x2592,
                                  0x261d,
                                  0x2713,
                                  0x2764,
                                  0x3013,
                                  0x3042,
                                  0x4e00,
                                  0x9f98,
                                  0xac00,
                                  0xe0b0,
                                  0xfe0f,
                                  0xfeff,
                                  0xff01,
                                  0xff76,
                                  0xfffd,
                                  0x1f1e9,
                                  0x1f3fb,
                                  0x1f44d,
                                  0x1f469,
                                  0x1f600,
                                  0x20000,
                                  desktop::StandIns::first_wide,
                                  desktop::StandIns::first_wide + desktop::StandIns::most_wide - 1,
                                  0xe0100,
                                  desktop::StandIns::first_narrow,
                                  desktop::StandIns::first_narrow + desktop::StandIns::most_narrow - 1,
                                  0x100000};
  for (const auto sample : samples) {
    const auto bytes = "\r" + QString::fromUcs4(&sample, 1).toUtf8();
    QMetaObject::invokeMethod(session, "onReceiveBlock", Qt::DirectConnection,
                              Q_ARG(const char*, bytes.constData()),
                              Q_ARG(int, static_cast<int>(bytes.size())));
    EXPECT_EQ(view->surface()->cursor().x(), desktop::columns_in_widget(sample))
        << std::hex << static_cast<unsigned>(sample);
  }
}

TEST_F(TerminalViewTest, WhatIsPaintedOverACellLeavesItalicsAlone) {
  const auto isItalic = [this](const char* text) {
    EXPECT_TRUE(shows(text)) << text;
    view->surface()->refresh();
    const auto drawn = drawn_by(display());
    for (const auto& piece : drawn)
      if (piece.text.contains(QLatin1String(text))) return piece.font.italic();
    ADD_FAILURE() << text << " is not drawn";
    return false;
  };
  print("\x1b[03mx\u0302 slanted \x1b[00mx\u0302 upright ");
  EXPECT_TRUE(isItalic("slanted"));
  EXPECT_FALSE(isItalic("upright"));
  // Each screen has its own, and so has the saved cursor.
  print("\x1b[3m\x1b[?1047h\x1b[Hx\u0302 there ");
  EXPECT_FALSE(isItalic("there"));
  print("\x1b[?1047lx\u0302 back ");
  EXPECT_TRUE(isItalic("back"));
  print(
      "\x1b[m\x1b"
      "7\x1b[3m\x1b#8\x1b[2J\x1b[Hx\u0302 aligned ");
  EXPECT_TRUE(isItalic("aligned"));
}

TEST_F(TerminalViewTest, WhatIsPaintedOverACellHasItsColours) {
  print("\x1b[38;2;200;10;60m\x1b[48;2;12;200;34mx\u0302\x1b[7mx\u0302\x1b[0m");
  const auto& shown = view->overlay()->shownCells();
  ASSERT_TRUE(wait_for([&] { return view->grab(), shown.size() == 2; }));
  EXPECT_EQ(shown[0].color, QColor(200, 10, 60));
  EXPECT_EQ(shown[1].color, QColor(12, 200, 34));
  const auto image = display()->grab().toImage();
  EXPECT_EQ(image.pixelColor(view->surface()->rect(0, 0, 1).bottomLeft()), QColor(12, 200, 34));
  EXPECT_EQ(image.pixelColor(view->surface()->rect(0, 1, 1).bottomLeft()), QColor(200, 10, 60));
}

TEST_F(TerminalViewTest, ShowsTrueColoursAsTheyAre) {
  print(
      "\x1b[48;2;12;200;34m    \x1b[0m\x1b[48:2::200:10:60m    \x1b[0m\x1b[48;5;21m    \x1b[0m "
      "\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munder\x1b[0m \x1b[9mstruck\x1b[0m "
      "\x1b[7minverse\x1b[0m\r\n"
      "漢字かな한글 🙂🚀 é ñ ▓▒░ ✓ │├─┐ end\r\n"
      "12345678 │├─┐\r\né234567 │├─┐ e + U+0301 e\u0301\r\n漢345678 │├─┐\r\n🙂345678 │├─┐\r\n❤️234567 │├─┐ "
      "VS16\r\n👩‍👩‍👧12345 │├─┐ ZWJ\r\n|12345678901234567890|\r\n");
  ASSERT_TRUE(shows("12345678901234567890"));
  view->surface()->refresh();
  const auto image = display()->grab().toImage();
  const auto color = [&](int column) {
    return image.pixelColor(view->surface()->rect(0, column, 1).center());
  };
  EXPECT_EQ(color(1), QColor(12, 200, 34));
  EXPECT_EQ(color(5), QColor(200, 10, 60));
  EXPECT_EQ(color(9), QColor(0, 0, 255));
  picture_of("characters");
}

}  // namespace
}  // namespace berth::test

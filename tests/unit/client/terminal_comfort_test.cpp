// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal does for the person besides being one: finding, links, pasting, sizes, colours.
#include <gmock/gmock.h>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QWheelEvent>

#include "client/desktop/paste_question.hpp"
#include "client/desktop/terminal_drop.hpp"
#include "client/desktop/terminal_find_bar.hpp"
#include "client/desktop/terminal_group.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "terminal_view_fixture.hpp"

namespace berth::test {
namespace {

using desktop::PasteQuestion;
using desktop::TerminalSchemes;
using desktop::TextLink;

class TerminalComfort : public TerminalViewTest {
 protected:
  /// Answers the question that paste() will ask.
  void answer(const char* button, bool never, QString* text = nullptr) {
    looks_.disconnect();
    QObject::connect(&looks_, &QTimer::timeout, [this, button, never, text] {
      auto* question = qobject_cast<PasteQuestion*>(QApplication::activeModalWidget());
      if (!question) return;
      looks_.stop();
      if (text) *text = question->findChild<QPlainTextEdit*>()->toPlainText();
      question->findChild<QCheckBox*>()->setChecked(never);
      question->findChild<QPushButton*>(QLatin1String(button))->click();
    });
    looks_.start(5);
  }
  QPoint at(int row, int column) { return view->surface()->rect(row, column, 1).center(); }
  QTimer looks_;
};

TEST_F(TerminalComfort, FindsInAllThatIsKept) {
  std::string lines = "needle in the beginning\r\n";
  for (int i = 0; i < 200; ++i)
    lines += "a line " + std::to_string(i) + (i % 50 == 7 ? " Needle\r\n" : "\r\n");
  print(lines + "the end");
  ASSERT_TRUE(shows("the end"));
  QTest::keyClick(display(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  auto* bar = view->findBar();
  ASSERT_TRUE(bar->isVisible());
  auto* field = bar->findChild<QLineEdit*>();
  field->setText(QStringLiteral("needle"));
  ASSERT_EQ(bar->matches().all.size(), 5u);
  EXPECT_EQ(bar->current(), 4) << "the newest that is seen, or the one before";
  EXPECT_EQ(view->surface()->selectedText(), QStringLiteral("Needle"));
  EXPECT_FALSE(view->overlay()->matches().isEmpty());
  picture_of("find");
  QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);  // round
  EXPECT_EQ(bar->current(), 0);
  EXPECT_EQ(view->surface()->topLine(), 0);
  EXPECT_EQ(view->surface()->selectedText(), QStringLiteral("needle"));
  auto toggles = bar->findChildren<QToolButton*>();
  toggles.value(0)->setChecked(true);  // case
  EXPECT_EQ(bar->matches().all.size(), 1u);
  toggles.value(2)->setChecked(true);  // expression
  field->setText(QStringLiteral("line \\d*7 N"));
  EXPECT_EQ(bar->matches().all.size(), 4u);
  // New output is looked at, too.
  print("\r\na line 777 N");
  EXPECT_TRUE(wait_for([&] { return bar->matches().all.size() == 5; }));
  QTest::keyClick(field, Qt::Key_Escape);
  EXPECT_FALSE(bar->isVisible());
  EXPECT_TRUE(view->overlay()->matches().isEmpty());
}

TEST_F(TerminalComfort, FindsInLinesOfAnEarlierWidth) {
  print(std::string(150, 'x') + "needle" + std::string(30, 'y') + "\r\nshort\r\n");
  ASSERT_TRUE(shows("short"));
  view->resize(420, 400);
  ASSERT_TRUE(wait_for([this] { return view->surface()->cells().width() < 60; }));
  print("needle again");
  ASSERT_TRUE(shows("needle again"));
  view->find();
  view->findBar()->findChild<QLineEdit*>()->setText(QStringLiteral("needle a"));
  ASSERT_EQ(view->findBar()->matches().all.size(), 1u);
  EXPECT_EQ(view->surface()->selectedText(), QStringLiteral("needle a"));
}

TEST_F(TerminalComfort, OpensAddressesAndFilesThatAreThere) {
  QStringList asked;
  view->setFileCheck([&](const QString& name, auto done) {
    asked.append(name);
    done(name == QLatin1String("src/main.cpp") ? QStringLiteral("project/src/main.cpp") : QString());
  });
  print("see https://example.org/x, src/main.cpp:12:5: and src/none.cpp:1\r\n");
  ASSERT_TRUE(shows("none.cpp:1"));
  QSignalSpy addresses(view.get(), &desktop::TerminalView::linkActivated);
  QSignalSpy files(view.get(), &desktop::TerminalView::fileActivated);
  QTest::mouseMove(display(), at(0, 30));
  QTest::mouseMove(display(), at(0, 31));
  EXPECT_TRUE(wait_for([this] { return view->overlay()->hasLink(); }));
  picture_of("file-link");
  QTest::mouseMove(display(), at(0, 55));
  EXPECT_TRUE(wait_for([this] { return !view->overlay()->hasLink(); })) << "no such file";
  for (const int column : {6, 30, 55})
    QTest::mouseClick(display(), Qt::LeftButton, Qt::ControlModifier, at(0, column));
  ASSERT_EQ(addresses.count(), 1);
  EXPECT_EQ(addresses[0][0].toUrl(), QUrl(QStringLiteral("https://example.org/x")));
  ASSERT_EQ(files.count(), 1);
  EXPECT_EQ(files[0], QVariantList({QStringLiteral("project/src/main.cpp"), 12, 5}));
  QTest::mouseClick(display(), Qt::LeftButton, Qt::NoModifier, at(0, 6));
  EXPECT_EQ(addresses.count(), 1);
  const auto links = view->shownLinks();
  ASSERT_EQ(links.size(), 3);
  EXPECT_EQ(links.last().target, QStringLiteral("https://example.org/x"));
}

TEST_F(TerminalComfort, AsksBeforeSeveralLinesAreRun) {
  QString shown;
  QGuiApplication::clipboard()->setText(QStringLiteral("one\n  two\x1b\n"));
  answer("pasteAsOneLine", false, &shown);
  view->paste();
  EXPECT_TRUE(wait_for([this] { return keys == "one two"; })) << keys;
  EXPECT_EQ(shown, QStringLiteral("one\n  two\n")) << "what can press keys is gone";
  answer("paste", true);
  view->paste();
  EXPECT_TRUE(wait_for([this] { return keys == "one twoone\r  two\r"; })) << keys;
  EXPECT_FALSE(PasteQuestion::isWanted());
  view->paste();  // asks no more
  EXPECT_TRUE(wait_for([this] { return keys == "one twoone\r  two\rone\r  two\r"; })) << keys;
}

TEST_F(TerminalComfort, CopiesWhatIsSelectedWherePeopleWantThat) {
  print("copy me please\r\n");
  ASSERT_TRUE(shows("please"));
  auto* clipboard = QGuiApplication::clipboard();
  clipboard->setText(QStringLiteral("before"));
  const auto select = [&](int from, int to) {
    QTest::mousePress(display(), Qt::LeftButton, Qt::NoModifier, at(0, from));
    QTest::mouseMove(display(), at(0, (from + to) / 2));
    QTest::mouseMove(display(), at(0, to));
    QTest::mouseRelease(display(), Qt::LeftButton, Qt::NoModifier, at(0, to));
    return view->surface()->selectedText().toStdString();
  };
  const auto first = select(0, 4);
  EXPECT_THAT(first, testing::StartsWith("cop"));
  QCoreApplication::processEvents();
  EXPECT_EQ(clipboard->text(), QStringLiteral("before"));
  QSettings().setValue(QStringLiteral("terminal/copy_on_selection"), true);
  const auto second = select(5, 12);
  EXPECT_THAT(second, testing::HasSubstr("e plea"));
  EXPECT_TRUE(wait_for([&] { return clipboard->text().toStdString() == second; }));
}

TEST_F(TerminalComfort, TextIsAsLargeAsThePersonWants) {
  const auto before = view->surface()->cellPixels().height();
  QTest::keyClick(display(), Qt::Key_Plus, Qt::ControlModifier);
  QTest::keyClick(display(), Qt::Key_Equal, Qt::ControlModifier);
  const auto larger = view->surface()->cellPixels().height();
  EXPECT_GT(larger, before);
  QWheelEvent wheel(at(0, 0), display()->mapToGlobal(at(0, 0)), {}, {0, -240}, Qt::NoButton,
                    Qt::ControlModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(display(), &wheel);
  EXPECT_LT(view->surface()->cellPixels().height(), larger);
  QTest::keyClick(display(), Qt::Key_Plus, Qt::ControlModifier);
  QTest::keyClick(display(), Qt::Key_0, Qt::ControlModifier);
  EXPECT_EQ(view->surface()->cellPixels().height(), before);
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalComfort, ColoursAreTheThemesOrThosePeopleChose) {
  print("\x1b[41m          \x1b[0m\r\n");
  ASSERT_TRUE(wait_for([this] { return view->surface()->cursor().y() == 1; }));
  const auto ground = [this](int row, int column) {
    view->surface()->refresh();
    return display()->grab().toImage().pixelColor(at(row, column));
  };
  EXPECT_EQ(ground(0, 4), TerminalSchemes::current().colours[1]);
  for (const auto* id : {"nord", "solarized_light"}) {
    TerminalSchemes::choose(QLatin1String(id));
    EXPECT_EQ(TerminalSchemes::current().id, QLatin1String(id));
    EXPECT_EQ(ground(0, 4), TerminalSchemes::current().colours[1]) << id;
    EXPECT_EQ(ground(5, 4), TerminalSchemes::current().background) << id;
    picture_of(id);
  }
  // What programs are told when they ask.
  print("\x1b]11;?\x07");
  EXPECT_TRUE(wait_for([this] { return keys.find("rgb:fdfd/f6f6/e3e3") != std::string::npos; })) << keys;
  TerminalSchemes::choose(QStringLiteral("theme"));
  EXPECT_EQ(ground(0, 4), TerminalSchemes::current().colours[1]);
}

TEST_F(TerminalComfort, TellsOfWhatIsDroppedOnIt) {
  QByteArray dropped;
  QObject::connect(view.get(), &desktop::TerminalView::dropped, [&](const QMimeData* data) {
    dropped = data->data(QLatin1String(desktop::tree_paths_mime));
  });
  QMimeData data;
  data.setData(QLatin1String(desktop::tree_paths_mime), "project/a b.txt");
  QDragEnterEvent enter(at(0, 0), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(display(), &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop(at(0, 0), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(display(), &drop);
  EXPECT_EQ(dropped, "project/a b.txt");
  QMimeData picture;
  picture.setData(QStringLiteral("image/png"), "x");
  QDragEnterEvent other(at(0, 0), Qt::CopyAction, &picture, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(display(), &other);
  EXPECT_FALSE(other.isAccepted());
}

TEST_F(TerminalComfort, PanesStandWhereTheyWereSplit) {
  desktop::TerminalGroup group;
  group.resize(900, 500);
  group.show();
  std::vector<std::unique_ptr<client::Terminal>> terminals;
  QList<desktop::TerminalView*> panes;
  for (const char* id : {"a", "b", "c"}) {
    auto other = info;
    other.terminal = id;
    terminals.push_back(std::make_unique<client::Terminal>(&connection, other));
    panes.append(new desktop::TerminalView(terminals.back().get(), true));
  }
  group.add(panes[0], nullptr, Qt::Horizontal);
  group.add(panes[1], panes[0], Qt::Horizontal);
  group.add(panes[2], panes[1], Qt::Vertical);
  EXPECT_EQ(group.views(), panes);
  const auto settled = [&] {
    return panes[2]->mapTo(&group, QPoint(0, 0)).y() > 200 && panes[1]->width() < 500;
  };
  ASSERT_TRUE(wait_for(settled));
  EXPECT_EQ(group.neighbour(panes[0], 1, 0), panes[1]);
  EXPECT_EQ(group.neighbour(panes[1], 0, 1), panes[2]);
  EXPECT_EQ(group.neighbour(panes[2], -1, 0), panes[0]);
  EXPECT_EQ(group.neighbour(panes[0], -1, 0), nullptr);
  if (const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS"); !folder.isEmpty())
    group.grab().save(folder + QStringLiteral("/terminal-panes.png"));

  // Alt and an arrow ask for another pane; the program has them where there is none.
  QSignalSpy wanted(panes[1], &desktop::TerminalView::paneWanted);
  QTest::keyClick(panes[1]->widget()->focusProxy(), Qt::Key_Left, Qt::AltModifier);
  ASSERT_EQ(wanted.count(), 1);
  EXPECT_EQ(wanted[0], QVariantList({-1, 0}));

  const int before = panes[0]->width();
  group.setCurrent(panes[0]);
  group.resizeCurrent(40, 0);
  EXPECT_EQ(panes[0]->width(), before + 40);
  // In a window without room for two there is nothing to give.
  group.resize(90, 500);
  group.resizeCurrent(40, 0);
  group.resizeCurrent(-40, 0);
  group.resize(900, 500);
  // As it is kept, it is made again.
  const auto kept = group.arrangement();
  QHash<QString, desktop::TerminalView*> left;
  for (auto* pane : panes) {
    group.take(pane);
    left.insert(pane->terminal()->id(), pane);
  }
  EXPECT_TRUE(group.isEmpty());
  desktop::TerminalGroup again;
  again.resize(900, 500);
  again.show();
  again.arrange(kept, [&](const QString& id) { return left.take(id); });
  EXPECT_EQ(again.views(), panes);
  EXPECT_EQ(again.arrangement().value(QStringLiteral("split")), kept.value(QStringLiteral("split")));
  again.take(panes[1]);
  delete panes[1];
  EXPECT_EQ(again.views(), QList<desktop::TerminalView*>({panes[0], panes[2]}));
  EXPECT_EQ(again.neighbour(panes[0], 1, 0), panes[2]) << "the split of two is gone with one of them";
  // A broken one makes nothing.
  desktop::TerminalGroup broken;
  broken.arrange({{QStringLiteral("split"), 7}, {QStringLiteral("of"), QStringLiteral("x")}},
                 [](const QString&) { return nullptr; });
  EXPECT_TRUE(broken.isEmpty());
  delete panes[0];
  delete panes[2];
}

}  // namespace
}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_text.hpp"

#include <gmock/gmock.h>

#include <QElapsedTimer>

#include "client/desktop/paste_question.hpp"
#include "client/desktop/stand_ins.hpp"
#include "client/desktop/terminal_drop.hpp"
#include "client/desktop/terminal_links.hpp"
#include "client/desktop/terminal_profiles.hpp"
#include "client/desktop/terminal_profiles_dialog.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "tests/machine_time.hpp"

namespace berth::desktop {
namespace {

TerminalMatch match(int column, int row, int end, int end_row) { return {{column, row}, {end, end_row}}; }

TEST(TerminalText, LinesAreFoundOverTheirRows) {
  // Five columns: "abcdefg" takes two rows, the wide letters do not fit beside "xyz".
  const auto lines = lines_by_width(QStringLiteral("abcdefg\nxyz漢字\n\nend\n"), 5, 6);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 4u);
  EXPECT_EQ((*lines)[0].cellOf(6), QPoint(1, 1));
  EXPECT_EQ((*lines)[1].row, 2);
  EXPECT_EQ((*lines)[1].cellOf(4), QPoint(0, 3));
  EXPECT_EQ((*lines)[3].row, 5);
  EXPECT_FALSE(lines_by_width(QStringLiteral("abcdefg\n"), 5, 1)) << "another width";

  const auto rows = lines_by_rows({QStringLiteral("abcde"), QStringLiteral("fg"), QStringLiteral("xyz")}, 5);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].text, QStringLiteral("abcdefg"));
  EXPECT_EQ(rows[0].cellOf(5), QPoint(0, 1));
}

TEST(TerminalText, AMatchIsFoundByCaseWordAndExpressionOverRows) {
  const StandIns none;
  const auto all = lines_by_width(QStringLiteral("Error: errors\nno\n字error"), 8, 4);
  ASSERT_TRUE(all);
  const auto& lines = *all;
  const auto found = [&](TerminalSearch search) { return find_in(lines, search, none).all; };
  EXPECT_THAT(found({QStringLiteral("error")}),
              testing::ElementsAre(match(0, 0, 4, 0), match(7, 0, 3, 1), match(2, 3, 6, 3)));
  EXPECT_THAT(found({QStringLiteral("error"), true}),
              testing::ElementsAre(match(7, 0, 3, 1), match(2, 3, 6, 3)));
  EXPECT_THAT(found({QStringLiteral("Error"), true, true}), testing::ElementsAre(match(0, 0, 4, 0)));
  EXPECT_THAT(found({QStringLiteral("^n.$"), false, false, true}), testing::ElementsAre(match(0, 2, 1, 2)));
  EXPECT_TRUE(found({QStringLiteral("e.r")}).empty()) << "not an expression";
  EXPECT_FALSE(find_in(lines, {QStringLiteral("("), false, false, true}, none).problem.isEmpty());
}

TEST(TerminalText, AHostileExpressionEnds) {
  std::vector<TextLine> lines;
  for (int row = 0; row < 2'000; ++row) lines.push_back({row, QString(300, u'a') + u'b', {}});
  const test::ThreadTime time;
  const auto found = find_in(lines, {QStringLiteral("(a+)+$"), false, false, true}, StandIns());
  EXPECT_TRUE(found.all.empty());
  // Two thousand lines that take for ever each.
  EXPECT_LT(time.elapsed(), std::chrono::seconds(15));
}

TEST(TerminalText, ASearchFindsWhatAStandInStandsFor) {
  StandIns stand_ins;
  QByteArray shown;
  int column = 0;
  stand_ins.feed(QByteArray("ax\xcc\x82z"), {[&](const QByteArray& bytes) {
                                               shown += bytes;
                                               ++column;
                                             },
                                             [&] { return column; }});
  ASSERT_FALSE(stand_ins.isEmpty());
  // Without the colours around it, as the widget keeps it.
  auto text = QString::fromUtf8(shown);
  for (const auto* sequence : {"\x1b[3m", "\x1b[23m"}) text.remove(QLatin1String(sequence));
  const auto found = find_in({{0, text, {}}}, {QString::fromUtf8("x\xcc\x82z")}, stand_ins);
  EXPECT_THAT(found.all, testing::ElementsAre(match(1, 0, 2, 0)));
}

QStringList targets(const QString& line) {
  QStringList all;
  for (const auto& link : links_in(line))
    all.append(link.line ? QStringLiteral("%1|%2|%3").arg(link.target).arg(link.line).arg(link.column)
                         : link.target);
  return all;
}

TEST(TerminalLinks, AreAddressesAndPlacesInFiles) {
  EXPECT_EQ(targets(QStringLiteral("see (https://example.org/a_(b)?c=1), then http://localhost:3000.")),
            QStringList(
                {QStringLiteral("https://example.org/a_(b)?c=1"), QStringLiteral("http://localhost:3000")}));
  EXPECT_EQ(targets(QStringLiteral("src/main.cpp:12:5: error: x")),
            QStringList(QStringLiteral("src/main.cpp|12|5")));
  EXPECT_EQ(targets(QStringLiteral("  File \"/home/a b/x.py\", line 3, in f")),
            QStringList(QStringLiteral("/home/a b/x.py|3|0")));
  EXPECT_EQ(targets(QStringLiteral("app/page.tsx(4,2): error TS2304")),
            QStringList(QStringLiteral("app/page.tsx|4|2")));
  EXPECT_EQ(targets(QStringLiteral("./größe.txt and ../up/README.md.")),
            QStringList({QStringLiteral("./größe.txt"), QStringLiteral("../up/README.md")}));
  EXPECT_EQ(targets(QStringLiteral("just some words, 12:30 -- and - more")), QStringList());
  EXPECT_TRUE(links_in(QString(100'000, u'/')).isEmpty());
  EXPECT_LE(links_in(QStringLiteral("a.b ").repeated(9'000)).size(), 40);
}

TEST(TerminalLinks, AreLookedForBelowHomeOnly) {
  const auto meant = [](const char* name, const char* directory = "/home/ada/project/src") {
    return paths_meant(QString::fromUtf8(name), QString::fromUtf8(directory), QStringLiteral("/home/ada"),
                       QStringLiteral("project"));
  };
  EXPECT_EQ(meant("main.c"),
            QStringList({QStringLiteral("project/src/main.c"), QStringLiteral("project/main.c")}));
  EXPECT_EQ(meant("b/main.c", ""),
            QStringList({QStringLiteral("project/b/main.c"), QStringLiteral("project/main.c")}));
  EXPECT_EQ(meant("~/x"), QStringList(QStringLiteral("x")));
  EXPECT_EQ(meant("/etc/passwd"), QStringList());
  EXPECT_EQ(meant("../../../../etc/passwd", "/home/ada/project"), QStringList());
  EXPECT_EQ(meant("/home/adam/x"), QStringList());
}

TEST(TerminalDrop, PathsAreWordsOfAShell) {
  EXPECT_EQ(shell_word(QStringLiteral("src/main.py")), QStringLiteral("src/main.py"));
  EXPECT_EQ(shell_word(QStringLiteral("a b; rm -rf $HOME")), QStringLiteral("'a b; rm -rf $HOME'"));
  EXPECT_EQ(shell_word(QStringLiteral("it's")), QStringLiteral("'it'\\''s'"));
  EXPECT_EQ(shell_word(QStringLiteral("-rf")), QStringLiteral("./-rf"));
  EXPECT_EQ(shell_word(QStringLiteral("a\nb'\x1b[201~")), QStringLiteral("$'a\\x0ab\\'\\x1b[201~'"));
  EXPECT_EQ(shell_path(QStringLiteral("project/a.c"), QStringLiteral("/home/ada"),
                       QStringLiteral("/home/ada/project")),
            QStringLiteral("a.c"));
  EXPECT_EQ(shell_path(QStringLiteral("project/a.c"), QStringLiteral("/home/ada"), QStringLiteral("/tmp")),
            QStringLiteral("/home/ada/project/a.c"));
}

TEST(PasteQuestion, SeveralLinesBecomeOne) {
  EXPECT_EQ(one_line(QStringLiteral("  apt update\n\n  apt install x\n")),
            QStringLiteral("apt update apt install x"));
}

TEST(TerminalProfiles, AreReadFromWhateverIsThere) {
  const auto read = TerminalProfiles::fromJson(
      R"([{"name":"Dev","command":"npm run dev","folder":"/~/project","environment":{"PORT":"3000","A=B":"x","N":7},
           "icon":"no-such-icon","colour":"red"},{"name":"Dev"},{"command":"x"},"text",7,null])");
  ASSERT_EQ(read.size(), 2);
  EXPECT_EQ(read[0], (TerminalProfile{QStringLiteral("Dev"),
                                      QStringLiteral("npm run dev"),
                                      QStringLiteral("project"),
                                      {{QStringLiteral("PORT"), QStringLiteral("3000")}},
                                      {},
                                      QStringLiteral("red")}));
  EXPECT_EQ(read[1].name, QStringLiteral("Dev 2"));
  EXPECT_EQ(TerminalProfiles::fromJson(TerminalProfiles::toJson(read)), read);
  EXPECT_TRUE(TerminalProfiles::fromJson("{").isEmpty());
  const auto many = TerminalProfiles::fromJson("[" + QByteArray(R"({"name":"x"},)").repeated(500) + "{}]");
  EXPECT_EQ(many.size(), TerminalProfiles::most);
}

TEST(TerminalProfiles, ShellsAreOfferedWhereTheWorkspaceHasThem) {
  QStringList names;
  for (const auto& profile : TerminalProfiles::builtIn({QStringLiteral("bash"), QStringLiteral("python3")}))
    names.append(profile.name + u'=' + profile.command);
  EXPECT_EQ(names, QStringList({QStringLiteral("Login Shell="), QStringLiteral("bash=bash"),
                                QStringLiteral("Python=python3")}));
  QStringList wrong;
  const auto variables = variables_in(QStringLiteral("PORT=3000\n\n1A=x\nURL=http://a/?b=c \n"), &wrong);
  EXPECT_EQ(variables.value(QStringLiteral("URL")), QStringLiteral("http://a/?b=c"));
  EXPECT_EQ(variables.size(), 2);
  EXPECT_EQ(wrong, QStringList(QStringLiteral("1A=x")));
}

TEST(TerminalSchemes, HaveTheirOwnFilesAndAreReadable) {
  QStringList files;
  for (const auto& scheme : TerminalSchemes::all()) {
    files.append(TerminalSchemes::fileOf(scheme));
    EXPECT_NE(scheme.background, scheme.foreground);
    // What is printed in a colour can be seen on the ground; plain black may be it.
    for (std::size_t i = 1; i < 16; ++i)
      EXPECT_NE(scheme.colours[i], scheme.background) << scheme.id.toStdString() << " " << i;
    EXPECT_TRUE(TerminalSchemes::written(scheme).contains("[Color7Intense]"));
  }
  EXPECT_EQ(files.removeDuplicates(), 0);
}

}  // namespace
}  // namespace berth::desktop

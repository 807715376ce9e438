// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files as a person does it.
#include "client/desktop/search_panel.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/search_fields.hpp"
#include "client/desktop/search_row.hpp"
#include "client/desktop/theme.hpp"
#include "fake_runner.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

using namespace berth::desktop;
using client::SearchResults;
using protocol::SearchFile;
using protocol::SearchLine;

constexpr int search_patience = 60'000;  // ms

SearchLine line_with(std::uint64_t number, const std::string& text, std::uint32_t start, std::uint32_t end,
                     std::optional<std::string> replacement = {}) {
  return {number, text, 0, {{start, end, std::move(replacement)}}};
}

class SearchPanelTest : public testing::Test {
 protected:
  void SetUp() override {
    server.http.onUpgrade = [this](QTcpSocket* socket) { runner.handle(socket); };
    server.serve = [](const QString&, const QByteArray&) -> TinyServer::Answer {
      return {404, R"({"error":{"code":"not_found","message":"There is no such thing.","data":{}}})"};
    };
    runner.on<protocol::SearchText>([this](const auto& params) -> Result<protocol::SearchText::Result> {
      asked.push_back(params);
      if (refusal) return std::unexpected(*refusal);
      return protocol::SearchText::Result{asked.size()};
    });
    runner.on<protocol::SearchCancel>([this](const auto& params) -> Result<protocol::Empty> {
      cancelled.push_back(params.search);
      return protocol::Empty{};
    });
    runner.on<protocol::SearchReplace>([this](const auto& params) -> Result<protocol::SearchReplace::Result> {
      replaced.push_back(params);
      return replacement;
    });
    runner.on<protocol::SearchUndoReplace>(
        [this](const auto& params) -> Result<protocol::SearchUndoReplace::Result> {
          taken_back.push_back(params.replacement);
          return protocol::SearchUndoReplace::Result{2, {}};
        });
  }
  void openPanel() {
    protocol::rest::Workspace facts{};
    facts.id = "abcdefghij";
    facts.name = "Tides";
    facts.state = protocol::rest::WorkspaceState::running;
    facts.role = runner.role;
    workspace = std::make_unique<client::Workspace>(&server.connection, facts);
    panel = std::make_unique<SearchPanel>(workspace.get());
    panel->resize(340, 520);
    panel->show();
    workspace->open();
    ASSERT_TRUE(soon([this] { return workspace->connection()->online(); }));
    QObject::connect(panel.get(), &SearchPanel::openWanted,
                     [this](const QString& path, int line, int column, int length, bool keep) {
                       opened = {path, QString::number(line), QString::number(column),
                                 QString::number(length), keep ? QStringLiteral("keep") : QString()};
                     });
  }
  void TearDown() override {
    panel.reset();
    workspace.reset();
  }
  template <class Condition>
  static bool soon(Condition condition) {
    return wait_for(condition, search_patience);
  }
  template <class Widget>
  Widget* part(const char* name) {
    auto* widget = panel->findChild<Widget*>(QString::fromLatin1(name));
    EXPECT_TRUE(widget) << name;
    return widget;
  }
  /// Types it and waits until the runner has heard.
  bool look(const QString& pattern) {
    const auto before = asked.size();
    panel->fields()->pattern()->setText(pattern);
    QTest::keyClick(panel->fields()->pattern(), Qt::Key_Return);
    return soon([&] { return asked.size() > before; });
  }
  void tell(const std::vector<SearchFile>& files) {
    runner.notify<protocol::SearchFound>({asked.size(), files});
  }
  bool end(bool cut = false, std::optional<std::string> problem = {}) {
    runner.notify<protocol::SearchEnded>({asked.size(), 0, 0, cut, problem});
    return soon([this] { return panel->search()->state() == client::Search::State::ended; });
  }
  QStringList shown() const {
    QStringList rows;
    const auto* model = panel->results()->model();
    for (int file = 0; file < model->rowCount(); ++file) {
      const auto parent = model->index(file, 0);
      rows.append(parent.data(SearchResults::PathRole).toString());
      for (int line = 0; line < model->rowCount(parent); ++line)
        rows.append(QStringLiteral("  ") + model->index(line, 0, parent).data().toString());
    }
    return rows;
  }
  /// For people to look at.
  void picture(const char* name) {
    const auto folder = qEnvironmentVariable("BERTH_PICTURES");
    if (!folder.isEmpty()) panel->grab().save(folder + QLatin1Char('/') + QString::fromLatin1(name));
  }
  std::vector<SearchFile> two_files() {
    return {{"project/src/wind.py", {line_with(7, "  speed = name(2)", 10, 14, "label")}},
            {"project/main.py",
             {line_with(2, "name = 1", 0, 4, "label"), line_with(9, "print(name)", 6, 10, "label")}}};
  }

  SignedInServer server;
  FakeRunner runner;
  std::vector<protocol::SearchText::Params> asked;
  std::vector<std::uint64_t> cancelled;
  std::vector<protocol::SearchReplace::Params> replaced;
  std::vector<std::string> taken_back;
  protocol::SearchReplace::Result replacement{"r-1", 2, 3, {}};
  std::optional<Error> refusal;
  QStringList opened;
  std::unique_ptr<client::Workspace> workspace;
  std::unique_ptr<SearchPanel> panel;
};

TEST_F(SearchPanelTest, FindsWhileTypingAndOpensAtTheMatch) {
  openPanel();
  QTest::keyClicks(panel->fields()->pattern(), QStringLiteral("name"));
  ASSERT_TRUE(soon([this] { return asked.size() == 1; })) << "nobody pressed Enter";
  EXPECT_EQ(asked[0].query.pattern, "name");
  EXPECT_FALSE(asked[0].query.regex.value());
  EXPECT_FALSE(asked[0].replacement);
  tell({{"project/src/wind.py", {line_with(7, "  speed = name(2)", 10, 14)}}});
  tell({{"project/main.py", {line_with(2, "name = 1", 0, 4)}}});
  tell({{"project/main.py", {line_with(9, "print(name)", 6, 10)}}});
  ASSERT_TRUE(end());
  EXPECT_EQ(shown(), QStringList({QStringLiteral("project/main.py"), QStringLiteral("  name = 1"),
                                  QStringLiteral("  print(name)"), QStringLiteral("project/src/wind.py"),
                                  QStringLiteral("  speed = name(2)")}));
  EXPECT_EQ(panel->told(), QStringLiteral("3 matches in 2 files"));
  EXPECT_TRUE(panel->results()->isExpanded(panel->results()->model()->index(0, 0)));
  picture("search-light.png");
  panel->step(1);
  EXPECT_EQ(opened, QStringList({QStringLiteral("project/main.py"), QStringLiteral("2"), QStringLiteral("1"),
                                 QStringLiteral("4"), QString()}));
  panel->step(-1);
  EXPECT_EQ(opened, QStringList({QStringLiteral("project/src/wind.py"), QStringLiteral("7"),
                                 QStringLiteral("11"), QStringLiteral("4"), QString()}));
  panel->step(1);
  EXPECT_EQ(opened.at(1), QStringLiteral("2")) << "around the end";
}

TEST_F(SearchPanelTest, TogglesFoldersAndGlobsGoIntoTheQuery) {
  openPanel();
  panel->openBelow(QStringLiteral("project/src"));
  part<QToolButton>("searchMore")->click();
  part<QLineEdit>("searchInclude")->setText(QStringLiteral("*.py, ./docs/**"));
  part<QLineEdit>("searchExclude")->setText(QStringLiteral("!build/ ,"));
  for (const auto* toggle : {"searchCase", "searchWords", "searchExpression", "searchIgnored"})
    part<QToolButton>(toggle)->click();
  ASSERT_TRUE(look(QStringLiteral("a(b)")));
  const auto& query = asked.back().query;
  EXPECT_EQ(query.folder, "project/src");
  EXPECT_EQ(query.include, (std::vector<std::string>{"*.py", "/docs/**"}));
  EXPECT_EQ(query.exclude, (std::vector<std::string>{"build/"}));
  EXPECT_TRUE(*query.regex && *query.match_case && *query.whole_word && *query.ignored);
  ASSERT_TRUE(end(true, "The pattern has a fault."));
  EXPECT_TRUE(panel->told().contains(QStringLiteral("There are more")));
  EXPECT_TRUE(panel->told().contains(QStringLiteral("The pattern has a fault.")));
}

TEST_F(SearchPanelTest, ShowsWhatWouldComeReplacesWhatIsLeftAndTakesItBack) {
  openPanel();
  panel->open(QStringLiteral("name"), true);
  part<QLineEdit>("searchReplacement")->setText(QStringLiteral("label"));
  ASSERT_TRUE(look(QStringLiteral("name")));
  EXPECT_EQ(asked.back().replacement, "label");
  tell(two_files());
  ASSERT_TRUE(end());
  picture("search-replace.png");
  const auto pieces = search_pieces(*panel->search()->results()->lineOf(panel->results()->model()->index(
                                        0, 0, panel->results()->model()->index(0, 0))),
                                    true);
  ASSERT_EQ(pieces.size(), 3);
  EXPECT_EQ(pieces[0].text, QStringLiteral("name"));
  EXPECT_EQ(pieces[0].kind, SearchPiece::Kind::taken_out);
  EXPECT_EQ(pieces[1].text, QStringLiteral("label"));
  EXPECT_EQ(pieces[1].kind, SearchPiece::Kind::put_in);

  // One line is left out by key; the rest is replaced.
  const auto* model = panel->results()->model();
  panel->results()->setCurrentIndex(model->index(1, 0, model->index(0, 0)));
  QTest::keyClick(panel->results(), Qt::Key_Delete);
  EXPECT_EQ(panel->told(), QStringLiteral("2 matches in 2 files"));
  QTest::keyClick(panel->fields()->pattern(), Qt::Key_Return, Qt::ControlModifier | Qt::AltModifier);
  replacement.problems = {{"project/src/wind.py", "It may not be written."}};
  ASSERT_TRUE(soon([this] { return !replaced.empty(); }));
  EXPECT_EQ(replaced[0].replacement, "label");
  ASSERT_EQ(replaced[0].files.size(), 2u);
  EXPECT_EQ(replaced[0].files[0].path, "project/main.py");
  EXPECT_EQ(replaced[0].files[0].only_lines, (std::vector<std::uint64_t>{2}));
  EXPECT_FALSE(replaced[0].files[1].only_lines);
  ASSERT_TRUE(soon([this] { return panel->message()->isVisible(); }));
  EXPECT_TRUE(panel->message()->text().contains(QStringLiteral("Replaced: 3 matches in 2 files.")))
      << panel->message()->text().toStdString();
  EXPECT_TRUE(
      panel->message()->text().contains(QStringLiteral("project/src/wind.py: It may not be written.")));
  EXPECT_EQ(shown(),
            QStringList({QStringLiteral("project/src/wind.py"), QStringLiteral("  speed = name(2)")}));
  picture("search-replaced.png");
  QPushButton* undo = nullptr;
  for (auto* button : panel->message()->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Undo")) undo = button;
  ASSERT_TRUE(undo);
  const auto searches = asked.size();
  undo->click();
  ASSERT_TRUE(soon([this] { return !taken_back.empty(); }));
  EXPECT_EQ(taken_back[0], "r-1");
  EXPECT_TRUE(soon([&] { return asked.size() > searches; })) << "what is there now is looked for again";
}

TEST_F(SearchPanelTest, OneLineIsReplacedByKey) {
  openPanel();
  panel->open(QStringLiteral("name"), true);
  ASSERT_TRUE(look(QStringLiteral("name")));
  tell(two_files());
  ASSERT_TRUE(end());
  replacement = {"r-2", 1, 1, {}};
  const auto* model = panel->results()->model();
  panel->results()->setCurrentIndex(model->index(0, 0, model->index(0, 0)));
  QTest::keyClick(panel->results(), Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(soon([this] { return !replaced.empty(); }));
  ASSERT_EQ(replaced[0].files.size(), 1u);
  EXPECT_EQ(replaced[0].files[0].only_lines, (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(soon([this] { return shown().size() == 4; }));
}

TEST_F(SearchPanelTest, AViewerSearchesAndHasNoReplacing) {
  runner.role = protocol::Role::viewer;
  openPanel();
  panel->open(QStringLiteral("name"), true);
  ASSERT_TRUE(soon([this] { return asked.size() == 1; }));
  EXPECT_FALSE(part<QToolButton>("searchShowReplace")->isEnabled());
  EXPECT_FALSE(part<QLineEdit>("searchReplacement")->isVisible());
  EXPECT_FALSE(asked[0].replacement);
}

TEST_F(SearchPanelTest, ALateAnswerALostConnectionAndARefusalAreToldAsTheyAre) {
  openPanel();
  ASSERT_TRUE(look(QStringLiteral("one")));
  ASSERT_TRUE(look(QStringLiteral("two")));
  runner.notify<protocol::SearchFound>({1, {{"project/late.py", {line_with(1, "one", 0, 3)}}}});
  tell({{"project/b.py", {line_with(1, "two", 0, 3)}}});
  ASSERT_TRUE(soon([this] { return shown().size() == 2; }));
  EXPECT_EQ(shown().constFirst(), QStringLiteral("project/b.py"));
  refusal = Error{ErrorCode::unsupported, "This runner does not know search/text.", {}, {}};
  ASSERT_TRUE(look(QStringLiteral("three")));
  EXPECT_TRUE(soon([this] { return panel->told().contains(QStringLiteral("does not know search/text")); }));
  // Escape stops one that goes on.
  refusal.reset();
  ASSERT_TRUE(look(QStringLiteral("four")));
  QTest::keyClick(panel->fields()->pattern(), Qt::Key_Escape);
  EXPECT_TRUE(soon([this] { return !cancelled.empty() && cancelled.back() == asked.size(); }));
  panel->fields()->pattern()->clear();
  EXPECT_EQ(panel->told(), QString());
  EXPECT_TRUE(shown().isEmpty());
  ASSERT_TRUE(look(QStringLiteral("five")));
  tell({{"project/b.py", {line_with(1, "five", 0, 4)}}});
  ASSERT_TRUE(soon([this] { return shown().size() == 2; }));
  runner.drop();
  ASSERT_TRUE(soon([this] { return panel->told().contains(QStringLiteral("connection was lost")); }));
  EXPECT_EQ(shown().size(), 2) << "what was found stays";
}

TEST_F(SearchPanelTest, TwentyThousandMatchesStandInOrderAndAreGoneThroughByKeys) {
  openPanel();
  ASSERT_TRUE(look(QStringLiteral("needle")));
  // As they come from several threads of ripgrep.
  constexpr int files = 4'000;
  std::vector<SearchFile> batch;
  for (int i = 0; i < files; ++i) {
    const int number = static_cast<int>((static_cast<qint64>(i) * 1'667) % files);
    auto& file =
        batch.emplace_back("project/" + std::to_string(100'000 + number) + ".txt", std::vector<SearchLine>{});
    for (std::uint64_t line = 1; line <= 5; ++line)
      file.lines.push_back(line_with(line, "a needle here", 2, 8));
    if (batch.size() < 100) continue;
    tell(std::exchange(batch, {}));
    ASSERT_TRUE(soon([&] { return panel->search()->results()->fileCount() == i + 1; }));
  }
  ASSERT_TRUE(end(true));
  auto* view = panel->results();
  EXPECT_EQ(panel->search()->results()->matchCount(), 20'000);
  EXPECT_EQ(panel->search()->results()->fileCount(), files);
  QString before;
  for (int i = 0; i < files; ++i) {
    const auto path = view->model()->index(i, 0).data(SearchResults::PathRole).toString();
    ASSERT_LT(before, path);
    before = path;
    ASSERT_TRUE(view->isExpanded(view->model()->index(i, 0)));
  }
  QTest::keyClick(panel->fields()->pattern(), Qt::Key_Down);
  EXPECT_EQ(view->currentIndex(), view->model()->index(0, 0));
  QTest::keyClick(view, Qt::Key_End);
  QTest::keyClick(view, Qt::Key_Return);
  EXPECT_EQ(opened.constFirst(), QStringLiteral("project/103999.txt"));
  EXPECT_FALSE(panel->grab().isNull());
  picture("search-many.png");
}

TEST_F(SearchPanelTest, WhatARunnerSaysIsTextAndNothingElse) {
  openPanel();
  ASSERT_TRUE(look(QStringLiteral("x")));
  SearchLine line{18'446'744'073'709'551'615u, "<b>bold</b>\t\x1b[31m\xe2\x80\xae x\r", 4'294'967'295u, {}};
  line.matches = {
      {4'294'967'295u, 0, "<img src=x>"}, {3, 4'000'000'000u, std::nullopt}, {0, 0, std::nullopt}};
  tell({{"../../<i>etc</i>/pass\nwd", {line, {0, "", 0, {{9, 3, std::nullopt}}}}}, {"", {}}});
  ASSERT_TRUE(end());
  EXPECT_EQ(panel->search()->results()->fileCount(), 1);
  EXPECT_FALSE(panel->grab().isNull());
  panel->results()->setCurrentIndex(
      panel->results()->model()->index(0, 0, panel->results()->model()->index(0, 0)));
  QTest::keySequence(panel->results(), QKeySequence::Copy);
  EXPECT_TRUE(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("../../<i>etc</i>")));
  for (const auto& piece :
       search_pieces(*panel->search()->results()->lineOf(panel->results()->currentIndex()), true))
    EXPECT_FALSE(piece.text.contains(QChar(0x1b)) || piece.text.contains(QChar(0x202e)));
}

}  // namespace
}  // namespace berth::test

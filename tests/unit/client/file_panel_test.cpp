// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of files as a person uses it: what changed since the start, several at a time, drags, the filter,
// comparing, and the history beside the texts.
#include "client/desktop/file_panel.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "client/core/local_copy.hpp"
#include "client/core/workspace.hpp"
#include "client/core/workspace_changes.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/dragged_files.hpp"
#include "client/desktop/file_actions.hpp"
#include "client/desktop/file_view.hpp"
#include "client/desktop/history_panel.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/text_comparison.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/version_list.hpp"
#include "file_home.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

using namespace berth::desktop;
namespace rest = protocol::rest;
using Kind = client::WorkspaceChanges::Kind;

constexpr int files_patience = 60'000;  // ms

rest::Version stored_version(const std::string& id, std::int64_t created) {
  return {id, created, rest::VersionKind::automatic, "", "", 4, 100, 0, 1, 0, 0, ""};
}

class FilePanelTest : public testing::Test {
 protected:
  void SetUp() override {
    server.http.onUpgrade = [this](QTcpSocket* socket) { runner.handle(socket); };
    server.serve = [this](const QString& route, const QByteArray&) { return serve(route); };
    home.folders.insert({"project/src", "project/docs"});
    home.files = {{"project/main.py", "print(1)\n"},
                  {"project/README.md", "# Tides\n"},
                  {"project/src/tide.py", "height = 2\n"},
                  {"project/src/wind.py", "speed = 7\n"}};
    facts.id = "abcdefghij";
    facts.name = "Tides";
    facts.state = rest::WorkspaceState::running;
    facts.started = 5'000;
    workspace = std::make_unique<client::Workspace>(&server.connection, facts);
    panel = std::make_unique<FilePanel>(workspace.get());
    panel->resize(280, 500);
    panel->show();
    workspace->open();
    ASSERT_TRUE(soon([this] { return tree()->model()->rowCount() == 4; }));
  }
  void TearDown() override {
    panel.reset();
    workspace.reset();
  }
  template <class Condition>
  static bool soon(Condition condition) {
    return wait_for(condition, files_patience);
  }
  TinyServer::Answer serve(const QString& route) {
    asked.append(route);
    const auto at = route.section(QStringLiteral("/api/v1/workspaces/abcdefghij"), 1);
    if (route.endsWith(QStringLiteral("/workspaces/abcdefghij"))) return ok(facts);
    if (at.startsWith(QStringLiteral("/versions?"))) return ok(rest::ListVersions::Result{versions, {}});
    if (at.contains(QStringLiteral("/changes")))
      return ok(rest::ListVersionChanges::Result{"v1", changes, false});
    if (at.startsWith(QStringLiteral("/versions/v1/file"))) return {200, "height = 1\n"};
    if (at.startsWith(QStringLiteral("/versions/"))) return {200, "height = 2\n"};
    if (at.startsWith(QStringLiteral("/file?path="))) {
      const auto path = QUrl::fromPercentEncoding(at.section(QLatin1Char('='), 1).toUtf8()).toStdString();
      if (home.files.contains(path)) return {200, home.files[path]};
    }
    return {404, R"({"error":{"code":"not_found","message":"There is no such file.","data":{}}})"};
  }
  template <class T>
  static TinyServer::Answer ok(const T& value) {
    return {200, protocol::to_text(protocol::encode(value))};
  }
  /// The server has all of the home as this version.
  void stored(const std::string& id, std::vector<rest::VersionChange> differs) {
    if (versions.empty() || versions.front().id != id)
      versions.insert(versions.begin(), stored_version(id, 10'000 + static_cast<int>(versions.size())));
    changes = std::move(differs);
    runner.notify<protocol::WorkspaceStorage>({protocol::StorageProgress::stored, id, 10'000, ""});
  }
  FileView* tree() { return static_cast<FileView*>(panel->tree()); }
  QModelIndex row(const QString& path) { return tree()->fromSource(workspace->tree()->indexOf(path)); }
  void choose(const QStringList& paths) {
    tree()->selectionModel()->clear();
    for (const auto& path : paths) {
      ASSERT_TRUE(row(path).isValid()) << path.toStdString();
      tree()->selectionModel()->setCurrentIndex(row(path),
                                                QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
  }
  void open(const QString& folder) {
    tree()->expand(row(folder));
    ASSERT_TRUE(soon([&] { return workspace->tree()->rowCount(workspace->tree()->indexOf(folder)) > 0; }));
  }
  QLineEdit* nameField() {
    for (auto* field : tree()->findChildren<QLineEdit*>())
      if (field->isVisible()) return field;
    return nullptr;
  }
  QPushButton* barButton(const QString& text) {
    for (auto* button : panel->bar()->findChildren<QPushButton*>())
      if (button->text() == text && button->isVisible()) return button;
    return nullptr;
  }

  SignedInServer server;
  FakeRunner runner;
  FileHome home{&runner};
  std::vector<rest::Version> versions{stored_version("v1", 4'000)};
  std::vector<rest::VersionChange> changes;
  rest::Workspace facts{};
  QStringList asked;
  std::unique_ptr<client::Workspace> workspace;
  std::unique_ptr<FilePanel> panel;
};

TEST_F(FilePanelTest, AFolderOf100000EntriesIsSeenToItsEnd) {
  home.many = 100'000;
  home.folders.insert("project/many");
  protocol::FileEntry many{"many", protocol::EntryType::directory, 0, 0, 0755, {}, {}};
  runner.notify<protocol::FileChanged>(
      {"project", {{"many", protocol::ChangeKind::created, many}}, false, false});
  ASSERT_TRUE(soon([this] { return row(QStringLiteral("project/many")).isValid(); }));
  open(QStringLiteral("project/many"));
  ASSERT_TRUE(soon([this] {
    tree()->scrollToBottom();
    const auto* model = workspace->tree();
    return model->rowCount(model->indexOf(QStringLiteral("project/many"))) == 100'000;
  }));
  const auto last = row(QStringLiteral("project/many/file1099999"));
  ASSERT_TRUE(last.isValid());
  tree()->scrollTo(last);
  const auto seen = tree()->visualRect(last);
  ASSERT_TRUE(tree()->viewport()->rect().contains(seen.center()));
  EXPECT_EQ(tree()->indexAt(seen.center()), last);
  EXPECT_FALSE(panel->grab().isNull());
  // Keys go through it as through any other.
  tree()->setCurrentIndex(last);
  QTest::keyClick(tree(), Qt::Key_Up);
  EXPECT_EQ(tree()->currentIndex(), row(QStringLiteral("project/many/file1099998")));
  tree()->collapse(row(QStringLiteral("project/many")));
  EXPECT_TRUE(soon([this] { return tree()->verticalScrollBar()->maximum() < 100; }));
}

TEST_F(FilePanelTest, WhatChangedSinceTheStartIsColouredAndFollowsLive) {
  using protocol::rest::VersionChangeKind;
  stored("v3", {{"project/main.py", VersionChangeKind::modified, 1, 2},
                {"project/src/new.py", VersionChangeKind::added, 0, 2},
                {"project/docs/old.md", VersionChangeKind::deleted, 9, 0}});
  auto* seen = panel->changes();
  ASSERT_TRUE(soon([&] { return seen->of(QStringLiteral("project/main.py")) == Kind::modified; }));
  EXPECT_EQ(seen->below(QStringLiteral("project/src")), Kind::added);
  EXPECT_EQ(seen->below(QStringLiteral("project/docs")), Kind::modified) << "something is gone from it";
  EXPECT_EQ(seen->of(QStringLiteral("project/README.md")), Kind::none);
  EXPECT_EQ(seen->start()->id, "v1") << "the newest one from before the start";
  EXPECT_EQ(row(QStringLiteral("project/main.py")).data(Qt::AccessibleTextRole).toString(),
            QStringLiteral("main.py, changed since the start"));
  // Seen, not only known: the mark of a folder with something new in it.
  const auto picture = tree()->viewport()->grab().toImage();
  const auto place = tree()->visualRect(row(QStringLiteral("project/src")));
  const qreal ratio = picture.devicePixelRatio();
  int marked = 0;
  for (int x = place.right() - 24; x < place.right(); ++x)
    for (int y = place.top(); y < place.bottom(); ++y)
      marked += picture.pixelColor(qRound(x * ratio), qRound(y * ratio)) == Theme::instance()->colors().good;
  EXPECT_GT(marked, 0);

  // Between two versions the watches tell.
  home.write("project/notes.txt", "tide");
  ASSERT_TRUE(soon([&] { return seen->of(QStringLiteral("project/notes.txt")) == Kind::added; }));
  home.write("project/README.md", "# Winds\n");
  ASSERT_TRUE(soon([&] { return seen->of(QStringLiteral("project/README.md")) == Kind::modified; }));
  home.erase("project/notes.txt");
  ASSERT_TRUE(soon([&] { return seen->of(QStringLiteral("project/notes.txt")) == Kind::none; }));
  home.erase("project/main.py");
  ASSERT_TRUE(soon([&] { return seen->of(QStringLiteral("project/main.py")) == Kind::deleted; }));
  EXPECT_EQ(seen->countBelow(QStringLiteral("project")), 4);

  // The next version has the last word.
  stored("v4", {{"project/README.md", VersionChangeKind::modified, 1, 2}});
  ASSERT_TRUE(soon([&] { return seen->countBelow(QStringLiteral("project")) == 1; }));
  EXPECT_EQ(seen->below(QStringLiteral("project/src")), Kind::none);
}

TEST_F(FilePanelTest, NewFilesAndFoldersAreNamedInPlace) {
  QSignalSpy opened(panel.get(), &FilePanel::openWanted);
  choose({QStringLiteral("project/src")});
  panel->newFile();
  ASSERT_TRUE(soon([this] { return nameField() != nullptr; }));
  EXPECT_EQ(tree()->currentIndex().parent(), row(QStringLiteral("project/src"))) << "in the chosen folder";
  QTest::keyClicks(nameField(), QStringLiteral("deep/moon.py"));
  QTest::keyClick(nameField(), Qt::Key_Return);
  ASSERT_TRUE(soon([this] { return home.files.contains("project/src/deep/moon.py"); }));
  ASSERT_TRUE(soon([&] { return opened.size() == 1; }));
  EXPECT_EQ(opened[0][0].toString(), QStringLiteral("project/src/deep/moon.py"));

  tree()->selectionModel()->clear();
  panel->newFolder();
  ASSERT_TRUE(soon([this] { return nameField() != nullptr; }));
  QTest::keyClicks(nameField(), QStringLiteral("charts"));
  QTest::keyClick(nameField(), Qt::Key_Return);
  ASSERT_TRUE(soon([this] { return row(QStringLiteral("project/charts")).isValid(); }));
  EXPECT_TRUE(home.folders.contains("project/charts"));

  const int rows = tree()->model()->rowCount();
  panel->newFile();
  ASSERT_TRUE(soon([this] { return nameField() != nullptr; }));
  QTest::keyClicks(nameField(), QStringLiteral("x"));
  QTest::keyClick(nameField(), Qt::Key_Escape);
  EXPECT_TRUE(soon([&] { return tree()->model()->rowCount() == rows; })) << "nothing is left of it";
  panel->newFile();
  ASSERT_TRUE(soon([this] { return nameField() != nullptr; }));
  QTest::keyClicks(nameField(), QStringLiteral("../escape"));
  QTest::keyClick(nameField(), Qt::Key_Return);
  EXPECT_TRUE(soon([this] { return panel->bar()->text().contains(QStringLiteral("can't be a name")); }));
}

TEST_F(FilePanelTest, ANameIsChangedInPlaceAndTakenBack) {
  QSignalSpy renamed(panel.get(), &FilePanel::renamed);
  choose({QStringLiteral("project/main.py")});
  tree()->setFocus();
  panel->renameSelected();
  ASSERT_NE(nameField(), nullptr);
  nameField()->selectAll();
  QTest::keyClicks(nameField(), QStringLiteral("app.py"));
  QTest::keyClick(nameField(), Qt::Key_Return);
  ASSERT_TRUE(soon([this] { return row(QStringLiteral("project/app.py")).isValid(); }));
  ASSERT_TRUE(soon([&] { return renamed.size() == 1; }));
  QTest::keyClick(tree(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(soon([this] { return row(QStringLiteral("project/main.py")).isValid(); }));
}

TEST_F(FilePanelTest, SeveralAreDeletedAtOnceAndTakenBack) {
  open(QStringLiteral("project/src"));
  choose({QStringLiteral("project/src"), QStringLiteral("project/src/tide.py"),
          QStringLiteral("project/main.py")});
  EXPECT_EQ(tree()->selectedPaths(),
            (QStringList{QStringLiteral("project/main.py"), QStringLiteral("project/src")}))
      << "what lies in a chosen folder goes with it";
  tree()->setFocus();
  QTest::keyClick(tree(), Qt::Key_Delete);
  ASSERT_TRUE(soon([this] { return barButton(QStringLiteral("Undo")) != nullptr; }));
  EXPECT_EQ(panel->bar()->text(), QStringLiteral("2 items were moved to the trash."));
  EXPECT_FALSE(home.there("project/src/tide.py"));
  EXPECT_FALSE(home.there("project/main.py"));
  QTest::mouseClick(barButton(QStringLiteral("Undo")), Qt::LeftButton);
  EXPECT_TRUE(soon([this] { return home.there("project/src/tide.py") && home.there("project/main.py"); }));
  EXPECT_TRUE(soon([this] { return row(QStringLiteral("project/src")).isValid(); }));
}

TEST_F(FilePanelTest, CutAndPasteMovesCopyAndPasteCopies) {
  choose({QStringLiteral("project/main.py"), QStringLiteral("project/README.md")});
  tree()->setFocus();
  QTest::keyClick(tree(), Qt::Key_X, Qt::ControlModifier);
  EXPECT_TRUE(tree()->isCut(QStringLiteral("project/main.py")));
  choose({QStringLiteral("project/docs")});
  QTest::keyClick(tree(), Qt::Key_V, Qt::ControlModifier);
  ASSERT_TRUE(soon([this] {
    return home.files.contains("project/docs/main.py") && home.files.contains("project/docs/README.md");
  }));
  EXPECT_FALSE(home.files.contains("project/main.py"));
  EXPECT_FALSE(tree()->isCut(QStringLiteral("project/main.py")));
  ASSERT_TRUE(soon([this] { return panel->actions()->canUndo(); }));

  open(QStringLiteral("project/src"));
  choose({QStringLiteral("project/src/tide.py")});
  QTest::keyClick(tree(), Qt::Key_C, Qt::ControlModifier);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("project/src/tide.py"));
  QTest::keyClick(tree(), Qt::Key_V, Qt::ControlModifier);  // beside itself: a copy of another name
  EXPECT_TRUE(soon([this] { return home.files.contains("project/src/tide copy.py"); }));
  panel->duplicateSelected();
  EXPECT_TRUE(soon([this] { return home.files.contains("project/src/tide copy 2.py"); }));

  // A folder is not put into itself.
  choose({QStringLiteral("project/src")});
  QTest::keyClick(tree(), Qt::Key_C, Qt::ControlModifier);
  QTest::keyClick(tree(), Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(panel->bar()->text(), QStringLiteral("A folder can't be put into itself."));
}

TEST_F(FilePanelTest, ANameThatIsTakenIsAskedAboutAndNothingIsLost) {
  home.files["project/docs/main.py"] = "the other one";
  const auto paste = [this](const QString& button) {
    choose({QStringLiteral("project/main.py")});
    panel->copySelected();
    choose({QStringLiteral("project/docs")});
    panel->pasteHere();
    QMessageBox* box = nullptr;
    ASSERT_TRUE(
        soon([&] { return (box = panel->findChild<QMessageBox*>(QStringLiteral("nameTaken"))) != nullptr; }));
    for (auto* each : box->buttons())
      if (each->text() == button) each->click();
    ASSERT_TRUE(soon([&] { return !panel->findChild<QMessageBox*>(QStringLiteral("nameTaken")); }));
  };
  paste(QStringLiteral("Skip"));
  EXPECT_EQ(home.files["project/docs/main.py"], "the other one");
  paste(QStringLiteral("Keep Both"));
  EXPECT_TRUE(soon([this] { return home.files.contains("project/docs/main copy.py"); }));
  EXPECT_EQ(home.files["project/docs/main.py"], "the other one");
  paste(QStringLiteral("Replace"));
  EXPECT_TRUE(soon([this] { return home.files["project/docs/main.py"] == "print(1)\n"; }));
  ASSERT_TRUE(soon([this] { return panel->actions()->canUndo(); }));
  panel->undo();
  EXPECT_TRUE(soon([this] { return home.files["project/docs/main.py"] == "the other one"; }));
}

TEST_F(FilePanelTest, EntriesAreDraggedWithinTheTree) {
  const auto drag = [this](const QStringList& paths, Qt::DropAction action, const QString& onto) {
    const std::unique_ptr<QMimeData> data(
        client::carry_paths(paths, workspace->tree()->origin(), new QMimeData));
    tree()->model()->dropMimeData(data.get(), action, -1, -1, row(onto));
  };
  drag({QStringLiteral("project/main.py"), QStringLiteral("project/README.md")}, Qt::MoveAction,
       QStringLiteral("project/docs"));
  ASSERT_TRUE(
      soon([this] { return home.there("project/docs/main.py") && home.there("project/docs/README.md"); }));
  EXPECT_FALSE(home.there("project/main.py"));
  drag({QStringLiteral("project/docs")}, Qt::CopyAction, QStringLiteral("project/src"));
  ASSERT_TRUE(soon([this] { return home.there("project/src/docs/main.py"); }));
  EXPECT_TRUE(home.there("project/docs/main.py"));
  drag({QStringLiteral("project/src")}, Qt::MoveAction,
       QStringLiteral("project/src"));  // into itself: nothing
  // Paths of another workspace mean nothing here.
  const std::unique_ptr<QMimeData> foreign(
      client::carry_paths({QStringLiteral("project/docs")}, "another", new QMimeData));
  EXPECT_FALSE(tree()->model()->canDropMimeData(foreign.get(), Qt::MoveAction, -1, -1, {}));
  drag({QStringLiteral("project/docs/main.py")}, Qt::MoveAction, QStringLiteral("project/src"));
  EXPECT_TRUE(soon([this] { return home.there("project/src/main.py"); }));
  EXPECT_TRUE(home.there("project/src/tide.py")) << "nothing happened to it";
}

TEST_F(FilePanelTest, WhatIsDraggedOutIsFetchedOnceItLeavesTheWindow) {
  home.files["project/src/deep/moon.py"] = "phase = 1\n";
  home.folders.insert("project/src/deep");
  home.more_names = {"..", "a/b", "", "."};  // what no file is called
  auto* copy = tree()->copyOf({QStringLiteral("project/main.py"), QStringLiteral("project/src")});
  DraggedFiles data(copy, workspace->tree()->origin());
  EXPECT_TRUE(data.hasUrls());
  EXPECT_TRUE(data.urls().isEmpty()) << "over this program's own windows nothing is fetched";
  EXPECT_EQ(copy->state(), client::LocalCopy::State::idle);
  data.begin();
  ASSERT_TRUE(soon([&] { return copy->state() == client::LocalCopy::State::done; }))
      << copy->problem().toStdString();
  const auto urls = data.urls();
  ASSERT_EQ(urls.size(), 2);
  const auto text = [](const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
  };
  const auto& folder = urls[0].fileName() == QStringLiteral("src") ? urls[0] : urls[1];
  const auto& file = urls[0].fileName() == QStringLiteral("src") ? urls[1] : urls[0];
  EXPECT_EQ(text(file.toLocalFile()), "print(1)\n");
  EXPECT_EQ(text(folder.toLocalFile() + QStringLiteral("/tide.py")), "height = 2\n");
  EXPECT_EQ(text(folder.toLocalFile() + QStringLiteral("/deep/moon.py")), "phase = 1\n");
  EXPECT_EQ(QFileInfo(QFileInfo(file.toLocalFile()).path()).permissions() &
                (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
            QFile::Permissions());
  const auto gone = file.toLocalFile();
  delete copy;
  EXPECT_FALSE(QFile::exists(gone));
  EXPECT_TRUE(data.urls().isEmpty());
}

TEST_F(FilePanelTest, WhatIsDraggedOutIsBoundedByWhatComesAndNotByWhatIsSaidOfIt) {
  home.files["project/long.txt"] = std::string(5'000, 'x');
  home.files["project/other.txt"] = std::string(900, 'y');
  const auto ends_as = [&](qint64 most) {
    client::LocalCopy copy(workspace->connection(), workspace->transfers(),
                           {QStringLiteral("project/long.txt"), QStringLiteral("project/other.txt")}, nullptr,
                           most);
    copy.start();
    using State = client::LocalCopy::State;
    EXPECT_TRUE(soon([&] { return copy.state() != State::running; }));
    EXPECT_EQ(copy.problem().contains(QStringLiteral("too much to drag")), copy.state() == State::failed);
    return copy.state();
  };
  EXPECT_EQ(ends_as(5'900), client::LocalCopy::State::done);
  EXPECT_EQ(ends_as(5'899), client::LocalCopy::State::failed) << "as they are said to be";
  home.stated_size = 1;
  EXPECT_EQ(ends_as(5'900), client::LocalCopy::State::done);
  EXPECT_EQ(ends_as(5'899), client::LocalCopy::State::failed) << "as they come";
  home.stated_size = ~std::uint64_t{0} - 1;  // their sum would begin anew
  EXPECT_EQ(ends_as(5'900), client::LocalCopy::State::failed);
}

TEST_F(FilePanelTest, AProgramThatAsksTooEarlyGetsNothingAndThePersonIsTold) {
  home.stalled = true;
  auto* copy = tree()->copyOf({QStringLiteral("project/main.py")});
  DraggedFiles data(copy, workspace->tree()->origin());
  QSignalSpy late(&data, &DraggedFiles::late);
  data.begin();
  EXPECT_TRUE(data.urls().isEmpty()) << "never half a file";
  EXPECT_EQ(late.size(), 1);
  Q_EMIT tree()->dragWasLate(copy);
  EXPECT_TRUE(panel->bar()->text().contains(QStringLiteral("still being fetched")));
  workspace->transfers()->cancelAll();
  EXPECT_TRUE(soon([&] { return copy->state() == client::LocalCopy::State::failed; }));
}

TEST_F(FilePanelTest, TheFilterFindsByAPartOfTheName) {
  QSignalSpy opened(panel.get(), &FilePanel::openWanted);
  tree()->setFocus();
  QTest::keyClick(tree(), Qt::Key_F, Qt::ControlModifier | Qt::AltModifier);
  EXPECT_TRUE(panel->filterField()->isVisible());
  QTest::keyClicks(panel->filterField(), QStringLiteral("TIDE"));
  auto* found = static_cast<FileView*>(panel->matches());
  ASSERT_TRUE(soon([&] { return found->isVisible() && found->model()->rowCount() == 1; }));
  EXPECT_FALSE(tree()->isVisible());
  const auto folder = found->model()->index(0, 0);
  EXPECT_EQ(folder.data().toString(), QStringLiteral("src"));
  EXPECT_EQ(found->model()->index(0, 0, folder).data().toString(), QStringLiteral("tide.py"));
  QTest::keyClick(panel->filterField(), Qt::Key_Return);
  ASSERT_EQ(opened.size(), 1);
  EXPECT_EQ(opened[0][0].toString(), QStringLiteral("project/src/tide.py"));
  QTest::keyClick(panel->filterField(), Qt::Key_Escape);
  EXPECT_TRUE(tree()->isVisible());
  EXPECT_FALSE(panel->filterField()->isVisible());
}

TEST_F(FilePanelTest, FoldersAreAllClosedAndAFileIsRevealed) {
  panel->reveal(QStringLiteral("project/src/wind.py"));
  ASSERT_TRUE(soon([this] { return tree()->currentPath() == QStringLiteral("project/src/wind.py"); }));
  EXPECT_TRUE(tree()->isExpanded(row(QStringLiteral("project/src"))));
  QTest::mouseClick(panel->findChild<QToolButton*>(QStringLiteral("collapseAll")), Qt::LeftButton);
  EXPECT_FALSE(tree()->isExpanded(row(QStringLiteral("project/src"))));
}

TEST_F(FilePanelTest, TwoFilesAreComparedAndOneWithTheStart) {
  const auto shown = [this] { return panel->window()->findChild<TextComparison*>(); };
  choose({QStringLiteral("project/main.py"), QStringLiteral("project/README.md")});
  panel->compareSelected();
  ASSERT_TRUE(
      soon([&] { return shown() && shown()->view()->right()->text().contains(QStringLiteral("print")); }));
  EXPECT_TRUE(shown()->view()->left()->text().contains(QStringLiteral("# Tides")));
  delete shown();

  stored("v3", {{"project/src/tide.py", rest::VersionChangeKind::modified, 1, 2}});
  ASSERT_TRUE(soon([this] { return panel->changes()->start().has_value(); }));
  open(QStringLiteral("project/src"));
  choose({QStringLiteral("project/src/tide.py")});
  panel->compareWithStart();
  ASSERT_TRUE(soon(
      [&] { return shown() && shown()->view()->left()->text().contains(QStringLiteral("height = 1")); }));
  EXPECT_TRUE(shown()->view()->right()->text().contains(QStringLiteral("height = 2")));
  delete shown();

  // Whatever the file is written in, its text is compared, and its lines as an editor has them.
  home.files["project/README.md"] = std::string("\xff\xfe#\0\r\0\n\0!\0", 10);
  choose({QStringLiteral("project/main.py"), QStringLiteral("project/README.md")});
  panel->compareSelected();
  ASSERT_TRUE(
      soon([&] { return shown() && shown()->view()->left()->text().contains(QLatin1String("#\n")); }));
  EXPECT_FALSE(shown()->view()->left()->text().contains(u'\0'));
  delete shown();

  home.files["project/README.md"] = std::string("P\0NG", 4);
  choose({QStringLiteral("project/main.py"), QStringLiteral("project/README.md")});
  panel->compareSelected();
  EXPECT_TRUE(soon([this] { return panel->bar()->text() == QStringLiteral("README.md is no text."); }));
}

TEST_F(FilePanelTest, TheHistoryBesideTheTextsFollowsTheFileInFront) {
  versions = {stored_version("v2", 6'000), stored_version("v1", 4'000)};
  changes = {{"project/src/tide.py", rest::VersionChangeKind::modified, 1, 2}};
  HistoryPanel history(workspace.get());
  history.setFile(QStringLiteral("project/src/tide.py"));
  EXPECT_TRUE(asked.filter(QStringLiteral("path=project%2Fsrc%2Ftide.py")).isEmpty()) << "nobody looks";
  history.show();
  ASSERT_TRUE(soon([&] { return history.changedFiles()->count() == 1; }));
  EXPECT_EQ(history.history()->chosen()->id, "v2");
  history.changedFiles()->setFocus();
  history.changedFiles()->setCurrentRow(0);
  QTest::keyClick(history.changedFiles(), Qt::Key_Return);
  TextComparison* shown = nullptr;
  ASSERT_TRUE(soon([&] {
    shown = history.findChild<TextComparison*>();
    return shown && shown->view()->right()->text().contains(QStringLiteral("height = 2"));
  }));
  EXPECT_TRUE(shown->view()->left()->text().contains(QStringLiteral("height = 1")));

  // A newer version comes in on top, and what was chosen by hand stays chosen.
  history.history()->choose(versions.back());
  ASSERT_TRUE(soon([&] { return history.history()->changesState() == client::History::State::ready; }));
  stored("v9", changes);
  ASSERT_TRUE(soon([&] { return history.history()->versions().size() == 3; }));
  EXPECT_EQ(history.history()->versions().front().id, "v9");
  EXPECT_EQ(history.history()->chosen()->id, "v1");

  history.everything()->click();
  ASSERT_TRUE(
      soon([&] { return history.history()->path().isEmpty() && history.changedFiles()->count() == 1; }));
}

TEST_F(FilePanelTest, WhoMayOnlyLookTakesFilesAwayAndChangesNothing) {
  runner.role = protocol::Role::viewer;
  runner.drop();
  ASSERT_TRUE(soon([this] { return !workspace->mayEdit(); }));
  EXPECT_TRUE(soon([this] { return tree()->dragDropMode() == QAbstractItemView::DragOnly; }));
  choose({QStringLiteral("project/main.py")});
  const auto before = home.files;
  tree()->setFocus();
  for (const auto key : {Qt::Key_X, Qt::Key_V, Qt::Key_Z}) QTest::keyClick(tree(), key, Qt::ControlModifier);
  QTest::keyClick(tree(), Qt::Key_Delete);
  panel->newFile();
  panel->duplicateSelected();
  EXPECT_EQ(nameField(), nullptr);
  EXPECT_EQ(panel->bar()->text(), QStringLiteral("You may look at this workspace, not change it."));
  wait_for([] { return false; }, 100);
  EXPECT_EQ(home.files, before);
}

}  // namespace
}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through every screen of the desktop client with a scripted server, in both themes and two widths, and
// checks that each lays out; with $BERTH_SCREENSHOTS the pictures are kept to be looked at.
#include <gtest/gtest.h>

#include <QDir>
#include <QImage>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/version_list.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "fake_documents.hpp"
#include "fake_runner.hpp"
#include "protocol/rest_history.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;
using namespace berth::protocol;

const std::string program = R"(#!/usr/bin/env python3
"""Tides: when can we leave the harbour?"""
from dataclasses import dataclass
from math import cos, pi


@dataclass
class Tide:
    height: float  # metres
    period: float = 12.42  # hours

    def at(self, hour: float) -> float:
        return self.height * cos(2 * pi * hour / self.period)


def main() -> None:
    tide = Tide(height=2.1)
    for hour in range(0, 24, 3):
        level = tide.at(hour)
        print(f"{hour:02d}:00  {level:+.2f} m  {'▇' * int(8 + level * 3)}")


if __name__ == "__main__":
    main()
)";

template <class T>
TinyServer::Answer answer(const T& value) {
  return {200, to_text(encode(value))};
}

class Screens : public testing::Test {
 protected:
  void SetUp() override {
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto workspace = [&](const char* id, const char* name, const char* kind, rest::WorkspaceState state,
                               const char* reason, qint64 minutes) {
      return rest::Workspace{id,
                             name,
                             kind,
                             state,
                             reason,
                             now,
                             now - minutes * 60'000,
                             {},
                             {},
                             "python3 main.py",
                             8000,
                             "project/main.py"};
    };
    workspaces = {workspace("aaaaaaaaaa", "Tide tables", "python", rest::WorkspaceState::running, "", 2),
                  workspace("bbbbbbbbbb", "Harbour website", "node", rest::WorkspaceState::starting, "", 9),
                  workspace("cccccccccc", "Chart plotter", "cpp", rest::WorkspaceState::stopped,
                            "Stopped after 30 minutes without input", 190),
                  workspace("dddddddddd", "Lighthouse", "static", rest::WorkspaceState::failed,
                            "The container ran out of memory", 3'000)};
    server.onUpgrade = [this](QTcpSocket* socket) { runner.handle(socket); };
    server.handle = [this](const QString& route, const QString&, const QByteArray&) { return serve(route); };
    runner.on<FileList>([](const FileList::Params& params) -> Result<FileList::Result> {
      const auto file = [](const char* name) {
        return FileEntry{name, EntryType::file, 120, 0, 0644, {}, {}};
      };
      const auto folder = [](const char* name) {
        return FileEntry{name, EntryType::directory, 0, 0, 0755, {}, {}};
      };
      if (params.path == "project")
        return FileList::Result{{folder("charts"), folder("tests"), file(".gitignore"), file("main.py"),
                                 file("Makefile"), file("README.md"), file("style.css"), file("tides.json")},
                                8,
                                {}};
      return FileList::Result{{file("north_sea.svg"), file("skagerrak.ts")}, 2, {}};
    });
    runner.on<FileWatch>(
        [](const FileWatch::Params&) -> Result<FileWatch::Result> { return FileWatch::Result{false}; });
    runner.on<PortList>([](const Empty&) -> Result<PortList::Result> {
      return PortList::Result{{{8000, "0.0.0.0", "python3"}, {5173, "127.0.0.1", "node"}}};
    });
    runner.on<TerminalOpen>([this](const TerminalOpen::Params&) -> Result<TerminalOpen::Result> {
      return TerminalOpen::Result{shell};
    });
    runner.on<TerminalResize>([](const TerminalResize::Params&) -> Result<Empty> { return Empty{}; });
    runner.on<TerminalAttach>([this](const TerminalAttach::Params&) -> Result<TerminalAttach::Result> {
      const std::string text =
          "\x1b[1;32mberth@tide-tables\x1b[0m:\x1b[1;34m~/project\x1b[0m$ python3 main.py\r\n00:00  +2.10 m  "
          "▇▇▇▇▇▇▇▇▇▇▇▇▇▇\r\n03:00  +0.11 m  ▇▇▇▇▇▇▇▇\r\n"
          "06:00  -2.09 m  ▇\r\n09:00  -0.34 m  ▇▇▇▇▇▇\r\n\x1b[31merror\x1b[0m \x1b[33mwarning\x1b[0m "
          "\x1b[35mnote\x1b[0m \x1b[36mhint\x1b[0m\r\n"
          "\x1b[1;32mberth@tide-tables\x1b[0m:\x1b[1;34m~/project\x1b[0m$ ";
      QTimer::singleShot(0, &runner,
                         [this, text] { runner.sendFrame({FrameKind::data, false, 3, 0}, text); });
      return TerminalAttach::Result{3, 0, false, 0, 1 << 16, shell};
    });
  }
  TinyServer::Answer serve(const QString& route) {
    if (route == QStringLiteral("GET /api/v1/server"))
      return answer(rest::ServerInfo{"0.1.0", false, true, "localhost:7070", "", false});
    if (route.contains(QStringLiteral("/auth/")))
      return answer(rest::SignedIn{{"id", "ada@example.org", "Ada Lovelace", true, 0},
                                   "access",
                                   "refresh",
                                   QDateTime::currentMSecsSinceEpoch() + 600'000});
    if (route.endsWith(QStringLiteral("/templates")))
      return answer(rest::ListTemplates::Result{
          {{"python", "Python", "A small script to start from; pip installs into your home.", "", {}, ""},
           {"node", "Node.js", "A web page with a development server that reloads it.", "", {}, ""},
           {"cpp", "C++", "A program with a Makefile, compiled with warnings on.", "", {}, ""},
           {"static", "Static site", "HTML and CSS, served as they are.", "", {}, ""},
           {"empty", "Empty", "Nothing but a terminal and the usual tools.", "", {}, ""}}});
    if (route.endsWith(QStringLiteral("/workspaces")))
      return answer(rest::ListWorkspaces::Result{workspaces});
    if (route.contains(QStringLiteral("/versions"))) return serveHistory(route);
    return answer(workspaces.front());
  }
  TinyServer::Answer serveHistory(const QString& route) {
    using rest::VersionChangeKind;
    using rest::VersionKind;
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto version = [&](const char* id, qint64 minutes, VersionKind kind, const char* name) {
      return rest::Version{
          id, now - minutes * 60'000, kind, name, *name ? "Ada Lovelace" : "", 42, 81'000, 1, 2,
          1,  *name ? 1u : 0u,        ""};
    };
    if (route.endsWith(QStringLiteral("/restore"))) {
      restored.append(route);
      return answer(rest::RestoreVersion::Result{version("v5", 0, VersionKind::restored, ""), {}});
    }
    if (route.contains(QStringLiteral("/changes")))
      return answer(
          rest::ListVersionChanges::Result{"v3",
                                           {{"project/main.py", VersionChangeKind::modified, 700, 740},
                                            {"project/charts/skagerrak.ts", VersionChangeKind::added, 0, 90},
                                            {"project/style.css", VersionChangeKind::modified, 120, 140},
                                            {"project/tests/old.py", VersionChangeKind::deleted, 60, 0}},
                                           false});
    if (route.contains(QStringLiteral("/v3/file"))) {
      auto before = program;
      before.replace(before.find("24, 3"), 5, "24, 6");
      before.erase(before.find("    period"), before.find("\n\n    def") - before.find("    period") + 1);
      before.replace(before.find("hour / self.period"), 18, "hour / 12.42");
      return {200, before + "\n# to do: the other harbours\n"};
    }
    if (route.contains(QStringLiteral("/file"))) return {200, program};
    return answer(rest::ListVersions::Result{
        {version("v4", 3, VersionKind::automatic, ""),
         version("v3", 21, VersionKind::named, "Before the rewrite"),
         version("v2", 1'500, VersionKind::restored, ""), version("v1", 5'000, VersionKind::imported, "")},
        "more"});
  }
  /// In both themes; a screen that shows nothing at all is one colour.
  void picture(QWidget* widget, const QString& name) {
    const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS");
    for (const auto choice : {desktop::ThemeChoice::light, desktop::ThemeChoice::dark}) {
      desktop::Theme::instance()->choose(choice);
      wait_for([] { return false; }, 60);
      const auto image = widget->grab().toImage();
      std::set<QRgb> colors;
      for (int y = 0; y < image.height(); y += 7)
        for (int x = 0; x < image.width(); x += 3) colors.insert(image.pixel(x, y));
      EXPECT_GT(colors.size(), 12u) << name.toStdString();
      if (folder.isEmpty()) continue;
      QDir().mkpath(folder);
      image.save(
          QStringLiteral("%1/%2-%3.png")
              .arg(folder, name,
                   choice == desktop::ThemeChoice::light ? QStringLiteral("light") : QStringLiteral("dark")));
    }
  }

  std::vector<rest::Workspace> workspaces;
  QStringList restored;  // routes that were asked to
  FakeRunner runner;
  FakeDocuments documents{&runner, program};
  TinyServer server;
  TerminalInfo shell{"t1", "bash", "", 80, 24, true, {}, {}, 0};
  client::SecretStore secrets{QDir::temp().filePath(QStringLiteral("berth-screens-secrets.json"))};
  client::RememberedServers servers;
};

TEST_F(Screens, EveryScreenLaysOutInBothThemesWideAndNarrow) {
  servers.remember({QUrl(QStringLiteral("https://berth.example.org")), QStringLiteral("ada@example.org")});
  desktop::StartWindow start(&secrets, &servers);
  start.resize(860, 700);
  start.show();
  picture(&start, QStringLiteral("connect"));
  start.connectPage()->offer(server.origin().toString());
  auto* email = start.findChild<QLineEdit*>(QStringLiteral("email"));
  ASSERT_TRUE(wait_for([&] { return email->isVisible(); }));
  picture(&start, QStringLiteral("sign-in"));
  start.findChild<QPushButton*>(QStringLiteral("switch"))->click();
  start.connectPage()->showProblem(QStringLiteral("That e-mail is taken already. Sign in instead."));
  picture(&start, QStringLiteral("register"));
  email->setText(QStringLiteral("ada@example.org"));
  start.findChild<QLineEdit*>(QStringLiteral("password"))->setText(QStringLiteral("correct horse battery"));
  start.findChild<QPushButton*>(QStringLiteral("submit"))->click();
  ASSERT_TRUE(wait_for([&] { return start.workspacesPage() && start.workspacesPage()->rows().size() == 4; }));
  picture(&start, QStringLiteral("workspaces"));
  start.resize(470, 640);
  picture(&start, QStringLiteral("workspaces-narrow"));
  {
    desktop::CreateWorkspaceDialog dialog(start.server());
    dialog.show();
    ASSERT_TRUE(
        wait_for([&] { return dialog.findChildren<QFrame*>(QStringLiteral("templateRow")).size() == 5; }));
    picture(&dialog, QStringLiteral("create"));
  }

  auto* ide = new desktop::IdeWindow(start.server(), workspaces.front());
  ide->resize(1280, 820);
  ide->show();
  picture(ide, QStringLiteral("ide-connecting"));
  ASSERT_TRUE(wait_for(
      [&] { return ide->editors()->current() && ide->editors()->current()->document()->isLoaded(); }));
  ASSERT_TRUE(wait_for([&] {
    return ide->terminals()->current() &&
           ide->terminals()->current()->allText().contains(QStringLiteral("hint"));
  }));
  auto* tree = ide->files()->tree();
  tree->expand(tree->model()->index(0, 0));
  ide->editors()->openFile(QStringLiteral("project/README.md"));
  ide->editors()->openFile(QStringLiteral("project/main.py"))->editor()->goToLine(12);
  picture(ide, QStringLiteral("ide"));
  auto* tab = ide->editors()->current();
  tab->editor()->findNext({QStringLiteral("tide")}, true);
  tab->findBar()->open(true);
  picture(ide, QStringLiteral("ide-find"));
  tab->findBar()->hide();
  runner.notify<SessionNotice>(
      {NoticeKind::idle_warning, "Nobody has used this workspace for a while; it will be stopped.", 118});
  picture(ide, QStringLiteral("ide-idle-warning"));
  ide->resize(600, 760);
  picture(ide, QStringLiteral("ide-narrow"));
  ide->resize(1280, 820);
  runner.setRefusing(true);
  ASSERT_TRUE(
      wait_for([&] { return ide->workspace()->connection()->state() == client::LinkState::waiting; }));
  wait_for([] { return false; }, 900);
  picture(ide, QStringLiteral("ide-disconnected"));
  EXPECT_TRUE(ide->connectionBar()->isVisible());
  delete ide;
}

TEST_F(Screens, HistoryShowsWhatChangedAndBringsItBack) {
  client::ServerConnection connection(server.origin(), &secrets);
  std::optional<bool> signed_in;
  connection.signIn({"ada@example.org", "correct horse battery"}, &connection,
                    [&](Result<rest::Account> account) { signed_in = account.has_value(); });
  ASSERT_TRUE(wait_for([&] { return signed_in.has_value(); }));
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1280, 820);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online(); }));
  runner.notify<WorkspaceStorage>({StorageProgress::stored, "v4", QDateTime::currentMSecsSinceEpoch(), ""});
  ASSERT_TRUE(wait_for([&] { return ide.status()->storageText() == QStringLiteral("Stored ✓"); }));
  runner.notify<WorkspaceStorage>(
      {StorageProgress::waiting, "v4", 1, "The storage of your account is full."});
  ASSERT_TRUE(
      wait_for([&] { return ide.status()->storageText().startsWith(QStringLiteral("Not stored (")); }));
  picture(&ide, QStringLiteral("ide-not-stored"));

  auto* window = ide.showHistory({});
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  picture(window, QStringLiteral("history"));
  // By the keys alone: to the changed files, the first of them, then its changes.
  QTest::keyClick(window->versions()->list(), Qt::Key_Down);
  ASSERT_TRUE(wait_for([&] { return window->history()->chosen()->id == "v3"; }));
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  QTest::keyClick(window->versions()->list(), Qt::Key_Up);
  ASSERT_TRUE(wait_for(
      [&] { return window->history()->chosen()->id == "v4" && window->changedFiles()->count() == 4; }));
  window->changedFiles()->setFocus();
  QTest::keyClick(window->changedFiles(), Qt::Key_Home);
  ASSERT_TRUE(wait_for([&] { return window->diff()->changes().size() >= 3; }));
  EXPECT_TRUE(window->diff()->right()->text().contains(QStringLiteral("self.period")));
  EXPECT_FALSE(window->diff()->left()->text().contains(QStringLiteral("self.period")));
  picture(window, QStringLiteral("history-diff"));
  window->resize(560, 720);
  picture(window, QStringLiteral("history-narrow"));
  window->resize(1180, 300);
  wait_for([] { return false; }, 60);
  QTest::keyClick(window->diff()->right(), Qt::Key_End, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] {
    return window->diff()->left()->firstRow() > 0 &&
           window->diff()->left()->firstRow() == window->diff()->right()->firstRow();
  })) << "both sides scroll together: "
      << window->diff()->left()->firstRow() << " and " << window->diff()->right()->firstRow();

  window->restoreButton()->click();
  auto* question = window->findChild<QMessageBox*>(QStringLiteral("restoreQuestion"));
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->informativeText().contains(QStringLiteral("Nothing is lost")));
  picture(question, QStringLiteral("history-restore"));
  EXPECT_TRUE(restored.isEmpty());
  QTest::keyClick(question, Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return window->bar()->isVisible(); }));
  EXPECT_EQ(restored, QStringList{QStringLiteral("POST /api/v1/workspaces/aaaaaaaaaa/versions/v4/restore")});
  EXPECT_TRUE(window->bar()->text().contains(QStringLiteral("was brought back")));
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  window->changedFiles()->setCurrentRow(0);
  ASSERT_TRUE(wait_for([&] { return window->diff()->left()->isVisible(); }));
  QTest::keyClick(window->diff()->left(), Qt::Key_Escape);
  EXPECT_TRUE(wait_for([&] { return !window->isVisible(); }));
}

}  // namespace
}  // namespace berth::test

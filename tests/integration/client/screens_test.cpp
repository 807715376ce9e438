// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through every screen of the desktop client with a scripted server, in both themes and two widths, and
// checks that each lays out; with $BERTH_SCREENSHOTS the pictures are kept to be looked at.
#include <gtest/gtest.h>

#include <QDir>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "fake_documents.hpp"
#include "fake_runner.hpp"
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
    return answer(workspaces.front());
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

}  // namespace
}  // namespace berth::test

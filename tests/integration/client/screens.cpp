// SPDX-License-Identifier: GPL-3.0-or-later
#include "screens.hpp"

#include <QImage>
#include <QWidget>
#include <set>

#include "client/desktop/theme.hpp"
#include "wait_for.hpp"

namespace berth::test {

namespace rest = protocol::rest;
using namespace berth::protocol;

const std::string shown_program = R"(#!/usr/bin/env python3
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

namespace {

template <class T>
TinyServer::Answer answer(const T& value) {
  return {200, to_text(encode(value))};
}

}  // namespace

Participant somebody(const char* session, const char* name, int colour, Role role) {
  Participant who{};
  who.session = session;
  who.user = std::string("u-") + name;
  who.name = name;
  who.colour = colour;
  who.role = role;
  who.connected = true;
  who.since = colour;
  return who;
}

void Screens::SetUp() {
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
  scriptRunner();
}

void Screens::scriptRunner() {
  runner.on<FileList>([](const FileList::Params& params) -> Result<FileList::Result> {
    const auto file = [](const char* name) { return FileEntry{name, EntryType::file, 120, 0, 0644, {}, {}}; };
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
  runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
    const std::string text =
        "\x1b[1;32mberth@tide-tables\x1b[0m:\x1b[1;34m~/project\x1b[0m$ python3 main.py\r\n00:00  +2.10 m  "
        "▇▇▇▇▇▇▇▇▇▇▇▇▇▇\r\n03:00  +0.11 m  ▇▇▇▇▇▇▇▇\r\n"
        "06:00  -2.09 m  ▇\r\n09:00  -0.34 m  ▇▇▇▇▇▇\r\n\x1b[31merror\x1b[0m \x1b[33mwarning\x1b[0m "
        "\x1b[35mnote\x1b[0m \x1b[36mhint\x1b[0m\r\n"
        "\x1b[1;32mberth@tide-tables\x1b[0m:\x1b[1;34m~/project\x1b[0m$ ";
    if (params.output_offset) {
      QTimer::singleShot(0, &runner,
                         [this, text] { runner.sendFrame({FrameKind::data, false, 3, 0}, text); });
      return TerminalAttach::Result{3, 0, false, {}, 0, 1 << 16, shell};
    }
    QTimer::singleShot(0, &runner, [this, text] {
      runner.sendFrame({FrameKind::data, false, 4, 0}, text);
      runner.sendFrame({FrameKind::end, false, 4, text.size()});
    });
    return TerminalAttach::Result{3, text.size(), false, 4, 0, 1 << 16, shell};
  });
}

TinyServer::Answer Screens::serve(const QString& route) {
  if (route == QStringLiteral("GET /api/v1/server"))
    return answer(rest::ServerInfo{"0.1.0", false, true, "localhost:7070", "", false});
  if (route.contains(QStringLiteral("/auth/")))
    return answer(rest::SignedIn{{"id", "ada@example.org", "Ada Lovelace", true, 0},
                                 "access",
                                 "refresh",
                                 QDateTime::currentMSecsSinceEpoch() + signed_in_for});
  if (route.endsWith(QStringLiteral("/templates")))
    return answer(rest::ListTemplates::Result{
        {{"python", "Python", "A small script to start from; pip installs into your home.", "", {}, ""},
         {"node", "Node.js", "A web page with a development server that reloads it.", "", {}, ""},
         {"cpp", "C++", "A program with a Makefile, compiled with warnings on.", "", {}, ""},
         {"static", "Static site", "HTML and CSS, served as they are.", "", {}, ""},
         {"empty", "Empty", "Nothing but a terminal and the usual tools.", "", {}, ""}}});
  if (!held.isEmpty() && route.contains(held)) return {0, {}};
  if (route == QStringLiteral("GET /api/v1/workspaces"))
    return answer(rest::ListWorkspaces::Result{workspaces});
  if (route.endsWith(QStringLiteral("/me/storage"))) return answer(storage);
  if (route.contains(QStringLiteral("/versions")) || route.contains(QStringLiteral("/file?")))
    return serveHistory(route);
  if (route.contains(QStringLiteral("/archive?"))) return {200, "PK"};
  return serveWorkspace(route);
}

TinyServer::Answer Screens::serveWorkspace(const QString& route) {
  asked.append(route);
  for (const auto& workspace : workspaces)
    if (route.contains(QString::fromStdString(workspace.id))) return answer(workspace);
  return answer(workspaces.front());
}

TinyServer::Answer Screens::serveHistory(const QString& route) {
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
    auto before = shown_program;
    before.replace(before.find("24, 3"), 5, "24, 6");
    before.erase(before.find("    period"), before.find("\n\n    def") - before.find("    period") + 1);
    before.replace(before.find("hour / self.period"), 18, "hour / 12.42");
    return {200, before + "\n# to do: the other harbours\n"};
  }
  if (route.contains(QStringLiteral("/file")))
    return {200, route.contains(QStringLiteral("/versions/")) ? shown_program : text_now};
  return answer(rest::ListVersions::Result{
      {version("v4", 3, VersionKind::automatic, ""),
       version("v3", 21, VersionKind::named, "Before the rewrite"),
       version("v2", 1'500, VersionKind::restored, ""), version("v1", 5'000, VersionKind::imported, "")},
      "more"});
}

void Screens::signIn(client::ServerConnection& connection) {
  std::optional<bool> signed_in;
  connection.signIn({"ada@example.org", "correct horse battery"}, &connection,
                    [&](Result<rest::Account> account) { signed_in = account.has_value(); });
  ASSERT_TRUE(wait_for([&] { return signed_in.has_value(); }));
  ASSERT_TRUE(*signed_in);
}

void Screens::picture(QWidget* widget, const QString& name) {
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

}  // namespace berth::test

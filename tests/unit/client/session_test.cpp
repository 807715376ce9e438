// SPDX-License-Identifier: GPL-3.0-or-later
// What the program remembers between starts, and what its command line means.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>

#include "client/core/recent_workspaces.hpp"
#include "client/core/remembered_servers.hpp"
#include "client/desktop/command_line.hpp"
#include "client/desktop/session_store.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

using client::RecentWorkspace;
using client::RecentWorkspaces;
using desktop::Session;
using desktop::SessionStore;

Session session_of(const QByteArray& layout) {
  Session session{false, 1};
  session.windows.append({"http://localhost:7070", QUrl(QStringLiteral("http://localhost:7070")),
                          QStringLiteral("ada@example.org"), QStringLiteral("abcdefghij"), layout});
  return session;
}

TEST(SessionStore, KeepsTheNewestOfWhatWasWrittenAndForItsOwnerAlone) {
  QTemporaryDir folder;
  const auto file = folder.filePath(QStringLiteral("new/session.json"));
  {
    SessionStore store(file);
    EXPECT_TRUE(store.load().ended) << "nothing was left open";
    for (int i = 0; i <= 200; ++i) store.write(session_of(QByteArray::number(i) + '\0'));
  }
  struct stat status{};
  ASSERT_EQ(::stat(QFile::encodeName(file).constData(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto loaded = SessionStore(file).load();
  EXPECT_FALSE(loaded.ended);
  EXPECT_EQ(loaded.tries, 1);
  ASSERT_EQ(loaded.windows.size(), 1);
  EXPECT_EQ(loaded.windows[0].layout, QByteArray("200") + '\0');
  EXPECT_EQ(loaded.windows[0].server, "http://localhost:7070");
  EXPECT_EQ(loaded.windows[0].email, QStringLiteral("ada@example.org"));
  EXPECT_EQ(loaded.windows[0].workspace, QStringLiteral("abcdefghij"));
}

TEST(SessionStore, ABrokenFileIsAnEmptySession) {
  QTemporaryDir folder;
  for (const QByteArray& text :
       {QByteArray("{"), QByteArray("[]"), QByteArray(R"({"version": 2, "windows": [{}]})"),
        QByteArray(
            R"({"version": 1, "ended": false, "windows": [7, {"server": "x"}, {"workspace": "y"}]})")}) {
    QFile file(folder.filePath(QStringLiteral("session.json")));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
    file.close();
    EXPECT_TRUE(SessionStore(file.fileName()).load().windows.isEmpty()) << text.toStdString();
  }
}

RecentWorkspace recent_of(const char* server, const QString& id, const QString& source = {}) {
  return {server, QUrl(QString::fromLatin1(server)), QStringLiteral("ada@example.org"),
          id,     QStringLiteral("Name of ") + id,   source};
}

TEST(RecentWorkspaces, AreNewestFirstAndOfAllServers) {
  QSettings().clear();
  RecentWorkspaces recent;
  for (int i = 0; i < 40; ++i) recent.remember(recent_of("http://a.example", QString::number(i)));
  recent.remember(recent_of("http://b.example", QStringLiteral("5")));
  recent.remember(recent_of("http://a.example", QStringLiteral("20")));
  RecentWorkspaces later;  // the next start
  ASSERT_EQ(later.all().size(), RecentWorkspaces::most);
  EXPECT_EQ(later.all()[0].id, QStringLiteral("20"));
  EXPECT_EQ(later.all()[1].server, "http://b.example");
  EXPECT_EQ(later.all()[2].id, QStringLiteral("39"));
  later.rename("http://b.example", QStringLiteral("5"), QStringLiteral("Other"));
  EXPECT_EQ(later.all()[1].name, QStringLiteral("Other"));
  later.forget("http://a.example", QStringLiteral("20"));
  later.forgetAccount("http://b.example", QStringLiteral("ada@example.org"));
  EXPECT_EQ(later.all()[0].id, QStringLiteral("39"));
  QSettings().clear();
}

TEST(RecentWorkspaces, KnowWhichFolderBecameWhichWorkspace) {
  QSettings().clear();
  RecentWorkspaces recent;
  recent.remember(recent_of("this-machine", QStringLiteral("outer"), QStringLiteral("/home/ada/code")));
  recent.remember(recent_of("this-machine", QStringLiteral("inner"), QStringLiteral("/home/ada/code/berth")));
  recent.remember(recent_of("this-machine", QStringLiteral("outer")));  // opened once more, from the list
  EXPECT_EQ(recent.madeOf("this-machine", QStringLiteral("/home/ada/code"))->id, QStringLiteral("outer"));
  EXPECT_FALSE(recent.madeOf("http://a.example", QStringLiteral("/home/ada/code")));
  EXPECT_FALSE(recent.madeOf("this-machine", QString()));
  EXPECT_EQ(recent.containing("this-machine", QStringLiteral("/home/ada/code/berth/main.cpp"))->id,
            QStringLiteral("inner"));
  EXPECT_EQ(recent.containing("this-machine", QStringLiteral("/home/ada/code/berth2/main.cpp"))->id,
            QStringLiteral("outer"));
  EXPECT_FALSE(recent.containing("this-machine", QStringLiteral("/home/ada/codes")));
  QSettings().clear();
}

TEST(CommandLine, TakesFoldersFilesAndAddresses) {
  QTemporaryDir place;
  const auto root = QDir(place.path()).canonicalPath();
  ASSERT_TRUE(QDir(root).mkpath(QStringLiteral("pro ject/sub")));
  QFile file(root + QStringLiteral("/pro ject/main.py"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  ASSERT_TRUE(QFile::link(root + QStringLiteral("/pro ject"), root + QStringLiteral("/link")));
  const auto read = [&](const QStringList& arguments) {
    auto options = desktop::read_command_line({arguments, root, {}});
    EXPECT_TRUE(options) << arguments.join(u' ').toStdString();
    return options ? *options : desktop::Options{};
  };
  EXPECT_EQ(read({QStringLiteral("pro ject/")}).folder, root + QStringLiteral("/pro ject"));
  EXPECT_EQ(read({QStringLiteral("link")}).folder, root + QStringLiteral("/pro ject")) << "one name for it";
  EXPECT_EQ(read({QStringLiteral(".")}).folder, root);
  EXPECT_EQ(read({QUrl::fromLocalFile(root + QStringLiteral("/pro ject")).toString()}).folder,
            root + QStringLiteral("/pro ject"));
  EXPECT_EQ(read({QStringLiteral("pro ject/main.py")}).file, root + QStringLiteral("/pro ject/main.py"));
  EXPECT_EQ(read({QStringLiteral("localhost:7070")}).server, QStringLiteral("localhost:7070"));
  EXPECT_EQ(read({QStringLiteral("berth://example.org/w/abcdefghij")}).server,
            QStringLiteral("berth://example.org/w/abcdefghij"));
  EXPECT_TRUE(read({QStringLiteral("./nothing")}).problem.contains(root + QStringLiteral("/nothing")));
  EXPECT_TRUE(read({QStringLiteral("/dev/null")}).problem.contains(QStringLiteral("/dev/null")));
  EXPECT_TRUE(read({QStringLiteral("--this-machine")}).this_machine);
  EXPECT_TRUE(read({QStringLiteral("--last")}).last);
  EXPECT_EQ(read({QStringLiteral("--theme"), QStringLiteral("dark")}).theme, desktop::ThemeChoice::dark);
  EXPECT_FALSE(desktop::read_command_line({{QStringLiteral("--theme=pink")}, root, {}}));
  EXPECT_FALSE(desktop::read_command_line({{QStringLiteral("--nonsense")}, root, {}}));
  EXPECT_FALSE(desktop::read_command_line({{QStringLiteral("a"), QStringLiteral("b")}, root, {}}));
}

TEST(StartWindowServers, SeveralStaySignedInAndOneSignsOutAlone) {
  QSettings().clear();
  SignedInServer first;
  SignedInServer second;
  for (auto* server : {&first, &second})
    server->serve = [](const QString&, const QByteArray&) -> TinyServer::Answer {
      return {404, R"({"error": {"code": "not_found", "message": "Nothing here.", "data": {}}})"};
    };
  const auto shared = [](SignedInServer& server) {
    return std::shared_ptr<client::ServerConnection>(&server.connection, [](client::ServerConnection*) {});
  };
  client::RememberedServers servers;
  desktop::StartWindow start(&first.secrets, &servers);
  QList<const client::ServerConnection*> left;
  QObject::connect(
      &start, &desktop::StartWindow::left,
      [&](const std::shared_ptr<client::ServerConnection>& server) { left.append(server.get()); });
  start.show();
  start.enter(shared(first));
  ASSERT_NE(start.workspacesPage(), nullptr);
  start.showServers();
  EXPECT_EQ(start.server(), nullptr);
  EXPECT_TRUE(start.connectPage()->isVisible());
  start.enter(shared(second));
  EXPECT_EQ(start.server(), &second.connection);
  start.enter(shared(first));
  EXPECT_EQ(start.server(), &first.connection);
  EXPECT_TRUE(left.isEmpty()) << "going from one to the other ends nothing";
  EXPECT_TRUE(first.connection.account() && second.connection.account());
  start.signOut();
  EXPECT_EQ(left, QList<const client::ServerConnection*>{&first.connection});
  EXPECT_FALSE(first.connection.account());
  EXPECT_TRUE(second.connection.account());
  EXPECT_TRUE(start.connectPage()->isVisible());
  QSettings().clear();
}

}  // namespace
}  // namespace berth::test

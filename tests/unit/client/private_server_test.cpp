// SPDX-License-Identifier: GPL-3.0-or-later
// The process of this machine's server, and what becomes of "This Machine" when it ends: by programs of the
// shell that stand for berthd.
#include "client/core/private_server.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cerrno>

#include "client/core/this_machine.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::PrivateServer;
using client::ThisMachine;

constexpr int process_patience = 60'000;  // ms

TEST(PrivateServer, LeavesNoZombieAndKeepsItsLogToItself) {
  QTemporaryDir folder;
  const auto log = folder.filePath(QStringLiteral("log"));
  QFile before(log);
  ASSERT_TRUE(before.open(QIODevice::WriteOnly));
  before.close();
  ASSERT_EQ(::chmod(QFile::encodeName(log).constData(), 0644), 0) << "as an earlier umask left it";
  auto server = std::make_unique<PrivateServer>();
  pid_t process = 0;
  QObject::connect(server.get(), &PrivateServer::line, [&](const QString& text) { process = text.toInt(); });
  ASSERT_TRUE(server->start(QStringLiteral("/bin/sh"),
                            {QStringLiteral("-c"), QStringLiteral("echo $$; exec cat >/dev/null")}, log));
  ASSERT_TRUE(wait_for([&] { return process > 0; }, process_patience));
  struct stat status{};
  ASSERT_EQ(::stat(QFile::encodeName(log).constData(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(::kill(process, 0), 0);
  server.reset();  // it ends by its closed input, later than this
  EXPECT_TRUE(wait_for([&] { return ::kill(process, 0) != 0 && errno == ESRCH; }, process_patience))
      << "ended, and nobody has taken its end";
}

class ThisMachineRestart : public testing::Test {
 protected:
  void SetUp() override {
    for (auto* server : {&first, &second})
      server->handle = [](const QString& route, const QString&, const QByteArray&) -> TinyServer::Answer {
        if (!route.endsWith(QStringLiteral("/sign_in"))) return {404, "{}"};
        return {200, protocol::to_text(protocol::encode(
                         protocol::rest::SignedIn{{"id", "me@this-machine", "Me", false, 0},
                                                  "access-1",
                                                  "refresh-1",
                                                  QDateTime::currentMSecsSinceEpoch() + 600'000}))};
      };
    write("berthd",
          "#!/bin/sh\n"
          "here=$(dirname \"$0\")\n"
          "for word in \"$@\"; do case \"$word\" in --listen=*) port=${word##*:};; esac; done\n"
          "if [ \"$port\" != 0 ] && [ -e \"$here/taken\" ]; then\n"
          "  echo 'berthd: The address is in use.' >&2; exit 1\n"
          "fi\n"
          "echo $$ >\"$here/process\"\n"
          "echo \"listening on http://127.0.0.1:$(cat \"$here/port\")\"\n"
          "exec cat >/dev/null\n");
    QFile::setPermissions(folder.filePath(QStringLiteral("berthd")),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BERTH_BERTHD", QFile::encodeName(folder.filePath(QStringLiteral("berthd"))));
    write("port", QByteArray::number(first.serverPort()));
  }
  void TearDown() override { qunsetenv("BERTH_BERTHD"); }
  void write(const char* name, const QByteArray& text) {
    QFile file(folder.filePath(QLatin1String(name)));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  pid_t process() {
    QFile file(folder.filePath(QStringLiteral("process")));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
  }

  QTemporaryDir folder;
  TinyServer first, second;
};

TEST_F(ThisMachineRestart, AnotherAddressWillDoWhereItsOwnIsTaken) {
  ThisMachine machine;
  machine.open();
  ASSERT_TRUE(wait_for([&] { return machine.state() == ThisMachine::State::ready; }, process_patience))
      << machine.words().toStdString();
  const auto connection = machine.connection();
  EXPECT_EQ(connection->origin().port(), first.serverPort());
  // It is killed, and somebody else listens there before it is back.
  write("taken", "");
  write("port", QByteArray::number(second.serverPort()));
  const auto killed = process();
  ASSERT_GT(killed, 1);
  ::kill(killed, SIGKILL);
  ASSERT_TRUE(wait_for([&] { return machine.state() != ThisMachine::State::ready; }, process_patience));
  ASSERT_TRUE(wait_for([&] { return machine.state() == ThisMachine::State::ready; }, process_patience))
      << machine.words().toStdString();
  EXPECT_EQ(machine.connection(), connection) << "windows hold it";
  EXPECT_EQ(connection->origin().port(), second.serverPort());
  EXPECT_TRUE(connection->account());
  EXPECT_EQ(connection->key(), ThisMachine::key());
  machine.close();
}

}  // namespace
}  // namespace berth::test

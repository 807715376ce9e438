// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/single_instance.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <atomic>
#include <thread>

#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::SingleInstance;
using client::StartOrder;
using InstanceRole = SingleInstance::Role;

class SingleInstanceTest : public testing::Test {
 protected:
  SingleInstanceTest() {
    QObject::connect(&first, &SingleInstance::asked,
                     [this](const StartOrder& order) { orders.append(order); });
  }
  /// What a later start becomes, while the first one's events are seen to.
  InstanceRole startLater(const StartOrder& order) {
    std::atomic<bool> done = false;
    InstanceRole role = InstanceRole::alone;
    std::thread later([&] {
      SingleInstance second(folder.path());
      role = second.begin(order, 30'000);
      done = true;
    });
    EXPECT_TRUE(wait_for([&] { return done.load(); }, 60'000));
    later.join();
    return role;
  }
  QByteArray socketPath(const QString& where = {}) const {
    return QFile::encodeName((where.isEmpty() ? folder.path() : where) + QStringLiteral("/instance"));
  }
  /// A connection of anybody who found the socket; -1 where it can't be made.
  int dial(const QString& where = {}) const {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, socketPath(where).constData(), sizeof address.sun_path);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
  }
  /// Says it and hears what comes until the other side closes.
  QByteArray answerTo(const QByteArray& words, const QString& where = {}) {
    const int socket = dial(where);
    if (socket < 0) return "no connection";
    QByteArray heard;
    std::atomic<bool> done = false;
    std::thread talk([&] {
      for (qsizetype sent = 0; sent < words.size();) {
        const auto count = ::send(socket, words.constData() + sent, words.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;
        sent += count;
      }
      char buffer[64];
      for (;;) {
        const auto count = ::read(socket, buffer, sizeof buffer);
        if (count <= 0) break;
        heard.append(buffer, count);
      }
      done = true;
    });
    EXPECT_TRUE(wait_for([&] { return done.load(); }, 60'000));
    talk.join();
    ::close(socket);
    return heard;
  }

  /// Only root can become somebody else.
  void theRealOtherUserIsNotHeard() {
    orders.clear();
    // As if the folder's protection had failed.
    ASSERT_EQ(::chmod(QFile::encodeName(folder.path()).constData(), 0777), 0);
    ASSERT_EQ(::chmod(socketPath().constData(), 0666), 0);
    const auto child = ::fork();
    if (child == 0) {
      if (::setresuid(65534, 65534, 65534) != 0) ::_exit(1);
      const int socket = dial(folder.path());
      const char order[] = "{\"arguments\": [\"evil\"]}\n";
      if (socket < 0) ::_exit(2);
      ::send(socket, order, sizeof order - 1, MSG_NOSIGNAL);
      char buffer[16];
      ::_exit(::read(socket, buffer, sizeof buffer) > 0 ? 3 : 0);
    }
    int status = 1;
    ASSERT_TRUE(wait_for([&] { return ::waitpid(child, &status, WNOHANG) == child; }, 60'000));
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(orders.isEmpty());
  }

  QTemporaryDir folder;  // made for its owner alone
  SingleInstance first{folder.path()};
  QList<StartOrder> orders;
};

TEST_F(SingleInstanceTest, ALaterStartHandsOverWhatItWasStartedFor) {
  ASSERT_EQ(first.begin({}), InstanceRole::first);
  EXPECT_EQ(startLater({{QStringLiteral("berth://example.org/w/abcdefghij"), QStringLiteral("ä \"b\"")},
                        QStringLiteral("/some/where"),
                        QStringLiteral("token")}),
            InstanceRole::second);
  ASSERT_TRUE(wait_for([&] { return orders.size() == 1; }));
  EXPECT_EQ(orders[0].arguments,
            (QStringList{QStringLiteral("berth://example.org/w/abcdefghij"), QStringLiteral("ä \"b\"")}));
  EXPECT_EQ(orders[0].folder, QStringLiteral("/some/where"));
  EXPECT_EQ(orders[0].activation, QStringLiteral("token"));
}

TEST_F(SingleInstanceTest, APlaceThatOthersMayEnterIsNone) {
  ASSERT_EQ(::chmod(QFile::encodeName(folder.path()).constData(), 0755), 0);
  EXPECT_EQ(first.begin({}), InstanceRole::alone);
  QTemporaryDir other;
  const auto link = other.filePath(QStringLiteral("link"));
  ASSERT_TRUE(QFile::link(other.path(), link));
  EXPECT_EQ(SingleInstance(link).begin({}), InstanceRole::alone) << "somebody leads it elsewhere";
  EXPECT_EQ(SingleInstance(other.filePath(QStringLiteral("new"))).begin({}), InstanceRole::first);
}

TEST_F(SingleInstanceTest, OneThatWasKilledIsNotInTheWay) {
  const auto child = ::fork();
  if (child == 0) {
    SingleInstance killed(folder.path());
    ::_exit(killed.begin({}) == InstanceRole::first ? 0 : 1);  // without a destructor, as a kill ends it
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(QFile::exists(QFile::decodeName(socketPath()))) << "its socket is still there";
  EXPECT_EQ(first.begin({}), InstanceRole::first);
  EXPECT_EQ(startLater({{QStringLiteral("x")}, {}, {}}), InstanceRole::second);
}

TEST_F(SingleInstanceTest, NonsenseIsNoOrderAndDoesNoHarm) {
  ASSERT_EQ(first.begin({}), InstanceRole::first);
  EXPECT_EQ(answerTo("{\n"), "");
  EXPECT_EQ(answerTo("[1, 2]\n"), "");
  EXPECT_EQ(answerTo(R"({"arguments": "no list"})"
                     "\n"),
            "");
  EXPECT_EQ(answerTo(QByteArray(200'000, 'x')), "") << "a line without an end";
  EXPECT_EQ(answerTo(R"({"arguments": [)" + QByteArray("\"x\",").repeated(100) + "\"x\"]}\n"), "");
  EXPECT_TRUE(orders.isEmpty());
  EXPECT_EQ(answerTo(R"({"arguments": ["good"]})"
                     "\n"),
            "taken\n");
  ASSERT_TRUE(wait_for([&] { return orders.size() == 1; }));
}

TEST_F(SingleInstanceTest, OtherUsersAreNotHeard) {
  // Everybody here is somebody else to one that hears another user alone.
  QTemporaryDir others;
  SingleInstance host(others.path(), nullptr, ::geteuid() + 1);
  QObject::connect(&host, &SingleInstance::asked, [this](const StartOrder& order) { orders.append(order); });
  ASSERT_EQ(host.begin({}), InstanceRole::first);
  EXPECT_EQ(answerTo("{\"arguments\": [\"evil\"]}\n", others.path()), "") << "closed without an answer";
  EXPECT_TRUE(orders.isEmpty());
  // Nor is another user's socket told what this person opens.
  ASSERT_EQ(first.begin({}), InstanceRole::first);
  SingleInstance wary(folder.path(), nullptr, ::geteuid() + 1);
  EXPECT_EQ(wary.begin({{QStringLiteral("secret")}, {}, {}}), InstanceRole::alone);
  EXPECT_EQ(startLater({{QStringLiteral("own")}, {}, {}}), InstanceRole::second);
  ASSERT_TRUE(wait_for([&] { return !orders.isEmpty(); }));
  ASSERT_EQ(orders.size(), 1);
  EXPECT_EQ(orders[0].arguments, QStringList{QStringLiteral("own")});
  if (::geteuid() == 0) theRealOtherUserIsNotHeard();
}

}  // namespace
}  // namespace berth::test

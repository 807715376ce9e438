// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/ports.hpp"

#include <gtest/gtest.h>

#include <QSettings>
#include <QTcpSocket>

#include "client/core/port_forwarding.hpp"
#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

TEST(PortForward, CarriesAConnectionBothWays) {
  FakeRunner runner;
  std::string received;
  runner.on<PortTunnel>([](const PortTunnel::Params& params) -> Result<PortTunnel::Result> {
    EXPECT_EQ(params.port, 3000);
    return PortTunnel::Result{5, 1 << 20};
  });
  runner.onFrame = [&](const FrameHeader& header, std::string_view payload) {
    if (header.kind != FrameKind::data) return;
    received.append(payload);
    if (received == "GET /\r\n") {
      runner.sendFrame({FrameKind::data, false, 5, 0}, std::string(100'000, 'p'));
      runner.sendFrame({FrameKind::end, false, 5, 100'000});
    }
  };
  client::WorkspaceConnection connection(runner.dialSource());
  client::Ports ports(&connection);
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  const auto local = ports.forward(3000);
  ASSERT_NE(local, 0);
  EXPECT_EQ(ports.forward(3000), local);
  QTcpSocket socket;
  socket.connectToHost(QHostAddress::LocalHost, local);
  ASSERT_TRUE(wait_for([&] { return socket.state() == QTcpSocket::ConnectedState; }));
  socket.write("GET /\r\n");
  QByteArray answer;
  EXPECT_TRUE(wait_for([&] {
    answer += socket.readAll();
    return answer.size() == 100'000 && socket.state() == QTcpSocket::UnconnectedState;
  }));
  ports.stopForward(3000);
  EXPECT_EQ(ports.localPort(3000), 0);
}

TEST(PortForward, ClosesWhereNothingListens) {
  FakeRunner runner;
  runner.on<PortTunnel>([](const PortTunnel::Params&) -> Result<PortTunnel::Result> {
    return failure(ErrorCode::unavailable, "Nothing listens on port 3000.");
  });
  client::WorkspaceConnection connection(runner.dialSource());
  client::Ports ports(&connection);
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  QTcpSocket socket;
  bool was_connected = false;
  QObject::connect(&socket, &QTcpSocket::connected, [&] { was_connected = true; });
  socket.connectToHost(QHostAddress::LocalHost, ports.forward(3000));
  EXPECT_TRUE(wait_for([&] { return was_connected && socket.state() == QTcpSocket::UnconnectedState; }));
}

TEST(Ports, ShowsEachPortOnceAndTellsOfNewOnes) {
  FakeRunner runner;
  client::WorkspaceConnection connection(runner.dialSource());
  client::Ports ports(&connection);
  QList<int> opened;
  QObject::connect(&ports, &client::Ports::opened, [&](quint16 port) { opened.append(port); });
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  wait_for([] { return false; }, 30);
  runner.notify<PortChanged>(
      {{{8080, "0.0.0.0", "python3"}, {3000, "127.0.0.1", "node"}, {3000, "::1", "node"}}});
  ASSERT_TRUE(wait_for([&] { return ports.rowCount() == 2; }));
  EXPECT_EQ(opened, (QList<int>{3000, 8080}));
  EXPECT_EQ(ports.index(0, client::Ports::ProcessColumn).data().toString(), QStringLiteral("node"));
}

TEST(RememberedPorts, AreReadFromWhateverIsThere) {
  const auto key = QStringLiteral("workspaces/w/ports");
  using client::RememberedPort;
  QSettings().setValue(
      key,
      QByteArray(
          R"({"3000":{"label":"web","local":3100,"forward":true},"x":{},"70000":{},"80":7,"81":{"local":99999}})"));
  client::RememberedPorts ports(QStringLiteral("w"));
  EXPECT_EQ(ports.of(3000), (RememberedPort{QStringLiteral("web"), 3100, RememberedPort::Forward::always}));
  EXPECT_EQ(ports.of(81), RememberedPort{});
  ports.set(3000, {});
  ports.set(5000, {QStringLiteral(" a\nb "), 0, RememberedPort::Forward::never});
  const client::RememberedPorts again(QStringLiteral("w"));
  EXPECT_EQ(again.of(3000), RememberedPort{});
  EXPECT_EQ(again.of(5000), (RememberedPort{QStringLiteral("a b"), 0, RememberedPort::Forward::never}));
  // By server and workspace from now on: what an earlier release kept goes to the first that asks.
  const client::RememberedPorts moved(QStringLiteral("here-w"), QStringLiteral("w"));
  EXPECT_EQ(moved.of(5000).label, QStringLiteral("a b"));
  EXPECT_FALSE(QSettings().contains(key));
  EXPECT_TRUE(client::RememberedPorts(QStringLiteral("there-w"), QStringLiteral("w")).all().isEmpty());
  QSettings().remove(QStringLiteral("workspaces/here-w"));
}

TEST(PortForwarding, AThousandPortsDoNotGetAThousandHere) {
  QSettings().remove(QStringLiteral("workspaces/many"));
  FakeRunner runner;
  client::WorkspaceConnection connection(runner.dialSource());
  client::Ports ports(&connection);
  using client::PortForwarding;
  PortForwarding forwarding(
      &ports, client::RememberedPorts(QStringLiteral("many")), [] { return PortForwarding::Automatic::on; },
      [] { return true; });
  int forwarded = 0, offered = 0;
  QObject::connect(&forwarding, &PortForwarding::forwarded, [&] { ++forwarded; });
  QObject::connect(&forwarding, &PortForwarding::offered, [&] { ++offered; });
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  runner.notify<PortChanged>({{}});
  ASSERT_TRUE(wait_for([&] { return ports.isKnown(); }));
  PortChanged::Params many;
  for (int port = 20'000; port < 21'000; ++port)
    many.ports.push_back({static_cast<std::uint16_t>(port), "::", "x"});
  runner.notify<PortChanged>(many);
  ASSERT_TRUE(wait_for([&] { return ports.rowCount() == 1'000; }));
  EXPECT_EQ(forwarded, PortForwarding::most_automatic);
  EXPECT_EQ(offered, 1'000 - PortForwarding::most_automatic);
  EXPECT_EQ(ports.forwarded().size(), PortForwarding::most_automatic);
}

}  // namespace
}  // namespace berth::test

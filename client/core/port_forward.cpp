// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/port_forward.hpp"

#include <QTcpSocket>

#include "client/core/request.hpp"
#include "protocol/flow_window.hpp"

namespace berth::client {
namespace {

constexpr std::uint64_t window = 256u << 10;  // bytes each way
constexpr qint64 piece = 64 << 10;            // bytes a frame

/// One local connection and its channel; deletes itself when both directions are done.
class Tunnel : public QObject, private ChannelSink {
 public:
  Tunnel(WorkspaceConnection* connection, QTcpSocket* socket, quint16 port, QObject* parent)
      : QObject(parent), connection_(connection), socket_(socket), receive_(window) {
    socket_->setParent(this);
    socket_->setReadBufferSize(static_cast<qint64>(window));
    connect(socket_, &QTcpSocket::readyRead, this, &Tunnel::pump);
    connect(socket_, &QTcpSocket::disconnected, this, &Tunnel::localClosed);
    connect(socket_, &QTcpSocket::bytesWritten, this, [this](qint64 bytes) {
      const auto limit = receive_.on_consumed(static_cast<std::uint64_t>(bytes));
      if (limit && channel_) connection_->sendFrame({protocol::FrameKind::credit, false, channel_, *limit});
    });
    request<protocol::PortTunnel>(connection_, {port, window}, this,
                                  [this](Result<protocol::PortTunnel::Result> answer) {
                                    if (!answer) return finish();
                                    channel_ = answer->channel;
                                    send_ = protocol::SendWindow(0, answer->limit);
                                    connection_->claimChannel(channel_, this);
                                    pump();
                                  });
  }
  ~Tunnel() override {
    if (!channel_) return;
    connection_->sendFrame({protocol::FrameKind::abort, false, channel_, 0});
    connection_->releaseChannel(channel_);
  }

 private:
  void pump() {
    while (channel_ && socket_->bytesAvailable() > 0 && send_.available() > 0) {
      const auto bytes = socket_->read(std::min(piece, static_cast<qint64>(send_.available())));
      if (bytes.isEmpty()) break;
      connection_->sendFrame({protocol::FrameKind::data, false, channel_, send_.sent()},
                             {bytes.constData(), static_cast<std::size_t>(bytes.size())});
      send_.on_sent(static_cast<std::uint64_t>(bytes.size()));
    }
    if (channel_ && local_closed_ && !end_sent_ && socket_->bytesAvailable() == 0) {
      end_sent_ = true;
      connection_->sendFrame({protocol::FrameKind::end, false, channel_, send_.sent()});
      if (remote_closed_) finish();
    }
  }
  void localClosed() {
    local_closed_ = true;
    if (!channel_) return;
    // Qt reports the peer's half-close as a whole close; nothing can be written to it any more.
    pump();
    if (socket_->bytesAvailable() == 0) finish();
  }
  void onData(std::uint64_t offset, QByteArray payload) override {
    if (!receive_.on_data(offset, static_cast<std::uint64_t>(payload.size()))) return finish();
    socket_->write(payload);
  }
  void onCredit(std::uint64_t limit) override {
    send_.on_credit(limit);
    pump();
  }
  void onEnd(std::uint64_t) override {
    remote_closed_ = true;
    socket_->disconnectFromHost();  // after what is still to be written
    if (local_closed_) finish();
  }
  void onAbort() override {
    channel_ = 0;
    finish();
  }
  void onLost() override {
    channel_ = 0;
    finish();
  }
  void finish() {
    if (!remote_closed_) socket_->abort();
    deleteLater();
  }

  WorkspaceConnection* connection_;
  QTcpSocket* socket_;
  std::uint32_t channel_ = 0;
  protocol::SendWindow send_;
  protocol::ReceiveWindow receive_;
  bool local_closed_ = false;
  bool remote_closed_ = false;
  bool end_sent_ = false;
};

}  // namespace

PortForward::PortForward(WorkspaceConnection* connection, quint16 port, QObject* parent)
    : QObject(parent), connection_(connection), port_(port) {
  connect(&server_, &QTcpServer::newConnection, this, [this] {
    while (auto* socket = server_.nextPendingConnection()) new Tunnel(connection_, socket, port_, this);
  });
}

bool PortForward::listen(std::optional<quint16> local) {
  // Never on another address: the forward would open the workspace to the network.
  if (local) return server_.listen(QHostAddress::LocalHost, *local);
  if (port_ >= 1024 && server_.listen(QHostAddress::LocalHost, port_)) return true;
  return server_.listen(QHostAddress::LocalHost, 0);
}

}  // namespace berth::client

// SPDX-License-Identifier: GPL-3.0-or-later
// A runner's end of the WebSocket with handlers of the test's own.
#pragma once

#include <QNetworkRequest>
#include <QObject>
#include <QPointer>
#include <QWebSocket>
#include <QWebSocketServer>
#include <functional>
#include <map>
#include <string>

#include "client/core/reply.hpp"
#include "client/core/workspace_connection.hpp"
#include "protocol/codec.hpp"
#include "protocol/frame.hpp"
#include "protocol/messages.hpp"

namespace berth::test {

class FakeRunner : public QObject {
 public:
  using Handler = std::function<Result<protocol::Json>(const protocol::Json& params)>;

  FakeRunner();

  /// For a WorkspaceConnection.
  client::WorkspaceConnection::DialSource dialSource();

  /// Takes a TCP connection that asks for the WebSocket, its request unread.
  void handle(QTcpSocket* socket) { server_.handleConnection(socket); }

  template <class Message>
  void on(std::function<Result<typename Message::Result>(const typename Message::Params&)> handle) {
    handlers_[std::string(Message::method)] =
        [handle = std::move(handle)](const protocol::Json& json) -> Result<protocol::Json> {
      const auto params = protocol::decode<typename Message::Params>(json, std::string(Message::method));
      if (!params) return std::unexpected(params.error());
      auto result = handle(*params);
      if (!result) return std::unexpected(result.error());
      return protocol::encode(*result);
    };
  }
  template <class Message>
  void notify(const typename Message::Params& params) {
    sendText(protocol::notification_text(Message::method, protocol::encode(params)));
  }
  void sendFrame(const protocol::FrameHeader& header, std::string_view payload = {});

  /// Resets the TCP connection of the client.
  void drop();
  /// While true, new connections are refused and the client has to wait.
  void setRefusing(bool refusing);
  /// Forgets the session, as a restarted runner does.
  void forgetSession() { session_.clear(); }
  /// Answers are kept back until release().
  void hold(bool held);

  std::function<void(const protocol::FrameHeader&, std::string_view)> onFrame;
  int connections = 0;
  int pings = 0;
  bool answerPings = true;
  protocol::Role role = protocol::Role::owner;

 private:
  void accept();
  void onText(const QString& text);
  void sendText(const std::string& text);

  QWebSocketServer server_;
  QPointer<QWebSocket> socket_;
  std::map<std::string, Handler> handlers_;
  std::string session_;
  int next_session_ = 1;
  quint16 port_ = 0;
  bool held_ = false;
  QStringList answers_;  // held
};

}  // namespace berth::test

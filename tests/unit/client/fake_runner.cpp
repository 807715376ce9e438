// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_runner.hpp"

#include "protocol/version.hpp"

namespace berth::test {

using namespace berth::protocol;

FakeRunner::FakeRunner() : server_(QStringLiteral("runner"), QWebSocketServer::NonSecureMode) {
  server_.setSupportedSubprotocols({QString::fromStdString(std::string(subprotocol))});
  server_.listen(QHostAddress::LocalHost, 0);
  port_ = server_.serverPort();
  connect(&server_, &QWebSocketServer::newConnection, this, &FakeRunner::accept);
  on<SessionHello>([this](const SessionHello::Params& params) -> Result<SessionHello::Result> {
    const bool resumed = params.session && *params.session == session_ && !session_.empty();
    if (!resumed) session_ = "session-" + std::to_string(next_session_++);
    return SessionHello::Result{version_major,
                                version_minor,
                                "fake",
                                session_,
                                resumed,
                                "abcdefghij",
                                "Ada",
                                role,
                                "/home/berth",
                                {max_text_frame, max_binary_payload, max_open_channels, max_pending_requests,
                                 inline_document_limit, editable_document_limit},
                                {}};
  });
  on<PortList>([](const Empty&) -> Result<PortList::Result> { return PortList::Result{}; });
  on<TerminalList>([](const Empty&) -> Result<TerminalList::Result> { return TerminalList::Result{}; });
}

client::WorkspaceConnection::DialSource FakeRunner::dialSource() {
  return [this](bool, QObject*, client::Reply<QNetworkRequest> done) {
    done(QNetworkRequest(QUrl(QStringLiteral("ws://127.0.0.1:%1/").arg(port_))));
  };
}

void FakeRunner::accept() {
  socket_ = server_.nextPendingConnection();
  socket_->setParent(this);
  ++connections;
  connect(socket_, &QWebSocket::textMessageReceived, this, &FakeRunner::onText);
  connect(socket_, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& bytes) {
    const auto frame = decode_frame({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    if (frame && onFrame) onFrame(frame->header, frame->payload);
  });
}

void FakeRunner::onText(const QString& text) {
  const auto json = parse_json(text.toStdString());
  if (!json) return;
  const auto incoming = decode_incoming(*json);
  if (!incoming) return;
  if (incoming->method == SessionPing::method) {
    ++pings;
    if (answerPings) sendText(result_text(*incoming->id, Json::object()));
    return;
  }
  const auto handler = handlers_.find(incoming->method);
  const auto result = handler == handlers_.end() ? Result<Json>(failure(ErrorCode::unsupported, "no handler"))
                                                 : handler->second(incoming->params);
  const auto answer =
      result ? result_text(*incoming->id, *result) : error_text(*incoming->id, result.error());
  if (held_ && incoming->method != SessionHello::method) {
    answers_.append(QString::fromStdString(answer));
  } else {
    sendText(answer);
  }
}

void FakeRunner::sendText(const std::string& text) {
  if (socket_) socket_->sendTextMessage(QString::fromStdString(text));
}

void FakeRunner::sendFrame(const FrameHeader& header, std::string_view payload) {
  const auto frame = encode_frame(header, payload);
  if (socket_) socket_->sendBinaryMessage(QByteArray(frame.data(), static_cast<qsizetype>(frame.size())));
}

void FakeRunner::drop() {
  answers_.clear();
  if (!socket_) return;
  auto* socket = socket_.data();
  socket_.clear();
  socket->disconnect(this);
  socket->abort();
  socket->deleteLater();
}

void FakeRunner::setRefusing(bool refusing) {
  if (refusing) {
    server_.close();
    drop();
  } else {
    server_.listen(QHostAddress::LocalHost, port_);
  }
}

void FakeRunner::hold(bool held) {
  held_ = held;
  if (held) return;
  for (const auto& answer : std::exchange(answers_, {})) sendText(answer.toStdString());
}

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_connection.hpp"

#include <QCoreApplication>
#include <QDateTime>
#include <QNetworkInformation>
#include <QWebSocketHandshakeOptions>

#include "client/core/inflate.hpp"
#include "client/core/request.hpp"
#include "protocol/codec.hpp"
#include "protocol/version.hpp"

namespace berth::client {
namespace {

using protocol::Json;
constexpr int ping_interval = 5'000;              // ms
constexpr int silence_limit = 10'000;             // ms without an answer: the connection is dead
constexpr int farewell_patience = 2'000;          // ms; for a closed window's last bytes
constexpr std::size_t pending_limit = 200;        // below the runner's max_pending_requests
constexpr quint64 largest_message = 96ull << 20;  // bytes; an inline text or a full listing, never more
constexpr qsizetype largest_payload = 4 << 20;    // bytes of one inflated frame

std::string_view view(const QByteArray& bytes) {
  return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

}  // namespace

struct WorkspaceConnection::Queued {
  std::string method;
  Json params;
  QPointer<QObject> context;
  Reply<Json> done;
};

WorkspaceConnection::WorkspaceConnection(DialSource dial, QObject* parent)
    : QObject(parent), dial_(std::move(dial)) {
  retry_.setSingleShot(true);
  silence_.setSingleShot(true);
  ping_.setInterval(ping_interval);
  connect(&retry_, &QTimer::timeout, this, &WorkspaceConnection::dial);
  connect(&ping_, &QTimer::timeout, this, &WorkspaceConnection::ping);
  connect(&silence_, &QTimer::timeout, this, [this] { lost(tr("The workspace does not answer.")); });
  watchNetwork();
}

WorkspaceConnection::~WorkspaceConnection() {
  for (auto& [number, sink] : std::exchange(channels_, {})) sink->onLost();
  dropSocket();
}

void WorkspaceConnection::watchNetwork() {
  if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability)) return;
  connect(
      QNetworkInformation::instance(), &QNetworkInformation::reachabilityChanged, this,
      [this](QNetworkInformation::Reachability reachability) {
        if (reachability != QNetworkInformation::Reachability::Disconnected && state_ == LinkState::waiting)
          retryNow();
      });
}

void WorkspaceConnection::open() {
  if (state_ == LinkState::idle) dial();
}

void WorkspaceConnection::retryNow() {
  if (state_ == LinkState::online || state_ == LinkState::connecting) return;
  schedule_.reset();
  attemptFailed_ = false;
  dial();
}

void WorkspaceConnection::close() {
  ++attempt_;
  retry_.stop();
  if (socket_ && online()) {
    // A good-bye: the others see this window leave at once, and not as one whose connection dropped. It goes
    // behind what was written before, so the socket outlives this for a moment.
    auto* socket = std::exchange(socket_, nullptr);
    socket->disconnect(this);
    socket->setParent(QCoreApplication::instance());
    connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
    QTimer::singleShot(farewell_patience, socket, [socket] {
      socket->abort();
      socket->deleteLater();
    });
    socket->close(QWebSocketProtocol::CloseCodeNormal);
  }
  dropSocket();
  for (auto& [number, sink] : std::exchange(channels_, {})) sink->onLost();
  failPending(ErrorCode::cancelled, "The window was closed.");
  setState(LinkState::idle);
}

void WorkspaceConnection::dial() {
  retry_.stop();
  const auto attempt = ++attempt_;
  ended_by_.reset();
  setState(LinkState::connecting, problem_);
  dial_(attemptFailed_, this, [this, attempt](Result<QNetworkRequest> request) {
    if (attempt != attempt_ || state_ != LinkState::connecting) return;
    if (request) return connectSocket(*request);
    const auto& error = request.error();
    const auto problem = QString::fromStdString(error.message);
    if (error.data.contains("state")) return setState(LinkState::stopped, problem);
    if (error.code == ErrorCode::not_found || error.code == ErrorCode::permission_denied ||
        error.code == ErrorCode::unauthenticated) {
      ended_by_ = error.code;
      return setState(LinkState::ended, problem);
    }
    schedule(problem);
  });
}

void WorkspaceConnection::connectSocket(const QNetworkRequest& request) {
  dropSocket();
  socket_ = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
  socket_->setMaxAllowedIncomingFrameSize(largest_message);
  socket_->setMaxAllowedIncomingMessageSize(largest_message);
  connect(socket_, &QWebSocket::connected, this, &WorkspaceConnection::greet);
  connect(socket_, &QWebSocket::textMessageReceived, this, &WorkspaceConnection::onText);
  connect(socket_, &QWebSocket::binaryMessageReceived, this, &WorkspaceConnection::onBinary);
  connect(socket_, &QWebSocket::disconnected, this, [this] {
    if (!socket_) return;
    const auto reason = socket_->closeReason();
    lost(reason.isEmpty() ? tr("The connection was lost.") : reason);
  });
  connect(socket_, &QWebSocket::errorOccurred, this, [this] {
    if (!socket_) return;
    const auto text = socket_->errorString();
    if (text.contains(QLatin1String("401"))) Q_EMIT refusedCredential();
    lost(tr("The server can't be reached (%1).")
             .arg(text.section(QLatin1String("::"), -1).section(QLatin1Char(':'), -1).trimmed()));
  });
  QWebSocketHandshakeOptions options;
  options.setSubprotocols({QString::fromUtf8(protocol::subprotocol.data(),
                                             static_cast<qsizetype>(protocol::subprotocol.size()))});
  silence_.start(silence_limit);
  socket_->open(request, options);
}

void WorkspaceConnection::greet() {
  protocol::SessionHello::Params params{protocol::version_major,
                                        protocol::version_minor,
                                        "berth-desktop " + std::string(protocol::release),
                                        {}};
  if (hello_) params.session = hello_->session;
  transmit(protocol::SessionHello::method, protocol::encode(params), this,
           [this](Result<Json> answer) { greeted(answer); });
}

void WorkspaceConnection::greeted(const Result<Json>& answer) {
  if (!answer) {
    // `unavailable` comes from a drop meanwhile, which is being handled already.
    if (answer.error().code != ErrorCode::unavailable) lost(QString::fromStdString(answer.error().message));
    return;
  }
  auto hello =
      protocol::decode<protocol::SessionHello::Result>(*answer, std::string(protocol::SessionHello::method));
  if (!hello) return lost(QString::fromStdString(hello.error().message));
  if (hello->protocol_major != protocol::version_major) {
    dropSocket();
    return setState(
        LinkState::ended,
        tr("The workspace speaks version %1 of the protocol; this program speaks %2. Update the older one.")
            .arg(hello->protocol_major)
            .arg(protocol::version_major));
  }
  silence_.stop();
  schedule_.reset();
  attemptFailed_ = false;
  hello_ = std::move(*hello);
  ping_.start();
  setState(LinkState::online);
  Q_EMIT established(hello_->resumed);
  ping();
}

void WorkspaceConnection::lost(const QString& problem) {
  if (!socket_) return;
  dropSocket();
  for (auto& [number, sink] : std::exchange(channels_, {})) sink->onLost();
  attemptFailed_ = true;
  schedule(problem);
  failPending(ErrorCode::unavailable, "The connection to the workspace was lost; it is being retried.");
}

void WorkspaceConnection::dropSocket() {
  ping_.stop();
  silence_.stop();
  if (!socket_) return;
  auto* socket = std::exchange(socket_, nullptr);
  socket->disconnect(this);
  socket->abort();
  socket->deleteLater();
}

void WorkspaceConnection::schedule(const QString& problem) {
  attemptFailed_ = true;
  const auto delay = schedule_.next();
  nextAttempt_ = QDateTime::currentMSecsSinceEpoch() + delay.count();
  retry_.start(delay);
  setState(LinkState::waiting, problem);
}

void WorkspaceConnection::failPending(ErrorCode code, const std::string& message) {
  auto pending = std::exchange(pending_, {});
  auto queue = std::exchange(queue_, {});
  for (auto& [id, entry] : pending)
    if (entry.context) entry.done(failure(code, message));
  for (auto& entry : queue)
    if (entry.context) entry.done(failure(code, message));
}

void WorkspaceConnection::setState(LinkState state, const QString& problem) {
  state_ = state;
  problem_ = problem;
  Q_EMIT stateChanged();
}

void WorkspaceConnection::sendRequest(std::string_view method, Json params, QObject* context,
                                      Reply<Json> done) {
  if (!online()) {
    // Answered later, as every request is: callers need not expect an answer inside the call.
    QMetaObject::invokeMethod(
        this,
        [guard = QPointer<QObject>(context), done = std::move(done)] {
          if (guard)
            done(failure(ErrorCode::unavailable,
                         "There is no connection to the workspace; it is being retried."));
        },
        Qt::QueuedConnection);
    return;
  }
  if (pending_.size() >= pending_limit) {
    queue_.push_back({std::string(method), std::move(params), context, std::move(done)});
    return;
  }
  transmit(method, std::move(params), context, std::move(done));
}

void WorkspaceConnection::transmit(std::string_view method, Json params, QPointer<QObject> context,
                                   Reply<Json> done) {
  const auto id = nextId_++;
  pending_.emplace(id, Pending{std::move(context), std::move(done)});
  socket_->sendTextMessage(QString::fromStdString(protocol::request_text(id, method, std::move(params))));
}

void WorkspaceConnection::claimChannel(std::uint32_t channel, ChannelSink* sink) {
  channels_[channel] = sink;
}

void WorkspaceConnection::releaseChannel(std::uint32_t channel) { channels_.erase(channel); }

void WorkspaceConnection::sendFrame(const protocol::FrameHeader& header, std::string_view payload) {
  if (!online()) return;
  const auto frame = protocol::encode_frame(header, payload);
  socket_->sendBinaryMessage(QByteArray(frame.data(), static_cast<qsizetype>(frame.size())));
}

qint64 WorkspaceConnection::unsentBytes() const { return socket_ ? socket_->bytesToWrite() : 0; }

void WorkspaceConnection::onText(const QString& text) {
  const auto bytes = text.toUtf8();
  const auto json = protocol::parse_json(view(bytes));
  if (!json || !json->is_object()) return lost(tr("The workspace sent a message that can't be read."));
  if (json->contains("method")) return onNotification(*json);
  onReply(*json);
}

void WorkspaceConnection::onReply(const Json& message) {
  auto reply = protocol::decode_reply(message);
  if (!reply) return lost(tr("The workspace sent an answer that can't be read."));
  const auto found = pending_.find(reply->id);
  if (found == pending_.end()) return;
  auto pending = std::move(found->second);
  pending_.erase(found);
  if (pending.context) pending.done(std::move(reply->result));
  while (!queue_.empty() && pending_.size() < pending_limit && online()) {
    auto next = std::move(queue_.front());
    queue_.pop_front();
    if (next.context) transmit(next.method, std::move(next.params), next.context, std::move(next.done));
  }
}

void WorkspaceConnection::onNotification(const Json& message) {
  const auto incoming = protocol::decode_incoming(message);
  if (!incoming) return;
  // A notification that this version does not know, or can't read, is left out: a newer runner may send it.
  auto deliver = [&]<class Message>(auto&& use) {
    if (incoming->method != Message::method) return;
    if (const auto params = protocol::decode<typename Message::Params>(incoming->params, incoming->method)) {
      use(*params);
    } else {
      qWarning("%s", params.error().message.c_str());
    }
  };
  deliver.operator()<protocol::SessionNotice>([this](const auto& params) { Q_EMIT notice(params); });
  deliver.operator()<protocol::WorkspaceStorage>(
      [this](const auto& params) { Q_EMIT storageChanged(params); });
  deliver.operator()<protocol::WorkspaceImport>([this](const auto& params) { Q_EMIT importChanged(params); });
  deliver.operator()<protocol::TerminalChanged>(
      [this](const auto& params) { Q_EMIT terminalChanged(params.terminal); });
  deliver.operator()<protocol::TerminalClosed>(
      [this](const auto& params) { Q_EMIT terminalClosed(QString::fromStdString(params.terminal)); });
  deliver.operator()<protocol::FileChanged>([this](const auto& params) { Q_EMIT fileChanged(params); });
  deliver.operator()<protocol::DocumentChanged>(
      [this](const auto& params) { Q_EMIT documentChanged(params); });
  deliver.operator()<protocol::DocumentState>([this](const auto& params) { Q_EMIT documentState(params); });
  deliver.operator()<protocol::PresenceChanged>(
      [this](const auto& params) { Q_EMIT presenceChanged(params.participant); });
  deliver.operator()<protocol::PresenceLeft>(
      [this](const auto& params) { Q_EMIT presenceLeft(QString::fromStdString(params.session)); });
  deliver.operator()<protocol::PortChanged>(
      [this](const auto& params) { Q_EMIT portsChanged(params.ports); });
  deliver.operator()<protocol::SearchFound>([this](const auto& params) { Q_EMIT searchFound(params); });
  deliver.operator()<protocol::SearchEnded>([this](const auto& params) { Q_EMIT searchEnded(params); });
}

void WorkspaceConnection::onBinary(const QByteArray& bytes) {
  const auto frame = protocol::decode_frame(view(bytes));
  if (!frame) return lost(tr("The workspace sent a frame that can't be read."));
  const auto found = channels_.find(frame->header.channel);
  if (found == channels_.end()) return;  // closed meanwhile
  auto* sink = found->second;
  switch (frame->header.kind) {
    case protocol::FrameKind::data: {
      if (!frame->header.deflated)
        return sink->onData(frame->header.offset,
                            QByteArray(frame->payload.data(), static_cast<qsizetype>(frame->payload.size())));
      auto payload = inflate_payload(frame->payload, largest_payload);
      if (!payload) return lost(QString::fromStdString(payload.error().message));
      return sink->onData(frame->header.offset, std::move(*payload));
    }
    case protocol::FrameKind::credit:
      return sink->onCredit(frame->header.offset);
    case protocol::FrameKind::end:
      return sink->onEnd(frame->header.offset);
    case protocol::FrameKind::abort:
      channels_.erase(found);
      return sink->onAbort();
  }
}

void WorkspaceConnection::ping() {
  if (!online() || silence_.isActive()) return;
  silence_.start(silence_limit);
  QElapsedTimer clock;
  clock.start();
  request<protocol::SessionPing>(this, {}, this, [this, clock](Result<protocol::Empty> answer) {
    if (!answer && !online()) return;
    silence_.stop();
    const auto measured = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    roundTrip_ = roundTrip_ < 0 ? measured : roundTrip_ * 0.6 + measured * 0.4;
    Q_EMIT roundTripChanged();
  });
}

}  // namespace berth::client

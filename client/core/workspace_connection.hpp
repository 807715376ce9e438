// SPDX-License-Identifier: GPL-3.0-or-later
// The WebSocket to one workspace's runner: requests with ids, notifications, binary channels, the session
// that is resumed after a drop, the round-trip time. It reconnects by itself; what has to be asked again then
// is its users' affair
// (`established`).
#pragma once

#include <QElapsedTimer>
#include <QNetworkRequest>
#include <QObject>
#include <QTimer>
#include <QWebSocket>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "client/core/channel_sink.hpp"
#include "client/core/reconnect_schedule.hpp"
#include "client/core/reply.hpp"
#include "protocol/frame.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

enum class LinkState {
  idle,        // before open() and after close()
  connecting,  // dialling or greeting
  online,
  waiting,  // lost; the next attempt is at nextAttempt()
  stopped,  // the workspace does not run; start it, then retryNow()
  ended,    // gone, or no longer allowed; no further attempt
};

class WorkspaceConnection : public QObject {
  Q_OBJECT

 public:
  /// Makes the upgrade request; asked before every attempt. `check`: an attempt failed, find out whether it
  /// can succeed.
  using DialSource = std::function<void(bool check, QObject* context, Reply<QNetworkRequest>)>;

  explicit WorkspaceConnection(DialSource dial, QObject* parent = nullptr);
  ~WorkspaceConnection() override;

  void open();
  /// Ends it for good; pending requests are answered `cancelled`.
  void close();
  /// Dials at once: a person asked, or the network is back.
  void retryNow();

  LinkState state() const { return state_; }
  bool online() const { return state_ == LinkState::online; }
  const QString& problem() const { return problem_; }  // for the person, while not online
  /// While `ended`, where a server's answer ended it: not_found says gone, or no longer shared with this
  /// person.
  const std::optional<ErrorCode>& endedBy() const { return ended_by_; }
  qint64 nextAttempt() const { return nextAttempt_; }  // Unix ms, while waiting
  double roundTrip() const { return roundTrip_; }      // ms, smoothed; negative before the first
  /// What the runner said of itself; nullopt before the first greeting.
  const std::optional<protocol::SessionHello::Result>& hello() const { return hello_; }

  /// Sends a request. `done` gets the result's JSON, or the runner's error, or `unavailable` when the
  /// connection is or goes down first (it is then unknown whether the runner did it). See request.hpp for the
  /// typed form.
  void sendRequest(std::string_view method, nlohmann::json params, QObject* context,
                   Reply<nlohmann::json> done);

  /// Takes the frames of a channel; `sink` must release it before it dies.
  void claimChannel(std::uint32_t channel, ChannelSink* sink);
  void releaseChannel(std::uint32_t channel);
  void sendFrame(const protocol::FrameHeader& header, std::string_view payload = {});
  /// Bytes that are accepted but not yet with the operating system.
  qint64 unsentBytes() const;

 Q_SIGNALS:
  void stateChanged();
  /// Online; `resumed`: the runner still knows this session, so its channels and operations go on.
  void established(bool resumed);
  void roundTripChanged();
  /// The server refused the credential at the upgrade.
  void refusedCredential();

  void notice(const protocol::SessionNotice::Params& notice);
  void terminalChanged(const protocol::TerminalInfo& terminal);
  void terminalClosed(const QString& terminal);
  void fileChanged(const protocol::FileChanged::Params& change);
  void documentChanged(const protocol::DocumentChanged::Params& change);
  void documentState(const protocol::DocumentState::Params& state);
  void storageChanged(const protocol::WorkspaceStorage::Params& storage);
  void importChanged(const protocol::WorkspaceImport::Params& progress);
  void presenceChanged(const protocol::Participant& who);
  void presenceLeft(const QString& session);
  void portsChanged(const std::vector<protocol::Port>& ports);
  void searchFound(const protocol::SearchFound::Params& found);
  void searchEnded(const protocol::SearchEnded::Params& ended);

 private:
  struct Pending {
    QPointer<QObject> context;
    Reply<nlohmann::json> done;
  };
  struct Queued;

  void dial();
  void connectSocket(const QNetworkRequest& request);
  void greet();
  void greeted(const Result<nlohmann::json>& answer);
  void lost(const QString& problem);
  void dropSocket();
  void failPending(ErrorCode code, const std::string& message);
  void setState(LinkState state, const QString& problem = {});
  void schedule(const QString& problem);
  void transmit(std::string_view method, nlohmann::json params, QPointer<QObject> context,
                Reply<nlohmann::json> done);
  void onText(const QString& text);
  void onBinary(const QByteArray& bytes);
  void onReply(const nlohmann::json& message);
  void onNotification(const nlohmann::json& message);
  void ping();
  void watchNetwork();

  DialSource dial_;
  QWebSocket* socket_ = nullptr;
  LinkState state_ = LinkState::idle;
  QString problem_;
  std::optional<ErrorCode> ended_by_;
  ReconnectSchedule schedule_;
  QTimer retry_;
  QTimer ping_;
  QTimer silence_;  // a ping without answer, or an upgrade that hangs
  qint64 nextAttempt_ = 0;
  bool attemptFailed_ = false;
  quint64 attempt_ = 0;  // answers to an older dial are ignored
  double roundTrip_ = -1;
  std::optional<protocol::SessionHello::Result> hello_;
  std::int64_t nextId_ = 1;
  std::unordered_map<std::int64_t, Pending> pending_;
  std::deque<Queued> queue_;  // requests over the runner's limit of pending ones
  std::unordered_map<std::uint32_t, ChannelSink*> channels_;
};

}  // namespace berth::client

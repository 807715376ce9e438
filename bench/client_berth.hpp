// SPDX-License-Identifier: GPL-3.0-or-later
// Berth's own client for the bench: one WebSocket through the gateway, JSON-RPC requests, terminal and file
// channels with the credits that real clients give (client/core/adaptive_window).
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "bench/berth_server.hpp"
#include "bench/peer.hpp"
#include "client/core/adaptive_window.hpp"
#include "protocol/flow_window.hpp"
#include "protocol/frame.hpp"
#include "protocol/messages.hpp"
#include "protocol/version.hpp"

namespace berth::bench {

/// A window: a session with the runner of one workspace.
class BerthWindow final : public Link {
 public:
  using OnFrame = std::function<void(const protocol::Frame&)>;

  /// Connects through the gateway and says hello; goes on with `session` where one is given.
  BerthWindow(BerthServer& server, const std::string& workspace,
              const std::optional<std::string>& session = {});
  const std::string& session() const { return session_; }

  int descriptor() const override { return socket_.descriptor(); }
  void read() override;

  /// Sends a request; its id.
  template <class Message>
  std::int64_t send(const typename Message::Params& params) {
    const auto text = protocol::request_text(++last_id_, Message::method, protocol::encode(params));
    last_request_size_ = text.size();
    socket_.send_text(text);
    pending_.insert(last_id_);
    return last_id_;
  }
  /// Waits for the answer of request `id`.
  template <class Message>
  typename Message::Result wait(std::int64_t id) {
    auto result =
        protocol::decode<typename Message::Result>(wait_for_reply(id), std::string(Message::method));
    if (!result) throw Failure(result.error().message);
    return std::move(*result);
  }
  template <class Message>
  typename Message::Result call(const typename Message::Params& params) {
    return wait<Message>(send<Message>(params));
  }
  bool answered(std::int64_t id) const { return replies_.contains(id); }
  std::size_t last_request_size() const { return last_request_size_; }  // bytes of payload

  /// Hands out a channel's frames, also those that came before this call.
  void listen(std::uint32_t channel, OnFrame on_frame);
  void forget(std::uint32_t channel) { listeners_.erase(channel); }
  void send_frame(protocol::FrameKind kind, std::uint32_t channel, std::uint64_t offset,
                  std::string_view payload = {});
  /// From now on `hear` is told every notification; an empty one ends that.
  void on_notification(std::function<void(std::string_view method, const protocol::Json& params)> hear) {
    hear_ = std::move(hear);
  }
  /// Reads until `done`; Failure after 60 s.
  void read_until(const std::function<bool()>& done);

  WebSocket& socket() { return socket_; }

 private:
  protocol::Json wait_for_reply(std::int64_t id);
  void on_text(std::string_view payload);
  void on_frame(std::string_view payload);

  WebSocket socket_;
  std::string session_;
  std::int64_t last_id_ = 0;
  std::size_t last_request_size_ = 0;
  std::set<std::int64_t> pending_;
  std::map<std::int64_t, Result<protocol::Json>> replies_;
  std::map<std::uint32_t, OnFrame> listeners_;
  std::function<void(std::string_view, const protocol::Json&)> hear_;
  std::map<std::uint32_t, std::deque<std::string>> early_;  // frames of channels nobody listens to yet
};

/// Berth as a peer among peers, with one workspace.
class BerthPeer final : public Peer {
 public:
  explicit BerthPeer(const Places& places) : server_(places) {}
  ~BerthPeer() override;
  std::string name() const override { return "berth"; }
  Desk open(int terminals) override;
  std::vector<pid_t> processes() override { return {server().pid(), runner()}; }

  BerthServer& server();           // started
  const std::string& workspace();  // running
  pid_t runner();
  std::unique_ptr<BerthWindow> open_window();
  /// A terminal in a window; the window must outlive it.
  static std::unique_ptr<Terminal> open_terminal(BerthWindow& window);

 private:
  BerthServer server_;
  std::string workspace_;
  pid_t runner_ = -1;
};

}  // namespace berth::bench

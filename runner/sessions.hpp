// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions of the workspace: connected ones and those that may still be resumed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "runner/session.hpp"

namespace berth::runner {

class Sessions {
 public:
  static constexpr std::chrono::minutes usually_resumable{10};
  static constexpr std::size_t most_sessions = 200;
  /// `resumable`: how long a session is kept whose connection was lost.
  Sessions(boost::asio::io_context& io, std::chrono::milliseconds resumable)
      : resumable_(resumable), sweep_timer_(io) {}

  /// A connection was admitted: makes a session and has the connection's events go to it. limit_exceeded: no
  /// session.
  Result<void> connect(Workspace& workspace, protocol::ConnectClaims claims,
                       std::shared_ptr<Connection> connection);
  /// A session that the same account may resume; null otherwise.
  std::shared_ptr<Session> resumable_session(const std::string& id,
                                             const protocol::ConnectClaims& claims) const;
  void forget(const std::string& id);
  /// The session's connection was lost: it is kept for a while.
  void on_dropped();

  template <class N>
  void broadcast(const typename N::Params& params) {
    std::string text;
    for (const auto& [id, session] : all()) {
      if (session->claims().role == protocol::Role::server) continue;
      if (text.empty()) text = protocol::notification_text(N::method, protocol::encode(params));
      session->notify_text(text);
    }
  }
  std::shared_ptr<Session> find(const std::string& id) const;
  /// Connected clients, without the server's control link.
  std::uint32_t connected_clients() const;
  bool anyone_connected() const;
  void close_all(const std::string& reason);

  std::function<void()> on_count_changed;

 private:
  std::map<std::string, std::shared_ptr<Session>> all() const { return sessions_; }
  void sweep();
  const std::chrono::milliseconds resumable_;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
  boost::asio::steady_timer sweep_timer_;
  bool sweeping_ = false;
};

}  // namespace berth::runner

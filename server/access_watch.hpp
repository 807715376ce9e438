// SPDX-License-Identifier: GPL-3.0-or-later
// Between SessionEvents and the connections that stand on a sign-in, an account and a workspace: splices and
// previews.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "server/session_events.hpp"

namespace berth::server {

/// WebSocket close codes of the server itself (4000-4999 are an application's own).
inline constexpr std::uint16_t close_access_ended =
    4001;  // sign-in, grant or workspace ended; the reason says which
inline constexpr std::uint16_t close_going_away = 1001;  // the server stops; come back

struct AccessEnd {
  std::uint16_t code = close_access_ended;
  std::string reason;  // for the person
};

/// Something that must end when access does.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  /// Any thread; only posts. The first call wins; what has ended already ignores it.
  virtual void end(AccessEnd end) = 0;
};

/// Remembers that access ended, also when that happens before there is a connection to end. Thread-safe.
class AccessWatch {
 public:
  AccessWatch(SessionEvents& events, SessionEvents::Scope scope);
  /// Watches this instead of what it watched until now; what has ended meanwhile stays ended.
  void watch(SessionEvents::Scope scope);
  /// From now on an end goes to this connection; at once when it has happened already.
  void guard(std::weak_ptr<LiveConnection> connection);
  /// The reason, once access has ended.
  std::optional<std::string> ended() const;

 private:
  struct State;
  SessionEvents& events_;
  std::shared_ptr<State> state_;
  SessionEvents::Subscription subscription_;
};

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// What the server's control link asks of a runner about activity, notices and
// stops; sync_messages.hpp has storing. Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"
#include "protocol/port_messages.hpp"
#include "protocol/session_messages.hpp"

namespace berth::protocol {

struct ControlActivity {
  static constexpr std::string_view method = "control/activity";
  static constexpr std::string_view summary = "What idle stop is decided by.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::int64_t idle;   // ms since a person's last input (keys, edits, file
                         // changes by a client)
    double cpu_percent;  // of one core, all programs of the workspace but the
                         // runner, since the last question
    std::uint32_t sessions;
    std::uint32_t terminals;
    std::vector<Port> ports;
    std::optional<std::int64_t> memory = {};  // bytes that the workspace holds, the runner with it
  };
};
BOOST_DESCRIBE_STRUCT(ControlActivity::Result, (), (idle, cpu_percent, sessions, terminals, ports, memory))

struct ControlNotice {
  static constexpr std::string_view method = "control/notice";
  static constexpr std::string_view summary = "Passes a session/notice to every session.";
  static constexpr Role role = Role::server;
  using Params = SessionNotice::Params;
  using Result = Empty;
};

struct ControlFlush {
  static constexpr std::string_view method = "control/flush";
  static constexpr std::string_view summary =
      "Writes every open document to disk; the answer comes when all are. "
      "Called before a stop.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::vector<std::string> problems;  // documents that could not be written, with the reason
  };
};
BOOST_DESCRIBE_STRUCT(ControlFlush::Result, (), (problems))

}  // namespace berth::protocol

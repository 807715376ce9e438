// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about ports that programs of the workspace listen on.
// Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

struct Port {
  std::uint16_t port;
  std::string address;  // what it listens on: "127.0.0.1", "::", …
  std::string process;  // name, "" when unknown
};
BOOST_DESCRIBE_STRUCT(Port, (), (port, address, process))

struct PortList {
  static constexpr std::string_view method = "port/list";
  static constexpr std::string_view summary = "TCP ports that programs of the workspace listen on.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  struct Result {
    std::vector<Port> ports;
  };
};
BOOST_DESCRIBE_STRUCT(PortList::Result, (), (ports))

struct PortTunnel {
  static constexpr std::string_view method = "port/tunnel";
  static constexpr std::string_view summary =
      "Opens a channel that is one TCP connection to a port of the workspace's "
      "loopback.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::uint16_t port;
    std::uint64_t credit;
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t limit;
  };
};
BOOST_DESCRIBE_STRUCT(PortTunnel::Params, (), (port, credit))
BOOST_DESCRIBE_STRUCT(PortTunnel::Result, (), (channel, limit))

struct PortChanged {
  static constexpr std::string_view method = "port/changed";
  static constexpr std::string_view summary =
      "The list of listening ports changed (noticed within a second).";
  struct Params {
    std::vector<Port> ports;
  };
};
BOOST_DESCRIBE_STRUCT(PortChanged::Params, (), (ports))

}  // namespace berth::protocol

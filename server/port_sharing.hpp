// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of who sees which port of a workspace: its editors every one, its viewers what is shown to
// people, anybody what is public or what a link of its own shows. No HTTP, no SQL.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_sharing.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/session_events.hpp"
#include "server/sharing_store.hpp"

namespace berth::server {

inline constexpr std::size_t most_open_ports = 100;                // of one workspace
inline constexpr std::int64_t longest_port_link = 24 * 3'600'000;  // ms

/// Who wants to see a port.
struct PortVisitor {
  std::string account;               // "" nobody signed in
  std::optional<std::int64_t> link;  // generation of the link that was opened
};

/// Why somebody may.
struct PortPass {
  std::optional<protocol::Role> role;  // of a member
  bool by_share = false;               // it ends when the port's visibility shrinks (port_share())
};

class PortSharing {
 public:
  /// All outlive it.
  PortSharing(MetadataStore& store, SessionEvents& events, boost::asio::thread_pool& pool)
      : store_(store), events_(events), pool_(pool) {}

  /// not_found for strangers of a port that is not public, permission_denied for viewers of a private one.
  net::Task<Result<PortPass>> pass(std::string workspace, std::uint16_t port, PortVisitor visitor);

  net::Task<Result<protocol::rest::GetPorts::Result>> list(std::string workspace);
  net::Task<Result<protocol::rest::GetPorts::Result>> update(std::string workspace,
                                                             protocol::rest::UpdatePorts::Body body);
  /// What a link to this port has to carry.
  net::Task<Result<std::int64_t>> link_generation(std::string workspace, std::uint16_t port);
  /// Ports that anybody may see.
  net::Task<Result<std::vector<std::uint16_t>>> open_to_all(std::string workspace);

 private:
  MetadataStore& store_;
  SessionEvents& events_;
  boost::asio::thread_pool& pool_;
};

/// 1..65535; nullopt for anything else.
std::optional<std::uint16_t> parse_port(const std::string& text);

}  // namespace berth::server

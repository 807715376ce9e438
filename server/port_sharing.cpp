// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/port_sharing.hpp"

#include <charconv>

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::Role;

constexpr const char* shown_to_fewer = "This preview is not shown to everybody any more.";

rest::GetPorts::Result ports_view(const std::map<std::uint16_t, PortRecord>& ports) {
  rest::GetPorts::Result result;
  for (const auto& [number, port] : ports)
    if (port.visibility != PortVisibility::members_who_edit)
      result.ports[std::to_string(number)] = to_text(port.visibility);
  return result;
}

}  // namespace

std::optional<std::uint16_t> parse_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  // One spelling for one port: "080" and "+80" are none.
  if (error != std::errc{} || stop != end || port == 0 || std::to_string(port) != text) return std::nullopt;
  return port;
}

net::Task<Result<PortPass>> PortSharing::pass(std::string workspace, std::uint16_t port,
                                              PortVisitor visitor) {
  co_return co_await net::offload(pool_, [&]() -> Result<PortPass> {
    PortPass pass;
    if (!visitor.account.empty()) {
      const auto role = store_.members().role_of(workspace, visitor.account);
      if (!role) return std::unexpected(role.error());
      pass.role = *role;
    }
    if (pass.role && *pass.role >= Role::editor) return pass;
    pass.by_share = true;
    const auto record = store_.openings().port(workspace, port);
    if (!record) return std::unexpected(record.error());
    if (record->visibility == PortVisibility::everybody) return pass;
    if (pass.role && record->visibility == PortVisibility::people) return pass;
    if (visitor.link && *visitor.link > 0 && *visitor.link == record->generation) return pass;
    if (pass.role)
      return failure(ErrorCode::permission_denied,
                     "This port is shown to the workspace's owner and editors only.");
    return failure(ErrorCode::not_found, "There is no such workspace.");
  });
}

net::Task<Result<rest::GetPorts::Result>> PortSharing::list(std::string workspace) {
  const auto ports = co_await net::offload(pool_, [&] { return store_.openings().ports(workspace); });
  if (!ports) co_return std::unexpected(ports.error());
  co_return ports_view(*ports);
}

net::Task<Result<rest::GetPorts::Result>> PortSharing::update(std::string workspace,
                                                              rest::UpdatePorts::Body body) {
  std::map<std::uint16_t, PortVisibility> wanted;
  for (const auto& [number, text] : body.ports) {
    const auto port = parse_port(number);
    const auto visibility = port_visibility(text);
    if (!port) co_return failure(ErrorCode::invalid_argument, "body.ports: a port is 1 to 65535");
    if (!visibility)
      co_return failure(ErrorCode::invalid_argument,
                        "body.ports." + number + ": must be private, people or public");
    wanted[*port] = *visibility;
  }
  const auto less = co_await net::offload(
      pool_, [&] { return store_.openings().set_ports(workspace, wanted, most_open_ports, shown_to_fewer); });
  if (!less) co_return std::unexpected(less.error());
  for (const auto port : *less) events_.end_share(workspace, port_share(port), shown_to_fewer);
  co_return co_await list(workspace);
}

net::Task<Result<std::int64_t>> PortSharing::link_generation(std::string workspace, std::uint16_t port) {
  co_return co_await net::offload(pool_, [&] { return store_.openings().link_generation(workspace, port); });
}

net::Task<Result<std::vector<std::uint16_t>>> PortSharing::open_to_all(std::string workspace) {
  const auto ports = co_await net::offload(pool_, [&] { return store_.openings().ports(workspace); });
  if (!ports) co_return std::unexpected(ports.error());
  std::vector<std::uint16_t> open;
  for (const auto& [number, port] : *ports)
    if (port.visibility == PortVisibility::everybody) open.push_back(number);
  co_return open;
}

}  // namespace berth::server

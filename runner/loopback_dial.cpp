// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/loopback_dial.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "runner/socket_deadline.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

using boost::system::error_code;
constexpr std::chrono::seconds patience{5};

std::optional<asio::generic::stream_protocol::endpoint> endpoint_of(const std::string& address,
                                                                    std::uint16_t port) {
  sockaddr_in ip4{};
  if (::inet_pton(AF_INET, address.c_str(), &ip4.sin_addr) == 1) {
    ip4.sin_family = AF_INET;
    ip4.sin_port = htons(port);
    return asio::generic::stream_protocol::endpoint(&ip4, sizeof ip4);
  }
  sockaddr_in6 ip6{};
  if (::inet_pton(AF_INET6, address.c_str(), &ip6.sin6_addr) != 1) return std::nullopt;
  ip6.sin6_family = AF_INET6;
  ip6.sin6_port = htons(port);
  return asio::generic::stream_protocol::endpoint(&ip6, sizeof ip6);
}

}  // namespace

net::Task<Result<StreamSocket>> dial_loopback(Workspace& workspace, std::uint16_t port) {
  std::vector<std::string> addresses{"127.0.0.1", "::1"};
  for (const auto& listening : workspace.ports.latest())
    if (listening.port == port && listening.address != "0.0.0.0" && listening.address != "::")
      addresses.push_back(listening.address);
  for (const auto& address : addresses) {
    const auto endpoint = endpoint_of(address, port);
    if (!endpoint) continue;
    StreamSocket socket(workspace.io.get_executor());
    error_code error;
    socket.open(endpoint->protocol(), error);
    if (error) continue;
    SocketDeadline deadline(socket, patience);
    co_await socket.async_connect(*endpoint, asio::redirect_error(asio::use_awaitable, error));
    deadline.met();
    if (error || !socket.is_open()) continue;
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    co_return socket;
  }
  co_return failure(ErrorCode::unavailable,
                    "Nothing listens on port " + std::to_string(port) + " of the workspace yet.");
}

}  // namespace berth::runner

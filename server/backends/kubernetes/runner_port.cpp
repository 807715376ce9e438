// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/runner_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "protocol/net/file_descriptor.hpp"

namespace berth::server::kubernetes {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds one_try{2'000};
constexpr milliseconds first_pause{10};
constexpr milliseconds longest_pause{200};

struct PortName {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

PortName name_of(const std::string& address, std::uint16_t port) {
  PortName name;
  auto& ip4 = reinterpret_cast<sockaddr_in&>(name.storage);
  auto& ip6 = reinterpret_cast<sockaddr_in6&>(name.storage);
  if (inet_pton(AF_INET, address.c_str(), &ip4.sin_addr) == 1) {
    ip4.sin_family = AF_INET;
    ip4.sin_port = htons(port);
    name.size = sizeof ip4;
  } else if (inet_pton(AF_INET6, address.c_str(), &ip6.sin6_addr) == 1) {
    ip6.sin6_family = AF_INET6;
    ip6.sin6_port = htons(port);
    name.size = sizeof ip6;
  }
  return name;
}

/// 0 or an errno.
int connect_once(const PortName& name, milliseconds most) {
  const net::FileDescriptor socket(
      ::socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name.storage), name.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd entry{socket.get(), POLLOUT, 0};
  if (::poll(&entry, 1, static_cast<int>(most.count())) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

bool takes_connections(const std::string& address, std::uint16_t port, milliseconds deadline) {
  const auto name = name_of(address, port);
  return name.size != 0 && connect_once(name, deadline) == 0;
}

Result<void> wait_for_port(const std::string& address, std::uint16_t port,
                           steady_clock::time_point deadline) {
  const auto name = name_of(address, port);
  if (name.size == 0)
    return failure(ErrorCode::invalid_argument, "The workspace's pod has no address.", address);
  auto pause = first_pause;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    const int error = connect_once(name, std::clamp(left, milliseconds(1), one_try));
    if (error == 0) return {};
    if (steady_clock::now() + pause >= deadline)
      return failure(ErrorCode::timeout,
                     error == ECONNREFUSED
                         ? "The workspace's runner did not answer in time."
                         : "The workspace's pod can't be reached: a server outside of the cluster needs a "
                           "route to its pods' addresses.",
                     address + ": " + std::strerror(error));
    ::poll(nullptr, 0, static_cast<int>(pause.count()));
    pause = std::min(2 * pause, longest_pause);
  }
}

}  // namespace berth::server::kubernetes

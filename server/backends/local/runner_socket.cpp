// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/runner_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace berth::server::local {

namespace {

constexpr std::string_view question = "GET /ready HTTP/1.1\r\nHost: runner\r\nConnection: close\r\n\r\n";

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return failure(ErrorCode::internal, "The name of the workspace's socket is too long.", path);
  memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

std::unexpected<Error> socket_failure(const std::string& path) {
  return failure(ErrorCode::internal, "The workspace's socket could not be made.",
                 path + ": " + strerror(errno));
}

/// A connection on which the question is asked; nothing when nobody listens.
Descriptor ask(sockaddr_un address) {
  Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection || connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      send(connection.get(), question.data(), question.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(question.size()))
    return {};
  return connection;
}

}  // namespace

Result<Descriptor> listen_at(const std::string& path) {
  auto address = address_of(path);
  if (!address) return std::unexpected(std::move(address.error()));
  unlink(path.c_str());
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener || bind(listener.get(), reinterpret_cast<sockaddr*>(&*address), sizeof *address) != 0 ||
      chmod(path.c_str(), 0600) != 0 || listen(listener.get(), 128) != 0)
    return socket_failure(path);
  return listener;
}

Result<void> wait_for_answer(const std::string& path, const ProcessIdentity& runner,
                             std::chrono::milliseconds deadline) {
  auto address = address_of(path);
  if (!address) return std::unexpected(std::move(address.error()));
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, runner.pid, 0)));
  const auto end = std::chrono::steady_clock::now() + deadline;
  // The server's own listener takes the connection at once, one of the runner's own only after a while; and
  // only an answer shows that a runner is behind it.
  Descriptor connection;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return failure(ErrorCode::timeout, "The workspace started but its runner did not answer in time.");
    if (!connection) connection = ask(*address);
    const int pause = connection ? static_cast<int>(left.count()) : 5;  // ms until the next try
    pollfd entries[2] = {{connection.get(), POLLIN, 0}, {process.get(), POLLIN, 0}};
    if (poll(entries, process ? 2 : 1, pause) < 0 && errno != EINTR) return socket_failure(path);
    if (connection && entries[0].revents != 0) {
      char answer[8];
      if (recv(connection.get(), answer, sizeof answer, 0) > 0) return {};
      return failure(ErrorCode::unavailable, "The workspace's runner did not take connections.");
    }
    if (!process || entries[1].revents != 0)
      return failure(ErrorCode::unavailable, "The workspace's runner ended while it started.");
  }
}

}  // namespace berth::server::local

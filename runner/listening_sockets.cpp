// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/listening_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

constexpr std::string_view listening_state = "0A";

/// One address family's; nullopt: the kernel does not answer such questions.
std::optional<std::vector<ListeningSocket>> ask_kernel(int netlink, std::uint8_t family) {
  struct {
    nlmsghdr header{};
    inet_diag_req_v2 question{};
  } request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.header.nlmsg_seq = family;
  request.question.sdiag_family = family;
  request.question.sdiag_protocol = IPPROTO_TCP;
  request.question.idiag_states = 1u << TCP_LISTEN;
  if (::send(netlink, &request, sizeof request, 0) < 0) return std::nullopt;

  std::vector<ListeningSocket> sockets;
  alignas(nlmsghdr) std::array<char, 32u << 10>
      buffer;  // the kernel's answers come in pieces of at most this
  for (;;) {
    const auto length = ::recv(netlink, buffer.data(), buffer.size(), 0);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return std::nullopt;
    auto left = static_cast<int>(length);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_seq != family) continue;
      if (message->nlmsg_type == NLMSG_DONE) {
        // A dump tells its failure (no module for TCP) with its end.
        int outcome = 0;
        if (message->nlmsg_len >= NLMSG_LENGTH(sizeof outcome))
          std::memcpy(&outcome, NLMSG_DATA(message), sizeof outcome);
        if (outcome < 0) return std::nullopt;
        return sockets;
      }
      if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
          message->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg)))
        return std::nullopt;
      inet_diag_msg socket;
      std::memcpy(&socket, NLMSG_DATA(message), sizeof socket);
      char address[INET6_ADDRSTRLEN] = "";
      ::inet_ntop(family, socket.id.idiag_src, address, sizeof address);
      sockets.push_back({ntohs(socket.id.idiag_sport), address, socket.idiag_inode});
    }
  }
}

std::string read_text(const char* path) {
  const net::FileDescriptor fd(::open(path, O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 8192> buffer;
  while (fd) {
    const auto length = ::read(fd.get(), buffer.data(), buffer.size());
    if (length <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
  return text;
}

/// "0100007F" or 32 digits: 32-bit words in the machine's byte order.
std::string address_text(std::string_view hex) {
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < hex.size() / 8 && i < 4; ++i)
    std::from_chars(hex.data() + i * 8, hex.data() + i * 8 + 8, words[i], 16);
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(hex.size() == 8 ? AF_INET : AF_INET6, words.data(), text, sizeof text);
  return text;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; (at = line.find_first_not_of(' ', at)) != line.npos && fields.size() < 10;) {
    const auto end = std::min(line.find(' ', at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end;
  }
  return fields;
}

}  // namespace

std::vector<ListeningSocket> listening_sockets() {
  if (auto sockets = listening_sockets_of_kernel()) return std::move(*sockets);
  return listening_sockets_in_proc();
}

std::optional<std::vector<ListeningSocket>> listening_sockets_of_kernel() {
  const net::FileDescriptor netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink) return std::nullopt;
  // The kernel answers within the call that asks; nothing to come is no reason to wait for ever.
  const timeval patience{1, 0};
  ::setsockopt(netlink.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  auto sockets = ask_kernel(netlink.get(), AF_INET);
  if (!sockets) return std::nullopt;
  auto sixes = ask_kernel(netlink.get(), AF_INET6);
  if (!sixes) return std::nullopt;
  std::ranges::move(*sixes, std::back_inserter(*sockets));
  return sockets;
}

std::vector<ListeningSocket> listening_sockets_in_proc() {
  auto sockets = parse_listening(read_text("/proc/net/tcp"));
  std::ranges::move(parse_listening(read_text("/proc/net/tcp6")), std::back_inserter(sockets));
  return sockets;
}

std::vector<ListeningSocket> parse_listening(std::string_view table) {
  std::vector<ListeningSocket> sockets;
  for (std::size_t at = 0; at < table.size();) {
    const auto end = std::min(table.find('\n', at), table.size());
    const auto fields = fields_of(table.substr(at, end - at));
    at = end + 1;
    if (fields.size() < 10 || fields[3] != listening_state) continue;
    const auto colon = fields[1].find(':');
    if (colon != 8 && colon != 32) continue;
    ListeningSocket socket{0, address_text(fields[1].substr(0, colon)), 0};
    const auto number = fields[1].substr(colon + 1);
    std::from_chars(number.data(), number.data() + number.size(), socket.port, 16);
    std::from_chars(fields[9].data(), fields[9].data() + fields[9].size(), socket.inode);
    if (socket.port != 0) sockets.push_back(std::move(socket));
  }
  return sockets;
}

}  // namespace berth::runner

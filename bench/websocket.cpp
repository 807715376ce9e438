// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/websocket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/figure.hpp"

namespace berth::bench {
namespace {

constexpr std::size_t read_size = 256u << 10;

void wait_for(int descriptor, short events) {
  pollfd waiting{descriptor, events, 0};
  if (::poll(&waiting, 1, 20'000) != 1) throw Failure("a server did not answer within 20 s");
}

}  // namespace

WebSocket::WebSocket(std::uint16_t port, const std::string& target, const std::vector<std::string>& headers) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw Failure("port " + std::to_string(port) + " can't be reached");
  }
  try {
    upgrade(port, target, headers);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

WebSocket::~WebSocket() { ::close(socket_); }

void WebSocket::upgrade(std::uint16_t port, const std::string& target,
                        const std::vector<std::string>& headers) {
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: YmVydGggYmVuY2ggY2xpZQ==\r\n";
  for (const auto& header : headers) request += header + "\r\n";
  send_all(request + "\r\n");
  std::size_t end = std::string::npos;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    wait_for(socket_, POLLIN);
    char bytes[4096];
    const auto size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size <= 0) break;
    in_.append(bytes, static_cast<std::size_t>(size));
  }
  if (end == std::string::npos || in_.find(" 101 ") > in_.find("\r\n"))
    throw Failure("the upgrade of " + target + " was refused: " + in_.substr(0, 400));
  in_.erase(0, end + 4);
  bytes_sent_ = 0;
}

void WebSocket::send(unsigned char opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 14);
  frame.push_back(static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    const int bytes = payload.size() < 65536 ? 2 : 8;
    frame.push_back(static_cast<char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) frame.push_back(static_cast<char>(payload.size() >> (8 * i)));
  }
  mask_ = mask_ * 1664525u + 1013904223u;
  char mask[4];
  std::memcpy(mask, &mask_, sizeof mask);
  frame.append(mask, sizeof mask);
  const auto start = frame.size();
  frame.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i) frame[start + i] ^= mask[i & 3];
  send_all(frame);
}

void WebSocket::send_all(std::string_view bytes) {
  bytes_sent_ += bytes.size();
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) throw Failure("a server closed the connection");
    if (sent < 0)
      wait_for(socket_, POLLOUT);
    else
      bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void WebSocket::read(const OnMessage& on_message) {
  if (in_begin_ > 0) {
    in_.erase(0, in_begin_);
    in_begin_ = 0;
  }
  const auto had = in_.size();
  ssize_t size = 0;
  in_.resize_and_overwrite(had + read_size, [&](char* bytes, std::size_t) {
    size = ::recv(socket_, bytes + had, read_size, MSG_DONTWAIT);
    return had + static_cast<std::size_t>(size > 0 ? size : 0);
  });
  if (size == 0 || (size < 0 && errno != EAGAIN)) throw Failure("a server closed the connection");
  if (size > 0) bytes_received_ += static_cast<std::uint64_t>(size);
  while (take_frame(on_message)) {
  }
}

bool WebSocket::take_frame(const OnMessage& on_message) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(in_.data()) + in_begin_;
  const auto held = in_.size() - in_begin_;
  if (held < 2) return false;
  std::uint64_t length = bytes[1] & 0x7f;
  const std::size_t extended = length == 127 ? 8 : length == 126 ? 2 : 0;
  if (held < 2 + extended) return false;
  if (extended != 0) length = 0;
  for (std::size_t i = 0; i < extended; ++i) length = length << 8 | bytes[2 + i];
  if (held - 2 - extended < length) return false;
  const std::string_view payload(in_.data() + in_begin_ + 2 + extended, length);
  const bool final = (bytes[0] & 0x80) != 0;
  const int opcode = bytes[0] & 0x0f;
  in_begin_ += 2 + extended + length;
  if (opcode == 8)
    throw Failure("a server closed the connection: " +
                  std::string(payload.size() > 2 ? payload.substr(2) : payload));
  if (opcode == 9) send(10, payload);
  if (opcode >= 8) return true;
  if (opcode != 0) message_binary_ = opcode == 2;
  if (final && message_.empty()) {
    on_message(payload, message_binary_);
  } else {
    message_.append(payload);
    if (final) {
      on_message(message_, message_binary_);
      message_.clear();
    }
  }
  return true;
}

}  // namespace berth::bench

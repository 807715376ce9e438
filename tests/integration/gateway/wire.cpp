// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace berth::test {

namespace {

constexpr std::chrono::milliseconds usual_deadline{20'000};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

Wire connected(int fd, const sockaddr* address, socklen_t size) {
  Wire wire(fd);
  wire.set_deadline(usual_deadline);
  if (::connect(fd, address, size) != 0) fail("connect");
  return wire;
}

}  // namespace

Wire Wire::connect_tcp(std::uint16_t port) { return connect_tcp("127.0.0.1", port); }

Wire Wire::connect_tcp(const std::string& address, std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1)
    throw std::runtime_error("no address: " + address);
  auto wire = connected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&name),
                        sizeof name);
  const int on = 1;
  ::setsockopt(wire.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return wire;
}

Wire Wire::connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&address),
                   sizeof address);
}

Wire::Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

Wire& Wire::operator=(Wire&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

Wire::~Wire() {
  if (fd_ >= 0) ::close(fd_);
}

void Wire::set_deadline(std::chrono::milliseconds limit) {
  const timeval time{limit.count() / 1000, limit.count() % 1000 * 1000};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Wire::receive(std::size_t most) {
  if (!buffer_.empty()) {
    auto out = buffer_.substr(0, most);
    buffer_.erase(0, out.size());
    return out;
  }
  std::string out(most, '\0');
  const auto size = ::recv(fd_, out.data(), most, 0);
  if (size < 0) fail("receive");
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string Wire::receive_exactly(std::size_t size) {
  std::string out;
  while (out.size() < size) {
    const auto piece = receive(size - out.size());
    if (piece.empty()) throw std::runtime_error("the stream ended early");
    out += piece;
  }
  return out;
}

std::string Wire::receive_until(std::string_view end) {
  std::string out;
  for (;;) {
    if (const auto at = out.find(end); at != out.npos) {
      buffer_.insert(0, out.substr(at + end.size()));
      out.resize(at + end.size());
      return out;
    }
    const auto piece = receive();
    if (piece.empty()) throw std::runtime_error("the stream ended early: " + out);
    out += piece;
  }
}

bool Wire::ends_within(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd poll{fd_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0) return false;
    char dropped[4096];
    if (::recv(fd_, dropped, sizeof dropped, MSG_DONTWAIT) <= 0) return true;
  }
}

void Wire::shut_down_sending() { ::shutdown(fd_, SHUT_WR); }

std::vector<std::string> Reply::fields(std::string_view name) const {
  std::vector<std::string> out;
  std::size_t at = head.find("\r\n");
  while (at != head.npos && at + 2 < head.size()) {
    at += 2;
    const auto end = head.find("\r\n", at);
    const auto line = head.substr(at, end - at);
    if (line.size() > name.size() + 1 && line[name.size()] == ':' &&
        ::strncasecmp(line.c_str(), name.data(), name.size()) == 0)
      out.push_back(line.substr(line.find_first_not_of(' ', name.size() + 1)));
    at = end;
  }
  return out;
}

std::string Reply::field(std::string_view name) const {
  const auto all = fields(name);
  return all.empty() ? "" : all.front();
}

std::string request_text(std::string_view method, std::string_view target, const Fields& fields,
                         std::string_view body) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

Reply read_reply(Wire& wire, bool head) {
  Reply reply;
  reply.head = wire.receive_until("\r\n\r\n");
  reply.status = std::stoi(reply.head.substr(9, 3));
  if (head || reply.status < 200 || reply.status == 204 || reply.status == 304) return reply;
  if (const auto length = reply.field("Content-Length"); !length.empty()) {
    reply.body = wire.receive_exactly(std::stoul(length));
  } else if (reply.field("Transfer-Encoding") == "chunked") {
    for (;;) {
      const auto size = std::stoul(wire.receive_until("\r\n"), nullptr, 16);
      reply.body += wire.receive_exactly(size);
      wire.receive_until("\r\n");
      if (size == 0) break;
    }
  } else {
    for (auto piece = wire.receive(); !piece.empty(); piece = wire.receive()) reply.body += piece;
  }
  return reply;
}

Reply fetch(std::uint16_t port, std::string_view method, std::string_view target, Fields fields,
            std::string_view body) {
  auto wire = Wire::connect_tcp(port);
  fields.emplace_back("Connection", "close");
  wire.send(request_text(method, target, fields, body));
  return read_reply(wire, method == "HEAD");
}

void WebSocket::send(int opcode, std::string_view payload) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    frame +=
        {static_cast<char>(0xfe), static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size())};
  } else {
    frame += static_cast<char>(0xff);
    for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>(payload.size() >> shift);
  }
  const char mask[] = {'m', 'a', 's', 'k'};
  frame.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  wire_.send(frame);
}

std::optional<WebSocket::Message> WebSocket::receive() {
  std::string head;
  try {
    head = wire_.receive_exactly(2);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  std::uint64_t size = static_cast<unsigned char>(head[1]) & 0x7f;
  if (size >= 126) {
    const auto extended = wire_.receive_exactly(size == 126 ? 2 : 8);
    size = 0;
    for (const unsigned char byte : extended) size = size << 8 | byte;
  }
  return Message{head[0] & 0x0f, wire_.receive_exactly(size)};
}

Fields websocket_fields(const std::string& host, Fields more) {
  Fields fields{{"Host", host},
                {"Connection", "Upgrade"},
                {"Upgrade", "websocket"},
                {"Sec-WebSocket-Version", "13"},
                {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

}  // namespace berth::test

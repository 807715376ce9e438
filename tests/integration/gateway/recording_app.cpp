// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording_app.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace berth::test {

namespace {

constexpr const char* head_end = "\r\n\r\n";

std::string chunk(const std::string& text) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

std::string plain(const std::string& body, const std::string& fields = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + head_end + body;
}

std::uint64_t content_length(const std::string& head) {
  const Reply as_fields{.status = 0, .head = head, .body = {}};
  const auto length = as_fields.field("Content-Length");
  return length.empty() ? 0 : std::stoull(length);
}

void echo(Wire& wire, const std::string& head) {
  const Reply as_fields{.status = 0, .head = head, .body = {}};
  if (as_fields.field("Transfer-Encoding") == "chunked") {
    wire.send(std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked") + head_end);
    for (std::size_t size = 1; size > 0;) {
      size = std::stoul(wire.receive_until("\r\n"), nullptr, 16);
      wire.send(chunk(wire.receive_exactly(size)));
      wire.receive_until("\r\n");
    }
    return;
  }
  auto left = content_length(head);
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(left) + head_end);
  while (left > 0) {
    const auto piece = wire.receive();
    if (piece.empty()) return;
    wire.send(piece);
    left -= piece.size();
  }
}

}  // namespace

RecordingApp::RecordingApp() {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening_, 64) != 0 ||
      ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the recording app can't listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

RecordingApp::~RecordingApp() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  ::shutdown(listening_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listening_);
}

std::vector<std::string> RecordingApp::heads() {
  const std::lock_guard lock(mutex_);
  return heads_;
}

std::string RecordingApp::last_head() {
  const std::lock_guard lock(mutex_);
  return heads_.empty() ? "" : heads_.back();
}

void RecordingApp::release() {
  const std::lock_guard lock(mutex_);
  ++released_;
  changed_.notify_all();
}

void RecordingApp::accept() {
  for (;;) {
    const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    threads_.emplace_back([this, fd] { serve(Wire(fd)); });
  }
}

void RecordingApp::serve(Wire wire) {
  wire.set_deadline(std::chrono::seconds(30));
  try {
    const auto head = wire.receive_until(head_end);
    {
      const std::lock_guard lock(mutex_);
      heads_.push_back(head);
    }
    const auto target = head.substr(head.find(' ') + 1);
    answer(wire, head, target.substr(0, target.find_first_of(" ?")));
  } catch (const std::exception&) {
    // The other side left; tests look at what it was told.
  }
}

void RecordingApp::answer(Wire& wire, const std::string& head, const std::string& path) {
  if (path == "/echo") return echo(wire, head);
  if (path == "/sse") return answer_events(wire);
  if (path == "/socket") return answer_socket(wire);
  if (path == "/silent") return;
  if (path == "/redirect")
    return wire.send("HTTP/1.1 302 Found\r\nLocation: http://localhost:" + std::to_string(port_) +
                     "/there\r\nContent-Length: 0" + head_end);
  if (path == "/cookie") return wire.send(plain("cookie", "Set-Cookie: app=1; Domain=localhost; Path=/\r\n"));
  if (path == "/empty") return wire.send(std::string("HTTP/1.1 204 No Content") + head_end);
  if (path == "/same")
    return wire.send(std::string("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5") + head_end);
  if (path == "/early")
    return wire.send(std::string("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3") + head_end + "big");
  if (path == "/unframed") return wire.send(std::string("HTTP/1.0 200 OK") + head_end + "until the end");
  if (path == "/expect") {
    wire.send(std::string("HTTP/1.1 100 Continue") + head_end);
    return wire.send(plain("got " + wire.receive_exactly(content_length(head))));
  }
  if (path == "/flood") {
    wire.send(std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked") + head_end);
    for (const auto piece = chunk(std::string(32u << 10, 'f'));; flooded_ += 32u << 10) wire.send(piece);
  }
  wire.send(head.starts_with("HEAD ") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : plain("hello"));
}

void RecordingApp::answer_events(Wire& wire) {
  wire.send(std::string("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: "
                        "no-cache\r\nTransfer-Encoding: chunked") +
            head_end);
  wire.send(chunk("data: 0\n\n"));
  for (int sent = 1;; ++sent) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::milliseconds(50),
                              [&] { return closing_ || released_ >= sent; })) {
      // Notice when the browser has left, as a server would by a failing write.
      char byte;
      if (::recv(wire.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        heads_.push_back("events: the browser left");
        return;
      }
    }
    if (closing_) return;
    lock.unlock();
    wire.send(chunk("data: " + std::to_string(sent) + "\n\n"));
  }
}

void RecordingApp::answer_socket(Wire& wire) {
  // The answer to the one key that these tests use (RFC 6455, 1.3).
  wire.send(std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") +
            head_end);
  for (;;) {
    const auto head = wire.receive_exactly(2);
    const auto size = static_cast<unsigned char>(head[1]) & 0x7f;
    const auto mask = wire.receive_exactly(4);
    auto payload = wire.receive_exactly(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] ^= mask[i % 4];
    wire.send(std::string{head[0], static_cast<char>(size)} + payload);
  }
}

}  // namespace berth::test

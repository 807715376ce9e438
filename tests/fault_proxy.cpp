// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace berth::test {
namespace {

constexpr int patience = 50;  // ms between looks at whether the test has ended

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

net::FileDescriptor listen_on(std::uint16_t& port) {
  net::FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  auto address = loopback(port);
  socklen_t size = sizeof address;
  const int yes = 1;
  if (::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener.get(), 64) != 0 ||
      ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the fault proxy can't listen");
  port = ntohs(address.sin_port);
  return listener;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// The length of the whole request at the front of `bytes`; 0 while it is not all there.
std::size_t request_length(const std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return 0;
  auto head = bytes.substr(0, end);
  std::ranges::transform(head, head.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto field = head.find("content-length:");
  const auto body = field == head.npos ? 0 : std::stoul(head.substr(field + 15));
  return bytes.size() < end + 4 + body ? 0 : end + 4 + body;
}

}  // namespace

Fault Fault::status(int code, const std::string& body, const std::string& headers) {
  return {Kind::answer, 0,
          "HTTP/1.1 " + std::to_string(code) + " Planned\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\nContent-Type: application/xml\r\nConnection: close\r\n" + headers + "\r\n" + body};
}

class FaultProxy::Live {
 public:
  Live(FaultProxy& proxy, int fd) : proxy_(proxy), fd_(fd) {
    const std::lock_guard lock(proxy_.mutex_);
    proxy_.live_.insert(fd_);
    const auto connections = static_cast<int>(proxy_.live_.size() / 2);
    proxy_.most_at_once_ = std::max(proxy_.most_at_once_.load(), connections);
  }
  ~Live() {
    const std::lock_guard lock(proxy_.mutex_);
    proxy_.live_.erase(fd_);
  }
  Live(const Live&) = delete;

 private:
  FaultProxy& proxy_;
  int fd_;
};

FaultProxy::FaultProxy(std::uint16_t server_port) : server_port_(server_port), listener_(listen_on(port_)) {
  acceptor_ = std::thread([this] { accept_all(); });
}

FaultProxy::~FaultProxy() {
  stop_ = true;
  acceptor_.join();
  reset();
  for (auto& session : sessions_) session.join();
}

void FaultProxy::reset() {
  const std::lock_guard lock(mutex_);
  for (const int fd : live_) {
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::shutdown(fd, SHUT_RDWR);
  }
}

void FaultProxy::set_refusing(bool refusing) {
  refusing_ = refusing;
  listening_.wait(refusing);
  if (refusing) reset();
}

void FaultProxy::plan(std::vector<Fault> next, Fault rest) {
  const std::lock_guard lock(mutex_);
  plan_.assign(next.begin(), next.end());
  rest_ = std::move(rest);
}

std::vector<std::string> FaultProxy::answered() {
  const std::lock_guard lock(mutex_);
  return answered_;
}

Fault FaultProxy::next_fault() {
  const std::lock_guard lock(mutex_);
  if (plan_.empty()) return rest_;
  auto fault = plan_.front();
  plan_.pop_front();
  return fault;
}

void FaultProxy::listen_or_not() {
  if (refusing_ == !listening_) return;
  if (refusing_)
    listener_.reset();
  else
    listener_ = listen_on(port_);
  listening_ = !refusing_;
  listening_.notify_all();
}

void FaultProxy::accept_all() {
  while (!stop_) {
    listen_or_not();
    pollfd ready{listening_ ? listener_.get() : -1, POLLIN, 0};
    if (::poll(&ready, 1, patience) != 1) continue;
    net::FileDescriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) continue;
    ++connections_;
    sessions_.emplace_back(
        [this, fd = client.release(), fault = next_fault()] { serve(net::FileDescriptor(fd), fault); });
  }
}

void FaultProxy::serve(net::FileDescriptor client, const Fault& fault) {
  const Live live(*this, client.get());
  switch (fault.kind) {
    case Fault::Kind::refuse:
      return;
    case Fault::Kind::answer:
      return answer(client.get(), fault.text);
    case Fault::Kind::stall:
      while (!stop_) std::this_thread::sleep_for(std::chrono::milliseconds(patience));
      return;
    default:
      return pass(client.get(), fault);
  }
}

void FaultProxy::answer(int client, const std::string& text) {
  std::string taken;
  while (!stop_) {
    pollfd ready{client, POLLIN, 0};
    if (::poll(&ready, 1, patience) != 1) continue;
    char piece[65536];
    const auto got = ::recv(client, piece, sizeof piece, 0);
    if (got <= 0) return;
    taken.append(piece, static_cast<std::size_t>(got));
    if (request_length(taken) == 0) continue;
    {
      const std::lock_guard lock(mutex_);
      answered_.push_back(taken.substr(0, taken.find('\r')));
    }
    send_all(client, text);
    return;
  }
}

void FaultProxy::pass(int client, const Fault& fault) {
  using Kind = Fault::Kind;
  const net::FileDescriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(server_port_);
  if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const Live live(*this, server.get());
  int from = -1;                    // who sent last
  std::size_t counted[2] = {0, 0};  // from the client, from the server
  while (!stop_) {
    pollfd ready[2] = {{client, POLLIN, 0}, {server.get(), POLLIN, 0}};
    if (::poll(ready, 2, patience) <= 0) continue;
    for (int side = 0; side < 2; ++side) {
      if (ready[side].revents == 0) continue;
      char piece[65536];
      auto got = ::recv(ready[side].fd, piece, sizeof piece, 0);
      if (got <= 0) return;
      auto size = static_cast<std::size_t>(got);
      if (side == 1 && fault.kind == Kind::lose_answer) return;
      if (side != std::exchange(from, side)) std::this_thread::sleep_for(std::chrono::milliseconds(delay_));
      const auto begin = counted[side];
      const bool hit = begin <= fault.at && fault.at < begin + size;
      const bool cut = fault.kind == (side == 0 ? Kind::cut_request : Kind::cut_answer) && hit;
      if (fault.kind == (side == 0 ? Kind::damage_request : Kind::damage_answer) && hit)
        piece[fault.at - begin] ^= 0x10;
      if (cut) size = fault.at - begin;
      counted[side] += size;
      if (!send_all(ready[1 - side].fd, {piece, size}) || cut) return;
    }
  }
}

}  // namespace berth::test

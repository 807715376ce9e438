// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace berth::test {
namespace {

constexpr int proxy_patience = 50;  // ms between looks at whether the test has ended

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

/// What one side of a connection sends, on its way to the other.
class Direction {
 public:
  Direction(int from, int to) : from_(from), to_(to) {}

  SlowRoad road;

  /// What to poll the sender for, whom `back` sends to.
  short events(const Direction& back) const {
    return static_cast<short>((road.has_room() && !ended_ ? POLLIN : 0) |
                              (back.arrived_.empty() ? 0 : POLLOUT));
  }
  /// ms until something arrives.
  int patience() const {
    const auto next = road.next_arrival();
    if (!next || !arrived_.empty()) return proxy_patience;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - SlowRoad::Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(wait, 0, proxy_patience));
  }
  /// Takes from one, gives to the other; false when the connection is over.
  bool step(short of_sender, short of_receiver, const Fault& fault, bool asks) {
    if ((of_sender & POLLIN) != 0 && road.has_room() && !ended_ && !receive(fault, asks)) return false;
    if ((of_sender & (POLLERR | POLLNVAL)) != 0 || (of_receiver & (POLLERR | POLLNVAL)) != 0) return false;
    if ((of_sender & POLLHUP) != 0 && (of_sender & POLLIN) == 0 && road.has_room()) ended_ = true;
    arrived_ += road.take(SlowRoad::Clock::now());
    if (!arrived_.empty()) {
      const auto sent = ::send(to_, arrived_.data(), arrived_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
      if (sent > 0) arrived_.erase(0, static_cast<std::size_t>(sent));
    }
    return !ended_ || !road.empty() || !arrived_.empty();
  }

 private:
  bool receive(const Fault& fault, bool asks) {
    using Kind = Fault::Kind;
    char piece[65536];
    const auto got = ::recv(from_, piece, sizeof piece, MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) {
      ended_ = true;
      return true;
    }
    if (!asks && fault.kind == Kind::lose_answer) return false;
    auto size = static_cast<std::size_t>(got);
    const auto begin = counted_;
    const bool hit = begin <= fault.at && fault.at < begin + size;
    const bool cut = fault.kind == (asks ? Kind::cut_request : Kind::cut_answer) && hit;
    if (fault.kind == (asks ? Kind::damage_request : Kind::damage_answer) && hit)
      piece[fault.at - begin] ^= 0x10;
    if (cut) size = fault.at - begin;
    counted_ += size;
    road.put({piece, size}, SlowRoad::Clock::now());
    ended_ = ended_ || cut;
    return true;
  }

  const int from_, to_;
  std::string arrived_;  // and not yet given
  std::size_t counted_ = 0;
  bool ended_ = false;
};

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

FaultProxy::FaultProxy(std::uint16_t server_port) : FaultProxy(server_port, listen_on) {}

FaultProxy::FaultProxy(std::uint16_t server_port, Listen listen)
    : server_port_(server_port), listen_(std::move(listen)), listener_(listen_(port_)) {
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
    listener_ = listen_(port_);
  listening_ = !refusing_;
  listening_.notify_all();
}

void FaultProxy::accept_all() {
  while (!stop_) {
    listen_or_not();
    pollfd ready{listening_ ? listener_.get() : -1, POLLIN, 0};
    if (::poll(&ready, 1, proxy_patience) != 1) continue;
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
      while (!stop_) std::this_thread::sleep_for(std::chrono::milliseconds(proxy_patience));
      return;
    default:
      return pass(client.get(), fault);
  }
}

void FaultProxy::answer(int client, const std::string& text) {
  std::string taken;
  while (!stop_) {
    pollfd ready{client, POLLIN, 0};
    if (::poll(&ready, 1, proxy_patience) != 1) continue;
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

RoadQuality FaultProxy::road() {
  const std::lock_guard lock(mutex_);
  return road_;
}

void FaultProxy::set_road(const RoadQuality& quality) {
  const std::lock_guard lock(mutex_);
  road_ = quality;
  ++road_built_;
}

void FaultProxy::pass(int client, const Fault& fault) {
  const net::FileDescriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(server_port_);
  if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const Live live(*this, server.get());
  Direction up(client, server.get()), down(server.get(), client);
  int built = -1;
  while (!stop_) {
    if (const int now_built = road_built_; now_built != built) {
      built = now_built;
      auto quality = road();
      up.road.set(quality);
      quality.seed += 1;  // the two directions lose different packets
      down.road.set(quality);
    }
    pollfd ready[2] = {{client, up.events(down), 0}, {server.get(), down.events(up), 0}};
    for (auto& side : ready)
      if (side.events == 0) side.fd = -1;  // else one that hung up would be told again and again
    const auto wait = std::min(up.patience(), down.patience());
    if (::poll(ready, 2, wait) < 0) return;
    if (!up.step(ready[0].revents, ready[1].revents, fault, true)) return;
    if (!down.step(ready[1].revents, ready[0].revents, fault, false)) return;
  }
}

}  // namespace berth::test

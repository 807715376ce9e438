// SPDX-License-Identifier: GPL-3.0-or-later
#include "wiretap.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "protocol/codec.hpp"

namespace berth::test {

using namespace std::chrono_literals;

namespace {

/// Copies both ways until either side ends or `stop` is asked for.
void relay(Wire& near, Wire& far, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd ready[2] = {{near.descriptor(), POLLIN, 0}, {far.descriptor(), POLLIN, 0}};
    if (::poll(ready, 2, 20) <= 0) continue;
    for (int side = 0; side < 2; ++side) {
      if (ready[side].revents == 0) continue;
      const auto bytes = (side == 0 ? near : far).receive();
      if (bytes.empty()) return;
      (side == 0 ? far : near).send(bytes);
    }
  }
}

}  // namespace

UnixListener::UnixListener(const std::string& path, std::function<void(Wire)> serve) {
  ::unlink(path.c_str());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_, 8) != 0)
    throw std::runtime_error("no socket");
  thread_ = std::thread([this, serve = std::move(serve)] {
    for (int fd = 0; (fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      Wire wire(fd);
      wire.set_deadline(10s);
      try {
        serve(std::move(wire));
      } catch (const std::exception&) {
        // The peer went away in the middle; there will be others.
      }
    }
  });
}

UnixListener::~UnixListener() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

Impostor::Impostor(const std::string& path, std::function<std::string(const std::string&)> answer)
    : answer_(std::move(answer)), listener_(path, [this](Wire wire) {
        const auto request = wire.receive_until("\r\n\r\n");
        {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
        }
        wire.send(answer_(request));
        wire.ends_within(10s);
      }) {}

std::string Impostor::request() {
  const std::lock_guard lock(mutex_);
  return requests_.empty() ? "" : requests_.back();
}

Wiretap::Wiretap(const std::string& path, Mode mode) : path_(path), beyond_(path + ".real"), mode_(mode) {
  if (std::rename(path_.c_str(), beyond_.c_str()) != 0) throw std::runtime_error("no socket to tap");
  listener_.emplace(path_, [this](Wire wire) { serve(std::move(wire)); });
}

Wiretap::~Wiretap() {
  listener_.reset();
  relays_.clear();
  std::rename(beyond_.c_str(), path_.c_str());
}

void Wiretap::serve(Wire server) {
  const auto request = server.receive_until("\r\n\r\n");
  if (const auto at = request.find("Berth "); at != request.npos) {
    const std::lock_guard lock(mutex_);
    tokens_.push_back(request.substr(at + 6, request.find("\r\n", at) - at - 6));
  }
  if (mode_ == Mode::keep) return;
  auto runner = Wire::connect_unix(beyond_);
  runner.send(request);
  relays_.emplace_back([near = std::move(server), far = std::move(runner)](std::stop_token stop) mutable {
    try {
      relay(near, far, stop);
    } catch (const std::exception&) {
      // One side was reset.
    }
  });
}

std::optional<std::string> Wiretap::token_of(const std::string& user_name) {
  const std::lock_guard lock(mutex_);
  for (auto token = tokens_.rbegin(); token != tokens_.rend(); ++token)
    if (claims_of(*token).user_name == user_name) return *token;
  return std::nullopt;
}

protocol::ConnectClaims claims_of(const std::string& token) {
  const auto json = protocol::parse_json(*protocol::decode_base64url(token.substr(0, token.find('.'))));
  auto claims = protocol::decode<protocol::ConnectClaims>(*json, "claims");
  if (!claims) throw std::runtime_error(claims.error().message);
  return *claims;
}

}  // namespace berth::test

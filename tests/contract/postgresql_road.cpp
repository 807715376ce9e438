// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/postgresql_road.hpp"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace berth::server::testing {
namespace {

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

net::FileDescriptor local_socket() {
  return net::FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

PostgresqlRoad::PostgresqlRoad(std::filesystem::path server) : server_(std::move(server)) {
  std::string name = std::filesystem::temp_directory_path() / "berth-road-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a socket");
  folder_ = name;
  const auto address = address_of(folder_ / ".s.PGSQL.5432");
  listener_ = local_socket();
  if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_.get(), 16) != 0)
    throw std::runtime_error("no socket for the road to PostgreSQL");
  acceptor_ = std::thread([this] { accept_all(); });
}

PostgresqlRoad::~PostgresqlRoad() {
  stop_ = true;
  acceptor_.join();
  for (auto& session : sessions_) session.join();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresqlRoad::accept_all() {
  while (!stop_) {
    if (!silent_) unanswered_.clear();
    pollfd ready{listener_.get(), POLLIN, 0};
    if (::poll(&ready, 1, 20) != 1) continue;
    net::FileDescriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    ++connected_;
    if (close_afterwards_ && lost_ > 0) continue;
    if (silent_) {
      unanswered_.push_back(std::move(client));
      continue;
    }
    sessions_.emplace_back([this, client = std::move(client)]() mutable { pass(std::move(client)); });
  }
}

void PostgresqlRoad::count_loss() {
  if (--to_lose_ == 0) plan_ = Plan::none;
  ++lost_;
}

void PostgresqlRoad::pass(net::FileDescriptor client) {
  const auto server = local_socket();
  const auto address = address_of(server_);
  if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  using namespace std::string_view_literals;
  bool committing = false;
  const int epoch = epoch_;
  std::array<char, 65536> piece{};
  while (!stop_ && !silent_) {
    if (epoch < frozen_to_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    std::array<pollfd, 2> ready{{{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), 20) <= 0) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      if (ready[side].revents == 0) continue;
      const auto got = ::recv(ready[side].fd, piece.data(), piece.size(), 0);
      if (got <= 0) return;
      const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
      const bool ends = bytes.find("COMMIT\0"sv) != bytes.npos;
      if (side == 0) committing = ends;
      if (side == 0 && ends && plan_ == Plan::lose_commit) return count_loss();
      if (side == 1 && ends && committing && plan_ == Plan::lose_answer) return count_loss();
      if (!send_all(ready[1 - side].fd, bytes)) return;
    }
  }
}

}  // namespace berth::server::testing

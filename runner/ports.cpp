// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/ports.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "protocol/net/file_descriptor.hpp"
#include "runner/listening_sockets.hpp"

namespace berth::runner {
namespace {

using protocol::Port;
constexpr std::size_t most_ports = 1000;
/// The program's name, without the line's end.
std::string name_of(const std::string& process) {
  const net::FileDescriptor fd(::open((process + "/comm").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 64> name;
  const auto length = fd ? ::read(fd.get(), name.data(), name.size()) : 0;
  std::string text(name.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// Finds which processes hold the sockets: a walk over /proc, made only when a new socket appeared.
void name_sockets(const std::vector<ListeningSocket>& sockets, std::map<std::uint64_t, std::string>& names) {
  DIR* processes = ::opendir("/proc");
  if (!processes) return;
  while (const dirent* process = ::readdir(processes)) {
    if (std::atoi(process->d_name) <= 0) continue;
    const std::string folder = "/proc/" + std::string(process->d_name);
    DIR* descriptors = ::opendir((folder + "/fd").c_str());
    if (!descriptors) continue;
    while (const dirent* descriptor = ::readdir(descriptors)) {
      char target[64];
      const auto length = ::readlinkat(::dirfd(descriptors), descriptor->d_name, target, sizeof target - 1);
      const std::string_view link(target, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
      if (!link.starts_with("socket:[")) continue;
      const auto inode = std::strtoull(std::string(link.substr(8)).c_str(), nullptr, 10);
      if (names.contains(inode) || !std::ranges::contains(sockets, inode, &ListeningSocket::inode)) continue;
      names[inode] = name_of(folder);
    }
    ::closedir(descriptors);
  }
  ::closedir(processes);
}

struct Look {
  std::vector<Port> ports;
  std::map<std::uint64_t, std::string> names;
};

Look look_now(std::uint16_t hidden, std::map<std::uint64_t, std::string> names) {
  auto sockets = listening_sockets();
  std::erase_if(sockets, [&](const auto& socket) { return socket.port == hidden; });
  std::erase_if(names, [&](const auto& entry) {
    return !std::ranges::contains(sockets, entry.first, &ListeningSocket::inode);
  });
  if (!std::ranges::all_of(sockets, [&](const auto& socket) { return names.contains(socket.inode); })) {
    name_sockets(sockets, names);
    for (const auto& socket : sockets) names.try_emplace(socket.inode);  // another user's: asked once
  }
  Look look;
  for (const auto& socket : sockets) look.ports.push_back({socket.port, socket.address, names[socket.inode]});
  const auto order = [](const Port& port) { return std::pair(port.port, std::string_view(port.address)); };
  std::ranges::sort(look.ports, {}, order);
  const auto repeated = std::ranges::unique(look.ports, {}, order);
  look.ports.erase(repeated.begin(), repeated.end());
  if (look.ports.size() > most_ports) look.ports.resize(most_ports);
  look.names = std::move(names);
  return look;
}

bool same(const std::vector<Port>& a, const std::vector<Port>& b) {
  return std::ranges::equal(a, b, [](const Port& x, const Port& y) {
    return x.port == y.port && x.address == y.address && x.process == y.process;
  });
}

}  // namespace

Ports::Ports(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
             std::uint16_t hidden)
    : pool_(pool), tasks_(tasks), timer_(io), hidden_(hidden) {}

void Ports::set_active(bool active) {
  active_ = active;
  if (!active) timer_.cancel();
  if (active && !std::exchange(running_, true)) tasks_.spawn(run());
}

net::Task<std::vector<Port>> Ports::look() {
  auto found =
      co_await net::offload(pool_, [hidden = hidden_, names = names_] { return look_now(hidden, names); });
  names_ = std::move(found.names);
  if (!same(found.ports, latest_)) {
    latest_ = std::move(found.ports);
    if (on_changed) on_changed(latest_);
  }
  co_return latest_;
}

net::Task<void> Ports::run() {
  while (active_) {
    (void)co_await look();
    if (!active_) break;
    timer_.expires_after(interval);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    if (cancelled && active_ &&
        (co_await boost::asio::this_coro::cancellation_state).cancelled() !=
            boost::asio::cancellation_type::none)
      break;
  }
  running_ = false;
}

}  // namespace berth::runner

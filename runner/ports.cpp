// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/ports.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

using protocol::Port;
constexpr std::size_t most_ports = 1000;
constexpr std::string_view listening_state = "0A";

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
      auto name = read_text((folder + "/comm").c_str());
      while (!name.empty() && name.back() == '\n') name.pop_back();
      names[inode] = std::move(name);
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
  auto sockets = parse_listening(read_text("/proc/net/tcp"));
  std::ranges::move(parse_listening(read_text("/proc/net/tcp6")), std::back_inserter(sockets));
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

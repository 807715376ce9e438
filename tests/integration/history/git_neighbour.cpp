// SPDX-License-Identifier: GPL-3.0-or-later
#include "git_neighbour.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace berth::server::testing {
namespace {

void must(bool held, const std::string& what) {
  if (!held) throw std::runtime_error("git neighbour: " + what);
}

bool shell(const std::string& commands) {
  return std::system(("set -e; PATH=$PATH:/usr/sbin:/sbin; " + commands).c_str()) == 0;
}

bool listens(const char* address, int port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address, &name.sin_addr);
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool there = ::connect(connection, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0;
  ::close(connection);
  return there;
}

}  // namespace

GitNeighbour::GitNeighbour(const std::filesystem::path& folder) {
  must(::geteuid() == 0, "only root can make networks");
  must(::unshare(CLONE_NEWNET) == 0, "network namespace");
  int apart[2], joined[2];
  must(::pipe(apart) == 0 && ::pipe(joined) == 0, "pipe");
  machine_ = ::fork();
  if (machine_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    char go = 0;
    if (::unshare(CLONE_NEWNET) != 0 || ::write(apart[1], "n", 1) != 1 || ::read(joined[0], &go, 1) != 1)
      ::_exit(1);
    if (!shell(std::string("ip link set lo up; ip addr add ") + address + "/24 dev far; ip link set far up"))
      ::_exit(2);
    const auto base = "--base-path=" + folder.string();
    ::execlp("git", "git", "-c", "safe.directory=*", "daemon", "--export-all", base.c_str(), "--reuseaddr",
             "--log-destination=none", folder.c_str(), nullptr);
    ::_exit(3);
  }
  char told = 0;
  must(::read(apart[0], &told, 1) == 1, "the other machine");
  must(shell("ip link set lo up; ip link add near type veth peer name far netns " + std::to_string(machine_) +
             "; ip addr add " + own + "/24 dev near; ip link set near up; ip route add default via " +
             address),
       "addresses");
  must(::write(joined[1], "g", 1) == 1, "the other machine's addresses");
  for (const int fd : {apart[0], apart[1], joined[0], joined[1]}) ::close(fd);
  for (int tries = 0; !listens(address, 9418); ++tries) {
    must(tries < 1000, "git daemon does not answer");
    ::poll(nullptr, 0, 10);
  }
}

GitNeighbour::~GitNeighbour() {
  ::kill(machine_, SIGTERM);
  ::waitpid(machine_, nullptr, 0);
}

}  // namespace berth::server::testing

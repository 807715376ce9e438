// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/local/private_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace berth::server::local {

namespace {

constexpr int port_of_the_neighbour = 4000;

void network_must(bool held, const std::string& what) {
  if (!held) throw std::runtime_error("private network: " + what + ": " + std::strerror(errno));
}

bool shell(const std::string& commands) {
  return std::system(("set -e; PATH=$PATH:/usr/sbin:/sbin; " + commands).c_str()) == 0;
}

/// An ordinary user may set up a network in a user namespace of its own; its programs too by these ambient
/// rights.
void take_rights_of_a_namespace() {
  const std::string uid = std::to_string(getuid()), gid = std::to_string(getgid());
  network_must(unshare(CLONE_NEWUSER) == 0, "user namespace");
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << uid << " " << uid << " 1";
  std::ofstream("/proc/self/gid_map") << gid << " " << gid << " 1";
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  network_must(syscall(SYS_capget, &header, data) == 0, "capget");
  for (auto& part : data) part.inheritable = part.permitted;
  network_must(syscall(SYS_capset, &header, data) == 0, "capset");
  // The second is for opening the other machine's namespace, whose process has more rights than `ip`.
  for (const unsigned long right : {CAP_NET_ADMIN, CAP_SYS_PTRACE})
    network_must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, right, 0, 0) == 0, "ambient rights");
}

/// The other machine: says who was reached until `alive` ends.
[[noreturn]] void be_neighbour(int alive, int ready) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (unshare(CLONE_NEWNET) != 0) _exit(1);
  char go = 0;
  if (write(ready, "n", 1) != 1 || read(alive, &go, 1) != 1) _exit(2);
  if (!shell(std::string("ip link set lo up; ip addr add ") + PrivateNetwork::neighbour +
             "/24 dev far; ip addr add " + PrivateNetwork::neighbour2 + "/24 dev far; ip link set far up"))
    _exit(3);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port_of_the_neighbour);
  if (bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || listen(listener, 8) != 0)
    _exit(4);
  if (write(ready, "y", 1) != 1) _exit(5);
  for (;;) {
    pollfd entries[2] = {{listener, POLLIN, 0}, {alive, POLLIN, 0}};
    if (poll(entries, 2, -1) < 0 || entries[1].revents != 0) _exit(0);
    const int connection = accept(listener, nullptr, nullptr);
    socklen_t size = sizeof name;
    getsockname(connection, reinterpret_cast<sockaddr*>(&name), &size);
    char address[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &name.sin_addr, address, sizeof address);
    const std::string text = std::string("reached ") + address + "\n";
    if (write(connection, text.data(), text.size()) < 0) _exit(6);
    close(connection);
  }
}

}  // namespace

PrivateNetwork::PrivateNetwork() : port_(port_of_the_neighbour) {
  if (geteuid() != 0) take_rights_of_a_namespace();
  network_must(unshare(CLONE_NEWNET) == 0, "network namespace");
  int alive[2], ready[2];
  network_must(pipe2(alive, O_CLOEXEC) == 0 && pipe2(ready, O_CLOEXEC) == 0, "pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(alive[1]);
    be_neighbour(alive[0], ready[1]);
  }
  close(alive[0]);
  close(ready[1]);
  alive_.reset(alive[1]);
  const net::FileDescriptor told(ready[0]);
  char answer = 0;
  network_must(read(told.get(), &answer, 1) == 1, "the other machine");
  network_must(
      shell("ip link set lo up; ip link add near type veth peer name far netns " + std::to_string(child) +
            "; ip addr add " + own +
            "/24 dev near; ip addr add 10.211.2.1/24 dev near; ip link set near up; ip route add default "
            "via " +
            neighbour),
      "addresses");
  network_must(write(alive_.get(), "g", 1) == 1 && read(told.get(), &answer, 1) == 1,
               "the other machine's addresses");
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

std::string read_from(const std::string& address, int port) {
  const net::FileDescriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, address.c_str(), &name.sin_addr);
  if (connect(connection.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) return {};
  std::string text;
  char part[64];
  for (ssize_t got; (got = recv(connection.get(), part, sizeof part, 0)) > 0;)
    text.append(part, static_cast<std::size_t>(got));
  return text;
}

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client_networks.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace berth::test {
namespace {

void kernel_must(bool held, const std::string& what) {
  if (!held) throw std::runtime_error("clients' networks: " + what + ": " + std::strerror(errno));
}

net::FileDescriptor namespace_of(pid_t process, const char* kind) {
  const auto path = "/proc/" + std::to_string(process) + "/ns/" + kind;
  net::FileDescriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  kernel_must(static_cast<bool>(opened), "can't open " + path);
  return opened;
}

/// In a process of its own; its end is that function's.
template <class Function>
pid_t in_child(Function function) {
  const pid_t child = ::fork();
  kernel_must(child >= 0, "fork");
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  function();
  ::_exit(127);
}

void send_descriptor(int channel, int descriptor) {
  char byte = 'd';
  iovec part{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  (void)::sendmsg(channel, &message, 0);
}

net::FileDescriptor receive_descriptor(int channel) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  if (::recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1) return {};
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return {};
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  return net::FileDescriptor(descriptor);
}

void map_to_root(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  std::ofstream(folder + "/setgroups") << "deny";
  std::ofstream uids(folder + "/uid_map"), gids(folder + "/gid_map");
  uids << "0 " << ::geteuid() << " 1" << std::flush;
  gids << "0 " << ::getegid() << " 1" << std::flush;
  kernel_must(uids.good() && gids.good(), "can't map ids into a user namespace");
}

}  // namespace

ClientNetworks::Place ClientNetworks::make_place() {
  int alive[2], told[2], go[2];
  kernel_must(::pipe2(alive, O_CLOEXEC) == 0 && ::pipe2(told, O_CLOEXEC) == 0 && ::pipe2(go, O_CLOEXEC) == 0,
              "pipe");
  const bool needs_user = ::geteuid() != 0 && !user_;
  Place place;
  place.keeper = in_child([&] {
    ::close(alive[1]);
    char byte = 0;
    if (user_ && ::setns(user_.get(), CLONE_NEWUSER) != 0) ::_exit(1);
    if (needs_user && ::unshare(CLONE_NEWUSER) != 0) ::_exit(2);
    if (::write(told[1], "u", 1) != 1 || ::read(go[0], &byte, 1) != 1) ::_exit(3);
    if (::unshare(CLONE_NEWNET) != 0) ::_exit(4);
    if (::write(told[1], "n", 1) != 1) ::_exit(5);
    (void)::read(alive[0], &byte, 1);  // until the test ends
    ::_exit(0);
  });
  const net::FileDescriptor ears(told[0]), start(go[1]);
  ::close(alive[0]);
  ::close(told[1]);
  ::close(go[0]);
  place.alive.reset(alive[1]);
  char byte = 0;
  kernel_must(::read(ears.get(), &byte, 1) == 1, "this kernel lets ordinary users make no user namespaces");
  if (needs_user) {
    map_to_root(place.keeper);
    user_ = namespace_of(place.keeper, "user");
  }
  kernel_must(::write(start.get(), "g", 1) == 1 && ::read(ears.get(), &byte, 1) == 1,
              "no network namespace can be made here");
  place.network = namespace_of(place.keeper, "net");
  return place;
}

bool ClientNetworks::enter(const Place& place) const {
  if (user_ && ::setns(user_.get(), CLONE_NEWUSER) != 0) return false;
  return ::setns(place.network.get(), CLONE_NEWNET) == 0;
}

void ClientNetworks::run(const Place& place, const std::string& commands, const std::string& what) const {
  const auto line = "set -e; PATH=$PATH:/usr/sbin:/sbin; " + commands;
  const pid_t child = in_child([&] {
    if (enter(place)) ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
  });
  int status = -1;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0) throw std::runtime_error("clients' networks: " + what + ": " + commands);
}

ClientNetworks::ClientNetworks(int clients) {
  road_ = make_place();
  run(road_, "ip link set lo up", "a network has no loopback");
  for (int client = 0; client < clients; ++client) {
    auto& cable = cables_.emplace_back();
    cable.place = make_place();
    const auto number = std::to_string(client);
    run(road_,
        "ip link add cable" + number + " type veth peer name cable netns " +
            std::to_string(cable.place.keeper) + "; ip addr add " + road_address(client) + "/24 dev cable" +
            number + "; ip link set cable" + number + " up",
        "this kernel has no pairs of virtual cables (veth)");
    run(cable.place,
        "ip link set lo up; ip addr add " + address(client) + "/24 dev cable; ip link set cable up",
        "a cable can't be plugged in");
  }
}

ClientNetworks::~ClientNetworks() {
  for (auto& cable : cables_) cable.place.alive.reset();
  road_.alive.reset();
  for (const auto& cable : cables_) ::waitpid(cable.place.keeper, nullptr, 0);
  ::waitpid(road_.keeper, nullptr, 0);
}

std::string ClientNetworks::road_address(int client) const {
  return "10.213." + std::to_string(client) + ".1";
}

std::string ClientNetworks::address(int client) const {
  const auto moves = cables_[static_cast<std::size_t>(client)].moves;
  return "10.213." + std::to_string(client) + "." + std::to_string(2 + moves % 250);
}

net::FileDescriptor ClientNetworks::listen(std::uint16_t& port) const {
  int channel[2];
  kernel_must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) == 0, "socketpair");
  const pid_t child = in_child([&] {
    if (!enter(road_)) ::_exit(1);
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    const int yes = 1;
    if (::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || ::listen(listener, 64) != 0)
      ::_exit(2);
    send_descriptor(channel[1], listener);
    ::_exit(0);
  });
  const net::FileDescriptor ours(channel[0]);
  ::close(channel[1]);
  auto listener = receive_descriptor(ours.get());
  ::waitpid(child, nullptr, 0);
  kernel_must(static_cast<bool>(listener), "nobody can listen on the road");
  sockaddr_in name{};
  socklen_t size = sizeof name;
  kernel_must(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size) == 0, "getsockname");
  port = ntohs(name.sin_port);
  return listener;
}

void ClientNetworks::unplug(int client, End end) {
  auto& cable = cables_[static_cast<std::size_t>(client)];
  if (end == End::road)
    run(road_, "ip link set cable" + std::to_string(client) + " down", "a cable can't be unplugged");
  else
    run(cable.place, "ip link set cable down", "a cable can't be unplugged");
  cable.unplugged = true;
}

void ClientNetworks::plug_in(int client) {
  auto& cable = cables_[static_cast<std::size_t>(client)];
  if (!std::exchange(cable.unplugged, false)) return;
  run(road_, "ip link set cable" + std::to_string(client) + " up", "a cable can't be plugged in");
  run(cable.place, "ip link set cable up", "a cable can't be plugged in");
}

void ClientNetworks::set_width(int client, int kilobits_per_second) {
  const auto narrow = [&](const std::string& device) {
    if (kilobits_per_second == 0) return "tc qdisc del dev " + device + " root 2>/dev/null || true";
    return "tc qdisc replace dev " + device + " root tbf rate " + std::to_string(kilobits_per_second) +
           "kbit burst 4kb latency 300ms";
  };
  const std::string lacks = "this kernel can't make a cable narrow (tbf: the module sch_tbf)";
  run(road_, narrow("cable" + std::to_string(client)), lacks);
  run(cables_[static_cast<std::size_t>(client)].place, narrow("cable"), lacks);
}

void ClientNetworks::move(int client) {
  auto& cable = cables_[static_cast<std::size_t>(client)];
  ++cable.moves;
  run(cable.place,
      // The first address of a network takes the others with it when it goes.
      "ip addr flush dev cable; ip addr add " + address(client) + "/24 dev cable",
      "a client can't get another address");
}

pid_t ClientNetworks::start(int client, const std::vector<std::string>& command, int in, int out) const {
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto& place = cables_[static_cast<std::size_t>(client)].place;
  return in_child([&] {
    if (!enter(place) || ::dup2(in, 0) < 0 || ::dup2(out, 1) < 0) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // entering took it away
    ::execv(words[0], words.data());
  });
}

}  // namespace berth::test

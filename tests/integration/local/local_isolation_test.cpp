// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace's programs can't reach, tried from inside real workspaces.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "server/backends/local/network_rules.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A TCP service of the host, bound to `address`.
struct HostService {
  Descriptor listener;
  int port = 0;

  explicit HostService(const std::string& address) {
    const bool v6 = address.find(':') != std::string::npos;
    sockaddr_storage where{};
    socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    auto* four = reinterpret_cast<sockaddr_in*>(&where);
    auto* six = reinterpret_cast<sockaddr_in6*>(&where);
    where.ss_family = v6 ? AF_INET6 : AF_INET;
    inet_pton(where.ss_family, address.c_str(),
              v6 ? static_cast<void*>(&six->sin6_addr) : static_cast<void*>(&four->sin_addr));
    listener = Descriptor(socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (bind(listener.get(), reinterpret_cast<sockaddr*>(&where), size) != 0 ||
        listen(listener.get(), 16) != 0)
      return;
    getsockname(listener.get(), reinterpret_cast<sockaddr*>(&where), &size);
    port = ntohs(v6 ? six->sin6_port : four->sin_port);
  }
};

/// Shell words that succeed when a TCP connection can be made; never waits longer than 2 s.
std::string connects(const std::string& address, int port) {
  return "timeout 2 bash -c '< /dev/tcp/" + address + "/" + std::to_string(port) + "' 2> /dev/null";
}

/// One workspace for all tests that only look around in it.
class Isolation : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ground_ = std::make_unique<LocalGround>();
    request_ = ground_->request();
    address_ = ground_->start(request_);
    neighbour_request_ = ground_->request();
    neighbour_ = ground_->start(neighbour_request_);
  }
  static void TearDownTestSuite() { ground_.reset(); }

  static ScriptEnd run(const std::string& script) { return run_script(address_, script); }

  inline static std::unique_ptr<LocalGround> ground_;
  inline static StartRequest request_, neighbour_request_;
  inline static RunnerAddress address_, neighbour_;
};

TEST_F(Isolation, programs_have_no_capabilities_and_gain_none) {
  const auto end = run("grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
    EXPECT_THAT(end.output, HasSubstr(std::string(set) + ":\t0000000000000000")) << end.output;
  EXPECT_THAT(end.output, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(end.output, HasSubstr("Seccomp:\t2"));
}

TEST_F(Isolation, the_system_is_read_only) {
  for (const char* place : {"/usr/bin/x", "/etc/x", "/x", "/.berth/bin/x", "/var/x", "/home/x", "/bin/x"})
    EXPECT_NE(run("touch " + std::string(place) + " 2> /dev/null").status, 0) << place;
  EXPECT_EQ(run("touch /tmp/x /dev/shm/x /run/x ~/x").status, 0);
  EXPECT_NE(run("mount -o remount,rw / || mount -t tmpfs none /mnt || umount /usr").status, 0);
}

TEST_F(Isolation, etc_is_generated_and_has_nothing_of_the_host) {
  const auto end =
      run("cat /etc/passwd /etc/hosts /etc/hostname; ls /etc; ls /etc/shadow /etc/sudoers /etc/subuid");
  EXPECT_THAT(end.output, HasSubstr("berth:x:"));
  for (const char* file : {"/etc/shadow", "/etc/sudoers", "/etc/subuid"})
    EXPECT_THAT(end.output, HasSubstr("cannot access '" + std::string(file) + "'"));
  EXPECT_THAT(end.output, Not(HasSubstr("www-data")));
}

TEST_F(Isolation, other_workspaces_and_the_servers_data_are_out_of_sight) {
  ASSERT_EQ(run_script(neighbour_, "echo secret-of-the-neighbour > secret.txt").status, 0);
  const auto& data = ground_->options().data;
  for (const std::string& path :
       {data, data + "/workspaces/" + neighbour_request_.workspace, neighbour_.unix_path, address_.unix_path,
        TestGround::get().folder, std::string("/home/berth/../../root")})
    EXPECT_NE(run("ls -d " + path + " 2> /dev/null").status, 0) << path;
  const auto found =
      run("grep -rs secret-of-the-neighbour --include=secret.txt / 2> /dev/null | head -1; find / -name "
          "runner.sock 2> /dev/null");
  EXPECT_EQ(found.output, "");
  EXPECT_EQ(run("cat /proc/self/mountinfo | grep " + data + "/run").output, "");
}

TEST_F(Isolation, only_its_own_processes_are_seen) {
  const auto end = run("cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' ' '; ls -d /proc/[0-9]* | wc -l");
  EXPECT_THAT(end.output, Not(HasSubstr("local_isolation_test")));
  EXPECT_THAT(end.output, Not(HasSubstr("pasta")));
  EXPECT_EQ(run("kill -0 " + std::to_string(getpid()) + " 2> /dev/null").status, 1);
  EXPECT_EQ(run("ls -l /proc/1/root /proc/1/cwd /proc/1/exe > /dev/null 2>&1").status == 0,
            !ground_->local().two_uids());
}

TEST_F(Isolation, the_runner_can_be_neither_killed_nor_traced_nor_read) {
  ASSERT_TRUE(ground_->local().two_uids()) << "this machine lacks newuidmap or ranges in /etc/subuid";
  EXPECT_THAT(run("kill -KILL 1").output, HasSubstr("Operation not permitted"));
  EXPECT_THAT(run("kill -STOP 1").output, HasSubstr("Operation not permitted"));
  EXPECT_THAT(run("cat /proc/1/mem").output, HasSubstr("Permission denied"));
  EXPECT_THAT(run("cat /proc/1/environ").output, HasSubstr("Permission denied"));
  EXPECT_THAT(run("ls /proc/1/fd").output, HasSubstr("Permission denied"));
  EXPECT_THAT(run("cat /proc/1/maps").output, HasSubstr("Permission denied"));
  const auto traced = run(R"sh(python3 -c '
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
    print(libc.ptrace(request, 1, None, None), os.strerror(ctypes.get_errno()))
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
room = ctypes.create_string_buffer(16)
near, far = Part(ctypes.addressof(room), 16), Part(0x400000, 16)
print(libc.process_vm_readv(1, ctypes.byref(near), 1, ctypes.byref(far), 1, 0), os.strerror(ctypes.get_errno()))
')sh");
  EXPECT_EQ(traced.output,
            "-1 Operation not permitted\n-1 Operation not permitted\n-1 Operation not permitted\n");
  EXPECT_EQ(run("true").status, 0) << "the runner still answers";
}

TEST_F(Isolation, no_way_to_new_namespaces_or_root) {
  EXPECT_NE(run("unshare -U true 2> /dev/null").status, 0);
  EXPECT_NE(run("unshare -n true 2> /dev/null").status, 0);
  EXPECT_NE(run("nsenter -t 1 -U true 2> /dev/null").status, 0);
  EXPECT_NE(run("su -c true 2> /dev/null || sudo -n true 2> /dev/null").status, 0);
  EXPECT_THAT(run("python3 -c 'import socket; socket.socket(40, 1)' 2>&1").output,
              HasSubstr("Operation not permitted"))
      << "vsock";
  EXPECT_THAT(run("python3 -c 'import ctypes, os; c = ctypes.CDLL(None, use_errno=True); "
                  "print(c.syscall(321, 0, 0, 0), os.strerror(ctypes.get_errno()))'")
                  .output,
              HasSubstr("Operation not permitted"))
      << "bpf";
}

TEST_F(Isolation, the_hosts_loopback_is_unreachable) {
  const HostService service("127.0.0.1");
  ASSERT_GT(service.port, 0);
  // What the words mean: they succeed where something listens.
  ASSERT_EQ(run("python3 -m http.server 4321 > /dev/null 2>&1 & for i in $(seq 100); do " +
                connects("127.0.0.1", 4321) + " && exit 0; sleep 0.05; done; exit 1")
                .status,
            0);
  EXPECT_NE(run(connects("127.0.0.1", service.port)).status, 0);
  EXPECT_NE(run(connects("127.0.0.2", service.port)).status, 0);
  EXPECT_NE(run(connects("localhost", service.port)).status, 0);
}

TEST_F(Isolation, the_hosts_own_addresses_are_unreachable) {
  for (const auto& address : host_addresses()) {
    if (address.starts_with("fe80")) continue;  // needs an interface's name, and is refused as a whole
    const HostService service(address);
    ASSERT_GT(service.port, 0) << address;
    EXPECT_NE(run(connects(address, service.port)).status, 0) << address;
  }
}

TEST_F(Isolation, the_gateway_does_not_stand_for_the_host) {
  const HostService service("0.0.0.0");
  const auto gateway = run("ip -4 route show default | cut -d' ' -f3").output;
  ASSERT_FALSE(gateway.empty());
  EXPECT_NE(run(connects(gateway.substr(0, gateway.find('\n')), service.port)).status, 0) << gateway;
}

TEST_F(Isolation, metadata_and_private_networks_are_refused_at_once) {
  for (const char* address :
       {"169.254.169.254", "10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "100.100.100.200"}) {
    const auto end = run(std::string("start=$(date +%s%N); curl -s -m 5 http://") + address +
                         "/; status=$?; "
                         "echo $(( ($(date +%s%N) - start) / 1000000 )); exit $status");
    EXPECT_EQ(end.status, 7) << address << ": curl could connect or waited: " << end.output;
    EXPECT_LT(atoi(end.output.c_str()), 2000) << address;
  }
  EXPECT_EQ(run("curl -s -m 5 http://[fd00:ec2::254]/").status, 7);
  EXPECT_EQ(run("curl -s -m 5 http://[64:ff9b::a9fe:a9fe]/").status, 7);
}

TEST_F(Isolation, the_rules_of_the_network_can_not_be_changed) {
  EXPECT_NE(run("nft flush ruleset 2> /dev/null || nft list ruleset 2> /dev/null").status, 0);
  EXPECT_NE(run("ip route add 10.0.0.0/8 dev lo 2> /dev/null || ip link set lo down 2> /dev/null").status, 0);
  EXPECT_NE(run("curl -s -m 5 http://10.0.0.1/").status, 0);
}

TEST_F(Isolation, another_workspace_is_no_neighbour_in_the_network) {
  ASSERT_EQ(
      run_script(
          neighbour_,
          "nohup python3 -m http.server 4567 > /dev/null 2>&1 & "
          "for i in $(seq 100); do curl -s localhost:4567 > /dev/null && exit 0; sleep 0.05; done; exit 1")
          .status,
      0);
  for (const auto& address : host_addresses()) EXPECT_NE(run(connects(address, 4567)).status, 0) << address;
  EXPECT_NE(run(connects("127.0.0.1", 4567)).status, 0);
}

}  // namespace

}  // namespace berth::server::local

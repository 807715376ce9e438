// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "protocol/codec.hpp"

namespace berth::test {
namespace {

[[noreturn]] void give_up(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

int config_with(const std::string& text) {
  const int fd = ::memfd_create("start", 0);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up("memfd");
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

[[noreturn]] void execute(int config, int listening) {
  ::fcntl(config, F_SETFD, 0);
  ::fcntl(listening, F_SETFD, 0);
  const std::string number = std::to_string(config);
  ::execl(BERTH_RUNNER_BINARY, "berth-runner", "--config-fd", number.c_str(), nullptr);
  ::_exit(126);
}

}  // namespace

RunnerProcess::RunnerProcess(RunnerOptions options) : options_(options) {
  char name[] = "/tmp/berth-runner-test-XXXXXX";
  if (!::mkdtemp(name)) give_up("mkdtemp");
  folder_ = name;
  ::chmod(name, 0755);
  home_ = folder_ / "home";
  std::filesystem::create_directories(home_ / "project");
  std::filesystem::create_directories(folder_ / "state");
  write_file(".bash_profile", "PS1='$ '\n");
  if (options_.person_uid != 0)
    for (const auto& path : {home_, home_ / "project", folder_ / "state"})
      if (::chown(path.c_str(), options_.person_uid, options_.person_uid) != 0) give_up("chown");
  socket_path_ = folder_ / "runner.sock";
  listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, socket_path_.c_str());
  if (::bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_.get(), 64) != 0)
    give_up("listen");
  start();
}

RunnerProcess::~RunnerProcess() {
  if (pid_ > 0) stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RunnerProcess::start() {
  protocol::RunnerStart start{};
  start.workspace = workspace_;
  start.server_public_key = protocol::encode_key(server_keys_.public_key);
  start.runner_secret_key = protocol::encode_base64url(
      {reinterpret_cast<const char*>(runner_keys_.secret_key.data()), runner_keys_.secret_key.size()});
  start.home = home_;
  start.project = "project";
  start.state_directory = folder_ / "state";
  start.person_name = "berth";
  start.person_uid = options_.person_uid != 0 ? options_.person_uid : ::getuid();
  start.person_gid = options_.person_uid != 0 ? options_.person_uid : ::getgid();
  start.runner_uid = options_.runner_uid != 0 ? options_.runner_uid : start.person_uid;
  start.listen_fd = listening_.get();
  start.shell = "/bin/bash";
  start.environment = {{"PS1", "$ "}};
  const int config = config_with(protocol::to_text(protocol::encode(start)));
  pid_ = ::fork();
  if (pid_ < 0) give_up("fork");
  if (pid_ == 0) {
    if (!options_.as_pid_1) execute(config, listening_.get());
    // A process that makes a PID namespace is not in it, its first child is PID 1 there.
    if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) ::_exit(125);
    const pid_t inner = ::fork();
    if (inner == 0) {
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
      if (::mount("proc", "/proc", "proc", 0, nullptr) != 0) ::_exit(124);
      execute(config, listening_.get());
    }
    // Passes a stop on, as berthd (outside of the namespace) would send it.
    static pid_t target;
    target = inner;
    ::signal(SIGTERM, [](int) { ::kill(target, SIGTERM); });
    int status = 0;
    while (::waitpid(inner, &status, 0) < 0) {
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
  }
  ::close(config);
}

void RunnerProcess::crash() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int RunnerProcess::stop() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

protocol::ConnectClaims RunnerProcess::claims(protocol::Role role, const std::string& capability,
                                              std::int64_t life) const {
  static int counter = 0;
  protocol::ConnectClaims claims;
  claims.workspace = workspace_;
  claims.user = role == protocol::Role::server ? "server" : "person";
  claims.user_name = "Person";
  claims.role = role;
  claims.capabilities = {capability};
  claims.expires = std::time(nullptr) + life;
  claims.nonce = "nonce-of-a-test-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  return claims;
}

std::string RunnerProcess::token(protocol::Role role, const std::string& capability,
                                 std::int64_t life) const {
  return protocol::sign_connect_token(claims(role, capability, life), server_keys_.secret_key);
}

void RunnerProcess::write_file(const std::string& name, const std::string& bytes) const {
  std::filesystem::create_directories((home_ / name).parent_path());
  std::ofstream(home_ / name, std::ios::binary) << bytes;
  if (options_.person_uid != 0) ::chown((home_ / name).c_str(), options_.person_uid, options_.person_uid);
}

std::string RunnerProcess::read_file(const std::string& name) const {
  std::ifstream in(home_ / name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace berth::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
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

void wait_until_it_listens(const std::string& place) {
  const int port = std::stoi(place.substr(place.rfind(':') + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int turn = 0; turn < 1000; ++turn) {
    const net::FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
    ::poll(nullptr, 0, 10);
  }
  give_up("the runner does not listen");
}

int config_with(const std::string& text) {
  const int fd = ::memfd_create("start", 0);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up("memfd");
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

/// A port that nobody has right now.
int free_port() {
  const net::FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    give_up("a free port");
  return ntohs(address.sin_port);
}

bool put(const char* path, const std::string& text) {
  const net::FileDescriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// A user namespace of its own has limits of its own.
void limit_inotify(int watches) {
  const auto same_id = [](unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; };
  const auto uid = same_id(::getuid()), gid = same_id(::getgid());
  if (::unshare(CLONE_NEWUSER) != 0 || !put("/proc/self/setgroups", "deny") ||
      !put("/proc/self/uid_map", uid) || !put("/proc/self/gid_map", gid) ||
      !put("/proc/sys/user/max_inotify_watches", std::to_string(watches)))
    ::_exit(123);
}

[[noreturn]] void execute(int config, int listening) {
  ::fcntl(config, F_SETFD, 0);
  if (listening >= 0) ::fcntl(listening, F_SETFD, 0);
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
  if (options_.tcp)
    socket_path_ = "127.0.0.1:" + std::to_string(free_port());
  else
    listen();
  start();
}

void RunnerProcess::listen() {
  socket_path_ = folder_ / "runner.sock";
  listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, socket_path_.c_str());
  if (::bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_.get(), 64) != 0)
    give_up("listen");
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
  if (options_.tcp)
    start.listen_tcp = socket_path_;
  else
    start.listen_fd = listening_.get();
  start.resumable = options_.resumable;
  start.longest_import = options_.longest_import;
  if (!fault_point_.empty()) start.fault_point = std::exchange(fault_point_, {});
  start.shell = options_.shell;
  start.environment = {{"PS1", "$ "}};
  const int config = config_with(protocol::to_text(protocol::encode(start)));
  pid_ = ::fork();
  if (pid_ < 0) give_up("fork");
  if (pid_ == 0) become_runner(config);
  ::close(config);
  if (options_.tcp) wait_until_it_listens(socket_path_);
}

void RunnerProcess::become_runner(int config) const {
  if (options_.inotify_watches) limit_inotify(*options_.inotify_watches);
  ::signal(SIGXFSZ, SIG_IGN);  // limit_file_size() is an error of the call
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

void RunnerProcess::crash() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RunnerProcess::limit_file_size(rlim_t bytes) const {
  const rlimit limit{bytes, RLIM_INFINITY};
  if (::prlimit(pid_, RLIMIT_FSIZE, &limit, nullptr) != 0) give_up("prlimit");
}

int RunnerProcess::wait_for_death() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/local/local_fixture.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;

/// The test's own folder; a forked child must not remove it.
struct Folder {
  std::string path;
  pid_t owner = getpid();
  ~Folder() {
    std::error_code ignored;
    if (owner == getpid() && !path.empty()) fs::remove_all(path, ignored);
  }
};

void must(bool held, const std::string& what) {
  if (!held) throw std::runtime_error(what + ": " + strerror(errno));
}

void become(const passwd& user) {
  must(initgroups(user.pw_name, user.pw_gid) == 0 && setresgid(user.pw_gid, user.pw_gid, user.pw_gid) == 0 &&
           setresuid(user.pw_uid, user.pw_uid, user.pw_uid) == 0,
       "become an ordinary user");
  prctl(PR_SET_DUMPABLE, 1);
  setenv("HOME", user.pw_dir, 1);
}

void make_difficult_folders(TestGround& ground, const passwd& user) {
  constexpr gid_t foreign_group = 54321;
  ground.foreign_data = ground.folder + "/foreign";
  ground.closed_data = ground.folder + "/closed/data";
  const auto make = [](const std::string& path, uid_t uid, gid_t gid, mode_t mode) {
    must(mkdir(path.c_str(), 0700) == 0 && chown(path.c_str(), uid, gid) == 0 &&
             chmod(path.c_str(), mode) == 0,
         path);
  };
  make(ground.foreign_data, user.pw_uid, foreign_group, 02700);
  make(ground.folder + "/closed", user.pw_uid, foreign_group, 0700);
  make(ground.closed_data, user.pw_uid, user.pw_gid, 0700);
}

TestGround make_ground() {
  TestGround ground;
  static Folder folder;
  char pattern[] = "/tmp/berth-local-XXXXXX";
  must(mkdtemp(pattern) != nullptr, "mkdtemp");
  folder.path = ground.folder = pattern;
  setenv("XDG_RUNTIME_DIR", ground.folder.c_str(), 1);
  ground.runner = ground.folder + "/probe_runner";
  ground.templates = ground.folder + "/templates";
  fs::copy(BERTH_PROBE_RUNNER, ground.runner);
  fs::copy(BERTH_TEMPLATES, ground.templates, fs::copy_options::recursive);
  fs::permissions(ground.runner, fs::perms(0755));
#ifdef BERTH_RUNNER
  ground.real_runner = ground.folder + "/berth-runner";
  fs::copy(BERTH_RUNNER, ground.real_runner);
  fs::permissions(ground.real_runner, fs::perms(0755));
#endif
  ground.user = "of the tests";
  if (geteuid() != 0) return ground;
  const char* wanted = getenv("BERTH_TEST_USER");
  const passwd* user = getpwnam(wanted ? wanted : "berth");
  if (!user) user = getpwnam("nobody");
  must(user != nullptr, "an ordinary user");
  ground.user = user->pw_name;
  ground.cgroups_prepared = prepare_cgroups_as_root(user->pw_uid, user->pw_gid).has_value();
  must(chown(ground.folder.c_str(), user->pw_uid, user->pw_gid) == 0, "chown");
  for (const auto& entry : fs::recursive_directory_iterator(ground.folder))
    must(lchown(entry.path().c_str(), user->pw_uid, user->pw_gid) == 0, "chown");
  make_difficult_folders(ground, *user);
  become(*user);
  return ground;
}

Descriptor dial(const RunnerAddress& address) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  strncpy(where.sun_path, address.unix_path.c_str(), sizeof where.sun_path - 1);
  Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection || connect(connection.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    return {};
  return connection;
}

std::string exchange(const RunnerAddress& address, const std::string& request,
                     std::chrono::milliseconds deadline) {
  const Descriptor connection = dial(address);
  if (!connection || send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string answer;
  const auto end = std::chrono::steady_clock::now() + deadline;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd entry{connection.get(), POLLIN, 0};
    if (left.count() <= 0 || poll(&entry, 1, static_cast<int>(left.count())) <= 0) return answer;
    char part[65536];
    const ssize_t got = recv(connection.get(), part, sizeof part, 0);
    if (got <= 0) return answer;
    answer.append(part, static_cast<std::size_t>(got));
  }
}

}  // namespace

const TestGround& TestGround::get() {
  static const TestGround ground = make_ground();
  return ground;
}

ScriptEnd run_script(const RunnerAddress& address, const std::string& script,
                     std::chrono::milliseconds deadline) {
  const std::string answer = exchange(
      address, "POST /run HTTP/1.1\r\nContent-Length: " + std::to_string(script.size()) + "\r\n\r\n" + script,
      deadline);
  const auto body = answer.find("\r\n\r\n");
  const auto status = answer.find("Status: ");
  if (body == std::string::npos || status > body) return {-1, answer};
  return {atoi(answer.c_str() + status + 8), answer.substr(body + 4)};
}

bool ask_probe(const RunnerAddress& address, const std::string& request) {
  return !exchange(address, request + " HTTP/1.1\r\n\r\n", std::chrono::seconds(5)).empty();
}

std::string new_workspace_id() {
  static std::mt19937_64 random{std::random_device{}()};
  std::string id;
  for (int i = 0; i < 10; ++i) id += "abcdefghijklmnopqrstuvwxyz234567"[random() % 32];
  return id;
}

LocalGround::LocalGround(const std::function<void(LocalBackendOptions&)>& change) {
  static std::atomic<int> count{0};
  const auto& ground = TestGround::get();
  options_.data = ground.folder + "/data-" + std::to_string(++count);
  fs::create_directories(options_.data);
  options_.runner = ground.runner;
  options_.templates = ground.templates;
  if (const char* runtime = getenv("BERTH_TEST_RUNTIME")) options_.runtime = runtime;
  if (change) change(options_);
  restart_server();
}

LocalGround::~LocalGround() {
  if (auto ids = backend_ ? backend_->list() : std::vector<std::string>{})
    for (const auto& id : *ids) {
      EXPECT_TRUE(backend_->stop(id, 0));
      EXPECT_TRUE(backend_->forget(id));
    }
}

void LocalGround::restart_server() {
  backend_.reset();
  auto opened = LocalBackend::open(options_);
  if (!opened) throw std::runtime_error(opened.error().message + " (" + opened.error().detail + ")");
  backend_ = std::move(*opened);
}

StartRequest LocalGround::request(const std::string& workspace, const std::string& template_id) const {
  return {.workspace = workspace,
          .template_id = template_id,
          .person_name = "berth",
          .limits = {},
          .server_key = {}};
}

RunnerAddress LocalGround::start(const StartRequest& request) {
  auto address = backend_->start(request);
  if (!address) throw std::runtime_error(address.error().message + " (" + address.error().detail + ")");
  return *address;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace berth::server::local

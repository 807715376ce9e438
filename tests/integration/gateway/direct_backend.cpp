// SPDX-License-Identifier: GPL-3.0-or-later
#include "direct_backend.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "protocol/codec.hpp"
#include "protocol/runner_start.hpp"

namespace berth::server {

namespace {

constexpr int spare_descriptor = 20;  // above those that the runner is given

int listen_at(const std::string& path) {
  ::unlink(path.c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 128) != 0)
    return -1;
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, spare_descriptor);
  ::close(fd);
  return high;
}

int file_with(const std::string& text) {
  const int fd = ::memfd_create("runner-start", MFD_CLOEXEC);
  if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return -1;
  ::lseek(fd, 0, SEEK_SET);
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, spare_descriptor);
  ::close(fd);
  return high;
}

pid_t spawn_runner(const std::filesystem::path& runner, int config, int listening, const std::string& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);
  posix_spawn_file_actions_adddup2(&actions, config, 3);
  posix_spawn_file_actions_adddup2(&actions, listening, 4);
  const auto path = runner.string();
  const char* arguments[] = {path.c_str(), "--config-fd", "3", nullptr};
  const char* environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", nullptr};
  pid_t process = 0;
  const int error = ::posix_spawn(&process, path.c_str(), &actions, nullptr, const_cast<char**>(arguments),
                                  const_cast<char**>(environment));
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : 0;
}

bool ended(pid_t process) {
  const auto waited = ::waitpid(process, nullptr, WNOHANG);
  if (waited >= 0) return waited == process;
  // Another server's child.
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(") ");
  return name_end == text.npos || text[name_end + 2] == 'Z';
}

}  // namespace

DirectBackend::~DirectBackend() {
  if (shared_) return;
  for (const auto& [workspace, running] : running_) {
    ::kill(running.process, SIGKILL);
    ::waitpid(running.process, nullptr, 0);
  }
}

void DirectBackend::look(const std::string& workspace) {
  if (!shared_) return;
  running_.erase(workspace);
  std::ifstream note(note_of(workspace));
  pid_t process = 0;
  std::string key;
  if (!(note >> process >> key)) return;
  const auto known = protocol::decode_public_key(key);
  if (!known) return;
  RunnerAddress address;
  address.unix_path = (folder_ / (workspace + ".socket")).string();
  address.runner_key = *known;
  running_[workspace] = {process, address};
}

Result<RunnerAddress> DirectBackend::start(const StartRequest& request) {
  const std::lock_guard lock(mutex_);
  look(request.workspace);
  if (const auto found = running_.find(request.workspace); found != running_.end()) {
    if (!ended(found->second.process)) return found->second.address;
    running_.erase(found);
  }
  const auto base = folder_ / request.workspace;
  std::filesystem::create_directories(base / "home" / "project");
  std::filesystem::create_directories(base / "state");
  const auto keys = protocol::generate_key_pair();
  RunnerAddress address;
  address.unix_path = (folder_ / (request.workspace + ".socket")).string();
  address.runner_key = keys.public_key;
  protocol::RunnerStart start{};
  start.workspace = request.workspace;
  start.server_public_key = protocol::encode_key(request.server_key);
  start.runner_secret_key = protocol::encode_base64url(
      {reinterpret_cast<const char*>(keys.secret_key.data()), keys.secret_key.size()});
  start.home = (base / "home").string();
  start.project = "project";
  start.state_directory = (base / "state").string();
  start.person_name = "berth";
  start.person_uid = start.runner_uid = ::getuid();
  start.person_gid = ::getgid();
  start.listen_fd = 4;
  start.shell = "/bin/bash";
  const int listening = listen_at(address.unix_path);
  const int config = file_with(protocol::to_text(protocol::encode(start)));
  const auto process = spawn_runner(runner_, config, listening, (base / "runner.log").string());
  ::close(listening);
  ::close(config);
  if (process == 0) return failure(ErrorCode::internal, "The runner can't be started.");
  running_[request.workspace] = {process, address};
  if (shared_) {  // whole or not at all
    const auto draft = note_of(request.workspace).string() + ".new";
    std::ofstream(draft) << process << " " << protocol::encode_key(address.runner_key) << "\n";
    std::filesystem::rename(draft, note_of(request.workspace));
  }
  return address;
}

Result<BackendStatus> DirectBackend::poll(const std::string& workspace) {
  const std::lock_guard lock(mutex_);
  look(workspace);
  const auto found = running_.find(workspace);
  if (found == running_.end()) return BackendStatus{};
  if (ended(found->second.process)) {
    running_.erase(found);
    return BackendStatus{BackendState::failed, "The runner ended.", {}};
  }
  return BackendStatus{BackendState::running, "", found->second.address};
}

Result<void> DirectBackend::stop(const std::string& workspace, int grace_ms) {
  const std::lock_guard lock(mutex_);
  look(workspace);
  const auto found = running_.find(workspace);
  if (found == running_.end()) return {};
  ::kill(found->second.process, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  bool gone = false;
  while (!(gone = ended(found->second.process)) && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (!gone) {
    ::kill(found->second.process, SIGKILL);
    while (!ended(found->second.process)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::unlink(found->second.address.unix_path.c_str());
  ::unlink(note_of(workspace).c_str());
  running_.erase(found);
  return {};
}

Result<void> DirectBackend::forget(const std::string& workspace) {
  const std::lock_guard lock(mutex_);
  look(workspace);
  if (running_.contains(workspace)) return failure(ErrorCode::conflict, "It runs.");
  std::filesystem::remove_all(folder_ / workspace);
  return {};
}

Result<std::vector<std::string>> DirectBackend::list() {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    if (entry.is_directory()) all.push_back(entry.path().filename());
  return all;
}

Result<std::optional<std::filesystem::path>> DirectBackend::home(const std::string& workspace,
                                                                 const std::string&) {
  const auto home = folder_ / workspace / "home";
  std::filesystem::create_directories(home / "project");
  return home;
}

}  // namespace berth::server

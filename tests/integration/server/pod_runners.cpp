// SPDX-License-Identifier: GPL-3.0-or-later
#include "pod_runners.hpp"

#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace berth::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t person = 1000;  // as PodSettings::person_id, where root runs the tests

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void give_to_person(const fs::path& folder) {
  if (::geteuid() != 0) return;
  ::lchown(folder.c_str(), person, person);
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    ::lchown(entry.path().c_str(), person, person);
}

pid_t spawn_as_person(const std::vector<std::string>& arguments) {
  std::vector<char*> raw;
  for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setsid();
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setresgid(person, person, person) != 0 ||
                           ::setresuid(person, person, person) != 0))
    ::_exit(126);
  ::execv(raw[0], raw.data());
  ::_exit(127);
}

bool ended_within(pid_t pid, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  do {
    if (::waitpid(pid, nullptr, WNOHANG) == pid) return true;
    ::poll(nullptr, 0, 5);
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

/// What the container's paths and port are here.
void adapt_start(const fs::path& file, const fs::path& volume, const std::string& endpoint) {
  auto start = protocol::Json::parse(content_of(file));
  start["home"] = (volume / "home").string();
  start["state_directory"] = (volume / "state").string();
  start["listen_tcp"] = endpoint;
  if (::geteuid() != 0)
    for (const char* id : {"person_uid", "runner_uid", "person_gid"}) start[id] = ::getuid();
  std::ofstream(file, std::ios::trunc) << protocol::to_text(start);
}

}  // namespace

PodRunners::~PodRunners() {
  while (!runners_.empty()) end(runners_.begin()->first, false);
}

void PodRunners::begin(const std::string& pod, const std::string& claim,
                       const std::map<std::string, std::string>& secret, const std::string& endpoint) {
  const auto own = root_ / "pods" / pod;
  const auto volume = claim.empty() ? own / "volume" : root_ / "claims" / claim;
  fs::remove_all(own);
  for (const auto* folder : {"tools", "handover", "secret"}) fs::create_directories(own / folder);
  fs::create_directories(volume);
  for (const auto& [name, content] : secret) std::ofstream(own / "secret" / name) << content;
  give_to_person(own);
  give_to_person(volume);
  const pid_t prepare = spawn_as_person(
      {BERTH_RUNNER, "--prepare-pod", own / "tools", own / "handover", volume, own / "secret"});
  int status = 0;
  if (::waitpid(prepare, &status, 0) != prepare || status != 0)
    throw std::runtime_error("prepare-pod ended with " + std::to_string(status));
  adapt_start(own / "handover/start.json", volume, endpoint);
  runners_[pod] = spawn_as_person({own / "tools/berth-runner", "--config-file", own / "handover/start.json"});
}

void PodRunners::end(const std::string& pod, bool orderly) {
  const auto found = runners_.find(pod);
  if (found == runners_.end()) return;
  const pid_t pid = found->second;
  runners_.erase(found);
  if (orderly) ::kill(pid, SIGTERM);
  if (!orderly || !ended_within(pid, std::chrono::seconds(10))) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(root_ / "pods" / pod, ignored);
}

}  // namespace berth::test

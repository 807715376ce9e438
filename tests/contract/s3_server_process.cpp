// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/s3_server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "protocol/net/file_descriptor.hpp"

namespace berth::server::testing {

using namespace std::chrono_literals;

S3ServerProcess::S3ServerProcess(const Options& options) {
  std::vector<std::string> words = {BERTH_S3_SERVER, "--port", std::to_string(options.port)};
  if (!options.folder.empty()) words.insert(words.end(), {"--folder", options.folder.string()});
  if (!options.secret_key.empty()) words.insert(words.end(), {"--secret-key", options.secret_key});
  words.insert(words.end(), {"--list-page", std::to_string(options.list_page)});
  if (options.tls) words.push_back("--tls");
  if (!options.fault_point.empty()) words.insert(words.end(), {"--fault-point", options.fault_point});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the S3 server");
  const net::FileDescriptor from(ends[0]);
  net::FileDescriptor to(ends[1]);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(to.get(), STDOUT_FILENO);
    ::execv(BERTH_S3_SERVER, arguments.data());
    ::_exit(127);
  }
  to.reset();
  try {
    read_announcement(from.get());
  } catch (...) {
    crash();
    throw;
  }
}

S3ServerProcess::~S3ServerProcess() {
  if (pid_ > 0 && terminate() < 0) crash();
}

void S3ServerProcess::read_announcement(int from) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  std::string text;
  while (text.find("\nready\n") == text.npos) {
    pollfd ready{from, POLLIN, 0};
    char piece[4096];
    const bool readable = ::poll(&ready, 1, 200) == 1;
    const auto got = readable ? ::read(from, piece, sizeof piece) : -1;
    if (readable && got <= 0)
      throw std::runtime_error("the S3 server ended at its start; is python3-swift installed?");
    if (got > 0) text.append(piece, static_cast<std::size_t>(got));
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the S3 server does not start");
  }
  std::map<std::string, std::string> said;
  std::istringstream lines(text);
  for (std::string name, value; lines >> name >> value;) said[name] = value;
  settings_.endpoint = said["endpoint"];
  settings_.access_key = said["access_key"];
  settings_.secret_key = said["secret_key"];
  settings_.bucket = said["bucket"];
  settings_.ca = said["ca"];
  settings_.path_style = true;
  settings_.part_size = 5u << 20;
  settings_.connect_timeout = 2s;
  settings_.stall_timeout = 3s;
  settings_.retry_for = 10s;
  settings_.first_delay = 10ms;
  port_ = static_cast<std::uint16_t>(std::stoi(settings_.endpoint.substr(settings_.endpoint.rfind(':') + 1)));
}

bool S3ServerProcess::lives() const {
  siginfo_t ended{};
  return pid_ > 0 && ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

int S3ServerProcess::terminate() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) return -1;
    std::this_thread::sleep_for(5ms);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void S3ServerProcess::crash() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace berth::server::testing

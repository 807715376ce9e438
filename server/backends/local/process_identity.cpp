// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/process_identity.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <sstream>

#include "server/backends/local/child_process.hpp"

namespace berth::server::local {

std::optional<ProcessIdentity> ProcessIdentity::of(pid_t pid) {
  if (pid <= 0) return std::nullopt;
  const std::string text = read_small_file("/proc/" + std::to_string(pid) + "/stat", 4096);
  const auto name_end = text.rfind(')');  // the name in parentheses may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  char state = 'X';
  fields >> state;
  if (state == 'Z' || state == 'X') return std::nullopt;
  for (int i = 4; i < 22; ++i) fields >> field;  // proc_pid_stat(5): start time is field 22
  ProcessIdentity identity{pid, 0};
  if (!(fields >> identity.start_time)) return std::nullopt;
  return identity;
}

bool ProcessIdentity::runs() const {
  const auto now = of(pid);
  return now && now->start_time == start_time;
}

bool ProcessIdentity::signal(int number) const {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  // Checked after the descriptor pins the process, so it can't become another one in between.
  return process && runs() && syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0) == 0;
}

bool ProcessIdentity::wait_for_end(std::chrono::milliseconds deadline) const {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (process && runs()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd entry{process.get(), POLLIN, 0};
    poll(&entry, 1, static_cast<int>(left.count()));
  }
  return !runs();
}

std::optional<std::string> reap(pid_t pid) {
  int status = 0;
  if (pid <= 0 || waitpid(pid, &status, WNOHANG) != pid) return std::nullopt;
  if (WIFEXITED(status)) return "ended with status " + std::to_string(WEXITSTATUS(status));
  return "was killed by signal " + std::to_string(WTERMSIG(status));
}

void reap_named(const std::string& name) {
  const std::string ended = "(" + name + ") Z " + std::to_string(getpid()) + " ";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string number = entry.path().filename();
    if (number.find_first_not_of("0123456789") == std::string::npos &&
        read_small_file("/proc/" + number + "/stat", 4096).find(ended) != std::string::npos)
      reap(std::stoi(number));
  }
}

std::string boot_id() {
  std::string id = read_small_file("/proc/sys/kernel/random/boot_id", 64);
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace berth::server::local

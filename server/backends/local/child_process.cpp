// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace berth::server::local {

namespace {

constexpr std::size_t captured_output = 65'536;  // bytes

/// Everything a forked child needs, ready before the fork: between fork and exec only system calls are safe.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<int> descriptors;  // sources of 0, 1, 2, 3, …
  std::vector<Descriptor> cgroups;
  const Command* command = nullptr;
};

[[noreturn]] void fail_in_child(const char* what) {
  const int error = errno;
  const char* reason = strerrordesc_np(error);
  for (const char* part : {what, ": ", reason ? reason : "error", "\n"})
    if (write(2, part, strlen(part)) < 0) break;
  _exit(126);
}

[[noreturn]] void become(Prepared& prepared) {
  const Command& command = *prepared.command;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) signal(number, SIG_DFL);
  for (const auto& cgroup : prepared.cgroups)
    if (write(cgroup.get(), "0", 1) != 1) fail_in_child("join cgroup");
  // First out of the way of the targets, then onto them.
  const int first_free = 3 + static_cast<int>(prepared.descriptors.size());
  for (int& source : prepared.descriptors)
    if ((source = fcntl(source, F_DUPFD, first_free)) < 0) fail_in_child("dup");
  for (int space : command.namespaces) {
    const int own = space < first_free ? fcntl(space, F_DUPFD_CLOEXEC, first_free) : space;
    if (setns(own, 0) != 0) fail_in_child("join namespace");
  }
  if (command.new_network && unshare(CLONE_NEWNET) != 0) fail_in_child("new network namespace");
  if (command.as_namespace_root) {
    if (setresgid(0, 0, 0) != 0) fail_in_child("become group 0 of the namespace");
    if (setresuid(0, 0, 0) != 0) fail_in_child("become root of the namespace");
  }
  for (std::size_t i = 0; i < prepared.descriptors.size(); ++i)
    if (dup2(prepared.descriptors[i], static_cast<int>(i)) < 0) fail_in_child("dup2");
  syscall(SYS_close_range, static_cast<unsigned>(prepared.descriptors.size()), ~0u, 0u);
  setsid();
  umask(022);
  if (chdir("/") != 0) fail_in_child("chdir");
  execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
  fail_in_child(prepared.arguments[0]);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Waits on a pidfd; false at the deadline.
bool wait_for_end(int process, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd entry{process, POLLIN, 0};
    const int ready = poll(&entry, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Descriptor memory_file(const char* name, const std::string& content) {
  Descriptor file(memfd_create(name, MFD_CLOEXEC));
  std::size_t done = 0;
  while (file && done < content.size()) {
    const ssize_t written =
        pwrite(file.get(), content.data() + done, content.size() - done, static_cast<off_t>(done));
    if (written <= 0) return {};
    done += static_cast<std::size_t>(written);
  }
  return file;
}

std::string read_small_file(const std::string& path, std::size_t limit) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string content;
  char part[4096];
  while (file && content.size() < limit) {
    const ssize_t got = read(file.get(), part, std::min(sizeof part, limit - content.size()));
    if (got <= 0) break;
    content.append(part, static_cast<std::size_t>(got));
  }
  return content;
}

Result<void> write_whole_file(const std::string& path, const std::string& content, unsigned mode) {
  const std::string fresh = path + ".new";
  const auto failed = [&] {
    const std::string why = strerror(errno);
    unlink(fresh.c_str());
    return failure(ErrorCode::internal, "The server could not write to its data folder.", path + ": " + why);
  };
  Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file || fchmod(file.get(), mode) != 0) return failed();
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t written = write(file.get(), content.data() + done, content.size() - done);
    if (written <= 0) return failed();
    done += static_cast<std::size_t>(written);
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return failed();
  return {};
}

std::string find_program(const std::string& name) {
  const char* path = getenv("PATH");
  std::istringstream folders(std::string(path ? path : "") + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.empty() || folder[0] != '/') continue;
    std::string candidate = folder + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

Result<CommandEnd> run_command(const Command& command) {
  Prepared prepared{pointers(command.arguments), pointers(command.environment), {}, {}, &command};
  for (const auto& cgroup : command.cgroups)
    prepared.cgroups.emplace_back(open(cgroup.c_str(), O_WRONLY | O_CLOEXEC));
  Descriptor input = memory_file("berth-input", command.input);
  Descriptor capture;
  if (command.output < 0) capture = Descriptor(memfd_create("berth-output", MFD_CLOEXEC));
  const int output = command.output < 0 ? capture.get() : command.output;
  if (!input || output < 0)
    return failure(ErrorCode::internal, "The server could not start a program.",
                   std::string("memfd: ") + strerror(errno));
  prepared.descriptors = {input.get(), output, output};
  prepared.descriptors.insert(prepared.descriptors.end(), command.descriptors.begin(),
                              command.descriptors.end());

  const pid_t child = fork();
  if (child < 0)
    return failure(ErrorCode::internal, "The server could not start a program.",
                   std::string("fork: ") + strerror(errno));
  if (child == 0) become(prepared);

  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  const bool in_time = process && wait_for_end(process.get(), command.deadline);
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time)
    return failure(ErrorCode::timeout, "A program that the server needs did not answer in time.",
                   command.arguments[0]);

  CommandEnd end;
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (capture) {
    end.output.resize(captured_output);
    const ssize_t got = pread(capture.get(), end.output.data(), captured_output, 0);
    end.output.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  return end;
}

Result<std::string> run_checked(const Command& command, const std::string& what) {
  auto end = run_command(command);
  if (!end) return std::unexpected(std::move(end.error()));
  if (end->status != 0)
    return failure(ErrorCode::internal, "The server could not prepare the workspace.",
                   what + ": " + command.arguments[0] + " ended with " + std::to_string(end->status) + ": " +
                       end->output);
  return std::move(end->output);
}

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/user_namespace.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>

namespace berth::server::local {

namespace {

/// A process that holds fresh namespaces until their descriptors are open.
struct Holder {
  pid_t process = -1;
  ~Holder() {
    if (process <= 0) return;
    kill(process, SIGKILL);
    while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
};

Result<void> start_holder(Holder& holder) {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0)
    return failure(ErrorCode::internal, "The server could not start.",
                   std::string("pipe: ") + strerror(errno));
  const Descriptor reading(ready[0]);
  Descriptor writing(ready[1]);
  holder.process = fork();
  if (holder.process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char outcome = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : static_cast<char>(errno);
    // A name-space change by credentials makes a process non-dumpable: its /proc files would belong to root.
    prctl(PR_SET_DUMPABLE, 1);
    if (write(ready[1], &outcome, 1) != 1) _exit(1);
    for (;;) pause();
  }
  writing = Descriptor();
  char outcome = EIO;
  if (holder.process < 0 || read(reading.get(), &outcome, 1) != 1 || outcome != 0)
    return failure(ErrorCode::unsupported,
                   "This machine does not allow unprivileged user namespaces, which workspaces need. See "
                   "kernel.unprivileged_userns_clone, user.max_user_namespaces and "
                   "kernel.apparmor_restrict_unprivileged_userns.",
                   std::string("unshare: ") + strerror(outcome));
  return {};
}

Result<void> write_map(const std::string& path, const std::string& content) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    return failure(ErrorCode::unsupported, "This machine does not allow to map user ids.",
                   path + ": " + strerror(errno));
  return {};
}

bool map_two_ids(pid_t process) {
  const passwd* user = getpwuid(getuid());
  const std::string name = user ? user->pw_name : "";
  const auto map = [&](const char* tool, const char* table, unsigned id) {
    const std::string program = find_program(tool);
    const auto first = subordinate_id(read_small_file(table, 1 << 20), name, getuid());
    if (program.empty() || first == 0) return false;
    const auto end = run_command({.arguments = {program, std::to_string(process), "0", std::to_string(first),
                                                "1", "1000", std::to_string(id), "1"},
                                  .environment = {"PATH=/usr/bin:/bin"}});
    return end && end->status == 0;
  };
  return map("newuidmap", "/etc/subuid", getuid()) && map("newgidmap", "/etc/subgid", getgid());
}

}  // namespace

unsigned long subordinate_id(const std::string& table, const std::string& user, uid_t uid) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string owner, first, count;
    if (!std::getline(fields, owner, ':') || !std::getline(fields, first, ':') ||
        !std::getline(fields, count))
      continue;
    if ((owner != user || user.empty()) && owner != std::to_string(uid)) continue;
    const unsigned long id = strtoul(first.c_str(), nullptr, 10);
    if (id > 0 && strtoul(count.c_str(), nullptr, 10) > 0) return id;
  }
  return 0;
}

Result<UserNamespace> UserNamespace::make() {
  UserNamespace space;
  for (const bool two : {true, false}) {
    Holder holder;
    if (auto started = start_holder(holder); !started) return std::unexpected(started.error());
    const std::string folder = "/proc/" + std::to_string(holder.process) + "/";
    if (two) {
      if (!map_two_ids(holder.process))
        continue;  // a half-made map can't be changed: begin again with one id
    } else {
      for (const auto& [file, content] : {std::pair<std::string, std::string>{"setgroups", "deny"},
                                          {"uid_map", "0 " + std::to_string(getuid()) + " 1"},
                                          {"gid_map", "0 " + std::to_string(getgid()) + " 1"}})
        if (auto written = write_map(folder + file, content); !written)
          return std::unexpected(written.error());
    }
    space.two_uids_ = two;
    space.user_ = Descriptor(open((folder + "ns/user").c_str(), O_RDONLY | O_CLOEXEC));
    space.mounts_ = Descriptor(open((folder + "ns/mnt").c_str(), O_RDONLY | O_CLOEXEC));
    break;
  }
  if (!space.user_ || !space.mounts_)
    return failure(ErrorCode::internal, "The server could not start.",
                   std::string("namespaces: ") + strerror(errno));
  return space;
}

Result<void> take_own_group(const std::string& folder) {
  struct stat status{};
  if (lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid())
    return {};
  const bool foreign = status.st_gid != getegid();
  if (!foreign && (status.st_mode & S_ISGID) == 0) return {};
  if ((!foreign || chown(folder.c_str(), static_cast<uid_t>(-1), getegid()) == 0) &&
      chmod(folder.c_str(), status.st_mode & 01777) == 0)
    return {};
  const std::string group = std::to_string(getegid());
  return failure(ErrorCode::unsupported,
                 "The folder " + folder + " belongs to group " + std::to_string(status.st_gid) +
                     ", which workspaces' containers do not know. Run: chgrp " + group + " " + folder +
                     " && chmod g-s " + folder,
                 strerror(errno));
}

Result<void> UserNamespace::check_way(const std::string& path) const {
  constexpr const char* script =
      "way=; IFS=/; set -f; for part in $0; do [ -n \"$part\" ] || continue; way=$way/$part; "
      "[ -x \"$way\" ] || { echo \"$way\"; exit 1; }; done";
  auto end = run({.arguments = {"/bin/sh", "-c", script, path}, .environment = {"PATH=/usr/bin:/bin"}});
  if (!end) return std::unexpected(std::move(end.error()));
  if (end->status == 0) return {};
  const std::string folder = end->output.substr(0, end->output.find('\n'));
  return failure(ErrorCode::unsupported,
                 "Workspaces' containers can't enter " + folder +
                     ", which lies on the way to what they are made of. Open it to others (chmod o+x " +
                     folder + "), or give --data a folder elsewhere.",
                 path);
}

Result<CommandEnd> UserNamespace::run(Command command) const {
  command.namespaces.insert(command.namespaces.begin(), {user_.get(), mounts_.get()});
  command.as_namespace_root = true;
  return run_command(command);
}

Result<std::string> UserNamespace::run_checked(Command command, const std::string& what) const {
  command.namespaces.insert(command.namespaces.begin(), {user_.get(), mounts_.get()});
  command.as_namespace_root = true;
  return local::run_checked(command, what);
}

}  // namespace berth::server::local

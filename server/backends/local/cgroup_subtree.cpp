// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/cgroup_subtree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <vector>

#include "server/backends/local/child_process.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;

// µs. A program that has used up its share (a flood of output) holds up the terminal beside it until the
// period is over: the usual 100 ms are long for a key. What it did not use of one period it may use in the
// next.
constexpr unsigned long short_period = 20'000;
constexpr unsigned long usual_period = 100'000;
constexpr unsigned long least_quota = 1'000;  // the kernel's

bool set(const std::string& file, const std::string& value) {
  const Descriptor target(open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return target && write(target.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

bool writable(const std::string& path) { return access(path.c_str(), W_OK) == 0; }

std::string subtree_name(uid_t uid) { return "berth-" + std::to_string(uid); }

struct Mounts {
  std::map<std::string, std::string> by_controller;  // version 1: "memory" → "/sys/fs/cgroup/memory"
  std::string unified;                               // version 2, "" when not mounted
};

Mounts find_mounts() {
  Mounts mounts;
  std::istringstream lines(read_small_file("/proc/self/mountinfo", 1 << 20));
  for (std::string line; std::getline(lines, line);) {
    // proc_pid_mountinfo(5): … root mountpoint options … - type source superoptions
    std::istringstream fields(line);
    std::string id, parent, device, root, point, field, type, source, super;
    fields >> id >> parent >> device >> root >> point;
    while (fields >> field && field != "-") {
    }
    fields >> type >> source >> super;
    if (type == "cgroup2" && mounts.unified.empty()) mounts.unified = point;
    if (type != "cgroup") continue;
    std::istringstream options(super);
    for (std::string option; std::getline(options, option, ',');)
      if (option != "rw" && option != "ro" && option.find('=') == std::string::npos)
        mounts.by_controller.try_emplace(option, point);
    if (super.find("name=systemd") != std::string::npos)
      mounts.by_controller.try_emplace("name=systemd", point);
  }
  return mounts;
}

bool is_v1(const Mounts& mounts) { return mounts.by_controller.contains("memory"); }

/// cpuset folders of version 1 start without processors and take no process before they have some.
void copy_cpuset(const fs::path& folder) {
  for (const char* file : {"cpuset.cpus", "cpuset.mems"})
    set(folder / file, read_small_file(folder.parent_path() / file));
}

bool hand_over(const std::string& folder, uid_t uid, gid_t gid, std::initializer_list<const char*> files) {
  bool done = chown(folder.c_str(), uid, gid) == 0;
  for (const char* file : files)
    if (access((folder + "/" + file).c_str(), F_OK) == 0)
      done = chown((folder + "/" + file).c_str(), uid, gid) == 0 && done;
  return done;
}

bool make_folder(const std::string& folder) { return mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST; }

bool enable_controllers(const std::string& folder) {
  const std::string file = folder + "/cgroup.subtree_control";
  for (const char* controller : {"+cpu", "+memory", "+pids"}) set(file, controller);
  const std::string enabled = " " + read_small_file(file) + " ";
  return enabled.find("memory") != std::string::npos && enabled.find("pids") != std::string::npos;
}

bool move_self(const std::string& folder) {
  return make_folder(folder) && set(folder + "/cgroup.procs", std::to_string(getpid()));
}

/// Where under version 2 this user may make workspaces' folders, relative to the mount; "" when nowhere.
std::string delegated_v2(const std::string& mount) {
  const std::string handed_over = "/" + subtree_name(getuid());
  if (writable(mount + handed_over + "/cgroup.procs") && enable_controllers(mount + handed_over))
    return handed_over;
  std::istringstream lines(read_small_file("/proc/self/cgroup"));
  std::string own;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("0::")) own = line.substr(3);
  // A berthd that has been here before sits in its own leaf.
  if (own.ends_with("/berth-server")) own.resize(own.size() - strlen("/berth-server"));
  // The nearest part of the way up that is ours and can pass controllers on; our own folder only after
  // leaving it.
  for (fs::path part = own; part != "/" && !part.empty(); part = part.parent_path()) {
    const std::string folder = mount + part.string();
    if (!writable(folder + "/cgroup.procs") || !writable(folder + "/cgroup.subtree_control")) break;
    if (enable_controllers(folder)) return part.string();
    if (part == own && move_self(folder + "/berth-server") && enable_controllers(folder))
      return part.string();
  }
  return {};
}

}  // namespace

Result<void> prepare_cgroups_as_root(uid_t uid, gid_t gid) {
  const Mounts mounts = find_mounts();
  const auto failed = [](const std::string& folder) {
    return failure(ErrorCode::unsupported,
                   "Limits for workspaces can't be enforced: the cgroup folders can't be made.",
                   folder + ": " + strerror(errno));
  };
  if (is_v1(mounts)) {
    for (const auto& [controller, mount] : mounts.by_controller) {
      const std::string folder = mount + "/" + subtree_name(uid);
      if (!make_folder(folder)) return failed(folder);
      if (controller == "cpuset") copy_cpuset(folder);
      if (!hand_over(folder, uid, gid, {"cgroup.procs", "tasks"})) return failed(folder);
    }
    return {};
  }
  if (mounts.unified.empty())
    return failure(ErrorCode::unsupported,
                   "Limits for workspaces can't be enforced: this machine has no cgroups.");
  const std::string folder = mounts.unified + "/" + subtree_name(uid);
  enable_controllers(mounts.unified);
  // The server must live inside: moving a process needs rights on the nearest folder that holds both places.
  if (!make_folder(folder) || !move_self(folder + "/berth-server") || !enable_controllers(folder))
    return failed(folder);
  for (const std::string& part : {folder, folder + "/berth-server"})
    if (!hand_over(part, uid, gid, {"cgroup.procs", "cgroup.threads", "cgroup.subtree_control"}))
      return failed(part);
  return {};
}

CgroupSubtree CgroupSubtree::find() {
  const Mounts mounts = find_mounts();
  CgroupSubtree subtree;
  if (is_v1(mounts)) {
    subtree.path_ = "/" + subtree_name(getuid());
    for (const auto& [controller, mount] : mounts.by_controller)
      if (writable(mount + subtree.path_ + "/cgroup.procs"))
        subtree.roots_[controller] = mount + subtree.path_;
    bool complete = true;
    for (const char* needed : {"cpu", "memory", "pids"})
      complete = complete && subtree.roots_.contains(needed);
    if (complete) subtree.version_ = Version::v1;
  } else if (!mounts.unified.empty()) {
    subtree.path_ = delegated_v2(mounts.unified);
    if (!subtree.path_.empty()) {
      subtree.roots_[""] = mounts.unified + subtree.path_;
      subtree.version_ = Version::v2;
    }
  }
  return subtree;
}

std::string CgroupSubtree::folder(const std::string& controller, const std::string& workspace) const {
  const auto root = roots_.find(version_ == Version::v2 ? "" : controller);
  return root == roots_.end() ? std::string() : root->second + "/ws-" + workspace;
}

std::string CgroupSubtree::spec_path(const std::string& workspace) const {
  return enforced() ? path_ + "/ws-" + workspace : std::string();
}

Result<void> CgroupSubtree::make(const std::string& workspace, const ResourceLimits& limits) const {
  if (!enforced()) return {};
  for (const auto& [controller, root] : roots_) {
    const std::string path = root + "/ws-" + workspace;
    if (!make_folder(path))
      return failure(ErrorCode::internal, "The workspace's limits could not be set.",
                     path + ": " + strerror(errno));
    if (controller == "cpuset") copy_cpuset(path);
  }
  // The smallest shares can't be given within a short one.
  const auto period_length = limits.cpu * short_period < least_quota ? usual_period : short_period;
  const auto period = std::to_string(period_length);
  const auto quota = std::to_string(
      std::max(least_quota, static_cast<unsigned long>(limits.cpu * static_cast<double>(period_length))));
  const auto memory = std::to_string(limits.memory);
  const auto processes = std::to_string(limits.processes);
  struct Setting {
    std::string controller, file, value;
    bool required;
  };
  const std::vector<Setting> settings =
      version_ == Version::v1
          ? std::vector<Setting>{{"memory", "memory.limit_in_bytes", memory, true},
                                 {"memory", "memory.memsw.limit_in_bytes", memory, false},
                                 {"pids", "pids.max", processes, true},
                                 {"cpu", "cpu.cfs_period_us", period, true},
                                 {"cpu", "cpu.cfs_quota_us", quota, true},
                                 {"cpu", "cpu.cfs_burst_us", quota, false}}
          : std::vector<Setting>{{"", "memory.max", memory, true},
                                 {"", "memory.swap.max", "0", false},
                                 {"", "pids.max", processes, true},
                                 // A session of a desktop may delegate memory and pids only.
                                 {"", "cpu.max", quota + " " + period, false},
                                 {"", "cpu.max.burst", quota, false}};
  for (const auto& setting : settings) {
    const std::string file = folder(setting.controller, workspace) + "/" + setting.file;
    if (!set(file, setting.value) && setting.required)
      return failure(ErrorCode::internal, "The workspace's limits could not be set.",
                     file + ": " + strerror(errno));
  }
  return {};
}

std::uint64_t CgroupSubtree::memory_kills(const std::string& workspace) const {
  if (!enforced()) return 0;
  const char* file = version_ == Version::v1 ? "/memory.oom_control" : "/memory.events";
  std::istringstream words(read_small_file(folder("memory", workspace) + file));
  std::string name;
  for (std::uint64_t value; words >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

std::vector<std::string> CgroupSubtree::process_files(const std::string& workspace) const {
  std::vector<std::string> files;
  if (enforced())
    for (const auto& [controller, root] : roots_)
      files.push_back(root + "/ws-" + workspace + "/cgroup.procs");
  return files;
}

void CgroupSubtree::remove(const std::string& workspace) const {
  for (const auto& [controller, root] : roots_) rmdir((root + "/ws-" + workspace).c_str());
}

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/oci_spec.hpp"

#include <algorithm>

#include "server/backends/local/seccomp_profile.hpp"

namespace berth::server::local {

namespace {

using protocol::Json;

Json private_mount(const char* destination, const char* type, Json options) {
  return {{"destination", destination}, {"type", type}, {"source", type}, {"options", std::move(options)}};
}

Json mounts(const ContainerPlan& plan) {
  // Memory files count towards the workspace's memory, so half of it is what they may take together.
  const std::string quarter =
      "size=" + std::to_string(std::max<std::uint64_t>(plan.limits.memory / 4, 16 << 20));
  Json list = Json::array({
      private_mount("/proc", "proc", {"nosuid", "noexec", "nodev"}),
      private_mount("/dev", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
      private_mount("/dev/pts", "devpts", {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}),
      private_mount("/dev/shm", "tmpfs", {"nosuid", "noexec", "nodev", "mode=1777", quarter}),
      private_mount("/dev/mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
      private_mount("/tmp", "tmpfs", {"nosuid", "nodev", "mode=1777", quarter}),
      private_mount("/run", "tmpfs", {"nosuid", "nodev", "mode=1777", "size=16m"}),
  });
  for (const auto& bind : plan.binds)
    list.push_back({{"destination", bind.destination},
                    {"type", "bind"},
                    {"source", bind.source},
                    {"options", {"rbind", "rprivate", "nosuid", "nodev", bind.read_only ? "ro" : "rw"}}});
  return list;
}

Json id_map(bool two_uids) {
  // Numbers of the server's namespace (user_namespace.hpp), which maps the same two.
  Json map = Json::array({{{"containerID", 0}, {"hostID", 0}, {"size", 1}}});
  if (two_uids) map.push_back({{"containerID", 1000}, {"hostID", 1000}, {"size", 1}});
  return map;
}

Json process(const ContainerPlan& plan) {
  Json environment = Json::array();
  for (const auto& [name, value] : plan.environment) environment.push_back(name + "=" + value);
  // The runner needs these two to start shells as the person, and drops them from its shells; with one id
  // nothing does.
  const Json rights = plan.two_uids ? Json::array({"CAP_SETUID", "CAP_SETGID"}) : Json::array();
  const auto limit = [](const char* type, std::uint64_t value) {
    return Json{{"type", type}, {"hard", value}, {"soft", value}};
  };
  return {{"terminal", false},
          {"user", {{"uid", 0}, {"gid", 0}}},
          {"args", plan.arguments},
          {"env", environment},
          {"cwd", "/"},
          {"noNewPrivileges", true},
          {"capabilities",
           {{"bounding", rights},
            {"effective", rights},
            {"permitted", rights},
            {"inheritable", Json::array()},
            {"ambient", Json::array()}}},
          {"rlimits",
           {limit("RLIMIT_CORE", 0), limit("RLIMIT_NOFILE", plan.open_files),
            limit("RLIMIT_NPROC", plan.limits.processes)}}};
}

}  // namespace

Json oci_spec(const ContainerPlan& plan) {
  Json spaces = Json::array();
  for (const char* type : {"user", "pid", "mount", "ipc", "uts", "cgroup", "network"})
    spaces.push_back({{"type", type}});
  Json linux_part = {
      {"namespaces", spaces},
      {"uidMappings", id_map(plan.two_uids)},
      {"gidMappings", id_map(plan.two_uids)},
      {"seccomp", seccomp_profile()},
      {"rootfsPropagation", "private"},
      {"maskedPaths",
       {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kallsyms", "/proc/kcore", "/proc/keys",
        "/proc/key-users", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats"}},
      {"readonlyPaths", {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}}};
  if (!plan.cgroup.empty()) linux_part["cgroupsPath"] = plan.cgroup;
  return {{"ociVersion", "1.0.2"},
          {"process", process(plan)},
          {"root", {{"path", plan.root}, {"readonly", true}}},
          {"hostname", "berth"},
          {"mounts", mounts(plan)},
          {"linux", linux_part}};
}

}  // namespace berth::server::local

// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/memory_use.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t largest_text = 1u << 20;  // of cgroup.procs, with very many processes

/// "" for what can't be read.
std::string kernel_text(const std::string& path) {
  const net::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> piece;
  while (fd && text.size() < largest_text) {
    const auto length = ::read(fd.get(), piece.data(), piece.size());
    if (length <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(length));
  }
  return text;
}

std::optional<std::int64_t> first_number(std::string_view text) {
  std::int64_t number = 0;
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

/// nullopt unless the group is the workspace's alone: berthd's own, where workspaces have none, holds more.
std::optional<std::int64_t> group_use() {
  // The first of a container: in any other place the group may be shared with what is not seen from here.
  if (::getpid() != 1) return std::nullopt;
  const auto group = memory_group(kernel_text("/proc/self/cgroup"));
  if (!group) return std::nullopt;
  const std::string mount = group->version == 2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  // Where the container has the group itself mounted its path is another one outside.
  for (const auto& folder : {mount + (group->path == "/" ? "" : group->path), mount}) {
    const auto processes = kernel_text(folder + "/cgroup.procs");
    const bool v2 = group->version == 2;
    const auto used = first_number(kernel_text(folder + (v2 ? "/memory.current" : "/memory.usage_in_bytes")));
    if (processes.empty() || !used) continue;
    if (!holds_only_visible(processes)) return std::nullopt;
    const auto old =
        number_after(kernel_text(folder + "/memory.stat"), v2 ? "inactive_file" : "total_inactive_file");
    return std::max<std::int64_t>(*used - old.value_or(0), 0);
  }
  return std::nullopt;
}

/// Shared pages by halves where that may be asked of a process; else what is its own alone.
std::int64_t process_use(const std::string& folder) {
  if (const auto share = number_after(kernel_text(folder + "/smaps_rollup"), "Pss")) return *share * 1024;
  const auto pages = own_pages(kernel_text(folder + "/statm"));
  return pages.value_or(0) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

std::optional<MemoryGroup> memory_group(std::string_view own_groups) {
  std::optional<MemoryGroup> unified;
  while (!own_groups.empty()) {
    const auto line = own_groups.substr(0, own_groups.find('\n'));
    own_groups.remove_prefix(std::min(line.size() + 1, own_groups.size()));
    const auto first = line.find(':');
    const auto second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    auto controllers = line.substr(first + 1, second - first - 1);
    const std::string path(line.substr(second + 1));
    if (line.substr(0, first) == "0" && controllers.empty()) unified = MemoryGroup{2, path};
    while (!controllers.empty()) {
      const auto one = controllers.substr(0, controllers.find(','));
      if (one == "memory") return MemoryGroup{1, path};  // then the unified one has no memory controller
      controllers.remove_prefix(std::min(one.size() + 1, controllers.size()));
    }
  }
  return unified;
}

bool holds_only_visible(std::string_view processes) {
  bool any = false;
  while (!processes.empty()) {
    const auto line = processes.substr(0, processes.find('\n'));
    processes.remove_prefix(std::min(line.size() + 1, processes.size()));
    if (line == "0") return false;
    any = any || !line.empty();
  }
  return any;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(name) || line.size() <= name.size()) continue;
    auto rest = line.substr(name.size());
    if (rest.front() == ':') rest.remove_prefix(1);
    if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) continue;
    return first_number(rest);
  }
  return std::nullopt;
}

std::optional<std::int64_t> own_pages(std::string_view statm) {
  // size resident shared …
  std::array<std::int64_t, 3> numbers{};
  for (auto& number : numbers) {
    const auto begin = std::min(statm.find_first_not_of(' '), statm.size());
    statm.remove_prefix(begin);
    const auto [end, error] = std::from_chars(statm.data(), statm.data() + statm.size(), number);
    if (error != std::errc{}) return std::nullopt;
    statm.remove_prefix(static_cast<std::size_t>(end - statm.data()));
  }
  return std::max<std::int64_t>(numbers[1] - numbers[2], 0);
}

std::int64_t memory_use() {
  if (const auto group = group_use()) return *group;
  std::int64_t total = 0;
  DIR* processes = ::opendir("/proc");
  if (!processes) return 0;
  while (const dirent* entry = ::readdir(processes))
    if (std::atoi(entry->d_name) > 0) total += process_use("/proc/" + std::string(entry->d_name));
  ::closedir(processes);
  return total;
}

}  // namespace berth::runner

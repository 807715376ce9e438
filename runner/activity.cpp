// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/activity.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Of every living process but this one.
std::uint64_t living_ticks() {
  std::uint64_t total = 0;
  DIR* processes = ::opendir("/proc");
  if (!processes) return 0;
  const pid_t self = ::getpid();
  while (const dirent* entry = ::readdir(processes)) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid <= 0 || pid == self) continue;
    const std::string path = "/proc/" + std::string(entry->d_name) + "/stat";
    const net::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> buffer;
    const auto length = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : 0;
    if (length > 0) total += ticks_of_stat({buffer.data(), static_cast<std::size_t>(length)}).value_or(0);
  }
  ::closedir(processes);
  return total;
}

}  // namespace

std::optional<std::uint64_t> ticks_of_stat(std::string_view stat) {
  // The name in parentheses may contain anything; the fields after its last one are numbers: utime is the
  // 12th.
  const auto name_end = stat.rfind(')');
  if (name_end == stat.npos) return std::nullopt;
  stat.remove_prefix(name_end + 1);
  std::uint64_t total = 0;
  std::size_t at = 0;
  for (int field = 1; field <= 15; ++field) {
    at = stat.find_first_not_of(' ', at);
    if (at == stat.npos) return std::nullopt;
    const auto end = std::min(stat.find_first_of(" \n", at), stat.size());
    if (field >= 12) {
      std::uint64_t ticks = 0;
      std::from_chars(stat.data() + at, stat.data() + end, ticks);
      total += ticks;
    }
    at = end;
  }
  return total;
}

std::int64_t Activity::idle_milliseconds() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - last_input_)
      .count();
}

double Activity::cpu_percent() {
  // Processes that have ended are in our children's account once they are reaped; they never count twice,
  // because the living ones' figures leave with them.
  rusage reaped{};
  ::getrusage(RUSAGE_CHILDREN, &reaped);
  const double total = seconds(reaped.ru_utime) + seconds(reaped.ru_stime) +
                       static_cast<double>(living_ticks()) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto now = std::chrono::steady_clock::now();
  const double elapsed = std::chrono::duration<double>(now - last_look_).count();
  const double used = std::max(0.0, total - last_seconds_);
  last_seconds_ = total;
  last_look_ = now;
  return elapsed > 0 ? 100.0 * used / elapsed : 0.0;
}

}  // namespace berth::runner

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_load.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "protocol/version.hpp"

namespace berth::server {
namespace {

std::int64_t own_memory() {
  std::ifstream in("/proc/self/statm");
  std::int64_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

double own_processor_time() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Bytes of a line of /proc/meminfo, which has kB; 0 when it is not there.
std::int64_t machine_memory(const std::string& name) {
  std::ifstream in("/proc/meminfo");
  std::string label, unit;
  for (std::int64_t kilobytes = 0; in >> label >> kilobytes; std::getline(in, unit))
    if (label == name + ":") return kilobytes << 10;
  return 0;
}

}  // namespace

protocol::rest::ServerLoad measure_load(const Traffic& traffic, std::size_t running, std::int64_t since,
                                        std::int64_t now) {
  double load[1] = {};
  if (::getloadavg(load, 1) != 1) load[0] = 0;
  const auto both = [&](auto field) {
    return static_cast<std::int64_t>((traffic.gateway.*field).load() + (traffic.preview.*field).load());
  };
  return {.id = {},
          .address = {},
          .release = std::string(protocol::release),
          .answers = false,
          .since = since,
          .at = now,
          .memory = own_memory(),
          .processor = own_processor_time(),
          .machine_load = load[0],
          .processors = ::sysconf(_SC_NPROCESSORS_ONLN),
          .machine_memory = machine_memory("MemTotal"),
          .machine_free = machine_memory("MemAvailable"),
          .windows = static_cast<std::int64_t>(traffic.gateway.active.load()),
          .previews = static_cast<std::int64_t>(traffic.preview.active.load()),
          .requests = static_cast<std::int64_t>(traffic.requests.load()),
          .requests_failed = static_cast<std::int64_t>(traffic.failed_requests.load()),
          .requests_running = static_cast<std::int64_t>(running),
          .sent = both(&SpliceCounters::bytes_to_client),
          .received = both(&SpliceCounters::bytes_from_client)};
}

}  // namespace berth::server

// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown to the API server at a request: read anew as files rotate, asked of an exec plugin as its
// credentials expire. May be used from any thread; calls block where a program runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "server/backends/kubernetes/exec_plugin.hpp"
#include "server/backends/kubernetes/kube_access.hpp"

namespace berth::server::kubernetes {

struct Presented {
  std::string authority;         // PEM; "": the system's
  std::string certificate, key;  // PEM; "" without
  std::string token;             // "" without
};

class KubeCredentials {
 public:
  using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;
  using WallClock = std::function<std::chrono::system_clock::time_point()>;

  explicit KubeCredentials(KubeAccess access, ExecLimits limits = {},
                           SteadyClock steady = std::chrono::steady_clock::now,
                           WallClock wall = std::chrono::system_clock::now);

  /// unavailable when a file can't be read or the plugin fails. A file that was read in the last minute is
  /// not read again (kubelet replaces tokens long before they end); a file that became unreadable or empty
  /// keeps its last content. A plugin runs once at a time, and one that failed is not asked again for 5 s.
  /// cancelled after `stop`, also while another call waits for the plugin.
  Result<Presented> present(const std::stop_token& stop = {});

  /// The server answered 401 to this: nothing of it is taken from memory the next time. True when that can
  /// help, i.e. something may be another the next time.
  bool refused(const Presented& presented);

  const KubeAccess& access() const { return access_; }

 private:
  struct Kept {
    std::string text;
    std::chrono::steady_clock::time_point until;
  };
  Result<std::string> read(const Material& material);
  Result<Presented> read_files();
  Result<ExecAnswer> ask_plugin(const std::string& authority, const std::stop_token& stop);

  const KubeAccess access_;
  const ExecLimits limits_;
  const SteadyClock steady_;
  const WallClock wall_;
  std::mutex mutex_;
  std::map<std::string, Kept> files_;
  std::condition_variable_any asked_;  // the plugin has ended
  bool asking_ = false;
  std::optional<ExecAnswer> answer_;  // of the plugin
  std::optional<Error> failure_;      // of the plugin, until:
  std::chrono::steady_clock::time_point failure_until_;
};

}  // namespace berth::server::kubernetes

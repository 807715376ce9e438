// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown to the API server at a request: read anew as files rotate, asked of an exec plugin as its
// credentials expire. May be used from any thread; calls block where a program runs.
#pragma once

#include <chrono>
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
  /// keeps its last content.
  Result<Presented> present();

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
  Result<void> ask_plugin(Presented& presented);

  const KubeAccess access_;
  const ExecLimits limits_;
  const SteadyClock steady_;
  const WallClock wall_;
  std::mutex mutex_;
  std::map<std::string, Kept> files_;
  std::optional<ExecAnswer> answer_;  // of the plugin
};

}  // namespace berth::server::kubernetes

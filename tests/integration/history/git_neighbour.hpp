// SPDX-License-Identifier: GPL-3.0-or-later
// Another machine that serves git repositories: this process in a network of its own as "the host", and
// beside it one with a private address on which `git daemon` listens. Needs root.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace berth::server::testing {

class GitNeighbour {
 public:
  static constexpr const char* own = "10.212.1.1";      // of "the host"
  static constexpr const char* address = "10.212.1.2";  // of the other machine
  static constexpr const char* url = "git://10.212.1.2/";

  /// Serves the repositories in `folder`. Moves this process into the network for good, so it comes before
  /// everything else. Throws where the kernel refuses.
  explicit GitNeighbour(const std::filesystem::path& folder);
  GitNeighbour(const GitNeighbour&) = delete;
  ~GitNeighbour();

 private:
  pid_t machine_ = -1;
};

}  // namespace berth::server::testing

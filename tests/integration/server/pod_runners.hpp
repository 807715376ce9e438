// SPDX-License-Identifier: GPL-3.0-or-later
// Real runners in the pods of a simulated cluster: what an init container and a container would do, as plain
// processes with folders of their own. Nothing isolates them.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "tests/unit/server/kubernetes/simulated_cluster.hpp"

namespace berth::test {

class PodRunners final : public PodPrograms {
 public:
  /// Claims and pods become folders in `root`, which must be there.
  explicit PodRunners(std::filesystem::path root) : root_(std::move(root)) {}
  ~PodRunners() override;

  void begin(const std::string& pod, const std::string& claim,
             const std::map<std::string, std::string>& secret, const std::string& endpoint) override;
  void end(const std::string& pod, bool orderly) override;

 private:
  std::filesystem::path root_;
  std::map<std::string, pid_t> runners_;  // by pod
};

}  // namespace berth::test

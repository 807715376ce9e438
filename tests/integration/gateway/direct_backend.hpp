// SPDX-License-Identifier: GPL-3.0-or-later
// A backend without containers for tests: each workspace is one real berth-runner on this machine, in a
// folder of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <mutex>

#include "server/workspace_backend.hpp"

namespace berth::server {

class DirectBackend : public WorkspaceBackend {
 public:
  /// Homes and sockets lie in `folder`; `runner` is the program. Sockets are `folder`/<workspace>.socket.
  /// `shared`: several servers use the folder, and runners outlive the one that started them.
  DirectBackend(std::filesystem::path folder, std::filesystem::path runner, bool shared = false)
      : folder_(std::move(folder)), runner_(std::move(runner)), shared_(shared) {}
  ~DirectBackend() override;

  Result<RunnerAddress> start(const StartRequest& request) override;
  Result<BackendStatus> poll(const std::string& workspace) override;
  Result<void> stop(const std::string& workspace, int grace_ms) override;
  Result<void> forget(const std::string& workspace) override;
  Result<std::vector<std::string>> list() override;
  Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                    const std::string& template_id) override;
  std::string describe() const override { return "none: runners of the tests, without isolation"; }
  /// Nothing runs in images here; those of example.org are said to be there.
  Result<void> check_image(const std::string& image) override {
    if (image.starts_with("example.org/")) return {};
    return failure(ErrorCode::unsupported, "The image \"" + image + "\" is not on this server.");
  }
  bool limits_enforced() const override { return true; }
  bool shared() const override { return shared_; }

 private:
  struct Running {
    pid_t process = 0;
    RunnerAddress address;
  };
  std::filesystem::path folder_;
  /// Reads what another server started.
  void look(const std::string& workspace);
  std::filesystem::path note_of(const std::string& workspace) const {
    return folder_ / (workspace + ".running");
  }

  std::filesystem::path runner_;
  const bool shared_;
  std::mutex mutex_;
  std::map<std::string, Running> running_;
};

}  // namespace berth::server
